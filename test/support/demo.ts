/**
 * A demonstration world for one test file: three nodes, the outside witness and a
 * database server of their own, in a temporary folder, on free ports. It boots in
 * a few seconds and is stopped and removed when the file is done, however it ends.
 *
 * Stories are told here step by step, so that a test can step in between. What a
 * step says about itself proves nothing to a test: tests look for themselves.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { sql } from 'kysely'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import {
  type ManagedPostgres,
  startManagedPostgres,
} from '../../src/adapters/managed-postgres/managed-postgres.ts'
import { type Database, openDatabase } from '../../src/adapters/postgres/database.ts'
import { sealedEventsOf } from '../../src/adapters/postgres/streams/stream-rows.ts'
import type { SealedEvent } from '../../src/app/ports/event-record.ts'
import type { Json } from '../../src/base/canonical-json.ts'
import { DAY_MS } from '../../src/base/time.ts'
import { caseNowOf, moveClock } from '../../src/cli/story/client.ts'
import { closingSteps } from '../../src/cli/story/closing-steps.ts'
import { cooperationSteps } from '../../src/cli/story/cooperation-steps.ts'
import { enforcementSteps, waitingSteps } from '../../src/cli/story/enforcement-steps.ts'
import { openingSteps } from '../../src/cli/story/opening-steps.ts'
import { sampleReport } from '../../src/cli/story/reports.ts'
import {
  allHands,
  type Hands,
  memorised,
  runSteps,
  type Step,
  type StepResult,
  type Story,
  type StoryReport,
} from '../../src/cli/story/story.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import { openTemporaryDataFolder, resetData } from '../../src/node/data-folder.ts'
import type { DemoNode } from '../../src/node/demo-setup.ts'
import { type DemoOptions, type RunningDemo, startDemoWorld } from '../../src/node/demo-world.ts'

export type Place = Step['at']
export const PLACES: readonly Place[] = ['meridia', 'albion', 'sierra']

export type World = {
  readonly demo: RunningDemo
  /** The data folder: databases, nodes, key rings. */
  readonly folder: string
  readonly hands: Hands
  node(at: Place): DemoNode
  /** Where `withServer` asked for one. */
  readonly server: ManagedPostgres | undefined
  /** Straight into a node's database, past the node. */
  database(at: Place): Database
  /** Every event of every stream of a node, opened with the node's own key. */
  events(at: Place): Promise<readonly OpenedEvent[]>
  /** Begins a story; without a report it is the invented sample. */
  begin(told?: Told): Telling
}

export type WorldOptions = Omit<DemoOptions, 'data'> & {
  /** The database server is started apart and named as DATABASE_URL would; tests get at it. */
  readonly withServer?: boolean
}

export type Told = {
  readonly report?: StoryReport
  readonly transcript?: readonly Json[]
  /** Who acts, where a test looks over their shoulder. */
  readonly hands?: Hands
}

export type OpenedEvent = SealedEvent & { readonly kind: string; readonly stream: string }

export type Telling = {
  readonly story: Story
  readonly results: readonly StepResult[]
  /** Tells on, up to and without the step `id`. Fails if a step does not hold. */
  until(id: string): Promise<void>
  /** Tells one step now; the others keep their order. */
  step(id: string): Promise<StepResult>
  toTheEnd(): Promise<void>
}

/** Past the hearing, the notice and the embargo. */
const WAIT_DAYS = 31
const TRANSCRIPT = new URL('../../exercises/demo/transcript.json', import.meta.url)

const beforeWaiting: readonly Step[] = [...openingSteps, ...cooperationSteps, ...waitingSteps]
const afterWaiting: readonly Step[] = [...enforcementSteps, ...closingSteps]

/** Boots the world, signs officers in, and sees to it that everything ends with the file. */
export async function startWorld({ withServer, ...options }: WorldOptions = {}): Promise<World> {
  const data = openTemporaryDataFolder()
  const databases = new Map<Place, Database>()
  let server: ManagedPostgres | undefined
  let demo: RunningDemo | undefined
  let ended: Promise<void> | undefined
  const end = async () => {
    await Promise.allSettled([...databases.values()].map((database) => database.destroy()))
    await demo?.stop()
    await server?.stop()
    await resetData(data.folder)
  }
  const stop = () => {
    ended ??= end()
    return ended
  }
  after(stop)
  process.once('SIGTERM', () => void stop().finally(() => process.exit(1)))
  try {
    if (withServer) {
      const folders = { dataFolder: data.postgresFolder(), cacheFolder: data.cacheFolder() }
      server = await startManagedPostgres(folders)
    }
    const databaseUrl = server?.url('postgres')
    demo = await startDemoWorld({ batchIntervalMs: 1500, databaseUrl, ...options, data })
    return { ...worldOf(demo, data.folder, await allHands(demo), databases), server }
  } catch (cause) {
    const said = lastWords(data.folder)
    await stop()
    throw new Error(`the world did not boot\n${said}`, { cause })
  }
}

/** The ends of the nodes' logs, which go with the folder. */
function lastWords(folder: string): string {
  const logs = globSync('nodes/*/node.log', { cwd: folder })
  return logs
    .map((log) => `${log}:\n${readFileSync(join(folder, log), 'utf8').slice(-1500)}`)
    .join('\n')
}

function worldOf(
  demo: RunningDemo,
  folder: string,
  hands: Hands,
  databases: Map<Place, Database>,
): Omit<World, 'server'> {
  const node = (at: Place) => {
    const found = demo.nodes.find(({ authority }) => authority.database === at)
    assert.ok(found)
    return found
  }
  const database = (at: Place) => {
    const known = databases.get(at)
    if (known) return known
    const opened = openDatabase(readNodeConfig(node(at).configFile).database.url, 2)
    databases.set(at, opened)
    return opened
  }
  let stories = 0
  return {
    demo,
    folder,
    hands,
    node,
    database,
    events: async (at) => openedEvents(database(at), await node(at).keys.columnKey()),
    begin: ({ report = sampleReport(), transcript, ...told } = {}) => {
      stories += 1
      const story: Story = {
        demo,
        hands: told.hands ?? hands,
        report,
        transcript: transcript ?? (JSON.parse(readFileSync(TRANSCRIPT, 'utf8')) as Json[]),
        artefacts: join(folder, 'artefacts', String(stories)),
        memory: { versions: {}, files: { receipts: [], releases: [] } },
      }
      return tell(story)
    },
  }
}

async function openedEvents(database: Database, nodeKey: Uint8Array): Promise<OpenedEvent[]> {
  const keys = atRest(nodeKey)
  const streams = await database
    .selectFrom('stream')
    .selectAll()
    .where('kind', '!=', 'erased')
    .orderBy('id')
    .execute()
  const events = streams.map(async ({ id, kind, wrapped_key }) => {
    const sealed = await sealedEventsOf(database, id, keys.unwrap(wrapped_key))
    return sealed.map((event) => ({ ...event, kind, stream: id }))
  })
  return (await Promise.all(events)).flat()
}

function tell(story: Story): Telling {
  const results: StepResult[] = []
  const waiting = [...beforeWaiting, ...afterWaiting]
  const first = afterWaiting[0]

  async function run(step: Step): Promise<StepResult | undefined> {
    waiting.splice(waiting.indexOf(step), 1)
    if (step === first) await wait(story.demo)
    const [result] = await runSteps(story, [step], () => {})
    if (!result) return undefined
    results.push(result)
    assert.ok(result.ok, `${story.report.label}: ${result.id}: ${result.error}`)
    return result
  }
  const next = async (id?: string) => {
    for (let step = waiting[0]; step && step.id !== id; step = waiting[0]) await run(step)
  }
  return {
    story,
    results,
    async until(id) {
      assert.ok(
        waiting.some((step) => step.id === id),
        `the story has no step ${id} left`,
      )
      await next(id)
    },
    async step(id) {
      const step = waiting.find((one) => one.id === id)
      assert.ok(step, `the story has no step ${id} left`)
      const result = await run(step)
      assert.ok(result, `the step ${id} does not apply to this report`)
      return result
    },
    toTheEnd: () => next(),
  }
}

/** Moves all nodes to the same moment, past every period of the story. */
async function wait({ nodes }: RunningDemo): Promise<void> {
  const offsets = await Promise.all(nodes.map(async (node) => (await caseNowOf(node)).offsetMs))
  const target = Math.max(...offsets) + WAIT_DAYS * DAY_MS
  await Promise.all(nodes.map((node) => moveClock(node, target)))
}

/** The case of a story at one of the three. */
export function caseAt({ memory }: Story, at: Place): string {
  const { caseId, albionCase, sierraCase } = memory
  const id = { meridia: caseId, albion: albionCase, sierra: sierraCase }[at]
  return memorised(id, `a case at ${at}`)
}

export async function countEvents(database: Database): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) from event`.execute(database)
  return Number(rows[0]?.count)
}
