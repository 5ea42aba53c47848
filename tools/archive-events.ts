/**
 * `node tools/archive-events.ts`: tells the demonstration's story once in a world of
 * its own and writes every event of the three nodes, with what they add up to, to
 * `protocol/archive/VERSION`. To be run for each release, after its last change of an
 * event. `--again` replaces an archive of a version that was not released yet;
 * `--states VERSION` writes only what the events of a version add up to.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { atRest } from '../src/adapters/keys/at-rest.ts'
import { type Database, openDatabase } from '../src/adapters/postgres/database.ts'
import { sealedEventsOf } from '../src/adapters/postgres/streams/stream-rows.ts'
import type { StreamKind } from '../src/app/ports/streams.ts'
import { toBase64 } from '../src/base/bytes.ts'
import { canonicalText } from '../src/base/canonical-json.ts'
import { buildAssets } from '../src/cli/build-assets.ts'
import { sampleReport } from '../src/cli/story/reports.ts'
import { runStories } from '../src/cli/story/run-story.ts'
import { readNodeConfig } from '../src/node/config.ts'
import { openTemporaryDataFolder, resetData } from '../src/node/data-folder.ts'
import type { DemoNode } from '../src/node/demo-setup.ts'
import { startDemoWorld } from '../src/node/demo-world.ts'
import {
  ARCHIVE,
  type ArchivedEvent,
  EVENTS,
  readArchive,
  STATES,
  statesOf,
} from './archived-events.ts'

const { values } = parseArgs({
  options: { again: { type: 'boolean', default: false }, states: { type: 'string' } },
})
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const folder = join(ARCHIVE.pathname, values.states ?? version)
if (values.states !== undefined) {
  writeStates(readArchive(values.states).events)
} else if (existsSync(folder) && !values.again) {
  console.error(`${folder} is there; --again replaces it, as long as ${version} is not released`)
  process.exitCode = 1
} else {
  const events = await eventsOfOneStory()
  mkdirSync(folder, { recursive: true })
  const lines = events.map((event) => `${canonicalText(event)}\n`)
  writeFileSync(join(folder, EVENTS), gzipSync(lines.join(''), { level: 9 }))
  writeStates(events)
}

function writeStates(events: readonly ArchivedEvent[]): void {
  const states = statesOf(events)
  writeFileSync(join(folder, STATES), gzipSync(canonicalText(states), { level: 9 }))
  console.log(`${events.length} events of ${Object.keys(states).length} streams: ${folder}`)
}

async function eventsOfOneStory(): Promise<readonly ArchivedEvent[]> {
  const data = openTemporaryDataFolder()
  const artefacts = mkdtempSync(join(tmpdir(), 'comity-archive-'))
  const demo = await startDemoWorld({ data, assets: buildAssets() })
  try {
    const progress = (_: unknown, { id, ok }: { id: string; ok: boolean }) =>
      console.error(`${ok ? '\u2713' : '\u2717'} ${id}`)
    for await (const { ok } of runStories(demo, [sampleReport()], { artefacts, progress })) {
      if (!ok) throw new Error('the story did not hold')
    }
    const events: ArchivedEvent[] = []
    for (const node of demo.nodes) events.push(...(await eventsOf(node)))
    return events
  } finally {
    await demo.stop()
    await resetData(data.folder)
    rmSync(artefacts, { recursive: true, force: true })
  }
}

async function eventsOf(node: DemoNode): Promise<readonly ArchivedEvent[]> {
  const database = openDatabase(readNodeConfig(node.configFile).database.url, 2)
  const keys = atRest(await node.keys.columnKey())
  try {
    const entries = await entriesOf(database)
    const streams = await database.selectFrom('stream').selectAll().orderBy('id').execute()
    const events: ArchivedEvent[] = []
    for (const { id, kind, wrapped_key } of streams) {
      const sealed = await sealedEventsOf(database, id, keys.unwrap(wrapped_key))
      for (const { envelope, salt, signature, logId } of sealed) {
        const entry = entries.get(logId)
        if (!entry) throw new Error(`no log entry for ${id} ${envelope.version}`)
        const bytes = { salt, signature, entry }
        events.push({
          kind: kind as StreamKind,
          envelope,
          salt: toBase64(bytes.salt),
          signature: toBase64(bytes.signature),
          entry: toBase64(bytes.entry),
        })
      }
    }
    return events
  } finally {
    await database.destroy()
  }
}

/** By id of the log entry; the last ones may still wait for their number. */
async function entriesOf(database: Database): Promise<ReadonlyMap<string, Uint8Array>> {
  const waiting = await database.selectFrom('log_pending').select(['id', 'entry']).execute()
  const logged = await database.selectFrom('log_entry').select(['pending_id', 'entry']).execute()
  return new Map([
    ...waiting.map(({ id, entry }) => [id, entry] as const),
    ...logged.map(({ pending_id, entry }) => [pending_id, entry] as const),
  ])
}
