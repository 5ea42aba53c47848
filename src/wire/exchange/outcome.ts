/**
 * What a message in its place is answered before anybody acts on it. The world it is of
 * comes first, then its time, then whether its content is there and the one that its
 * header commits to.
 */
import type { Json } from '../../base/canonical-json.ts'
import { ComityError } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { Hashing } from '../../proof/primitives.ts'
import { EPOCH_OPENED } from './channel.ts'
import type { MessageHeader } from './message-header.ts'
import type { FirstDecision, ReceiptReason } from './receipt.ts'
import { type Opening, requireOpening } from './transaction.ts'
import { type Exercise, isSameWorld } from './world.ts'

export type OutcomeWithoutEffect = {
  readonly decision: FirstDecision
  readonly reason?: ReceiptReason
}

export type OutcomeContext = {
  readonly primitives: Hashing
  /** Of a node that does not work on real cases. */
  readonly exercise?: Exercise | undefined
  readonly caseNow: () => Instant
}

/** The content that its header commits to, or how the message ends without anybody reading one. */
export function contentOrOutcome(
  context: OutcomeContext,
  header: MessageHeader,
  opening: Opening | null,
): { readonly content: Json } | { readonly outcome: OutcomeWithoutEffect } {
  const { primitives, exercise, caseNow } = context
  if (!isSameWorld(header.exercise, exercise)) return rejected('exercise')
  const isOver = header.notAfter !== undefined && header.notAfter <= caseNow()
  if (isOver) return { outcome: { decision: 'expired' } }
  if (header.type === EPOCH_OPENED) {
    return header.seq === 1 ? { outcome: { decision: 'applied' } } : rejected('sequence')
  }
  if (opening === null) return rejected('withheld')
  if (!isCommitted(primitives, header, opening)) return rejected('commitment')
  return { content: opening.content }
}

function rejected(reason: ReceiptReason): { readonly outcome: OutcomeWithoutEffect } {
  return { outcome: { decision: 'rejected', reason } }
}

function isCommitted(primitives: Hashing, header: MessageHeader, opening: Opening): boolean {
  try {
    requireOpening(primitives, header, opening)
    return true
  } catch (error) {
    if (error instanceof ComityError) return false
    throw error
  }
}
