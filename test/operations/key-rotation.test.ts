/**
 * Three real nodes, one of them behind a firewall. One changes its message and
 * encryption keys with overlap while messages go in all directions; then it revokes a
 * key. Nobody pins anything by hand.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { revokeKey, rotateKey } from '../../src/adapters/keys/change-keys.ts'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { fileStore } from '../../src/adapters/keys/file-store.ts'
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import { readRing, writeRing } from '../../src/adapters/keys/key-ring.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { httpTransport } from '../../src/adapters/peers/http-transport.ts'
import { peerClient } from '../../src/adapters/peers/peer-client.ts'
import { readNodeDocument } from '../../src/adapters/peers/pinned-folder.ts'
import { type Database, openDatabase } from '../../src/adapters/postgres/database.ts'
import type { FederationDatabase } from '../../src/adapters/postgres/federation/database.ts'
import { createOutbox } from '../../src/adapters/postgres/federation/outbox.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import type { MessageKeySigner } from '../../src/app/ports/keys.ts'
import { addMs, type Instant, instantFromMs, SECOND_MS } from '../../src/base/time.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import {
  type NodeDocument,
  peerOf,
  signNodeDocument,
} from '../../src/wire/exchange/node-document.ts'
import { comity, type Serving, serve, setUpNode } from '../support/real-node.ts'

const [TURNING, STILL, CLOSED] = ['turning.example', 'still.example', 'closed.example'] as const
const PAIRS = [
  [TURNING, STILL],
  [STILL, TURNING],
  [TURNING, CLOSED],
  [CLOSED, TURNING],
] as const
/** Longer than the slowest machine needs to start a node again. */
const LEAD = 25 * SECOND_MS
const OVERLAP = 12 * SECOND_MS

type Place = Awaited<ReturnType<typeof setUpNode>> & { readonly id: string }
type Running = Place & {
  readonly database: Database
  serving: Serving
  readonly send: (to: string) => Promise<void>
}

const wireNow = () => instantFromMs(Date.now())
const nodes = new Map<string, Running>()
const at = (id: string) => nodes.get(id) as Running
let sent = 0

after(async () => {
  for (const { database, serving } of nodes.values()) {
    serving.process.kill('SIGTERM')
    await serving.ended
    await database.destroy()
  }
})

const documentOf = ({ folder }: Place) => readNodeDocument(join(folder, 'node.json'))
const pinnedAt = (id: string, node = TURNING) =>
  readNodeDocument(join(at(id).folder, 'peers', `${node}.json`)).document
const keyIds = ({ messageKeys }: NodeDocument) => messageKeys.map(({ id }) => id.split('/')[1])

async function pinnedBy(here: Place, there: Place): Promise<void> {
  const file = join(there.folder, 'node.json')
  const { out } = await comity(['peer', 'fingerprint', file])
  const digits = out.trim().split('\n')[1] ?? ''
  const { code, err } = await comity(
    ['peer', 'add', file, '--config', here.config].concat('--fingerprint', digits, '--replace'),
  )
  assert.equal(code, 0, err)
}

/** Messages are put where every act puts them; the running node sends them. */
async function running(place: Place): Promise<Running> {
  const serving = await serve(place.config)
  const database = openDatabase(readNodeConfig(place.config).database.url, 2)
  const keys = await openFileKeys(join(place.folder, 'keys'), place.id)
  const signer = keys.messageSigner()
  const outbox = createOutbox({
    node: place.id,
    primitives: nodePrimitives,
    random: systemRandom,
    atRest: atRest(await keys.columnKey()).node,
    signer,
    exercise: 'training',
  })
  const send = async (destination: string) => {
    const phone = `+32 2 ${String(++sent).padStart(7, '0')}`
    const content = { phone, mail: null, hours: 'always (invented)' }
    const objectId = place.id
    const message = { destination, id: randomUUID(), type: 'emergencyContact', objectId }
    await (database as unknown as FederationDatabase)
      .transaction()
      .execute((tx) => outbox.enqueue(tx, { ...message, agreement: null, content }))
  }
  return { ...place, serving, database, send }
}

const decisions = async (from: string, to: string) =>
  (at(from).database as unknown as FederationDatabase)
    .selectFrom('fed_out')
    .select(['decision', 'receipt'])
    .where('destination', '=', to)
    .execute()

/** One more message each way: all that were ever sent have had their effect. */
async function requireTraffic(when: string): Promise<void> {
  for (const [from, to] of PAIRS) await at(from).send(to)
  for (const [from, to] of PAIRS) {
    const database = at(from).database as unknown as FederationDatabase
    await waitFor(`${from} to reach ${to} ${when}`, async () => {
      const [pending] = await database
        .selectFrom('fed_out_pending')
        .select('id')
        .where('destination', '=', to)
        .execute()
      const made = await decisions(from, to)
      return !pending && made.length > 0 && made.every(({ decision }) => decision !== null)
    }).catch((error) => {
      throw new Error(
        `${error.message}\n${at(from).serving.printed()}\n${at(to).serving.printed()}`,
      )
    })
    for (const { decision, receipt } of await decisions(from, to)) {
      assert.equal(decision, 'applied', `${when}: ${receipt}`)
    }
    const { stopped_reason } = await database
      .selectFrom('fed_out_channel')
      .select('stopped_reason')
      .where('destination', '=', to)
      .executeTakeFirstOrThrow()
    assert.equal(stopped_reason, null)
  }
}

async function restart(id: string): Promise<void> {
  const node = at(id)
  node.serving.process.kill('SIGTERM')
  assert.equal((await node.serving.ended).code, 0)
  node.serving = await serve(node.config)
}

const keyPlace = () => ({
  folder: join(at(TURNING).folder, 'keys'),
  node: TURNING,
  store: fileStore,
})

/** What still.example answers to a request that this key signs. */
async function answerTo(signer: MessageKeySigner): Promise<{ status: number; code: string }> {
  const call = peerClient({
    node: TURNING,
    primitives: httpPrimitives,
    random: systemRandom,
    wireNow,
    signer,
    transport: httpTransport(),
  })
  const peer = peerOf(documentOf(at(STILL)).document)
  const path = `/federation/v1/channels/${TURNING}/head`
  const { response } = await call(peer, { method: 'GET', path })
  const body = JSON.parse(Buffer.from(response.body).toString())
  return { status: response.status, code: body.code ?? '' }
}

const offer = async (body: Uint8Array | string, to = STILL) => {
  const url = `${documentOf(at(to)).document.endpoints.federation}/federation/v1/node-document`
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'PUT', body: Buffer.from(body), headers })
  return [response.status, ((await response.json()) as { code?: string }).code]
}

const renewals = async (id: string) => {
  const rows = await at(id)
    .database.selectFrom('peer_document')
    .select('note')
    .where('node', '=', TURNING)
    .execute()
  return rows.map(({ note }) => note as { outcome: string; why: string | null })
}

let first: MessageKeySigner
let overlapEnds: Instant

test('three nodes, each pinned by hand once, send and fetch', async () => {
  const places = await Promise.all(
    [TURNING, STILL, CLOSED].map(async (id) => ({
      ...(await setUpNode(id, { name: `Authority ${id} (invented)` })),
      id,
    })),
  )
  const [turning, still, closed] = places as [Place, Place, Place]
  appendFileSync(closed.config, '\nexchange: { outboundOnly: true, pollIntervalMs: 1000 }\n')
  // Its document says so from its first start on.
  const once = await serve(closed.config)
  once.process.kill('SIGTERM')
  await once.ended
  for (const [here, there] of [
    [turning, still],
    [still, turning],
    [turning, closed],
    [closed, turning],
  ] as const) {
    await pinnedBy(here, there)
  }
  for (const place of places) nodes.set(place.id, await running(place))
  await requireTraffic('at first')
  assert.deepEqual(await renewals(STILL), [])
})

test('message and encryption keys change with overlap while messages go on', async () => {
  first = (await openFileKeys(keyPlace().folder, TURNING)).messageSigner()
  const before = documentOf(at(TURNING)).document.encryptionRecipient
  const now = wireNow()
  const from = addMs(now, LEAD)
  overlapEnds = addMs(from, OVERLAP)
  await rotateKey(keyPlace(), 'message', { now, from })
  await rotateKey(keyPlace(), 'encryption', { now, from })
  // The same with a shorter overlap, for a test that does not last a month.
  const ring = await readRing(keyPlace().folder, TURNING)
  assert.ok(ring)
  const keys = ring.keys.map((key) => {
    const isFormer = key.purpose === 'message' && key.generation === 1
    return isFormer ? { ...key, validUntil: overlapEnds } : key
  })
  await writeRing(keyPlace().folder, { ...ring, keys })
  await restart(TURNING)
  assert.ok(wireNow() < from, 'the machine is too slow for this lead')
  await waitFor('the successor', async () => keyIds(pinnedAt(STILL)).includes('msg2'))
  await waitFor('the line about it', async () =>
    /"peer-document-renewed","peer":"turning.example"/.test(at(STILL).serving.printed()),
  )
  await requireTraffic('before the successor counts')
  await waitFor(
    'the successor in use',
    async () =>
      /"kind":"successor-key-in-use","purpose":"encryption"/.test(at(TURNING).serving.printed()),
    2 * LEAD,
  )
  assert.ok(wireNow() >= from)
  await requireTraffic('in the overlap')
  const { encryptionRecipient } = documentOf(at(TURNING)).document
  assert.notEqual(encryptionRecipient, before)
  for (const id of [STILL, CLOSED]) {
    await waitFor(`the recipient at ${id}`, async () => {
      return pinnedAt(id).encryptionRecipient === encryptionRecipient
    })
  }
  assert.deepEqual(await renewals(STILL), [{ ...(await renewals(STILL))[0], outcome: 'renewed' }])
})

test('after the overlap the old key is refused, and messages go on', async () => {
  if (wireNow() < overlapEnds) assert.equal((await answerTo(first)).status, 200)
  await waitFor('the end of the overlap', async () => wireNow() > overlapEnds, 2 * OVERLAP)
  assert.deepEqual(await answerTo(first), { status: 401, code: 'key-validity' })
  await requireTraffic('after the overlap')
})

test('a revoked key is refused at once, by a notice that its successor signs', async () => {
  const second = (await openFileKeys(keyPlace().folder, TURNING)).messageSigner()
  assert.equal(second.keyId, `${TURNING}/msg2`)
  await rotateKey(keyPlace(), 'message', { now: wireNow(), from: wireNow() })
  await restart(TURNING)
  await requireTraffic('with a key that began at once')
  for (const id of [STILL, CLOSED]) assert.ok(keyIds(pinnedAt(id)).includes('msg3'))
  assert.equal((await answerTo(second)).status, 200)
  const now = wireNow()
  await revokeKey(keyPlace(), 'message-2', { now, at: now, reason: 'compromised' })
  await restart(TURNING)
  await waitFor('the revocation', async () => (await answerTo(second)).code === 'key-revoked')
  await requireTraffic('after the revocation')
})

test('nothing else takes the place of a pinned document, and people are told', async () => {
  const keys = await openFileKeys(keyPlace().folder, TURNING)
  const { document } = documentOf(at(TURNING))
  const signed = (change: Partial<NodeDocument>, signer: MessageKeySigner = keys.messageSigner()) =>
    signNodeDocument({ ...document, issuedAt: wireNow(), ...change }, signer)
  const pinned = readFileSync(join(at(STILL).folder, 'peers', `${TURNING}.json`))
  const stranger = { ...first, keyId: `${TURNING}/msg9` }
  for (const [what, body, answer] of [
    ['nothing', '', [404, 'not-found']],
    ['no document', '[]', [404, 'not-found']],
    ['of nobody', JSON.stringify({ document: { node: 'x.example' } }), [404, 'not-found']],
    ['too much', `"${'x'.repeat(70_000)}"`, [413, 'size']],
    ['by a stranger', await signed({ name: 'Other' }, stranger), [409, 'key-unknown']],
    ['older', await signed({ name: 'Other', issuedAt: addMs(wireNow(), -9e7) }), [409, 'older']],
    ['of another version', await signed({ v: 2 as 1 }), [409, 'malformed']],
  ] as const) {
    assert.deepEqual(await offer(body), answer, what)
  }
  assert.equal((await renewals(STILL))[0]?.outcome, 'renewed', 'what anybody can send is no news')
  assert.deepEqual(await offer(await signed({ name: 'Other' }, first)), [409, 'key-validity'])
  assert.equal((await renewals(STILL))[0]?.why, 'key-validity', 'an old key is in use somewhere')
  const messageKeys = document.messageKeys.map((key, index) =>
    index === 0 ? { ...key, validFrom: addMs(key.validFrom, 1000) } : key,
  )
  assert.deepEqual(await offer(await signed({ messageKeys })), [409, 'forked'])
  assert.deepEqual(readFileSync(join(at(STILL).folder, 'peers', `${TURNING}.json`)), pinned)
  assert.equal((await renewals(STILL))[0]?.why, 'forked')
  assert.match(at(STILL).serving.printed(), /"peer-document-refused".*"why":"forked"/)
  const { out } = await comity(['doctor', '--config', at(STILL).config])
  assert.match(out, /turning\.example shows another document.*contradicts/)
  await requireTraffic('all the same')
})
