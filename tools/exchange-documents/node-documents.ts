/** Node documents as a reader gets them, and as a successor of a pinned one. */
import { nodePrimitives, publicKeyOf } from '../../src/adapters/node-primitives.ts'
import { formatVkey, KEY_TYPE, noteKey } from '../../src/proof/vkey.ts'
import { DOMAIN } from '../../src/wire/exchange/signed.ts'
import {
  DOCUMENT,
  days,
  MERIDIA,
  messageKey,
  NEW_RECIPIENT,
  NOW,
  OLD_RECIPIENT,
  SECOND,
  STRANGER,
  vkey,
} from './parties.ts'
import { canonical, type Signing, signed, type Vector, type Vectors } from './vector.ts'

export const DOCUMENT_GIVEN = { node: DOCUMENT.node, pinned: [MERIDIA.listed], now: NOW }

type Bend = {
  readonly change?: object
  readonly signing?: Signing
  readonly given?: object
  readonly text?: (text: string) => string
}

async function document(
  says: string,
  expect: Vector['expect'],
  { change = {}, signing = {}, given = {}, text = (same) => same }: Bend = {},
): Promise<Vector> {
  const value = { ...DOCUMENT, ...change }
  const made = await signed('document', DOMAIN.nodeDocument, value, { key: MERIDIA, ...signing })
  return {
    says,
    reads: 'nodeDocument',
    given: { ...DOCUMENT_GIVEN, ...given },
    text: text(canonical(made)),
    expect,
  }
}

const no = (says: string, reason: string, bend: Bend) => document(says, { reason }, bend)
const schema = (says: string, change: object) => no(says, 'schema', { change })
const keyOf = (change: object) => ({ messageKeys: [messageKey(MERIDIA, change)] })
const pinnedAs = (change: object) => ({ given: { pinned: [{ ...MERIDIA.listed, ...change }] } })
const lasts = { validFrom: days(-9), validUntil: days(30) }
const notice = { key: MERIDIA.listed.id, at: NOW, reason: 'lost' }
const spoken = (exchange: number[]) => ({ protocol: { exchange } })

export const DOCUMENTS = async (): Promise<Vectors> => ({
  'node-document-valid': await document('a node document', 'verified'),
  'node-document-valid-versions': await document('versions 1 and 2', 'verified', {
    change: spoken([1, 2]),
  }),
  'node-document-valid-other-version': await document('version 2 only', 'verified', {
    change: spoken([2]),
  }),
  'node-document-valid-last-moment': await document('seven days old', 'verified', {
    change: { issuedAt: days(-7) },
  }),
  'node-document-too-old': await no('seven days and a second old', 'too-old', {
    change: { issuedAt: '2027-01-08T07:59:59.000Z' },
  }),
  'node-document-ahead': await no('issued 61 seconds ahead', 'too-old', {
    change: { issuedAt: '2027-01-15T08:01:01.000Z' },
  }),
  'node-document-of-another-node': await no('of another node than was asked for', 'node', {
    given: { node: 'serena.example' },
  }),
  'node-document-key-not-pinned': await no('signed with a key that only it lists', 'key-unknown', {
    change: { messageKeys: [messageKey(SECOND)] },
    signing: { key: SECOND },
  }),
  'node-document-by-another-key': await no('signed with another key under this id', 'signature', {
    signing: { key: STRANGER, keyId: MERIDIA.listed.id },
  }),
  'node-document-altered': await no('the name altered', 'signature', {
    change: { name: 'Somebody else' },
    signing: { signs: DOCUMENT },
  }),
  'node-document-key-over': await no(
    'the pinned key is over',
    'key-validity',
    pinnedAs({ validUntil: days(-1) }),
  ),
  'node-document-key-not-begun': await no(
    'the pinned key has not begun',
    'key-validity',
    pinnedAs({ validFrom: days(1) }),
  ),
  'node-document-key-revoked': await no(
    'the pinned key was revoked',
    'key-revoked',
    pinnedAs({ revokedAt: days(-1) }),
  ),
  'node-document-revokes-its-signer': await no('it revokes the key that signs it', 'key-revoked', {
    change: { revocations: [notice] },
  }),
  'node-document-space': await no('a space', 'not-canonical', {
    text: (text) => text.replace('{', '{ '),
  }),
  'node-document-cut': await no('half a document', 'not-json', {
    text: (text) => text.slice(0, -1),
  }),
  'node-document-version-2': await schema('version 2', { v: 2 }),
  'node-document-unknown-member': await schema('a member more', { more: 1 }),
  'node-document-versions-none': await schema('no version spoken', spoken([])),
  'node-document-versions-descending': await schema('versions in another order', spoken([2, 1])),
  'node-document-versions-twice': await schema('a version twice', spoken([1, 1])),
  'node-document-version-zero': await schema('version 0 spoken', spoken([0])),
  'node-document-keys-none': await schema('no message key', { messageKeys: [] }),
  'node-document-keys-17': await schema('17 message keys', {
    messageKeys: Array(17).fill(messageKey(MERIDIA)),
  }),
  'node-document-key-twice': await schema('a message key twice', {
    messageKeys: [messageKey(MERIDIA), messageKey(MERIDIA)],
  }),
  'node-document-key-of-another-node': await schema(
    'a message key named by another node',
    keyOf({ id: 'serena.example/msg1' }),
  ),
  'node-document-key-never-valid': await schema(
    'a message key that ends as it begins',
    keyOf({ validUntil: MERIDIA.listed.validFrom }),
  ),
  'node-document-key-algorithm': await schema(
    'a message key of another algorithm',
    keyOf({ alg: 'rsa' }),
  ),
  'node-document-endpoint-plain': await schema('an address without encryption', {
    endpoints: { federation: 'http://meridia.example' },
  }),
  'node-document-endpoint-query': await schema('an address with a query', {
    endpoints: { federation: 'https://meridia.example/?x' },
  }),
  'node-document-endpoint-slash': await schema('an address with a slash at its end', {
    endpoints: { federation: 'https://meridia.example/' },
  }),
  'node-document-endpoint-dots': await schema('an address that climbs', {
    endpoints: { federation: 'https://meridia.example/../x' },
  }),
  'node-document-endpoint-port': await schema('a port above 65535', {
    endpoints: { federation: 'https://meridia.example:65536' },
  }),
  'node-document-outbound-false': await schema('outboundOnly that is false', {
    endpoints: { ...DOCUMENT.endpoints, outboundOnly: false },
  }),
  'node-document-exercise-other': await schema('an exercise of another name', { exercise: 'test' }),
  'node-document-legal-order': await schema('a legal order in lower case', { legalOrder: 'eu' }),
  'node-document-log-key-of-another': await schema('the log key of another node', {
    logKey: formatVkey(
      noteKey(nodePrimitives, 'serena.example/ledger', KEY_TYPE.ed25519, publicKeyOf(SECOND.seed)),
    ),
  }),
  'node-document-recipient-not-listed': await schema('the recipient is not among those it lists', {
    encryptionRecipients: [{ recipient: NEW_RECIPIENT, ...lasts }],
  }),
  'node-document-recipient-revoked': await schema('the recipient in use is revoked', {
    revocations: [{ ...notice, key: OLD_RECIPIENT }],
  }),
  'node-document-revocation-of-nothing': await schema('a revocation of a key that is not listed', {
    revocations: [{ ...notice, key: 'meridia.example/msg9' }],
  }),
  'node-document-revocation-twice': await schema('two revocations of one key', {
    revocations: [notice, { ...notice, reason: 'superseded' }],
  }),
})

const PINNED = {
  ...DOCUMENT,
  messageKeys: [messageKey(MERIDIA), messageKey(SECOND)],
  revocations: [{ ...notice, key: SECOND.listed.id, at: days(-1) }],
  issuedAt: days(-1),
}

async function renewal(
  says: string,
  expect: string,
  change: object,
  signing: Signing = {},
): Promise<Vector> {
  const value = { ...PINNED, issuedAt: NOW, ...change }
  const made = await signed('document', DOMAIN.nodeDocument, value, { key: MERIDIA, ...signing })
  return {
    says,
    reads: 'renewal',
    given: { pinned: PINNED, now: NOW },
    text: canonical(made),
    expect,
  }
}

const both = (change: object) => ({
  messageKeys: [messageKey(MERIDIA, change), messageKey(SECOND)],
})

export const RENEWALS = async (): Promise<Vectors> => ({
  'renewal-same': await renewal('the same, signed anew', 'same', {}),
  'renewal-name': await renewal('another name', 'facts', { name: 'Somebody else' }),
  'renewal-versions': await renewal('it speaks another version', 'renewed', spoken([1, 2])),
  'renewal-new-recipient': await renewal('another recipient, the old one still listed', 'renewed', {
    encryptionRecipient: NEW_RECIPIENT,
    encryptionRecipients: [
      { recipient: OLD_RECIPIENT, ...lasts },
      { recipient: NEW_RECIPIENT, ...lasts },
    ],
  }),
  'renewal-recipient-gone': await renewal('another recipient, the old one gone', 'no-overlap', {
    encryptionRecipient: NEW_RECIPIENT,
  }),
  'renewal-key-ends-sooner': await renewal(
    'a key that ends sooner',
    'renewed',
    both({ validUntil: days(9) }),
  ),
  'renewal-key-changed': await renewal(
    'other bytes under the id of a key',
    'forked',
    both({ key: STRANGER.listed.publicKey }),
  ),
  'renewal-key-began-otherwise': await renewal(
    'a key that began at another time',
    'forked',
    both({ validFrom: days(-100) }),
  ),
  'renewal-key-gone': await renewal('a key that is not over left out', 'forked', {
    messageKeys: [messageKey(MERIDIA)],
    revocations: undefined,
  }),
  'renewal-revocation-gone': await renewal('a revocation taken back', 'forked', {
    revocations: undefined,
  }),
  'renewal-revocation-moved': await renewal('a revocation at another time', 'forked', {
    revocations: [{ ...notice, key: SECOND.listed.id, at: days(-2) }],
  }),
  'renewal-older': await renewal('issued before the pinned one', 'older', {
    issuedAt: days(-2),
    name: 'x',
  }),
  'renewal-too-old': await renewal('issued eight days ago', 'too-old', { issuedAt: days(-8) }),
  'renewal-by-a-revoked-key': await renewal(
    'signed with the key that is revoked',
    'key-revoked',
    {},
    { key: SECOND },
  ),
  'renewal-by-a-stranger': await renewal(
    'signed by another node',
    'key-unknown',
    {},
    { key: STRANGER },
  ),
  'renewal-log-key': await renewal('another log that no notice leads to', 'log-key', {
    logKey: vkey('ledger/2', KEY_TYPE.ed25519, 80),
  }),
  'renewal-witness-key': await renewal('another witness', 'facts', {
    witnessKey: vkey('witness', KEY_TYPE.cosignature, 80),
  }),
  'renewal-exercise': await renewal('it trains from now on', 'facts', { exercise: 'training' }),
  'renewal-address-plain': await renewal('an address without encryption', 'address', {
    endpoints: { ...DOCUMENT.endpoints, federation: 'http://127.0.0.1:9' },
  }),
  'renewal-address-path': await renewal('another path', 'address', {
    endpoints: { ...DOCUMENT.endpoints, federation: 'https://meridia.example/other' },
  }),
  'renewal-closed-log': await renewal('a closed log that no notice named', 'closed-logs', {
    closedLogs: [
      {
        logKey: vkey('ledger', KEY_TYPE.ed25519, 48),
        treeSize: 7,
        rootHash: `${'A'.repeat(43)}=`,
        closedAt: days(-5),
      },
    ],
  }),
  'renewal-malformed': await renewal('a member more', 'malformed', { more: 1 }),
})
