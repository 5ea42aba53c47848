/**
 * The opening of one event, to be checked by anyone who holds a policy: the
 * envelope, its salt, the log entry and the entry's receipt.
 *
 * It proves that the sender's log held a commitment to exactly this event when
 * the witnesses cosigned. It does not prove that what the event says is true.
 */
import { type Bytes, fromBase64, textFromUtf8, toBase64, utf8 } from '../base/bytes.ts'
import { unverified } from '../base/errors.ts'
import type { Policy } from '../proof/policy.ts'
import type { Primitives } from '../proof/primitives.ts'
import { verifyReceipt } from '../proof/receipt.ts'
import { type EventEnvelope, verifyEventOpening } from './event-commitment.ts'

/** Byte strings are base64; the receipt is its own text. */
export type EventOpening = {
  readonly envelope: EventEnvelope
  readonly salt: string
  readonly entry: string
  readonly receipt: string
}

export type OpenedPlace = {
  readonly origin: string
  readonly leafIndex: number
  readonly treeSize: number
  /** Names of the witnesses whose cosignatures were checked. */
  readonly witnesses: readonly string[]
}

export function writeEventOpening(
  envelope: EventEnvelope,
  { salt, entry, receipt }: { salt: Bytes; entry: Bytes; receipt: Bytes },
): EventOpening {
  return {
    envelope,
    salt: toBase64(salt),
    entry: toBase64(entry),
    receipt: textFromUtf8(receipt),
  }
}

/** The origin of a node's log: its first one, or the one that followed after a loss. */
export const logOriginOf = (node: string, ordinal = 1) =>
  ordinal === 1 ? `${node}/ledger` : `${node}/ledger/${ordinal}`

/** Which of a node's logs this is, from 1; undefined if it is none of that node. */
export function logOrdinalOf(node: string, origin: string): number | undefined {
  if (origin === logOriginOf(node)) return 1
  const [, digits] = /^.+\/ledger\/([1-9][0-9]{0,3})$/.exec(origin) ?? []
  const ordinal = Number(digits)
  return ordinal > 1 && origin === logOriginOf(node, ordinal) ? ordinal : undefined
}

/** @throws ComityError `malformed` or `unverified`, saying which step failed */
export function verifyOpening(
  primitives: Primitives,
  opening: EventOpening,
  policy: Policy,
): OpenedPlace {
  const entry = fromBase64(opening.entry, 'entry')
  const salt = fromBase64(opening.salt, 'salt')
  const verified = verifyReceipt(primitives, { receipt: utf8(opening.receipt), entry, policy })
  const { origin, treeSize } = verified.checkpoint
  if (logOrdinalOf(opening.envelope.node, origin) === undefined) {
    throw unverified('an event is in the log of another node', { field: 'origin' })
  }
  verifyEventOpening(primitives, entry, opening.envelope, salt)
  const witnesses = [...new Set(verified.cosignatures.map(({ key }) => key.name))]
  return { origin, treeSize, leafIndex: verified.leafIndex, witnesses }
}
