/**
 * A peer that offers documents without end, on a real database: what stays in the
 * authority stream for ever is bounded, and junk is answered without reading anything.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { openPeerDocuments } from '../../src/adapters/peers/peer-documents.ts'
import { migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { postgresStreams } from '../../src/adapters/postgres/streams/streams.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import type { Kernel } from '../../src/app/kernel.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import {
  addMs,
  DAY_MS,
  type Instant,
  instantFromMs,
  MINUTE_MS,
  SECOND_MS,
} from '../../src/base/time.ts'
import { peerRenewals } from '../../src/node/peer-renewals.ts'
import { formatVkey, KEY_TYPE, type KeyType, noteKey } from '../../src/proof/vkey.ts'
import { type NodeDocument, signNodeDocument } from '../../src/wire/exchange/node-document.ts'
import { testDatabase } from '../support/database.ts'
import { parts } from '../support/kernel-database.ts'

const HERE = 'meridia.example'
const THERE = 'albion.example'
const START = instantFromMs(Date.now())
const seed = (digit: number) => new Uint8Array(32).fill(digit)
const vkey = (name: string, type: KeyType, digit: number) =>
  formatVkey(noteKey(nodePrimitives, `${THERE}/${name}`, type, publicKeyOf(seed(digit))))
const messageKey = (digit: number) => ({
  id: `${THERE}/msg${digit}`,
  alg: 'ed25519' as const,
  key: toBase64(publicKeyOf(seed(digit))),
  validFrom: addMs(START, -DAY_MS),
  validUntil: addMs(START, 300 * DAY_MS),
})
const FIRST: NodeDocument = {
  v: 1,
  node: THERE,
  name: 'Authority (invented)',
  legalOrder: 'GB',
  endpoints: { federation: 'https://f.albion.example' },
  messageKeys: [messageKey(1), messageKey(2)],
  encryptionRecipient: `age1${'q'.repeat(58)}`,
  logKey: vkey('ledger', KEY_TYPE.ed25519, 21),
  witnessKey: vkey('witness', KEY_TYPE.cosignature, 22),
  issuedAt: addMs(START, -MINUTE_MS),
}

async function office(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'comity-peers-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'albion.json'), await signed(FIRST))
  const peers = await openPeerDocuments(folder)
  const url = await testDatabase(t)
  const [database, units] = [openDatabase(url, 4), openDatabase(url, 2)]
  t.after(() => units.destroy())
  t.after(() => database.destroy())
  await migrate(database)
  const clock = { now: START }
  const clocks = { ...parts.clocks, wireNow: () => clock.now }
  const streams = postgresStreams({
    ...parts,
    clocks,
    database,
    units,
    node: HERE,
    primitives: nodePrimitives,
    sign: async (_tx, _by, message) => signEd25519(seed(9), message),
    project: async () => {},
    enqueue: async () => assert.fail('nothing is sent'),
    withhold: async () => {},
    takeBack: async () => assert.fail('nothing was sent'),
    eraseSent: async () => assert.fail('nothing was sent'),
    eraseMessages: async () => {},
    admit: async () => assert.fail('nothing is admitted'),
    closeFiling: async () => false,
    reseal: async () => assert.fail('nothing is resealed'),
    writeToReporter: async () => assert.fail('nothing is writeToReportered'),
    takeFollowUp: async () => assert.fail('nothing is followed up'),
    tellContactOpened: async () => assert.fail('nothing is tellContactOpeneded'),
    addTask: async () => assert.fail('nothing is to do'),
    onCommit: () => {},
  })
  const authorityStreamId = systemRandom.uuidByTime()
  await streams.transact((unit) => unit.create(authorityStreamId, 'authority'))
  const node = { id: HERE }
  const kernel = { node, peers, clocks, primitives: nodePrimitives, streams, authorityStreamId }
  const start = () => {
    const renewals = peerRenewals({ database, peers, ownDocument: async () => signed(FIRST) })
    renewals.begin(kernel as unknown as Kernel)
    return renewals
  }
  const events = async () => (await streams.read(authorityStreamId))?.history.length ?? 0
  return { start, clock, events, database, renewals: start() }
}

const signed = (document: NodeDocument, by = 1) =>
  signNodeDocument(document, {
    keyId: `${THERE}/msg${by}`,
    sign: (bytes) => signEd25519(seed(by), bytes),
  })
const moved = (count: number, issuedAt: Instant, change: Partial<NodeDocument> = {}) => {
  const endpoints = { federation: `https://f${count}.albion.example` }
  return signed({ ...FIRST, ...change, endpoints, issuedAt })
}
const said = (answer: { kind: string; why?: string }) => answer.why ?? answer.kind

test('of three hundred documents in a day twenty are recorded, in ten minutes one', async (t) => {
  const { start, clock, events, renewals, database } = await office(t)
  const answers = new Map<string, number>()
  const count = (answer: string) => answers.set(answer, (answers.get(answer) ?? 0) + 1)
  for (let offer = 1; offer <= 50; offer++) {
    count(said(await renewals.take(await moved(offer, addMs(FIRST.issuedAt, offer)))))
  }
  assert.deepEqual(
    [...answers],
    [
      ['renewed', 1],
      ['too-often', 49],
    ],
  )
  assert.equal(await events(), 1)
  const [note] = await renewals.notes.all()
  assert.deepEqual([note?.outcome, note?.why], ['refused', 'too-often'])
  const again = start()
  assert.equal(said(await again.take(await moved(51, clock.now))), 'too-often', 'after a restart')

  for (let step = 1; step <= 250; step++) {
    clock.now = addMs(START, step * 5 * MINUTE_MS)
    count(said(await again.take(await moved(100 + step, clock.now))))
  }
  assert.equal(await events(), 20)
  assert.equal(answers.get('renewed'), 20)
  const bytes = await moved(999, addMs(clock.now, SECOND_MS))
  clock.now = addMs(START, DAY_MS + 11 * MINUTE_MS)
  assert.equal(said(await again.take(bytes)), 'renewed', 'the next day')
  assert.equal((await again.notes.all())[0]?.outcome, 'renewed')
  const [row] = await database.selectFrom('peer_document').selectAll().execute()
  assert.ok(JSON.stringify(row).length < 4000)
})

test('keys that change do not wait, and revocations not even for the day', async (t) => {
  const { clock, events, renewals } = await office(t)
  let messageKeys = FIRST.messageKeys
  let issued = 0
  const next = () => addMs(FIRST.issuedAt, ++issued)
  assert.equal(said(await renewals.take(await moved(1, next()))), 'renewed')
  for (let key = 3; key <= 16; key++) {
    messageKeys = [...messageKeys, messageKey(key)]
    assert.equal(said(await renewals.take(await moved(1, next(), { messageKeys }))), 'renewed')
  }
  const lasts = { validFrom: clock.now, validUntil: addMs(clock.now, DAY_MS) }
  const recipients = ['p', 'z', 'r', 's', 't', 'u', 'v'].map((letter) => ({
    ...lasts,
    recipient: `age1${letter.repeat(58)}`,
  }))
  const encryptionRecipients = [{ ...lasts, recipient: FIRST.encryptionRecipient }, ...recipients]
  const answers: string[] = []
  for (const { recipient: encryptionRecipient } of recipients) {
    const change = { messageKeys, encryptionRecipient, encryptionRecipients }
    answers.push(said(await renewals.take(await moved(1, next(), change))))
  }
  assert.deepEqual(answers, [...Array<string>(5).fill('renewed'), 'too-often', 'too-often'])
  const at = clock.now
  const change = {
    messageKeys,
    encryptionRecipient: recipients[4]?.recipient as string,
    encryptionRecipients,
  }
  let revocations: { key: string; at: Instant; reason: 'lost' }[] = []
  for (const { id } of messageKeys.slice(1)) {
    revocations = [...revocations, { key: id, at, reason: 'lost' }]
    const bytes = await moved(1, next(), { ...change, revocations })
    assert.equal(said(await renewals.take(bytes)), 'renewed', id)
  }
  assert.equal(await events(), 20 + 15)
})

test('what no pinned key signed is answered without the database, and holds up nobody', async (t) => {
  const { clock, renewals, database, events } = await office(t)
  const real = await moved(1, clock.now)
  const junk = Buffer.from(Buffer.from(real).toString().replace('https://f1.', 'https://f2.'))
  const flood = Array.from({ length: 300 }, () => renewals.take(junk))
  const strangers = Array.from({ length: 300 }, () =>
    renewals.take(Buffer.from(`{"document":{"node":"x.example"}}`)),
  )
  const revocation = renewals.take(real)
  assert.equal(said(await revocation), 'renewed')
  assert.deepEqual([...new Set((await Promise.all(flood)).map(said))], ['signature'])
  assert.deepEqual([...new Set((await Promise.all(strangers)).map(said))], ['unknown'])
  const many = await Promise.all(Array.from({ length: 300 }, () => renewals.take(real)))
  const busy = many.filter(({ kind }) => kind === 'busy')
  assert.equal(busy.length, 292)
  assert.equal(await events(), 1)
  // Without any database at all.
  await database.destroy()
  assert.equal(said(await renewals.take(junk)), 'signature')
  assert.equal(said(await renewals.take(Buffer.from('{}'))), 'unknown')
})
