/**
 * `npm start` as a newcomer types it, in a copy of the checkout: how long until
 * all processes serve, the story it tells, and the memory of its processes.
 *
 * The packages of the copy are those of the checkout. What no run can measure
 * twice is left out: copying PostgreSQL's programs to this machine's cache.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startManagedPostgres } from '../src/adapters/managed-postgres/managed-postgres.ts'
import { makeTemporaryFolder, openDataFolder, resetData } from '../src/node/data-folder.ts'
import type { SupervisorState } from '../src/node/supervisor-state.ts'
import type { Limits } from './machine.ts'
import { atMost, type Measured, megabytes, milliseconds, type Section } from './measured.ts'
import { descendantsOf, memoryOf, ownShareOf } from './processes.ts'

const CHECKOUT = join(import.meta.dirname, '..')
const SERVING_GOAL_S = 5
const STORY_GOAL_S = 45
const MEMORY_GOAL_MB = 300
const IDLE_MS = 30_000
const WAIT_MS = 60_000
const LEFT_OUT = ['node_modules', 'dist', '.git', '.comity']

export type StartParts = {
  readonly limits: Limits
  /** Says what is being measured, for whoever waits. */
  readonly tell: (text: string) => void
  /** What must be ended when the run is cut short. */
  readonly running: Set<() => Promise<void>>
}

export async function measureStarts(parts: StartParts): Promise<readonly Section[]> {
  const { limits, tell } = parts
  const copy = makeCopy()
  const data = join(copy, 'data')
  try {
    const database = await databaseAlone(join(copy, 'database'))
    const empty = `an empty Node process ${milliseconds(limits.emptyNodeMs)}`

    tell('npm start: nothing built, no data')
    const unbuilt = await startIn(copy, data, parts)
    const unbuiltMs = await unbuilt.serving
    await unbuilt.stop()
    await resetData(data)

    tell('npm start: built, no data; then the story')
    const first = await startIn(copy, data, parts)
    const firstMs = await first.serving
    const story = await first.story()
    const memory = memoryLines(first.pids(), 'after the story', limits)
    tell(`npm start: ${IDLE_MS / 1000} s idle`)
    await pause(IDLE_MS)
    memory.push(...memoryLines(first.pids(), `after ${IDLE_MS / 1000} s idle`, limits))
    await first.stop()

    tell('npm start: the same data again')
    const second = await startIn(copy, data, parts)
    const secondMs = await second.serving
    await second.stop()

    const preparing = `database alone: prepared and started ${milliseconds(database.firstMs)}`
    const starts = [
      serving(
        'first start after `npm ci`: build, new database',
        unbuiltMs,
        `${preparing}; ${empty}`,
      ),
      serving('first start: new database', firstMs, `${preparing}; ${empty}`),
      serving(
        'second start: the same data',
        secondMs,
        `database alone: started ${milliseconds(database.secondMs)}; ${empty}`,
      ),
    ]
    return [
      { title: '`npm start` until three nodes and the witness answer /health', lines: starts },
      { title: 'The story `npm start` tells (invented sample)', lines: story },
      { title: 'Memory of the processes of `npm start`', lines: memory },
    ]
  } finally {
    for (const stop of [...parts.running]) await stop()
    await resetData(data).catch(() => {})
    rmSync(copy, { recursive: true, force: true })
  }
}

function serving(what: string, ms: number, beside: string): Measured {
  return { what, figure: milliseconds(ms), goal: atMost(SERVING_GOAL_S, ms / 1000, 's'), beside }
}

function makeCopy(): string {
  const copy = makeTemporaryFolder('comity-bench-')
  const isWanted = (path: string) => {
    const [top = ''] = relative(CHECKOUT, path).split(sep)
    return !LEFT_OUT.includes(top) && !top.startsWith('dist.')
  }
  cpSync(CHECKOUT, join(copy, 'checkout'), { recursive: true, filter: isWanted })
  symlinkSync(join(CHECKOUT, 'node_modules'), join(copy, 'checkout', 'node_modules'))
  return copy
}

async function databaseAlone(folder: string): Promise<{ firstMs: number; secondMs: number }> {
  mkdirSync(folder, { mode: 0o700 })
  const { cacheFolder, postgresFolder, folder: opened } = openDataFolder(join(folder, 'data'))
  const laps: number[] = []
  for (let n = 0; n < 2; n++) {
    const started = performance.now()
    const server = await startManagedPostgres({
      dataFolder: postgresFolder(),
      cacheFolder: cacheFolder(),
    })
    laps.push(performance.now() - started)
    await server.stop()
  }
  await resetData(opened)
  const [firstMs = 0, secondMs = 0] = laps
  return { firstMs, secondMs }
}

type Started = {
  /** Milliseconds from the spawning of npm until everyone answered. */
  readonly serving: Promise<number>
  /** Waits for the story that this start tells. */
  story(): Promise<readonly Measured[]>
  pids(): readonly { readonly name: string; readonly pid: number }[]
  stop(): Promise<void>
}

async function startIn(
  copy: string,
  data: string,
  { running }: Pick<StartParts, 'running'>,
): Promise<Started> {
  const startedMs = performance.now()
  const child = spawn('npm', ['start', '--silent'], {
    cwd: join(copy, 'checkout'),
    env: { ...process.env, COMITY_DATA: data, NO_UPDATE_NOTIFIER: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  const ended = new Promise<void>((done) => child.on('close', () => done()))
  const state = () => readState(data)
  const stop = async () => {
    running.delete(stop)
    // Straight to the supervisor: what npm makes of a signal is npm's affair.
    const pid = state()?.supervisor.pid
    if (pid !== undefined) process.kill(pid, 'SIGINT')
    else child.kill('SIGINT')
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended
    clearTimeout(timer)
  }
  running.add(stop)
  return {
    serving: untilServing(child, state, startedMs, () => output),
    pids: () => pidsOf(state()),
    async story() {
      const isOver = () => existsSync(join(data, 'story-told')) || /^✗/m.test(output)
      await until('the story', isOver, child)
      return storyLines(output)
    },
    stop,
  }
}

async function untilServing(
  child: ChildProcess,
  state: () => SupervisorState | undefined,
  startedMs: number,
  output: () => string,
): Promise<number> {
  const failed = () => new Error(`npm start ended: ${output().trim().split('\n').at(-1)}`)
  let ports: readonly number[] = []
  await until('the ports', () => {
    if (child.exitCode !== null) throw failed()
    ports = (state()?.children ?? []).flatMap(({ port }) => port ?? [])
    return ports.length === 4
  })
  await Promise.all(
    ports.map(async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/health`)
      if (!response.ok) throw new Error(`/health answers ${response.status}`)
      await response.text()
    }),
  )
  return performance.now() - startedMs
}

async function until(what: string, isSo: () => boolean, child?: ChildProcess): Promise<void> {
  const deadline = performance.now() + WAIT_MS
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`waited ${WAIT_MS / 1000} s for ${what}`)
    if (child && child.exitCode !== null) throw new Error(`npm start ended before ${what}`)
    await pause(5)
  }
}

function readState(data: string): SupervisorState | undefined {
  try {
    return JSON.parse(readFileSync(join(data, 'supervisor.json'), 'utf8')) as SupervisorState
  } catch {
    return undefined
  }
}

function pidsOf(state: SupervisorState | undefined) {
  if (!state) return []
  const children = state.children.map(({ id, pid = 0 }) => ({ name: id, pid }))
  return [...children, { name: 'supervisor', pid: state.supervisor.pid }]
}

/** From what `start` prints: one line a step, with its milliseconds. */
function storyLines(output: string): readonly Measured[] {
  const steps = [...output.matchAll(/^([✓✗]) (\S+)\s+(\d+) ms/gm)].map(([, mark, id, ms]) => ({
    isHeld: mark === '✓',
    id: id ?? '',
    ms: Number(ms),
  }))
  const total = steps.reduce((sum, { ms }) => sum + ms, 0)
  const held = steps.every(({ isHeld }) => isHeld)
  const slowest = steps.toSorted((a, b) => b.ms - a.ms).slice(0, 8)
  return [
    {
      what: `one report, ${steps.length} steps`,
      figure: held ? milliseconds(total) : `failed: ${/^✗.*$/m.exec(output)?.[0]}`,
      goal: { text: `≤ ${STORY_GOAL_S} s`, isMet: held && total <= STORY_GOAL_S * 1000 },
    },
    { what: 'its slowest steps', figure: slowest.map(({ id, ms }) => `${id} ${ms} ms`).join(', ') },
  ]
}

function memoryLines(
  pids: readonly { readonly name: string; readonly pid: number }[],
  when: string,
  { emptyNodeBytes }: Limits,
): Measured[] {
  const lines = pids.map(({ name, pid }): Measured => {
    const memory = memoryOf(pid)
    if (!memory) return { what: `${name} ${when}`, figure: 'not readable here' }
    const { residentBytes, peakBytes } = memory
    const isNode = name !== 'supervisor' && !name.startsWith('witness')
    return {
      what: `${name} ${when}`,
      figure: `${megabytes(residentBytes)} (peak ${megabytes(peakBytes)})`,
      ...(isNode ? { goal: atMost(MEMORY_GOAL_MB, residentBytes / 1_000_000, 'MB') } : {}),
      beside: `an empty Node process ${megabytes(emptyNodeBytes)}`,
    }
  })
  const supervisor = pids.find(({ name }) => name === 'supervisor')?.pid ?? 0
  const servers = descendantsOf(supervisor).filter(({ command }) =>
    /postgres/.test(command[0] ?? ''),
  )
  const shares = servers.reduce((sum, { pid }) => sum + ownShareOf(pid), 0)
  const figure = `${megabytes(shares)} in ${servers.length} processes`
  return [...lines, { what: `PostgreSQL ${when}, shared pages counted once`, figure }]
}
