import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  mlDsa44Signer,
  nodePrimitives,
  publicKeyOf,
  signEd25519,
} from '../../adapters/node-primitives.ts'
import { toBase64 } from '../../base/bytes.ts'
import { addMs, DAY_MS, instant } from '../../base/time.ts'
import { formatVkey, KEY_TYPE, type KeyType, noteKey } from '../../proof/vkey.ts'
import { type NodeDocument, signNodeDocument } from './node-document.ts'
import { judgeRenewal, type WhyNotRenewed } from './renewal.ts'

const NODE = 'meridia.example'
const NOW = instant('2027-01-15T08:00:00.000Z')
const days = (count: number) => addMs(NOW, count * DAY_MS)
const seed = (digit: number) => new Uint8Array(32).fill(digit)
const vkey = (name: string, type: KeyType, digit: number) =>
  formatVkey(noteKey(nodePrimitives, `${NODE}/${name}`, type, publicKeyOf(seed(digit))))
const mlDsaVkey = (name: string, digit: number) => {
  const { publicKey } = mlDsa44Signer(seed(digit))
  const type = KEY_TYPE.mlDsa44Cosignature
  return formatVkey(noteKey(nodePrimitives, `${NODE}/${name}`, type, publicKey))
}
const messageKey = (count: number, from: number, until: number) => ({
  id: `${NODE}/msg${count}`,
  alg: 'ed25519' as const,
  key: toBase64(publicKeyOf(seed(count))),
  validFrom: days(from),
  validUntil: days(until),
})
const OLD = `age1${'q'.repeat(58)}`
const NEW = `age1${'p'.repeat(58)}`
const lasts = { validFrom: days(-9), validUntil: days(30) }

const pinned: NodeDocument = {
  v: 1,
  node: NODE,
  name: 'Authority (invented)',
  legalOrder: 'EU',
  endpoints: { federation: 'https://federation.meridia.example' },
  messageKeys: [messageKey(1, -100, 300), messageKey(7, -200, -1)],
  encryptionRecipient: OLD,
  revocations: [{ key: `${NODE}/msg7`, at: days(-2), reason: 'superseded' }],
  logKey: vkey('ledger', KEY_TYPE.ed25519, 21),
  witnessKey: vkey('witness', KEY_TYPE.cosignature, 22),
  issuedAt: days(-3),
}
const nextLog = vkey('ledger/2', KEY_TYPE.ed25519, 23)

const closed = (digit: number) => ({
  logKey: vkey('ledger', KEY_TYPE.ed25519, digit),
  treeSize: 7,
  rootHash: toBase64(seed(3)),
  closedAt: days(-5),
})
const closedOnce: NodeDocument = { ...pinned, closedLogs: [closed(20)] }

const successor: NodeDocument = {
  ...pinned,
  messageKeys: [messageKey(1, -100, 30), messageKey(7, -200, -1), messageKey(2, 0, 400)],
  encryptionRecipient: NEW,
  encryptionRecipients: [
    { recipient: OLD, ...lasts },
    { recipient: NEW, ...lasts, validUntil: days(400) },
  ],
  issuedAt: NOW,
}

type Offer = { readonly by?: number; readonly from?: NodeDocument; readonly now?: typeof NOW }

async function judge(document: NodeDocument, { by = 1, from = pinned, now = NOW }: Offer = {}) {
  const sign = (bytes: Uint8Array) => signEd25519(seed(by), bytes)
  const bytes = await signNodeDocument(document, { keyId: `${NODE}/msg${by}`, sign })
  return judgeBytes(bytes, from, now)
}

const judgeBytes = (bytes: Uint8Array, from = pinned, now = NOW) =>
  judgeRenewal(nodePrimitives, from, bytes, {
    now,
    leadsTo: (one, other) => one === pinned.logKey && other === nextLog,
  })

test('a successor that the pinned key signs follows, with new keys beside the old ones', async () => {
  const judged = await judge(successor)
  assert.equal(judged.decision, 'permit')
  assert.deepEqual(judged.decision === 'permit' && judged.value, successor)
})

test('the same facts signed anew are no change, whoever asks again', async () => {
  for (const issuedAt of [NOW, days(-6)]) {
    const judged = await judge({ ...pinned, issuedAt })
    assert.equal(judged.decision === 'permit' && judged.value === undefined, true)
  }
})

test('what else may change by itself: addresses, a revocation, a log after its notice', async () => {
  const { revocations = [] } = pinned
  const endpoints = { federation: 'https://elsewhere.example', outboundOnly: true as const }
  const revocation = { key: OLD, at: NOW, reason: 'compromised' as const }
  const { revocations: _, ...unrevoked } = successor
  const messageKeys = successor.messageKeys.filter(({ id }) => id !== `${NODE}/msg7`)
  for (const document of [
    { ...pinned, endpoints, issuedAt: NOW },
    { ...pinned, logKey: nextLog, issuedAt: NOW },
    { ...pinned, witnessKeyMlDsa44: mlDsaVkey('witness', 26), issuedAt: NOW },
    { ...pinned, logKey: nextLog, closedLogs: [closed(21)], issuedAt: NOW },
    { ...successor, revocations: [...revocations, revocation] },
    // What is long over may be left out, with its revocation.
    { ...unrevoked, messageKeys },
  ] as NodeDocument[]) {
    const judged = await judge(document)
    assert.equal(judged.decision, 'permit', JSON.stringify(judged))
  }
})

const { revocations = [] } = pinned
const { revocations: _, ...unrevoked } = successor
const own = successor.messageKeys
const bad: Readonly<Record<string, readonly [WhyNotRenewed, NodeDocument, Offer?]>> = {
  'signed by a key that only it lists': ['key-unknown', successor, { by: 2 }],
  'signed by a stranger': ['key-unknown', successor, { by: 9 }],
  'signed by a key that the pinned one revoked': ['key-revoked', successor, { by: 7 }],
  'signed by the key that it revokes': [
    'key-revoked',
    {
      ...successor,
      revocations: [{ key: `${NODE}/msg1`, at: NOW, reason: 'lost' }, ...revocations],
    },
  ],
  'signed by a key that is over': [
    'key-validity',
    { ...successor, issuedAt: days(301) },
    { now: days(301) },
  ],
  'issued long ago': ['too-old', { ...successor, issuedAt: days(-8) }],
  'issued tomorrow': ['too-old', { ...successor, issuedAt: days(1) }],
  'issued before the pinned one': ['older', { ...successor, issuedAt: days(-4) }],
  'issued with the pinned one': ['older', { ...successor, issuedAt: pinned.issuedAt }],
  'another key under the same name': [
    'forked',
    {
      ...successor,
      messageKeys: [{ ...messageKey(2, -100, 30), id: `${NODE}/msg1` }, ...own.slice(1)],
    },
  ],
  'without the key that counts': ['forked', { ...successor, messageKeys: own.slice(1) }],
  'with another beginning of a key': [
    'forked',
    { ...successor, messageKeys: [messageKey(1, -50, 30), ...own.slice(1)] },
  ],
  'with a key that comes back': [
    'forked',
    { ...successor, messageKeys: [messageKey(1, -100, 30), messageKey(7, -200, 30)] },
  ],
  'with a revocation taken back': ['forked', unrevoked],
  'with a revocation of another time': [
    'forked',
    { ...successor, revocations: revocations.map((one) => ({ ...one, at: days(-1) })) },
  ],
  'without the pinned recipient': [
    'no-overlap',
    { ...successor, encryptionRecipients: [{ recipient: NEW, ...lasts }] },
  ],
  'with a log that nobody announced': [
    'log-key',
    { ...successor, logKey: vkey('ledger', KEY_TYPE.ed25519, 24) },
  ],
  'with another witness': [
    'facts',
    { ...successor, witnessKey: vkey('witness', KEY_TYPE.cosignature, 25) },
  ],
  'with another second key of the witness': [
    'facts',
    { ...successor, witnessKeyMlDsa44: mlDsaVkey('witness', 27) },
    { from: { ...pinned, witnessKeyMlDsa44: mlDsaVkey('witness', 26) } },
  ],
  'without the second key of the witness': [
    'facts',
    successor,
    { from: { ...pinned, witnessKeyMlDsa44: mlDsaVkey('witness', 26) } },
  ],
  'with a second key of the witness under another name': [
    'malformed',
    { ...successor, witnessKeyMlDsa44: mlDsaVkey('other', 26) },
  ],
  'with a second key of the witness that is of the first kind': [
    'malformed',
    { ...successor, witnessKeyMlDsa44: successor.witnessKey },
  ],
  'with another name': ['facts', { ...successor, name: 'Authority of something else' }],
  'under another law': ['facts', { ...successor, legalOrder: 'GB' }],
  'of another world': ['facts', { ...successor, exercise: 'training' }],
  'on the machine of the reader': [
    'address',
    { ...successor, endpoints: { federation: 'http://127.0.0.1:9090' } },
  ],
  'with a page on the machine of the reader': [
    'address',
    { ...successor, endpoints: { ...pinned.endpoints, web: 'http://localhost' } },
  ],
  'with words in an address': [
    'address',
    { ...successor, endpoints: { ...pinned.endpoints, web: 'https://meridia.example/call-us' } },
  ],
  'with a port that is none': [
    'malformed',
    { ...successor, endpoints: { federation: 'https://federation.meridia.example:70000' } },
  ],
  'with an address that leads up': [
    'malformed',
    { ...successor, endpoints: { federation: 'https://federation.meridia.example/..' } },
  ],
  'with a host that is none': [
    'malformed',
    { ...successor, endpoints: { federation: 'https://..' } },
  ],
  'with a closed log though none was': ['closed-logs', { ...successor, closedLogs: [closed(24)] }],
  'with another closed log than the pinned one': [
    'closed-logs',
    { ...successor, logKey: nextLog, closedLogs: [closed(24)] },
  ],
  'with one more closed log than there were': [
    'closed-logs',
    { ...successor, logKey: nextLog, closedLogs: [closed(21), closed(24)] },
  ],
  'with a closed log left out': ['closed-logs', successor, { from: closedOnce }],
  'with the end of a closed log changed': [
    'closed-logs',
    { ...successor, closedLogs: [{ ...closed(20), treeSize: 8 }] },
    { from: closedOnce },
  ],
  'with a closed log of free text': [
    'malformed',
    { ...successor, logKey: nextLog, closedLogs: [{ ...closed(21), logKey: 'x'.repeat(300) }] },
  ],
  'with a closed log too long': [
    'malformed',
    { ...successor, logKey: nextLog, closedLogs: [{ ...closed(21), logKey: 'x'.repeat(3000) }] },
  ],
  'with a closed log named twice': [
    'malformed',
    { ...successor, logKey: nextLog, closedLogs: [closed(21), closed(21)] },
  ],
  'with a log both closed and going on': ['malformed', { ...successor, closedLogs: [closed(21)] }],
}

for (const [name, [why, document, offer]] of Object.entries(bad)) {
  test(`refused: ${name}`, async () => {
    const judged = await judge(document, offer)
    assert.equal(judged.decision === 'refuse' && judged.why, why)
  })
}

test('refused: bytes that are no document, another node’s, or changed on the way', async () => {
  const sign = (bytes: Uint8Array) => signEd25519(seed(1), bytes)
  const bytes = await signNodeDocument(successor, { keyId: `${NODE}/msg1`, sign })
  const text = Buffer.from(bytes).toString()
  const changed = (from: string, to: string) => Buffer.from(text.replace(from, to))
  for (const [given, why] of [
    [Buffer.from(''), 'malformed'],
    [Buffer.from('{}'), 'malformed'],
    [Buffer.from(`${text} `), 'malformed'],
    [Buffer.from(text.replaceAll(NODE, 'albion.example')), 'malformed'],
    [changed('https://federation.', 'https://federation2.'), 'signature'],
  ] as const) {
    const judged = judgeBytes(given)
    assert.equal(judged.decision === 'refuse' && judged.why, why)
  }
})
