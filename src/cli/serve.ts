/**
 * `comity serve --config FILE`: one node, in the foreground, until it is told to
 * stop. Refuses to start on anything that it does not understand.
 */
import { existsSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ComityError, malformed } from '../base/errors.ts'
import { SECOND_MS } from '../base/time.ts'
import { openDoors } from '../node/config/listeners.ts'
import { type NodeConfig, readNodeConfig } from '../node/config.ts'
import { exitWithParent } from '../node/exit-with-parent.ts'
import { memoryExposure } from '../node/memory-exposure.ts'
import type { RunningNode } from '../node/node.ts'
import { report } from '../node/report.ts'
import { tellServiceManager } from '../node/service-manager.ts'
import { onStopSignal } from '../node/stop-signals.ts'

const USAGE = `usage: comity serve --config FILE [--upgrade]
  --config   comity.yaml, as comity init writes it
  --upgrade  bring the database of an older version to this one; make a backup first

Runs in the foreground; SIGTERM stops it orderly. Exit codes: 0 stopped, 1 failed or
refused to start, 2 wrong usage.
`
/** What is under way may end; longer is a fault. systemd kills after 90 s by itself. */
const STOP_WITHIN_MS = 20 * SECOND_MS

export async function serveCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      upgrade: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help || values.config === undefined) {
    process.stderr.write(USAGE)
    return values.help ? 0 : 2
  }
  const config = readOrRefuse(values.config)
  keepCompiled(config)
  const { requireReadyDatabase } = await import('../node/before-start.ts')
  const { startNode } = await import('../node/node.ts')
  const { offerSetupCode } = await import('../node/setup-code.ts')
  const { requireCertificates } = await import('../node/door-certificates.ts')
  requireCertificates(config)
  await requireReadyDatabase(config.database.url, values.upgrade)
  const { coreDumps, swap } = memoryExposure()
  if (coreDumps === 'on' || swap === 'on') report('memory-may-reach-a-disk', { coreDumps, swap })
  const node = await startNode(config)
  const stop = () => stopWithin(node)
  onStopSignal(stop)
  exitWithParent(stop)
  await offerSetupCode(config, node)
  announce(config)
  await tellServiceManager('READY=1')
  // Else only an orderly end would keep what was compiled.
  flushCompileCache()
  await new Promise(() => {})
  return 0
}

/** @throws ComityError saying which file, and what is wrong in it */
export function readOrRefuse(file: string): NodeConfig {
  if (!existsSync(file)) {
    throw malformed(`${file} does not exist; comity init makes a configuration`)
  }
  try {
    return readNodeConfig(file)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    throw malformed(`${file}: ${error instanceof ComityError ? message : (code ?? message)}`, {
      cause: error,
    })
  }
}

/**
 * Later starts take about half the time. In the node's own folder, which nobody else
 * may write: what lies there is run. Where it cannot be written, a start is slower.
 */
function keepCompiled({ folder }: NodeConfig): void {
  enableCompileCache(join(folder, 'compiled'))
}

async function stopWithin(node: RunningNode): Promise<void> {
  setTimeout(() => {
    process.stderr.write(`comity: not stopped within ${STOP_WITHIN_MS / SECOND_MS} s; ending\n`)
    process.exit(1)
  }, STOP_WITHIN_MS).unref()
  void tellServiceManager('STOPPING=1')
  await node.stop()
}

function announce({ node, listeners, exchange }: NodeConfig): void {
  const doors = openDoors(exchange).map((door) => {
    const { host, port, url } = listeners[door]
    return `  ${door.padEnd(11)} ${host}:${port}  ${url}\n`
  })
  process.stdout.write(`${node.id} (${node.profile}) serves\n${doors.join('')}`)
}
