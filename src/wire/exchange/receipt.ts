/**
 * Receipts: for each message one, signed by its destination. A receipt says what
 * the destination did with the message; a negative one still takes its number.
 * It does not say that the destination read or believes the content.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Bytes, toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { unverified } from '../../base/errors.ts'
import { asVerified, type Verified } from '../../base/verified.ts'
import type { Hashing, Primitives } from '../../proof/primitives.ts'
import type { MessageKey } from '../http-signature.ts'
import {
  CountForm,
  HashForm,
  InstantForm,
  NodeIdForm,
  NodeSignatureForm,
  readForm,
  requireInstant,
  SeqForm,
  strictObject,
  UuidForm,
  Version1,
} from './form.ts'
import { DOMAIN, domainBytes, type VerifyAside, verifyValueAside } from './signed.ts'
import { TRANSACTION_MESSAGES_MAX } from './transaction.ts'

const REASONS = [
  'schema',
  'signature',
  'sequence',
  'commitment',
  'withheld',
  'marking',
  'purpose',
  'agreement',
  'retention',
  'object-owner',
  'missing-reference',
  'size',
  'exercise',
  'internal',
] as const

/** Closed list; `policy:` is followed by the id of a rule. No reason may show what a policy hides. */
const ReasonForm = Type.Union([
  ...REASONS.map((reason) => Type.Literal(reason)),
  Type.Unsafe<`policy:${string}`>(Type.String({ pattern: '^policy:[A-Za-z0-9._:-]{1,100}$' })),
])

const FIRST_DECISIONS = ['applied', 'held', 'rejected', 'expired'] as const
const FirstDecisionForm = Type.Union(FIRST_DECISIONS.map((word) => Type.Literal(word)))
const DecisionForm = Type.Union([FirstDecisionForm, Type.Literal('duplicate')])

/** Id of a rule or clause, as it is shown. */
export const RULE_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$'

const ReceiptForm = strictObject({
  v: Version1,
  origin: NodeIdForm,
  destination: NodeIdForm,
  epoch: CountForm,
  seq: CountForm,
  link: HashForm,
  decision: DecisionForm,
  /** With `duplicate`: what was decided when the message came first. */
  firstDecision: Type.Optional(FirstDecisionForm),
  reason: Type.Optional(ReasonForm),
  rule: Type.Optional(Type.String({ pattern: RULE_PATTERN })),
  /** Real time at the destination. */
  at: InstantForm,
  /** Newest message of this channel that the destination had when it signed. */
  headSeen: strictObject({ epoch: CountForm, seq: SeqForm, link: HashForm }),
})

export const SignedReceiptForm = strictObject({
  receipt: ReceiptForm,
  signature: NodeSignatureForm,
})

export const ReceiptsForm = strictObject({
  v: Version1,
  transaction: UuidForm,
  receipts: Type.Array(SignedReceiptForm, { minItems: 1, maxItems: TRANSACTION_MESSAGES_MAX }),
})

export type ReceiptReason = (typeof REASONS)[number] | `policy:${string}`
export type FirstDecision = (typeof FIRST_DECISIONS)[number]
export type Receipt = Readonly<Static<typeof ReceiptForm>>
export type SignedReceipt = Readonly<Static<typeof SignedReceiptForm>>

/** A message that a receipt must be about. */
export type ReceiptSubject = Pick<Receipt, 'origin' | 'destination' | 'epoch' | 'seq' | 'link'>

export function encodeReceipts(transaction: string, receipts: readonly SignedReceipt[]): Bytes {
  return canonicalBytes({ v: 1, transaction, receipts })
}

/** What the destination's log holds of a receipt. */
export function receiptDigest({ sha256 }: Hashing, receipt: Receipt): string {
  return toHex(sha256(domainBytes(DOMAIN.receipt, receipt)))
}

/**
 * Verifies the answer to a transaction: one receipt for each message, in order.
 *
 * @throws ComityError `malformed`; `unverified` with reason `receipt-subject`,
 * `key-unknown`, `key-revoked` or `signature`
 */
export async function verifyReceipts(
  primitives: Primitives & VerifyAside,
  bytes: Uint8Array,
  expected: {
    readonly transaction: string
    readonly messages: readonly ReceiptSubject[]
    readonly by: { readonly node: string; readonly messageKeys: readonly MessageKey[] }
  },
): Promise<readonly Verified<SignedReceipt>[]> {
  const { transaction, receipts } = readForm(ReceiptsForm, bytes, '')
  if (transaction !== expected.transaction || receipts.length !== expected.messages.length) {
    throw unverified('receipts are for another transaction', { reason: 'receipt-subject' })
  }
  for (const [index, { receipt }] of receipts.entries()) {
    const field = `/receipts/${index}`
    requireInstant(receipt.at, `${field}/receipt/at`)
    requireSubject(receipt, expected.messages[index], field)
  }
  return Promise.all(
    receipts.map(async (signed) => {
      const by = { ...expected.by, at: signed.receipt.at }
      await verifyValueAside(primitives, DOMAIN.receipt, signed.receipt, signed.signature, by)
      return asVerified(signed)
    }),
  )
}

/** What became of the message: of a duplicate, what was decided first. */
export function outcomeOf({ decision, firstDecision }: Receipt): FirstDecision | 'duplicate' {
  return firstDecision ?? decision
}

function requireSubject(receipt: Receipt, subject: ReceiptSubject | undefined, field: string) {
  const same =
    subject !== undefined &&
    receipt.origin === subject.origin &&
    receipt.destination === subject.destination &&
    receipt.epoch === subject.epoch &&
    receipt.seq === subject.seq &&
    receipt.link === subject.link &&
    (receipt.firstDecision === undefined || receipt.decision === 'duplicate')
  if (!same)
    throw unverified('a receipt is for another message', { field, reason: 'receipt-subject' })
}
