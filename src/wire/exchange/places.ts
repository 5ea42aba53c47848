/**
 * Where the messages of one transaction stand in their channel, before any of them
 * has an effect. A transaction goes on, repeats, or conflicts as a whole.
 */
import { type ChannelPosition, type Judgement, judgeMessage, positionAfter } from './channel.ts'
import type { MessageHeader } from './message-header.ts'
import type { FirstDecision, ReceiptReason } from './receipt.ts'
import type { NodeSignature } from './signed.ts'
import type { ReadTransaction } from './transaction.ts'

/** What the destination holds of a message that came before. */
export type HeldMessage = {
  readonly link: string
  readonly decision: string
  readonly reason: string | null
}

export type HeldMessages<Held extends HeldMessage = HeldMessage> = {
  /** Of the transaction's epoch, by number. */
  readonly atPlace: ReadonlyMap<number, Held>
  /** The first of each id that was decided. */
  readonly byId: ReadonlyMap<string, Held>
}

export type Place = {
  readonly header: MessageHeader
  readonly signature: NodeSignature
  readonly link: string
  /** The number was taken by this very message before. */
  readonly isRepeated: boolean
  /** What was decided when this message, or one of the same id, came first. */
  readonly first?: { readonly decision: FirstDecision; readonly reason: ReceiptReason | null }
}

export type Misfit<Held extends HeldMessage = HeldMessage> = {
  readonly kind: 'misfit'
  readonly code: Exclude<Judgement, 'expected' | 'duplicate'>
  readonly header: MessageHeader
  readonly signature: NodeSignature
  /** What took its number, and the position that it was compared with. */
  readonly held: Held | undefined
  readonly position: ChannelPosition
}

export function placeMessages<Held extends HeldMessage>(
  start: ChannelPosition,
  { transaction, links }: Pick<ReadTransaction, 'transaction' | 'links'>,
  { atPlace, byId }: HeldMessages<Held>,
): { readonly kind: 'placed'; readonly places: readonly Place[] } | Misfit<Held> {
  const places: Place[] = []
  let position = start
  for (const [index, { header, signature }] of transaction.messages.entries()) {
    const link = links[index] as string
    const held = atPlace.get(header.seq)
    const judgement = judgeMessage(position, header, { link, knownLink: held?.link })
    if (judgement !== 'expected' && judgement !== 'duplicate') {
      return { kind: 'misfit', code: judgement, header, signature, held, position }
    }
    const isRepeated = judgement === 'duplicate'
    const earlier = isRepeated ? held : byId.get(header.id)
    places.push({ header, signature, link, isRepeated, ...(earlier && { first: first(earlier) }) })
    if (!isRepeated) position = positionAfter(header, link)
  }
  return { kind: 'placed', places }
}

function first({ decision, reason }: HeldMessage): NonNullable<Place['first']> {
  return { decision: decision as FirstDecision, reason: reason as ReceiptReason | null }
}
