/** What a receipt ends: the request for assistance that a message carried and that stays outside. */
import type { ContentOf } from '../../../wire/exchange/contents.ts'
import { isOverBound } from '../../../wire/exchange/daily-bound.ts'
import { outcomeOf } from '../../../wire/exchange/receipt.ts'
import type { ColumnSeal } from './database.ts'
import { openOutgoing } from './outbox.ts'
import type { Receipted } from './receipts.ts'

/**
 * The id of the request. One that was too many for its day comes again, and one whose content
 * was erased can no longer be read here.
 */
export function requestTurnedDown(
  atRest: ColumnSeal,
  { id, header, sealedContent, signed }: Omit<Receipted, 'objectId'>,
): string | undefined {
  const { receipt } = signed
  const { type } = JSON.parse(header) as { readonly type: string }
  const isOutside = ['rejected', 'expired'].includes(outcomeOf(receipt))
  if (type !== 'assistanceRequest' || !isOutside || isOverBound(receipt)) return undefined
  if (sealedContent === null || sealedContent.length === 0) return undefined
  const { content } = openOutgoing(atRest, id, sealedContent)
  return (content as unknown as ContentOf<'assistanceRequest'>).request.requestId
}
