/** Rotation with overlap, revocation and end, on real key folders. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { utf8 } from '../../base/bytes.ts'
import { addMs, DAY_MS, instant } from '../../base/time.ts'
import { openWithAny, recipientOf, sealTo } from '../../seal/seal.ts'
import { nodePrimitives, verifyMlDsa44 } from '../node-primitives.ts'
import { readCeremonies, recordCeremony, requirePresent } from './ceremony-records.ts'
import { addKey, LEAD_MS, OVERLAP_MS, retireKeys, revokeKey, rotateKey } from './change-keys.ts'
import { fileStore } from './file-store.ts'
import { PURPOSES, parseRing } from './key-ring.ts'
import { openKeys } from './open-keys.ts'

const root = await mkdtemp(join(tmpdir(), 'comity-rotation-'))
after(() => rm(root, { recursive: true }))
let count = 0
const now = instant('2026-11-22T12:00:00.000Z')
const from = addMs(now, LEAD_MS)
const inDays = (days: number) => addMs(now, days * DAY_MS)
const NODE = 'a.example'

async function world() {
  const place = { folder: join(root, `keys-${count++}`), node: NODE, store: fileStore }
  return { place, first: await openKeys(place, now), open: (at = now) => openKeys(place, at) }
}

test('a message key has a successor that is published before it is used', async () => {
  const { place, first, open } = await world()
  await rotateKey(place, 'message', { now, from })
  const before = await open()
  assert.equal(before.messageKeyId, 'a.example/msg1')
  assert.deepEqual(before.messagePublicKey, first.messagePublicKey)
  const later = await open(from)
  assert.equal(later.messageKeyId, 'a.example/msg2')
  assert.notDeepEqual(later.messagePublicKey, first.messagePublicKey)
  for (const { published } of [before, later]) {
    assert.deepEqual(
      published.messageKeys.map(({ id, validFrom, validUntil }) => [id, validFrom, validUntil]),
      [
        ['a.example/msg1', null, addMs(from, OVERLAP_MS)],
        ['a.example/msg2', from, addMs(from, 400 * DAY_MS)],
      ],
    )
  }
  const signature = await later.signMessage(utf8('text'))
  assert.ok(nodePrimitives.verifyEd25519(later.messagePublicKey, utf8('text'), signature))
})

test('an opened ring takes successors at their time, and the oldest key signs the document', async () => {
  const { place, open } = await world()
  for (const purpose of ['message', 'encryption', 'witness', 'witnessMlDsa44'] as const) {
    await rotateKey(place, purpose, { now, from })
  }
  const keys = await open()
  const before = { signer: keys.messageSigner(), witness: keys.witnessPublicKey }
  const { encryptionRecipient } = keys
  assert.deepEqual(keys.takeDue(addMs(from, -1)), [])
  assert.equal(keys.messageKeyId, 'a.example/msg1')
  const formerMlDsa44 = keys.witnessMlDsa44?.publicKey
  assert.deepEqual(keys.takeDue(from), ['message', 'witness', 'encryption', 'witnessMlDsa44'])
  assert.deepEqual(keys.takeDue(from), [])
  const fresh = await open(from)
  assert.equal(keys.messageKeyId, 'a.example/msg2')
  assert.deepEqual(keys.witnessPublicKey, fresh.witnessPublicKey)
  assert.notDeepEqual(keys.witnessPublicKey, before.witness)
  assert.deepEqual(keys.witnessMlDsa44?.publicKey, fresh.witnessMlDsa44?.publicKey)
  assert.notDeepEqual(keys.witnessMlDsa44?.publicKey, formerMlDsa44)
  assert.equal(keys.encryptionRecipient, fresh.encryptionRecipient)
  const [first, second] = await keys.encryptionIdentities()
  assert.equal(await recipientOf(first ?? ''), keys.encryptionRecipient)
  assert.equal(await recipientOf(second ?? ''), encryptionRecipient)
  const { messagePublicKey, messageKeyId } = keys
  for (const { keyId, publicKey, sign } of [before.signer, keys.messageSigner()]) {
    const isNew = keyId === messageKeyId
    assert.equal(Buffer.compare(publicKey, messagePublicKey) === 0, isNew)
    assert.ok(nodePrimitives.verifyEd25519(publicKey, utf8('text'), await sign(utf8('text'))))
  }
  assert.equal(keys.documentSigner().keyId, 'a.example/msg1')
  keys.takeDue(addMs(from, OVERLAP_MS))
  assert.equal(keys.documentSigner().keyId, 'a.example/msg2')
  assert.throws(() => keys.takeDue(addMs(from, 500 * DAY_MS)), { code: 'unavailable' })
  assert.equal(keys.messageKeyId, 'a.example/msg2')
})

test('a key that begins now signs nothing that names it first, and a revoked one nothing', async () => {
  const { place, open } = await world()
  await rotateKey(place, 'message', { now, from: now })
  const overlapping = await open()
  assert.equal(overlapping.messageKeyId, 'a.example/msg2')
  assert.equal(overlapping.documentSigner().keyId, 'a.example/msg1')
  await revokeKey(place, 'message-1', { now, at: now, reason: 'compromised' })
  assert.equal((await open()).documentSigner().keyId, 'a.example/msg2')
})

test('what was sealed to an old identity opens until its date, and the file goes after it', async () => {
  const { place, first, open } = await world()
  const message = utf8('sealed before')
  const sealed = await sealTo([first.encryptionRecipient], message, { minimumRecipients: 1 })
  await rotateKey(place, 'encryption', { now, from })
  const later = await open(from)
  assert.notEqual(later.encryptionRecipient, first.encryptionRecipient)
  assert.deepEqual(await openWithAny(await later.encryptionIdentities(), sealed), message)
  const atTheEnd = addMs(from, 2 * OVERLAP_MS)
  assert.deepEqual((await retireKeys(place, { now: from, columnKeys: false })).changed, [])
  const past = await open(atTheEnd)
  await assert.rejects(openWithAny(await past.encryptionIdentities(), sealed), {
    code: 'unverified',
  })
  const { changed } = await retireKeys(place, { now: atTheEnd, columnKeys: false })
  assert.deepEqual(
    changed.map(({ ref }) => ref),
    ['encryption.age'],
  )
  assert.ok(!(await readdir(place.folder)).includes('encryption.age'))
  await open(atTheEnd)
})

test('a new column key counts at once and the old one is kept until it is retired', async () => {
  const { place, first, open } = await world()
  await rotateKey(place, 'column', { now, from })
  const both = await (await open()).columnKeys()
  assert.equal(both.length, 2)
  assert.deepEqual(both[1], await first.columnKey())
  await retireKeys(place, { now, columnKeys: true })
  assert.deepEqual(await (await open()).columnKeys(), [both[0]])
  assert.ok(!(await readdir(place.folder)).includes('column.key'))
})

test('when an overlap is over and nothing follows, the node does not start with a dead key', async () => {
  const { place, open } = await world()
  await rotateKey(place, 'message', { now, from })
  await assert.rejects(open(addMs(from, 401 * DAY_MS)), {
    code: 'unavailable',
    reason: 'no-current-key',
  })
})

test('a revoked key is not used, stays listed, and the notice is published', async () => {
  const { place, open } = await world()
  await rotateKey(place, 'message', { now, from: now })
  await revokeKey(place, 'message-1', { now, at: now, reason: 'compromised' })
  const keys = await open()
  assert.equal(keys.messageKeyId, 'a.example/msg2')
  assert.deepEqual(keys.published.revocations, [
    { key: 'a.example/msg1', at: now, reason: 'compromised' },
  ])
  assert.equal(keys.published.messageKeys.length, 2)
})

const refused: Readonly<
  Record<string, (place: Awaited<ReturnType<typeof world>>['place']) => Promise<unknown>>
> = {
  'the log key, which others pin': (place) => rotateKey(place, 'log', { now, from }),
  'a key that begins in the past': (place) =>
    rotateKey(place, 'message', { now, from: inDays(-1) }),
  'a second successor before the first took over': async (place) => {
    await rotateKey(place, 'message', { now, from })
    await rotateKey(place, 'message', { now, from })
  },
  'a revocation of the only key': (place) =>
    revokeKey(place, 'message-1', { now, at: now, reason: 'lost' }),
  'a revocation of the only key that counts now': async (place) => {
    await rotateKey(place, 'message', { now, from })
    await revokeKey(place, 'a.example/msg1', { now, at: now, reason: 'lost' })
  },
  'a revocation of nothing': (place) =>
    revokeKey(place, 'message-7', { now, at: now, reason: 'lost' }),
  'a revocation of the log key': (place) =>
    revokeKey(place, 'log-1', { now, at: now, reason: 'lost' }),
  'a revocation that waits': async (place) => {
    await rotateKey(place, 'message', { now, from: now })
    await revokeKey(place, 'message-1', { now, at: inDays(1), reason: 'lost' })
  },
  'a revocation twice': async (place) => {
    await rotateKey(place, 'message', { now, from: now })
    await revokeKey(place, 'message-1', { now, at: now, reason: 'lost' })
    await revokeKey(place, 'message-1', { now, at: now, reason: 'lost' })
  },
}
for (const [name, act] of Object.entries(refused)) {
  test(`refused: ${name}`, async () => {
    const { place, open } = await world()
    await assert.rejects(act(place), { name: 'ComityError', code: 'malformed' })
    await open()
  })
}

test('a list of keys that was changed by hand is refused', async () => {
  const { place, open } = await world()
  await rotateKey(place, 'message', { now, from })
  const file = join(place.folder, 'keys.json')
  const good = JSON.parse(await readFile(file, 'utf8'))
  const [one, ...rest] = good.keys
  const other = await world()
  const faults: Record<string, unknown> = {
    'another node': { ...good, node: 'b.example' },
    'no keys': { ...good, keys: [] },
    'an unknown member': { ...good, x: 1 },
    'a key twice': { ...good, keys: [one, one, ...rest] },
    'a path for a name': { ...good, keys: [{ ...one, ref: '../message.pem' }, ...rest] },
    'no instant': { ...good, keys: [{ ...one, validFrom: '2026-13-01T00:00:00.000Z' }, ...rest] },
    'the public part of another': {
      ...good,
      keys: [
        { ...one, public: Buffer.from(other.first.messagePublicKey).toString('base64') },
        ...rest,
      ],
    },
    'not JSON': undefined,
  }
  for (const [name, value] of Object.entries(faults)) {
    await writeFile(file, value === undefined ? '{' : JSON.stringify(value))
    await assert.rejects(open(), { name: 'ComityError' }, name)
  }
  await writeFile(file, JSON.stringify(good))
  await open()
})

test('the key that older nodes lack is added once, and stays', async () => {
  const { place, open } = await world()
  await assert.rejects(addKey(place, 'witnessMlDsa44'), { reason: 'key-there' })
  const older = await world()
  await rm(join(older.place.folder, 'witnessMlDsa44.pem'))
  // Whatever is written down of an older node does not name it.
  await rotateKey(older.place, 'message', { now, from })
  assert.equal((await older.open()).witnessMlDsa44, undefined)
  const { changed } = await addKey(older.place, 'witnessMlDsa44')
  assert.deepEqual(
    changed.map(({ purpose, generation }) => [purpose, generation]),
    [['witnessMlDsa44', 1]],
  )
  const added = (await older.open()).witnessMlDsa44
  assert.ok(added && verifyMlDsa44(added.publicKey, utf8('x'), await added.sign(utf8('x'))))
  await assert.rejects(addKey(older.place, 'witnessMlDsa44'), { reason: 'key-there' })
  assert.deepEqual((await open()).ring.keys.length, 6)
})

test('an interval that is empty is no ring', () => {
  const key = {
    purpose: PURPOSES[0],
    generation: 1,
    ref: 'a',
    public: 'x'.repeat(44),
    opensUntil: null,
    revoked: null,
  }
  const ring = { v: 1, node: NODE, keys: [{ ...key, validFrom: now, validUntil: now }] }
  assert.throws(() => parseRing(utf8(JSON.stringify(ring))), { reason: 'key-ring' })
})

test('a ceremony is recorded once, by two people with two functions', async () => {
  const { place } = await world()
  const held = {
    type: 'keyCeremonyHeld',
    act: 'rotated',
    heldAt: now,
    present: ['administrator', 'oversight'],
    keys: [{ key: 'message-2', fingerprint: 'ab'.repeat(32) }],
  } as const
  await recordCeremony(place.folder, held)
  await assert.rejects(recordCeremony(place.folder, held))
  assert.deepEqual(await readCeremonies(place.folder), [held])
  for (const present of [
    [],
    ['a person'],
    ['Same', 'same'],
    ['x', 'y'],
    ['one', 'two', 'three'],
    ['a1', 'b2'],
  ]) {
    assert.throws(() => requirePresent(present), { reason: 'two-people' }, present.join())
  }
})
