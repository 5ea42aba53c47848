/**
 * How long an entry waits for the cosignatures of all witnesses, at a moderate pace: from the
 * sending of the act until the public checkpoint that holds its entry carries them all.
 */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { readNodeConfig } from '../src/node/config.ts'
import type { DemoNode } from '../src/node/demo-setup.ts'
import { parseCheckpoint } from '../src/proof/checkpoint.ts'
import { parseSignedNote } from '../src/proof/signed-note.ts'
import { type Measured, percentile, spread } from './measured.ts'

const SAMPLES = 200
const PER_SECOND = 50
const POLL_MS = 20
const WAIT_MS = 60_000
const GOAL_MS = 2500

export type SealedBy = { readonly caseIds: readonly string[]; readonly cookie: string }

export async function measureSealed(
  node: DemoNode,
  url: string,
  { caseIds, cookie }: SealedBy,
): Promise<Measured> {
  const witnesses = new Set(
    readNodeConfig(node.configFile).log.witnesses.map(({ vkey }) => vkey.split('+')[0] ?? ''),
  )
  const client = new pg.Client(url)
  await client.connect()
  try {
    const used = caseIds.slice(0, SAMPLES)
    const versions = await lastVersions(client, used)
    const origin = new URL(node.baseUrl).origin
    const sealed = watchSealed(`${origin}/ledger/checkpoint`, witnesses)
    const begun = await sendAll(origin, used, cookie)
    const places = await placesOf(client, versions)
    const laps = await lapsOf(begun, places, sealed)
    await sealed.stop()
    const p99 = percentile(laps, 0.99)
    return {
      what: `an entry until ${witnesses.size} local witnesses have cosigned it and everybody sees that, ${SAMPLES} acts at ${PER_SECOND} a second`,
      figure: `${spread(laps, 0.99)}, worst ${(Math.max(...laps) / 1000).toFixed(2)} s`,
      goal: { text: `p99 ≤ ${GOAL_MS / 1000} s`, isMet: laps.length === SAMPLES && p99 <= GOAL_MS },
    }
  } finally {
    await client.end()
  }
}

async function lastVersions(client: pg.Client, caseIds: readonly string[]) {
  const { rows } = await client.query<{ id: string; version: number }>(
    'select id, version from stream where id = any($1)',
    [caseIds],
  )
  return new Map(rows.map(({ id, version }) => [id, version]))
}

/** When each act was sent, by its case: one act a case. */
async function sendAll(origin: string, caseIds: readonly string[], cookie: string) {
  const begun = new Map<string, number>()
  const answers: Promise<void>[] = []
  for (const caseId of caseIds) {
    begun.set(caseId, performance.now())
    answers.push(send(`${origin}/api/v1/cases/${caseId}/acts/recordFacts`, cookie))
    await pause(1000 / PER_SECOND)
  }
  await Promise.all(answers)
  return begun
}

async function send(url: string, cookie: string): Promise<void> {
  const headers = { cookie, 'content-type': 'application/json' }
  const body = JSON.stringify({ facts: { isOfferedInUnion: true } })
  const answer = await fetch(url, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`an act answers ${answer.status}`)
  await answer.arrayBuffer()
}

type Sealed = {
  /** The first moment at which a checkpoint of more than `index` entries had all cosignatures. */
  after(index: number): number | undefined
  stop(): Promise<void>
}

function watchSealed(url: string, witnesses: ReadonlySet<string>): Sealed {
  const seen: { readonly size: number; readonly atMs: number }[] = []
  let isEnding = false
  const watching = (async () => {
    while (!isEnding) {
      const note = parseSignedNote(new Uint8Array(await (await fetch(url)).arrayBuffer()))
      const names = new Set(note.signatures.map(({ name }) => name))
      const { treeSize } = parseCheckpoint(note.text)
      const isSealed = [...witnesses].every((witness) => names.has(witness))
      if (isSealed && treeSize !== seen.at(-1)?.size) {
        seen.push({ size: treeSize, atMs: performance.now() })
      }
      await pause(POLL_MS)
    }
  })()
  return {
    after: (index) => seen.find(({ size }) => size > index)?.atMs,
    async stop() {
      isEnding = true
      await watching
    },
  }
}

/** Where the log put the first event after each version. */
async function placesOf(client: pg.Client, versions: ReadonlyMap<string, number>) {
  const deadline = performance.now() + WAIT_MS
  while (performance.now() < deadline) {
    const { rows } = await client.query<{ stream_id: string; version: number; seq: string }>(
      `select stream_id, version, seq from event join log_entry on pending_id = log_id
       where stream_id = any($1)`,
      [[...versions.keys()]],
    )
    const places = rows.filter((row) => row.version === (versions.get(row.stream_id) ?? 0) + 1)
    if (places.length === versions.size) {
      return new Map(places.map(({ stream_id, seq }) => [stream_id, Number(seq)]))
    }
    await pause(POLL_MS)
  }
  throw new Error('entries wait too long for their places')
}

async function lapsOf(
  begun: ReadonlyMap<string, number>,
  places: ReadonlyMap<string, number>,
  sealed: Sealed,
): Promise<number[]> {
  const deadline = performance.now() + WAIT_MS
  const last = Math.max(...places.values())
  while (sealed.after(last) === undefined && performance.now() < deadline) await pause(POLL_MS)
  return [...begun].flatMap(([caseId, atMs]) => {
    const sealedMs = sealed.after(places.get(caseId) ?? Number.NaN)
    return sealedMs === undefined ? [] : [sealedMs - atMs]
  })
}
