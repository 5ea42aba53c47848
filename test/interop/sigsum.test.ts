/**
 * Our witness serves a log of others: sigsum-log-primary has its heads cosigned here, and
 * sigsum-verify takes the proof. A second line, by ML-DSA-44, is in the way of neither.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { fromHex, toHex } from '../../src/base/bytes.ts'
import { KEY_TYPE, noteKey } from '../../src/proof/vkey.ts'
import { holdPorts } from '../support/held-ports.ts'
import { foreignProgram, missing, until } from '../support/interop.ts'
import { withLogNode } from '../support/log-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startWitness } from '../support/witness-server.ts'

const PROGRAMS = ['key', 'mktree', 'log-primary', 'submit', 'verify'].map(
  (name) => `sigsum-${name}`,
)
const skip = missing(...PROGRAMS)
const ENTRY = 'what somebody wants to show later'

async function run(folder: string, args: readonly string[], input?: string): Promise<string> {
  const [name = '', ...rest] = args
  const file = foreignProgram(`sigsum-${name}`) ?? name
  const child = execFile(file, rest, { cwd: folder, timeout: 90_000 })
  const [said, complained] = ['', ''].map(() => [] as string[]) as [string[], string[]]
  child.stdout?.on('data', (text) => said.push(text))
  child.stderr?.on('data', (text) => complained.push(text))
  if (input !== undefined) child.stdin?.end(input)
  const [code] = await once(child, 'close')
  assert.equal(code, 0, `${args.join(' ')}: ${complained.join('')}`)
  return said.join('').trim()
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}

test('a Sigsum log has its heads cosigned here, and its tools verify the proof', { skip }, () =>
  withLogNode(async ({ database }) => {
    const folder = temporaryFolder()
    for (const name of ['log', 'submitter']) await run(folder, ['key', 'generate', '-o', name])
    await run(folder, ['mktree', '--sth-file=sth'])
    const logKey = await run(folder, ['key', 'to-hex', '-k', 'log.pub'])
    const origin = `sigsum.org/v1/tree/${toHex(nodePrimitives.sha256(fromHex(logKey)))}`
    const key = noteKey(nodePrimitives, origin, KEY_TYPE.ed25519, fromHex(logKey))
    const witness = await startWitness(database, 'lantern.example/witness', {
      keysOf: async (asked) => (asked === origin ? [key] : undefined),
    })
    const outside = await holdPorts(2)
    const policy = [
      `log ${logKey} http://127.0.0.1:${outside}/`,
      `witness lantern ${toHex(witness.key.publicKey)} ${witness.url}`,
      'quorum lantern\n',
    ]
    writeFileSync(join(folder, 'policy'), policy.join('\n'))
    writeFileSync(join(folder, 'entry'), ENTRY)
    const log = spawn(
      foreignProgram('sigsum-log-primary') ?? '',
      ['--backend=ephemeral', '--key-file=log', '--policy-file=policy', '--sth-file=sth']
        .concat(['--interval=1s', `--external-endpoint=127.0.0.1:${outside}`])
        .concat(`--internal-endpoint=127.0.0.1:${outside + 1}`),
      // As Debian builds it, it would answer 404 to everything.
      { cwd: folder, stdio: 'ignore', env: { ...process.env, GODEBUG: 'httpmuxgo121=0' } },
    )
    try {
      await until(async () => (await fetch(`http://127.0.0.1:${outside}/get-tree-head`)).ok)
      await run(folder, ['submit', '-k', 'submitter', '-p', 'policy', '-t', '60s', 'entry'])
      await run(folder, ['verify', '-k', 'submitter.pub', '-p', 'policy', 'entry.proof'], ENTRY)
      const state = await database.selectFrom('witness_state').selectAll().execute()
      assert.deepEqual(
        state.map((row) => [row.origin, row.size]),
        [[origin, '1']],
      )
    } finally {
      await stop(log)
      await witness.stop()
    }
  }),
)
