/** The supervisor on real child processes: readiness, restarts, deaths on either side. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { identifyProcess } from '../../src/adapters/managed-postgres/process-identity.ts'
import { becomes } from '../../src/adapters/managed-postgres/server-process.ts'
import {
  type ChildSpec,
  restartPauseMs,
  type SupervisorEvent,
  startSupervisor,
} from '../../src/node/supervisor.ts'
import { runningSupervisor } from '../../src/node/supervisor-state.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { killHard, runProgram } from './programs/run-program.ts'

const MERIDIA = child('meridia.example', 7411)
const ALBION = child('albion.example', 7412)

test('children are ready, are named in the state file, and stop', async (t) => {
  const { dataFolder, supervisor } = supervise(t, [MERIDIA, ALBION])
  await supervisor.ready
  const state = runningSupervisor(dataFolder)
  assert.equal(state?.supervisor.pid, process.pid)
  assert.deepEqual(
    state?.children.map(({ id, port }) => ({ id, port })),
    [
      { id: 'meridia.example', port: 7411 },
      { id: 'albion.example', port: 7412 },
    ],
  )
  assert.equal(statSync(join(dataFolder, 'supervisor.json')).mode & 0o777, 0o600)
  const pids = state?.children.map(({ pid }) => pid!) ?? []
  await supervisor.stop()
  assert.deepEqual(pids.map(identifyProcess), [undefined, undefined])
  assert.equal(runningSupervisor(dataFolder), undefined)
})

test('a killed child is started again at once, the other one is left alone', async (t) => {
  const { supervisor, seen } = supervise(t, [MERIDIA, ALBION])
  await supervisor.ready
  const before = pidsOf(supervisor)
  process.kill(before[0]!, 'SIGKILL')
  const isBack = () => seen.filter(isReadyOf('meridia.example')).length === 2
  assert.ok(await becomes(isBack, 5_000))
  const after = pidsOf(supervisor)
  assert.notEqual(after[0], before[0])
  assert.equal(after[1], before[1])
  const restart = seen.find(({ type }) => type === 'childRestarting')
  assert.deepEqual(restart, { type: 'childRestarting', id: 'meridia.example', delayMs: 0 })
})

test('pauses between restarts grow, up to a bound', () => {
  assert.deepEqual([1, 2, 3, 4, 50].map(restartPauseMs), [0, 250, 500, 1_000, 10_000])
})

test('a child that ends again and again before it is ready fails the start', async (t) => {
  const { supervisor, seen } = supervise(t, [{ ...MERIDIA, args: ['fail'] }])
  await assert.rejects(supervisor.ready, { code: 'unavailable', reason: 'child-not-ready' })
  const ends = seen.filter(({ type }) => type === 'childExited')
  assert.deepEqual(
    ends,
    Array(3).fill({ type: 'childExited', id: MERIDIA.id, code: 3, signal: null }),
  )
})

test('a stop in the middle of a start ends the start', async (t) => {
  const { supervisor } = supervise(t, [MERIDIA])
  const [pid] = pidsOf(supervisor)
  await supervisor.stop()
  await assert.rejects(supervisor.ready, { reason: 'child-not-ready' })
  assert.equal(identifyProcess(pid!), undefined)
})

test('a second supervisor on the same folder is refused', async (t) => {
  const { dataFolder, supervisor } = supervise(t, [MERIDIA])
  await supervisor.ready
  assert.throws(() => startSupervisor({ dataFolder, children: [ALBION] }), {
    reason: 'folder-in-use',
  })
})

test('children end within 2 s of a kill -9 of their supervisor, even one that hangs', async (t) => {
  const dataFolder = temporaryFolder()
  const program = await runProgram(t, 'supervise.ts', [dataFolder])
  const pids: number[] = program.said.pids
  assert.equal(pids.filter(identifyProcess).length, 2)
  await killHard(program.child)
  const areGone = () => pids.every((pid) => identifyProcess(pid) === undefined)
  assert.ok(await becomes(areGone, 2_000))
  assert.equal(runningSupervisor(dataFolder), undefined)
})

test('stop signals: a second one within a moment counts once', async (t) => {
  const program = await runProgram(t, 'stop-slowly.ts', [])
  program.child.kill('SIGINT')
  program.child.kill('SIGTERM')
  assert.deepEqual(await once(program.child, 'exit'), [0, null])
})

function supervise(t: TestContext, children: readonly ChildSpec[]) {
  const dataFolder = temporaryFolder()
  const seen: SupervisorEvent[] = []
  const supervisor = startSupervisor({
    dataFolder,
    children,
    onEvent: (event) => seen.push(event),
  })
  t.after(() => supervisor.stop())
  return { dataFolder, supervisor, seen }
}

function child(id: string, port: number): ChildSpec {
  const script = join(import.meta.dirname, 'programs', 'supervised.ts')
  return { id, script, env: { PORT: String(port) } }
}

function pidsOf({ children }: ReturnType<typeof startSupervisor>) {
  return [...children.values()].map(({ pid }) => pid)
}

function isReadyOf(id: string) {
  return (event: SupervisorEvent) => event.type === 'childReady' && event.id === id
}
