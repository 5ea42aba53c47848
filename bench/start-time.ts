/**
 * `npm start` as a newcomer types it, in a copy of the checkout: how long until
 * all processes serve, the story it tells, and the memory of its processes.
 *
 * The packages of the copy are those of the checkout. What no run can measure
 * twice is left out: copying PostgreSQL's programs to this machine's cache.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startManagedPostgres } from '../src/adapters/managed-postgres/managed-postgres.ts'
import {
  makeTemporaryFolder,
  openDataFolder,
  programCacheFolder,
  resetData,
} from '../src/node/data-folder.ts'
import type { Limits } from './machine.ts'
import { atMost, type Measured, milliseconds, type Section } from './measured.ts'
import { memoryLines } from './memory.ts'
import { type Serving, startIn } from './npm-start.ts'

const CHECKOUT = join(import.meta.dirname, '..')
const SERVING_GOAL_S = 5
const STORY_GOAL_S = 45
const IDLE_MS = 30_000
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
  const beganAtMs = Date.now()
  const copy = makeCopy()
  const data = join(copy, 'data')
  try {
    const database = await databaseAlone(join(copy, 'database'))
    const empty = `an empty Node process ${milliseconds(limits.emptyNodeMs)}`

    tell('npm start: nothing built, no data')
    const unbuilt = await startIn(copy, data, parts.running)
    const unbuiltServing = await unbuilt.serving
    await unbuilt.stop()
    await resetData(data)

    tell('npm start: built, no data; then the story')
    const first = await startIn(copy, data, parts.running)
    const firstServing = await first.serving
    const story = storyLines(await first.story())
    const memory = memoryLines(first.pids(), 'after the story', limits)
    tell(`npm start: ${IDLE_MS / 1000} s idle`)
    await pause(IDLE_MS)
    memory.push(...memoryLines(first.pids(), `after ${IDLE_MS / 1000} s idle`, limits))
    await first.stop()

    tell('npm start: the same data again')
    const second = await startIn(copy, data, parts.running)
    const secondServing = await second.serving
    await second.stop()

    const preparing = `database alone: prepared and started ${milliseconds(database.firstMs)}`
    const starts = [
      serving(
        'first start after `npm ci`: build, new database',
        unbuiltServing,
        `${preparing}; ${empty}`,
      ),
      serving('first start: new database', firstServing, `${preparing}; ${empty}`),
      serving(
        'second start: the same data',
        secondServing,
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
    forgetCompiled(programCacheFolder(copy), beganAtMs)
    rmSync(copy, { recursive: true, force: true })
  }
}

/** What Node compiled of the copy is of no use to anyone; what else is new there is made again. */
function forgetCompiled(cacheFolder: string, sinceMs: number): void {
  const folder = join(cacheFolder, 'compiled')
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile() && statSync(file).mtimeMs >= sinceMs) rmSync(file, { force: true })
  }
}

function serving(what: string, { ms, processorSeconds }: Serving, beside: string): Measured {
  const figure = `${milliseconds(ms)}, ${processorSeconds.toFixed(1)} s of processor time`
  return { what, figure, goal: atMost(SERVING_GOAL_S, ms / 1000, 's'), beside }
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
