/**
 * `comity monitor ORIGIN…`: follows logs and says when one of them shows two histories, goes
 * back, grows old, or serves what does not belong to it.
 *
 * Asks the named hosts and nobody else; needs no node and no database. Exit codes: 0 all well;
 * 1 something was found; 3 a log is old, uncosigned or did not answer; 2 unusable input.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { monitorFolder } from '../../adapters/monitor/monitor-folder.ts'
import { plainJson, plainText } from '../../wire/package/plain-text.ts'
import { isUnusableInput, type MonitorOptions, monitorOptions } from './options.ts'
import { type Watched, watchRound } from './watch.ts'

const USAGE =
  'usage: comity monitor [ORIGIN…] --state FOLDER [--policy FILE] [--node FILE]… [--log LINE]…'
const HELP = `${USAGE}

Fetches each log's head, verifies its signatures and cosignatures, proves that it extends the head
seen before, checks the tiles that are new, asks the witnesses what they cosigned, and compares.

ORIGIN      of the logs to follow; nothing named: all that are given
--policy    whose logs and witnesses count (C2SP tlog-policy), with their addresses
--node      a node document that you trust: its log, its witness, and who may close its log
--log       'VKEY URL': a log under its verifier key, e.g. one without an address in the policy
--state     the folder of what was seen before, and of the evidence; keep it
--once      one look, then the exit code
--interval  seconds between looks (60)
--stale     minutes after which a head that no witness has confirmed is called stale (30)
--timeout   seconds for one answer (10)
--recheck   seconds before the second look at what no signature proves (3)
--tiles     tiles of 256 entries that one look checks at most (512)
--json      a line for machines for each log and look

Evidence is kept as files in the folder: comity verify FILE --policy FILE checks them.
Exit codes: 0 all well, 1 something was found, 3 a log is old, uncosigned or did not answer,
2 unusable input.
`

type Output = { write(text: string): unknown }

export async function monitorCommand(
  args: readonly string[],
  stdout: Output = process.stdout,
  stderr: Output = process.stderr,
): Promise<number> {
  if (args.includes('--help')) {
    stdout.write(HELP)
    return 0
  }
  let options: MonitorOptions
  try {
    options = monitorOptions(args)
  } catch (error) {
    if (!isUnusableInput(error)) throw error
    stderr.write(`comity: ${plainText((error as Error).message)}\n${USAGE}\n`)
    return 2
  }
  try {
    return await follow(options, stdout)
  } catch (error) {
    // Exit code 1 accuses a log, and a folder that cannot be read or written accuses none.
    if (!isUnusableInput(error)) throw error
    stderr.write(`comity: ${options.state}: ${plainText((error as Error).message)}\n`)
    return 2
  }
}

async function follow(options: MonitorOptions, stdout: Output): Promise<number> {
  const folder = monitorFolder(options.state)
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  try {
    let { logs } = options
    for (;;) {
      const round = await watchRound(options, folder, logs)
      logs = round.logs
      for (const one of round.watched) {
        stdout.write(options.isJson ? `${plainJson(one)}\n` : lineOf(one))
      }
      if (options.isOnce || stopping.signal.aborted) return exitCode(round.watched)
      await sleep(options.intervalMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return exitCode(round.watched)
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  }
}

function exitCode(watched: readonly Watched[]): number {
  if (watched.some(({ standing }) => standing === 'wrong')) return 1
  return watched.every(({ standing }) => standing === 'well') ? 0 : 3
}

function lineOf(one: Watched): string {
  const { at, origin, standing, treeSize, freshAt, failure, found, isClosed } = one
  const size = treeSize === undefined ? 'no head yet' : `${treeSize} entries`
  const fresh = freshAt === undefined ? 'never cosigned' : `cosigned ${freshAt}`
  const why = failure === undefined ? '' : ` (${failure})`
  const closed = isClosed ? ', closed' : ''
  const files = found.map(({ finding, file }) => `  ${finding}: ${plainText(file)}\n`).join('')
  return `${at} ${plainText(origin)}: ${standing}${why}, ${size}, ${fresh}${closed}\n${files}`
}
