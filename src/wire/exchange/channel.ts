/**
 * A channel: one direction between two nodes, written by its origin only,
 * numbered without gaps and hash-linked. Pure arithmetic over positions; who
 * stores them, and who signed a header, is the caller's matter.
 */
import { type MessageDraft, type MessageHeader, ZERO_LINK } from './message-header.ts'

/** Where a channel stands: the number and link of its newest message. */
export type ChannelPosition = {
  readonly origin: string
  readonly destination: string
  readonly epoch: number
  /** 0 before the first message of the epoch. */
  readonly seq: number
  /** 64 zeros before the first message of the epoch. */
  readonly link: string
}

/**
 * `expected` is the next one; `duplicate` was had before; `gap` misses messages;
 * `equivocation` is proof that the origin signed two histories; `wrong-epoch` is
 * of an epoch that was closed or never opened.
 */
export type Judgement = 'expected' | 'duplicate' | 'gap' | 'equivocation' | 'wrong-epoch'

/** The signed notice that opens a new epoch is its first message. */
export const EPOCH_OPENED = 'epochOpened'

export function channelStart(origin: string, destination: string): ChannelPosition {
  return { origin, destination, epoch: 1, seq: 0, link: ZERO_LINK }
}

/** Where the next epoch starts. Its first message must be of type `epochOpened`. */
export function nextEpoch(position: ChannelPosition): ChannelPosition {
  return { ...position, epoch: position.epoch + 1, seq: 0, link: ZERO_LINK }
}

export function nextHeader(position: ChannelPosition, draft: MessageDraft): MessageHeader {
  const { origin, destination, epoch, seq, link } = position
  return { v: 1, origin, destination, epoch, seq: seq + 1, prev: link, ...draft }
}

export function positionAfter(header: MessageHeader, link: string): ChannelPosition {
  const { origin, destination, epoch, seq } = header
  return { origin, destination, epoch, seq, link }
}

/**
 * Where a header belongs, seen from a position of the same channel.
 *
 * @param link the header's own link
 * @param knownLink the link that was stored for the header's epoch and seq, if any
 */
export function judgeMessage(
  position: ChannelPosition,
  header: MessageHeader,
  { link, knownLink }: { readonly link: string; readonly knownLink?: string | undefined },
): Judgement {
  if (knownLink !== undefined) return knownLink === link ? 'duplicate' : 'equivocation'
  if (header.epoch !== position.epoch) {
    return opensNextEpoch(position, header) ? 'expected' : 'wrong-epoch'
  }
  if (header.seq > position.seq + 1) return 'gap'
  // A number at or below ours with nothing stored: an early history that we cannot compare.
  if (header.seq <= position.seq) return 'equivocation'
  // The next number after another message than the one that was signed for us.
  return header.prev === position.link ? 'expected' : 'equivocation'
}

function opensNextEpoch(position: ChannelPosition, header: MessageHeader): boolean {
  return header.epoch === position.epoch + 1 && header.seq === 1 && header.type === EPOCH_OPENED
}
