import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../adapters/node-primitives.ts'
import { toBase64, utf8 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { addMs, DAY_MS, type Instant, instant } from '../../base/time.ts'
import { formatVkey, KEY_TYPE, noteKey } from '../../proof/vkey.ts'
import type { MessageKey } from '../http-signature.ts'
import { channelStart, nextHeader, positionAfter } from './channel.ts'
import { encodeChannelHead, verifyChannelHead } from './channel-head.ts'
import { commitToContent, linkOf } from './message-header.ts'
import {
  messageKeysOf,
  type NodeDocument,
  peerOf,
  signNodeDocument,
  verifyNodeDocument,
} from './node-document.ts'
import { encodeReceipts, outcomeOf, type Receipt, verifyReceipts } from './receipt.ts'
import { DOMAIN, signValue, verifyValue } from './signed.ts'
import {
  encodeContents,
  encodeTransaction,
  readContents,
  readTransaction,
  requireOpening,
} from './transaction.ts'

const now = instant('2026-11-22T17:00:00.000Z')
const seed = new Uint8Array(randomBytes(32))
const key: MessageKey = {
  id: 'b.example/msg1',
  node: 'b.example',
  publicKey: publicKeyOf(seed),
  validFrom: addMs(now, -DAY_MS),
  validUntil: addMs(now, DAY_MS),
}
const signer = { keyId: key.id, sign: (bytes: Uint8Array) => signEd25519(seed, bytes) }
const by = { node: 'b.example', messageKeys: [key] }

const salt = new Uint8Array(randomBytes(32))
const content = { n: 1 }
const header = nextHeader(channelStart('a.example', 'b.example'), {
  id: '0b34cf10-5fb0-4d64-8ab5-8e2a0a5f0001',
  type: 'caseNote',
  objectId: 'case-1',
  version: 1,
  agreement: 'agreement-1@1',
  contentCommitment: commitToContent(nodePrimitives, salt, content),
})
const link = linkOf(nodePrimitives, header)
const opening = { salt: toBase64(salt), content }
const id = '0b34cf10-5fb0-4d64-8ab5-8e2a0a5f1000'
const signature = { keyId: 'a.example/msg1', value: toBase64(new Uint8Array(64)) }
const transaction = encodeTransaction(id, [{ header, signature }], {
  head: link,
  sealed: utf8('age'),
})

const bent = (bytes: Uint8Array, change: (value: Record<string, never>) => object) =>
  canonicalBytes(change(JSON.parse(Buffer.from(bytes).toString())))

test('a transaction is read as it was written', () => {
  const read = readTransaction(nodePrimitives, transaction)
  assert.deepEqual(read.links, [link])
  assert.deepEqual(read.transaction.messages[0]?.header, header)
  assert.deepEqual(read.sealed, utf8('age'))
  const [opened] = readContents(encodeContents([link], [opening]), [link])
  assert.ok(opened)
  requireOpening(nodePrimitives, header, opened)
})

type Bent = Record<string, unknown> & { messages: [{ header: object; signature: object }] }
const inHeader = (change: object) => (value: Bent) => ({
  ...value,
  messages: [{ ...value.messages[0], header: { ...value.messages[0].header, ...change } }],
})
const badTransactions: Record<string, [(value: Bent) => object, string]> = {
  'version 2': [(value) => ({ ...value, v: 2 }), '/v'],
  'an unknown member': [(value) => ({ ...value, x: 1 }), '/x'],
  'no member epoch': [({ epoch: _, ...value }) => value, '/epoch'],
  'an id that is no UUID': [(value) => ({ ...value, id: '1' }), '/id'],
  'an id of UUID version 1': [(value) => ({ ...value, id: id.replace('-4', '-1') }), '/id'],
  'an origin in upper case': [(value) => ({ ...value, origin: 'A.example' }), '/origin'],
  'an origin of one label': [(value) => ({ ...value, origin: 'localhost' }), '/origin'],
  'no messages': [(value) => ({ ...value, messages: [] }), '/messages'],
  '51 messages': [
    (value) => ({ ...value, messages: Array(51).fill(value.messages[0]) }),
    '/messages',
  ],
  'a number of zero': [(value) => ({ ...value, firstSeq: 0 }), '/firstSeq'],
  'a number that is no integer': [(value) => ({ ...value, firstSeq: 1.5 }), '/firstSeq'],
  'a number as a text': [(value) => ({ ...value, firstSeq: '1' }), '/firstSeq'],
  'a number that is not safe': [(value) => ({ ...value, epoch: 2 ** 53 }), '/epoch'],
  'a hash in upper case': [(value) => ({ ...value, head: link.toUpperCase() }), '/head'],
  'another head': [(value) => ({ ...value, head: 'f'.repeat(64) }), '/head'],
  'sealed that is empty': [(value) => ({ ...value, sealed: '' }), '/sealed'],
  'sealed with stray bits': [(value) => ({ ...value, sealed: 'QR==' }), '/sealed'],
  'a signature that is short': [
    (value) => ({
      ...value,
      messages: [{ ...value.messages[0], signature: { ...signature, value: 'AAAA' } }],
    }),
    '/messages/0/signature/value',
  ],
  'a header to another node': [
    inHeader({ destination: 'c.example' }),
    '/messages/0/header/destination',
  ],
  'a header from another node': [inHeader({ origin: 'c.example' }), '/messages/0/header/origin'],
  'a header of another epoch': [inHeader({ epoch: 2 }), '/messages/0/header/epoch'],
  'a header out of its place': [
    inHeader({ seq: 2, prev: 'f'.repeat(64) }),
    '/messages/0/header/seq',
  ],
  'a header to its own origin': [
    inHeader({ destination: 'a.example' }),
    '/messages/0/header/destination',
  ],
  'a first header with a link before': [
    inHeader({ prev: 'f'.repeat(64) }),
    '/messages/0/header/prev',
  ],
  'a type with a space': [inHeader({ type: 'a b' }), '/messages/0/header/type'],
  'a type of 101 letters': [inHeader({ type: 'a'.repeat(101) }), '/messages/0/header/type'],
  'an agreement left out': [inHeader({ agreement: undefined }), '/messages/0/header/agreement'],
  'an agreement that is empty': [inHeader({ agreement: '' }), '/messages/0/header/agreement'],
  'a time without milliseconds': [
    inHeader({ notAfter: '2026-01-01T00:00:00Z' }),
    '/messages/0/header/notAfter',
  ],
  'a day that is none': [
    inHeader({ notAfter: '2026-02-30T00:00:00.000Z' }),
    '/messages/0/header/notAfter',
  ],
  'an unknown member of a header': [inHeader({ owner: 'a.example' }), '/messages/0/header/owner'],
}

for (const [name, [change, field]] of Object.entries(badTransactions)) {
  test(`a transaction with ${name} is refused at ${field}`, () => {
    assert.throws(() => readTransaction(nodePrimitives, bent(transaction, change as never)), {
      code: 'malformed',
      field,
    })
  })
}

test('only canonical JSON is read: no space, no order of its own, no member twice', () => {
  const text = Buffer.from(transaction).toString()
  for (const other of [
    ` ${text}`,
    text.replace('"v":1', '"v":1.0'),
    text.replace('{', '{"v":1,'),
    `\ufeff${text}`,
  ]) {
    assert.throws(() => readTransaction(nodePrimitives, utf8(other)), { code: 'malformed' })
  }
  const large = new Uint8Array(1024 * 1024 + 1)
  assert.throws(() => readTransaction(nodePrimitives, large), { reason: 'size' })
})

test('contents belong to their headers, in their order and number', () => {
  const other = 'f'.repeat(64)
  const bad: [string[], (typeof opening | null)[]][] = [
    [[other], [opening]],
    [
      [link, other],
      [opening, null],
    ],
    [[], []],
  ]
  for (const [links, contents] of bad) {
    assert.throws(() => readContents(encodeContents(links, contents), [link]), {
      reason: 'header-digests',
    })
  }
  const fewer = canonicalBytes({ headerDigests: [link], contents: [] })
  assert.throws(() => readContents(fewer, [link]), { reason: 'header-digests' })
  const odd = canonicalBytes({ headerDigests: [link], contents: [{ salt: 'x', content }] })
  assert.throws(() => readContents(odd, [link]), { reason: 'schema' })
  for (const changed of [
    { ...opening, content: { n: 2 } },
    { ...opening, salt: toBase64(new Uint8Array(32)) },
  ]) {
    assert.throws(() => requireOpening(nodePrimitives, header, changed), {
      reason: 'wrong-opening',
    })
  }
})

const receipt: Receipt = {
  v: 1,
  origin: 'a.example',
  destination: 'b.example',
  epoch: 1,
  seq: 1,
  link,
  decision: 'applied',
  at: now,
  headSeen: { epoch: 1, seq: 1, link },
}
const expected = { transaction: id, messages: [header].map((each) => ({ ...each, link })), by }
const signed = async (change: object = {}) => {
  const bentReceipt = { ...receipt, ...change } as Receipt
  return { receipt: bentReceipt, signature: await signValue(DOMAIN.receipt, bentReceipt, signer) }
}

test('receipts verify for the messages they are about', async () => {
  const [one] = await verifyReceipts(nodePrimitives, encodeReceipts(id, [await signed()]), expected)
  assert.equal(one && outcomeOf(one.receipt), 'applied')
  const again = {
    decision: 'duplicate',
    firstDecision: 'held',
    reason: 'policy:p-1',
    rule: 'clause:4.2',
  }
  const [second] = await verifyReceipts(
    nodePrimitives,
    encodeReceipts(id, [await signed(again)]),
    expected,
  )
  assert.equal(second && outcomeOf(second.receipt), 'held')
})

const badReceipts: [string, object, string][] = [
  ['another origin', { origin: 'c.example' }, 'receipt-subject'],
  ['another destination', { destination: 'c.example' }, 'receipt-subject'],
  ['another epoch', { epoch: 2 }, 'receipt-subject'],
  ['another number', { seq: 2 }, 'receipt-subject'],
  ['another link', { link: 'f'.repeat(64) }, 'receipt-subject'],
  ['a first decision without being a duplicate', { firstDecision: 'applied' }, 'receipt-subject'],
  ['an unknown decision', { decision: 'quarantined' }, 'schema'],
  ['an unknown reason', { reason: 'because' }, 'schema'],
  ['a policy without a rule', { reason: 'policy:' }, 'schema'],
  ['an unknown member', { x: 1 }, 'schema'],
]
for (const [name, change, reason] of badReceipts) {
  test(`a receipt with ${name} is refused`, async () => {
    const bytes = encodeReceipts(id, [await signed(change)])
    await assert.rejects(verifyReceipts(nodePrimitives, bytes, expected), { reason })
  })
}

test('receipts must be signed by the destination, for this transaction, one for each message', async () => {
  const good = await signed()
  const refuses = (bytes: Uint8Array, reason: string, other = expected) =>
    assert.rejects(verifyReceipts(nodePrimitives, bytes, other), { reason })
  await refuses(encodeReceipts(id.replace('1000', '2000'), [good]), 'receipt-subject')
  await refuses(encodeReceipts(id, [good, good]), 'receipt-subject')
  await refuses(encodeReceipts(id, [good]), 'receipt-subject', {
    ...expected,
    messages: [...expected.messages, ...expected.messages],
  })
  await refuses(
    encodeReceipts(id, [{ ...good, receipt: { ...receipt, decision: 'rejected' } }]),
    'signature',
  )
  const asHeader = { receipt, signature: await signValue(DOMAIN.header, receipt, signer) }
  await refuses(encodeReceipts(id, [asHeader]), 'signature')
  await refuses(
    encodeReceipts(id, [{ ...good, signature: { ...good.signature, keyId: 'b.example/msg2' } }]),
    'key-unknown',
  )
  await refuses(encodeReceipts(id, [good]), 'key-unknown', {
    ...expected,
    by: { ...by, node: 'c.example' },
  })
})

test('a channel head verifies for its channel and its signer', async () => {
  const position = positionAfter(header, link)
  const head = { v: 1, ...position, at: now } as const
  const bytes = encodeChannelHead({
    head,
    signature: await signValue(DOMAIN.channelHead, head, signer),
  })
  const channel = { origin: 'a.example', destination: 'b.example', by }
  assert.deepEqual(verifyChannelHead(nodePrimitives, bytes, channel).head, head)
  const refuses = (changed: Uint8Array, reason: string, of = channel) =>
    assert.throws(() => verifyChannelHead(nodePrimitives, changed, of), { reason })
  refuses(bytes, 'head-subject', { ...channel, origin: 'b.example', destination: 'a.example' })
  refuses(
    bent(bytes, (value) => ({ ...value, head: { ...head, seq: 2 } })),
    'signature',
  )
  refuses(
    bent(bytes, (value) => ({ ...value, head: { ...head, seq: -1 } })),
    'schema',
  )
  refuses(bytes, 'key-unknown', { ...channel, by: { ...by, messageKeys: [] } })
})

const vkey = (name: string, type: 1 | 4) =>
  formatVkey(noteKey(nodePrimitives, name, type, publicKeyOf(new Uint8Array(randomBytes(32)))))
const document: NodeDocument = {
  v: 1,
  node: 'b.example',
  name: 'Albion Algorithm Inspectorate (fictional)',
  legalOrder: 'GB',
  endpoints: { federation: 'https://b.example' },
  messageKeys: [
    {
      id: key.id,
      alg: 'ed25519',
      key: toBase64(key.publicKey),
      validFrom: key.validFrom,
      validUntil: key.validUntil,
    },
  ],
  encryptionRecipient: `age1${'q'.repeat(58)}`,
  logKey: vkey('b.example/ledger', KEY_TYPE.ed25519),
  witnessKey: vkey('b.example/witness', KEY_TYPE.cosignature),
  issuedAt: now,
}
const pinned = { node: 'b.example', pinned: [key], now }

test('a node document signed by a pinned key verifies and gives the peer', async () => {
  const verified = verifyNodeDocument(
    nodePrimitives,
    await signNodeDocument(document, signer),
    pinned,
  )
  assert.deepEqual(verified, document)
  assert.deepEqual(messageKeysOf(verified), [key])
  assert.equal(peerOf(verified).endpoint, 'https://b.example')
})

const listed = document.messageKeys[0] as NodeDocument['messageKeys'][number]
const badDocuments: [string, object, string | undefined][] = [
  ['another node', { node: 'c.example' }, undefined],
  ['an endpoint in plain HTTP', { endpoints: { federation: 'http://b.example' } }, 'schema'],
  ['an endpoint with a final slash', { endpoints: { federation: 'https://b.example/' } }, 'schema'],
  ['an endpoint with a user', { endpoints: { federation: 'https://u@b.example' } }, 'schema'],
  [
    'an endpoint that looks local',
    { endpoints: { federation: 'http://127.0.0.1.evil.example' } },
    'schema',
  ],
  [
    'a way in that is denied',
    { endpoints: { federation: 'https://b.example', outboundOnly: false } },
    'schema',
  ],
  ['no keys', { messageKeys: [] }, 'schema'],
  ['a key of another node', { messageKeys: [{ ...listed, id: 'c.example/msg1' }] }, 'schema'],
  ['one key id twice', { messageKeys: [listed, listed] }, 'schema'],
  [
    'a key that ends before it begins',
    { messageKeys: [{ ...listed, validUntil: listed.validFrom }] },
    'schema',
  ],
  ['a key of another algorithm', { messageKeys: [{ ...listed, alg: 'rsa' }] }, 'schema'],
  ['a log key of another name', { logKey: vkey('c.example/ledger', 1) }, 'schema'],
  [
    'a log key with a wrong key id',
    { logKey: document.logKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+') },
    undefined,
  ],
  ['an age identity for a recipient', { encryptionRecipient: 'AGE-SECRET-KEY-1QQQ' }, 'schema'],
  ['a date from last week', { issuedAt: addMs(now, -7 * DAY_MS - 1) }, 'too-old'],
  ['a date in the future', { issuedAt: addMs(now, 61_000) }, 'too-old'],
  ['an unknown member', { x: 1 }, 'schema'],
]
for (const [name, change, reason] of badDocuments) {
  test(`a node document with ${name} is refused`, async () => {
    const bytes = await signNodeDocument({ ...document, ...change } as NodeDocument, signer)
    const shape = reason === undefined ? { name: 'ComityError' } : { reason }
    assert.throws(() => verifyNodeDocument(nodePrimitives, bytes, pinned), shape)
  })
}

const newRecipient = `age1${'p'.repeat(58)}`
const interval = { validFrom: key.validFrom, validUntil: key.validUntil }
const nextSeed = new Uint8Array(randomBytes(32))
const nextListed = {
  ...listed,
  id: 'b.example/msg2',
  key: toBase64(publicKeyOf(nextSeed)),
}
const nextSigner = {
  keyId: nextListed.id,
  sign: (bytes: Uint8Array) => signEd25519(nextSeed, bytes),
}
const revocation = { key: key.id, at: addMs(now, -1), reason: 'compromised' as const }
const rotated: NodeDocument = {
  ...document,
  messageKeys: [listed, nextListed],
  encryptionRecipients: [
    { recipient: document.encryptionRecipient, ...interval },
    { recipient: newRecipient, ...interval },
  ],
}

test('during an overlap both keys are listed and either signs; the pinned one carries the next', async () => {
  const verified = verifyNodeDocument(
    nodePrimitives,
    await signNodeDocument(rotated, signer),
    pinned,
  )
  const keys = messageKeysOf(verified)
  assert.deepEqual(
    keys.map(({ id }) => id),
    [key.id, nextListed.id],
  )
  const successor = await signNodeDocument(rotated, nextSigner)
  verifyNodeDocument(nodePrimitives, successor, { ...pinned, pinned: keys })
  assert.throws(() => verifyNodeDocument(nodePrimitives, successor, pinned), {
    reason: 'key-unknown',
  })
})

test('a revoked key signs no document, receipt or head any more; the next one says so', async () => {
  const revoking = { ...rotated, revocations: [revocation] }
  const keys = messageKeysOf(rotated as never)
  const bySelf = await signNodeDocument(revoking, signer)
  assert.throws(() => verifyNodeDocument(nodePrimitives, bySelf, { ...pinned, pinned: keys }), {
    reason: 'key-revoked',
  })
  const byNext = await signNodeDocument(revoking, nextSigner)
  const verified = verifyNodeDocument(nodePrimitives, byNext, { ...pinned, pinned: keys })
  const [revoked, next] = messageKeysOf(verified)
  assert.equal(revoked?.revokedAt, revocation.at)
  assert.equal(next?.revokedAt, undefined)
  const after = await signNodeDocument(rotated, signer)
  const known = messageKeysOf(verified)
  assert.throws(() => verifyNodeDocument(nodePrimitives, after, { ...pinned, pinned: known }), {
    reason: 'key-revoked',
  })
})

test('what was signed before the instant of a revocation stays verifiable, later things do not', async () => {
  const messageKeys = [{ ...key, revokedAt: now }]
  const signature = await signValue(DOMAIN.channelHead, { x: 1 }, signer)
  const verifyAt = (at: Instant) =>
    verifyValue(nodePrimitives, DOMAIN.channelHead, { x: 1 }, signature, { ...by, messageKeys, at })
  verifyAt(addMs(now, -1))
  for (const at of [now, addMs(now, 1)]) {
    assert.throws(() => verifyAt(at), { code: 'unverified', reason: 'key-revoked' })
  }
})

const badRotations: readonly (readonly [string, object])[] = [
  ['a current recipient that is not listed', { encryptionRecipient: `age1${'z'.repeat(58)}` }],
  [
    'a recipient twice',
    {
      encryptionRecipients: [rotated.encryptionRecipients?.[0], rotated.encryptionRecipients?.[0]],
    },
  ],
  ['no recipient in the list', { encryptionRecipients: [] }],
  [
    'a recipient whose interval is empty',
    {
      encryptionRecipients: [
        { recipient: document.encryptionRecipient, validFrom: now, validUntil: now },
      ],
    },
  ],
  [
    'a revocation of a key that it does not list',
    { revocations: [{ ...revocation, key: 'b.example/msg9' }] },
  ],
  [
    'a revocation of another node\u2019s key',
    { revocations: [{ ...revocation, key: 'c.example/msg1' }] },
  ],
  ['one key revoked twice', { revocations: [{ ...revocation, at: addMs(now, 9) }, revocation] }],
  ['a revocation for a reason of its own', { revocations: [{ ...revocation, reason: 'bored' }] }],
  ['a revocation at no time', { revocations: [{ ...revocation, at: '2026-13-01T00:00:00.000Z' }] }],
  ['no revocation in the list', { revocations: [] }],
  [
    'the current recipient revoked',
    { revocations: [{ ...revocation, key: document.encryptionRecipient }] },
  ],
]
for (const [name, change] of badRotations) {
  test(`a node document with ${name} is refused`, async () => {
    const bytes = await signNodeDocument({ ...rotated, ...change } as NodeDocument, signer)
    assert.throws(() => verifyNodeDocument(nodePrimitives, bytes, pinned), { code: 'malformed' })
  })
}

test('a node document is worth nothing without a key that was pinned before', async () => {
  const bytes = await signNodeDocument(document, signer)
  const refuses = (other: Partial<typeof pinned>, reason: string) =>
    assert.throws(() => verifyNodeDocument(nodePrimitives, bytes, { ...pinned, ...other }), {
      reason,
    })
  refuses({ pinned: [] }, 'key-unknown')
  refuses(
    { pinned: [{ ...key, publicKey: publicKeyOf(new Uint8Array(randomBytes(32))) }] },
    'signature',
  )
  refuses({ pinned: [{ ...key, validUntil: addMs(now, -1) }] }, 'key-validity')
  refuses({ node: 'c.example' }, 'node')
  const changed = bent(bytes, (value) => ({
    ...value,
    document: { ...document, legalOrder: 'EU' },
  }))
  assert.throws(() => verifyNodeDocument(nodePrimitives, changed, pinned), { reason: 'signature' })
})
