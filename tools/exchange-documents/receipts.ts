/** Receipts of a transaction with one message, as its origin reads them; and heads of its channel. */
import { DOMAIN } from '../../src/wire/exchange/signed.ts'
import { ALBION, LINK, MERIDIA, NOW, OTHER_LINK, STRANGER, TRANSACTION } from './parties.ts'
import { canonical, type Signing, signed, type Vector, type Vectors } from './vector.ts'

const CHANNEL = { origin: 'meridia.example', destination: 'albion.example' }
const BY = { node: 'albion.example', keys: [ALBION.listed] }
export const RECEIPT_GIVEN = {
  transaction: TRANSACTION,
  messages: [{ ...CHANNEL, epoch: 1, seq: 1, link: LINK }],
  by: BY,
}
export const RECEIPT = {
  ...{ v: 1, ...CHANNEL, epoch: 1, seq: 1, link: LINK, decision: 'applied', at: NOW },
  headSeen: { epoch: 1, link: LINK, seq: 1 },
}

type Bend = {
  readonly receipt?: object
  readonly signing?: Signing
  readonly around?: object
  readonly count?: number
  readonly text?: (text: string) => string
  readonly given?: object
}

async function receipts(
  says: string,
  expect: Vector['expect'],
  {
    receipt = {},
    signing = {},
    around = {},
    count = 1,
    text = (same) => same,
    given = {},
  }: Bend = {},
): Promise<Vector> {
  const value = { ...RECEIPT, ...receipt }
  const one = await signed('receipt', DOMAIN.receipt, value, { key: ALBION, ...signing })
  const all = { v: 1, transaction: TRANSACTION, receipts: Array(count).fill(one), ...around }
  return {
    says,
    reads: 'receipts',
    given: { ...RECEIPT_GIVEN, ...given },
    text: text(canonical(all)),
    expect,
  }
}

const no = (says: string, reason: string, bend: Bend) => receipts(says, { reason }, bend)
const subject = (says: string, receipt: object) => no(says, 'receipt-subject', { receipt })
const schema = (says: string, receipt: object) => no(says, 'schema', { receipt })
const revoked = { by: { ...BY, keys: [{ ...ALBION.listed, revokedAt: NOW }] } }

export const RECEIPTS = async (): Promise<Vectors> => ({
  'receipt-valid': await receipts('applied', 'verified'),
  'receipt-valid-rejected': await receipts('rejected with a reason and a rule', 'verified', {
    receipt: { decision: 'rejected', reason: 'policy:p.4', rule: 'clause:4.2' },
  }),
  'receipt-valid-duplicate': await receipts('came before, and was held then', 'verified', {
    receipt: { decision: 'duplicate', firstDecision: 'held' },
  }),
  'receipt-of-another-message': await subject('the link of another message', { link: OTHER_LINK }),
  'receipt-of-another-number': await subject('another number', { seq: 2 }),
  'receipt-of-another-epoch': await subject('another epoch', { epoch: 2 }),
  'receipt-of-another-origin': await subject('another origin', { origin: 'serena.example' }),
  'receipt-of-another-destination': await subject('another destination', {
    destination: 'serena.example',
  }),
  'receipt-first-decision-of-no-duplicate': await subject('a first decision beside another', {
    firstDecision: 'applied',
  }),
  'receipt-transaction-other': await no('another transaction', 'receipt-subject', {
    around: { transaction: TRANSACTION.replace('100', '101') },
  }),
  'receipt-one-more': await no('two receipts for one message', 'receipt-subject', { count: 2 }),
  'receipt-none': await no('no receipt', 'schema', { count: 0 }),
  'receipt-51': await no('51 receipts', 'schema', { count: 51 }),
  'receipt-decision-unknown': await schema('a decision that there is not', { decision: 'read' }),
  'receipt-reason-unknown': await schema('a reason that there is not', { reason: 'because' }),
  'receipt-reason-long': await schema('a rule of 101 letters', {
    reason: `policy:${'a'.repeat(101)}`,
  }),
  'receipt-rule-with-space': await schema('a rule with a space', { rule: 'clause 4' }),
  'receipt-head-seen-missing': await schema('no headSeen', { headSeen: undefined }),
  'receipt-at-without-milliseconds': await schema('an instant without milliseconds', {
    at: '2027-01-15T08:00:00Z',
  }),
  'receipt-at-no-day': await no('the thirtieth of February', 'malformed', {
    receipt: { at: '2027-02-30T08:00:00.000Z' },
  }),
  'receipt-unknown-member': await schema('a member more', { more: 1 }),
  'receipts-unknown-member': await no('a member more around them', 'schema', {
    around: { more: 1 },
  }),
  'receipts-version-2': await no('version 2', 'version', { around: { v: 2 } }),
  'receipts-space': await no('a space', 'not-canonical', {
    text: (text) => text.replace('{', '{ '),
  }),
  'receipts-cut': await no('half a document', 'not-json', { text: (text) => text.slice(0, -1) }),
  'receipt-signed-otherwise': await no('signed with another decision', 'signature', {
    signing: { signs: { ...RECEIPT, decision: 'held' } },
  }),
  'receipt-by-another-key': await no('signed with another key under this id', 'signature', {
    signing: { key: STRANGER, keyId: ALBION.listed.id },
  }),
  'receipt-by-another-node': await no('signed by another node', 'key-unknown', {
    signing: { key: STRANGER },
  }),
  'receipt-by-its-own-origin': await no('signed by the origin of the message', 'key-unknown', {
    signing: { key: MERIDIA },
  }),
  'receipt-key-revoked': await no('signed when its key was revoked', 'key-revoked', {
    given: revoked,
  }),
})

export const HEAD = { v: 1, ...CHANNEL, epoch: 1, seq: 1, link: LINK, at: NOW }
export const OF_HEAD = { ...CHANNEL, by: BY }

type BentHead = {
  readonly head?: object
  readonly signing?: Signing
  readonly given?: object
  readonly domain?: typeof DOMAIN.receipt
  readonly text?: (text: string) => string
}

async function head(
  says: string,
  expect: Vector['expect'],
  { head: change = {}, signing = {}, given = {}, domain, text = (same) => same }: BentHead = {},
): Promise<Vector> {
  const value = { ...HEAD, ...change }
  const made = await signed('head', domain ?? DOMAIN.channelHead, value, {
    key: ALBION,
    ...signing,
  })
  return {
    says,
    reads: 'channelHead',
    given: { ...OF_HEAD, ...given },
    text: text(canonical(made)),
    expect,
  }
}

const noHead = (says: string, reason: string, bend: BentHead) => head(says, { reason }, bend)

export const HEADS = async (): Promise<Vectors> => ({
  'channel-head-valid': await head('the head that its destination saw', 'verified'),
  'channel-head-valid-empty': await head('nothing came yet', 'verified', {
    head: { seq: 0, link: '0'.repeat(64) },
  }),
  'channel-head-of-another-channel': await noHead('another origin', 'head-subject', {
    head: { origin: 'serena.example' },
  }),
  'channel-head-other-way': await noHead('the channel the other way', 'head-subject', {
    head: { origin: 'albion.example', destination: 'meridia.example' },
  }),
  'channel-head-seq-negative': await noHead('number -1', 'schema', { head: { seq: -1 } }),
  'channel-head-epoch-zero': await noHead('epoch 0', 'schema', { head: { epoch: 0 } }),
  'channel-head-link-short': await noHead('a link of 31 bytes', 'schema', {
    head: { link: '0'.repeat(62) },
  }),
  'channel-head-at-missing': await noHead('no time', 'schema', { head: { at: undefined } }),
  'channel-head-at-no-day': await noHead('a month 13', 'malformed', {
    head: { at: '2027-13-01T08:00:00.000Z' },
  }),
  'channel-head-unknown-member': await noHead('a member more', 'schema', { head: { more: 1 } }),
  'channel-head-version-2': await noHead('version 2', 'schema', { head: { v: 2 } }),
  'channel-head-line-end': await noHead('a line end after it', 'not-canonical', {
    text: (text) => `${text}\n`,
  }),
  'channel-head-altered': await noHead('another number than was signed', 'signature', {
    head: { seq: 2 },
    signing: { signs: HEAD },
  }),
  'channel-head-of-another-domain': await noHead('signed as if it were a receipt', 'signature', {
    domain: DOMAIN.receipt,
  }),
  'channel-head-by-the-other-end': await noHead('signed by the other end', 'key-unknown', {
    signing: { key: MERIDIA },
  }),
  'channel-head-by-another-key': await noHead(
    'signed with another key under this id',
    'signature',
    {
      signing: { key: STRANGER, keyId: ALBION.listed.id },
    },
  ),
  'channel-head-key-revoked': await noHead('signed when its key was revoked', 'key-revoked', {
    given: revoked,
  }),
})
