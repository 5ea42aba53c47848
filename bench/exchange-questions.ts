/**
 * Two things a peer waits for: the answer to a question about heads when there is nothing
 * new, asked as a node asks it, signed both ways; and the receipt for a retraction, when
 * nothing else goes on and while officers release as fast as they can.
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { httpPrimitives } from '../src/adapters/keys/http-primitives.ts'
import { httpTransport } from '../src/adapters/peers/http-transport.ts'
import { peerClient } from '../src/adapters/peers/peer-client.ts'
import { openPeerDocuments } from '../src/adapters/peers/peer-documents.ts'
import type { Database } from '../src/adapters/postgres/database.ts'
import { systemRandom } from '../src/adapters/random.ts'
import { instantFromMs } from '../src/base/time.ts'
import type { Hand } from '../src/cli/story/client.ts'
import type { DemoNode } from '../src/node/demo-setup.ts'
import { atMost, type Measured, milliseconds, percentile, spread } from './measured.ts'

const QUESTIONS = 300
const QUESTION_GOAL_MS = 20
const RETRACTION_GOAL_S = 5
const RETRACTIONS = 3
const WAIT_MS = 60_000

export async function measureQuestions(asking: DemoNode, asked: string): Promise<Measured> {
  const peers = await openPeerDocuments(join(asking.folder, 'peers'))
  const peer = await peers.directory.peer(asked)
  if (!peer) throw new Error('the peer is not pinned')
  const node = asking.authority.id
  const call = peerClient({
    ...{ node, primitives: httpPrimitives, random: systemRandom, transport: httpTransport() },
    ...{ wireNow: () => instantFromMs(Date.now()), signer: asking.keys.messageSigner() },
  })
  const laps: number[] = []
  for (let n = 0; n < QUESTIONS; n += 1) {
    const path = `/federation/v1/channels/${n % 2 === 0 ? node : asked}/head`
    const started = performance.now()
    const { response, isVerified } = await call(peer, { method: 'GET', path })
    laps.push(performance.now() - started)
    if (response.status !== 200 || !isVerified) throw new Error(`answered with ${response.status}`)
  }
  return {
    what: `a question about heads with nothing new, ${QUESTIONS} in a row, answers verified`,
    figure: spread(laps, 0.95),
    goal: atMost(QUESTION_GOAL_MS, percentile(laps, 0.95), 'ms p95'),
  }
}

/** @param releases that have their receipts, each with its case */
export async function measureRetractions(
  { officer, database }: { readonly officer: Hand; readonly database: Database },
  releases: readonly { readonly caseId: string; readonly releaseId: string }[],
  when: string,
): Promise<Measured> {
  const laps: number[] = []
  for (const { caseId, releaseId } of releases.slice(0, RETRACTIONS)) {
    const before = await retractionsApplied(database)
    const started = performance.now()
    const input = { releaseId, cause: 'error', reason: 'Invented for a benchmark.' }
    await officer.do(caseId, 'withdrawRelease', input)
    while ((await retractionsApplied(database)) === before) {
      if (performance.now() - started > WAIT_MS) throw new Error('no receipt for a retraction')
      await pause(5)
    }
    laps.push(performance.now() - started)
  }
  const slowest = Math.max(...laps)
  return {
    what: `a retraction until the signed receipt of the live peer, ${when}`,
    figure: `slowest of ${laps.length} ${milliseconds(slowest)}`,
    goal: atMost(RETRACTION_GOAL_S, slowest / 1000, 's'),
  }
}

async function retractionsApplied(database: Database): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from fed_out
    where header::json ->> 'type' = 'retraction' and decision = 'applied'`.execute(database)
  return Number(rows[0]?.count)
}
