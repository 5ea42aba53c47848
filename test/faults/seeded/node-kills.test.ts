/**
 * Real nodes under load: reports come in, an officer releases to a peer. Meanwhile a node is
 * killed (-9), the peer, a process of the database server, or that server itself. Whatever
 * was answered is there once at the end, both ends of every channel hold the same, and each
 * checkpoint that anybody saw is of the log that is there.
 */
import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { readIfThere } from '../../../src/adapters/postgres/log/durable-files.ts'
import { canonicalText, type Json } from '../../../src/base/canonical-json.ts'
import { bodyOf, newCode, sealReport } from '../../../src/browser/seal-report.ts'
import { waitFor } from '../../../src/cli/story/story.ts'
import { startCrashServer } from '../../support/crash-server.ts'
import { caseAt, PLACES, type Place, startWorld } from '../../support/demo.ts'
import { faultRandom, rounds, told } from '../../support/fault-run.ts'
import { naiveLeaf, naiveRoots } from '../../support/merkle.ts'
import { requireSameMessages } from '../../support/same-channel.ts'
import { sealingOf, sendSealed, ticketOf } from '../../support/sealed-filing.ts'
import { databasePlace } from '../../support/temporary-folder.ts'
import { NODE_OF, TESTED } from '../../support/three-nodes.ts'

const KILLS = ['meridia', 'a server process', 'the server', 'albion'] as const
/** Each once, then any. */
const ROUNDS = rounds(KILLS.length, 40)
const ROUND_MS = 4_000
const WAIT_MS = 120_000

const server = await startCrashServer(join(databasePlace(), 'postgres'))
const world = await startWorld({ databaseUrl: server.url('postgres') })
after(() => server.stop())
const { baseUrl } = world.node('meridia')
const { officer } = world.hands.meridia
const random = faultRandom(60)

/** Digest of the mailbox id, in hex, and the receipt that its reporter got. */
const filed = new Map<string, Json>()
const released: string[] = []
const seen: Record<Place, Map<number, string>> = {
  meridia: new Map(),
  albion: new Map(),
  sierra: new Map(),
}
let isOver = false

/** Files reports, each sent again until it is answered. */
async function reporter(): Promise<void> {
  const sealing = await sealingOf(baseUrl)
  while (!isOver) {
    const answers = { title: 'Invented', whatHappened: 'x', isPublic: 'no', language: 'en' }
    const sealed = await sealReport(sealing, { code: newCode(), answers, contact: '', files: [] })
    const body = await untilAnswered(async () => bodyOf(sealed, await ticketOf(baseUrl)))
    const receipt = body && (await untilAnswered(() => receiptFor(body)))
    if (receipt) filed.set(sealed.header.mailboxHash, receipt)
  }
}

/** Undefined if the test ended before there was an answer. */
async function untilAnswered<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  for (; !isOver; await pause(150)) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
  }
  return undefined
}

async function receiptFor(body: Uint8Array<ArrayBuffer>): Promise<Json | undefined> {
  const response = await sendSealed(baseUrl, body)
  const text = await response.text()
  if (response.status >= 500) return undefined
  assert.ok(response.status === 200 || response.status === 201, text)
  return (JSON.parse(text) as { receipt: Json }).receipt
}

/** Releases again and again; what got no answer may have happened or not. */
async function releaser(caseId: string): Promise<void> {
  for (; !isOver; await pause(100)) {
    try {
      const input = { recipient: NODE_OF.albion, categories: ['caseSummary'], ...TESTED }
      const done = await officer.do(caseId, 'releaseToPeer', input)
      released.push(done.result['releaseId'] as string)
    } catch {
      // The node or its database was away.
    }
  }
}

/** Keeps every checkpoint that was shown; two roots for a size fail at once. */
async function onlooker(place: Place): Promise<void> {
  const [file = ''] = globSync(`nodes/${NODE_OF[place]}/**/checkpoint`, { cwd: world.folder })
  assert.notEqual(file, '', `${place} shows a checkpoint`)
  for (; !isOver; await pause(20)) {
    const bytes = await readIfThere(join(world.folder, file))
    const [, size = '', root = ''] = Buffer.from(bytes ?? [])
      .toString('utf8')
      .split('\n')
    if (size === '') continue
    assert.equal(seen[place].get(Number(size)) ?? root, root, `two roots for ${size} at ${place}`)
    seen[place].set(Number(size), root)
  }
}

async function killNode(place: Place): Promise<void> {
  const pid = await waitFor(`${place} to be back`, async () => {
    const child = world.demo.supervisor.children.get(NODE_OF[place])
    return child?.port !== undefined && child.pid
  })
  process.kill(pid, 'SIGKILL')
}

async function killOne(kill: (typeof KILLS)[number]): Promise<void> {
  if (kill === 'meridia' || kill === 'albion') return killNode(kill)
  if (kill === 'a server process') return server.killBackend(random.below)
  await server.kill()
  await server.start()
}

test('nodes and their database are killed again and again; what was answered is there once', async () => {
  const telling = world.begin()
  await telling.until('5.release')
  const caseId = caseAt(telling.story, 'meridia')
  const atWork = [reporter(), reporter(), releaser(caseId), ...PLACES.map(onlooker)]
  const failure = Promise.race(atWork.map((work) => work.then(() => new Promise(() => {}))))
  failure.catch(() => {})
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.race([failure, pause(500 + random.below(ROUND_MS))])
    await killOne(KILLS[round] ?? random.pick(KILLS))
    await server.ready()
  }
  const [filings, releases] = [filed.size, released.length]
  await Promise.race([
    failure,
    waitFor(
      'work after the last kill',
      async () => filed.size > filings && released.length > releases,
      WAIT_MS,
    ),
  ])
  isOver = true
  await Promise.all(atWork)
  await requireFiled()
  await requireReleased()
  for (const place of PLACES) await requireOneLog(place)
  told('kills of nodes and of their database under load', ROUNDS)
  told('reports answered between kills of nodes', filed.size)
  told('releases answered between kills of nodes', released.length)
})

async function requireFiled(): Promise<void> {
  const database = world.database('meridia')
  for (const [mailbox, receipt] of filed) {
    const { rows } = await sql<{ accepted_receipt: Json }>`select accepted_receipt from filing
      where mailbox_hash = ${Buffer.from(mailbox, 'hex')}`.execute(database)
    assert.deepEqual(
      rows.map((row) => canonicalText(row.accepted_receipt)),
      [canonicalText(receipt)],
    )
  }
}

async function requireReleased(): Promise<void> {
  await waitFor(
    'nothing on its way',
    async () => {
      const open = await Promise.all(
        PLACES.map((place) =>
          world
            .database(place)
            .selectFrom('fed_out')
            .select('id')
            .where('decision', 'is', null)
            .unionAll(world.database(place).selectFrom('fed_out_pending').select('id'))
            .execute(),
        ),
      )
      return open.every((rows) => rows.length === 0)
    },
    WAIT_MS,
  )
  for (const from of PLACES) {
    for (const to of PLACES) if (from !== to) await requireSameMessages(endOf(from), endOf(to))
  }
  const decided = await releasesIn('meridia', 'releaseDecided')
  const received = await releasesIn('albion', 'releaseReceived')
  assert.equal(new Set(decided).size, decided.length)
  for (const id of released) assert(decided.includes(id), `the answered release ${id} is on record`)
  assert.deepEqual(received.toSorted(), decided.toSorted(), 'each arrived once')
}

const endOf = (place: Place) => ({ node: NODE_OF[place], db: world.database(place) })

/** Ids of what was permitted for the peer, or taken in by it. */
async function releasesIn(place: Place, type: string): Promise<string[]> {
  type Release = {
    readonly type: string
    readonly decision?: string
    readonly recipient?: string
    readonly releaseId?: string
    readonly release?: { readonly releaseId: string }
  }
  const events = (await world.events(place)).map(({ envelope }) => envelope.event as Release)
  return events
    .filter((event) => event.type === type && (event.decision ?? 'permit') === 'permit')
    .filter(({ recipient }) => place !== 'meridia' || recipient === NODE_OF.albion)
    .map(({ releaseId, release }) => releaseId ?? release?.releaseId ?? '')
}

/** Every checkpoint that was seen is of the log that is there, and nothing waits for it. */
async function requireOneLog(place: Place): Promise<void> {
  const database = world.database(place)
  const head = await waitFor(
    `the log of ${place} to be signed`,
    async () => {
      const row = await database.selectFrom('log_head').selectAll().executeTakeFirstOrThrow()
      return row.next_seq === row.published_size && row
    },
    WAIT_MS,
  )
  assert.equal(head.frozen_at, null)
  const rows = await database.selectFrom('log_entry').select('entry').orderBy('seq').execute()
  const root = naiveRoots(rows.map(({ entry }) => naiveLeaf(entry)))
  for (const [size, shown] of seen[place]) {
    assert.equal(Buffer.from(root(0, size)).toString('base64'), shown, `${place} at ${size}`)
  }
  assert(seen[place].size > 0)
}
