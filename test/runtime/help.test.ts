/** `--help` behind every command and its words prints how it is used, and does nothing else. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const running = new Set<ChildProcess>()
after(() => {
  for (const child of running) child.kill('SIGKILL')
})

type Run = { readonly code: number | null; readonly said: string; readonly left: string[] }

/** Nobody types anything, and there is no database where one is named. */
function comity(...args: readonly string[]): Promise<Run> {
  const folder = temporaryFolder()
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      COMITY_DATA: folder,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
    },
  })
  running.add(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code, said, left: readdirSync(folder) })
    })
  })
}

const overview = await comity('--help')
const COMMANDS = [...overview.said.matchAll(/^ {2}([a-z]+) +/gm)].map(([, name = '']) => name)

test('the overview names every command, and how each is asked for more', () => {
  assert.equal(overview.code, 0)
  assert.ok(COMMANDS.length >= 16, COMMANDS.join())
  for (const name of COMMANDS) assert.match(overview.said, new RegExp(`^  ${name} +\\S`, 'm'))
  assert.match(overview.said, /^comity COMMAND --help says more/m)
})

for (const name of COMMANDS) {
  test(`comity ${name} --help`, async () => {
    const { code, said, left } = await comity(name, '--help')
    assert.deepEqual([code, left], [0, []], said)
    assert.match(said, new RegExp(`^usage: comity ${name}\\b`))
  })
}

for (const words of [
  ...['add node.json', 'remove albion.example', 'list'].map((word) => `peer ${word}`),
  ...['rotate message', 'revoke message-1', 'log', 'seal', 'recovery', 'recovery make'].map(
    (word) => `keys ${word}`,
  ),
  ...['resume', 'administrator', '--from backup'].map((word) => `restore ${word}`),
  ...['due', 'sanctions', 'gaps', 'check', 'sign-off law'].map((word) => `law ${word}`),
  ...['eval inclusion', 'backup verify backup', 'init node', 'agreement lint text.json'],
  ...['serve --config none.yaml', 'rebuild --config none.yaml', 'demo --exit', 'verify none.tar'],
]) {
  test(`comity ${words} --help does none of it`, async () => {
    const { code, said, left } = await comity(...words.split(' '), '--help')
    assert.deepEqual([code, left], [0, []], said)
    assert.match(said, /^usage: comity /)
  })
}

for (const words of ['start now', 'start --port 1', 'reset all']) {
  test(`comity ${words} is no such thing, and nothing is started or removed`, async () => {
    const { code, said, left } = await comity(...words.split(' '))
    assert.deepEqual([code, left], [2, []], said)
  })
}
