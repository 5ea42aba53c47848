/**
 * Where the messages of one transaction stand in their channel, before any of
 * them has an effect. A transaction goes on, repeats, or conflicts as a whole.
 */
import type { ConflictCode } from '../../../app/ports/exchange.ts'
import { canonicalText } from '../../../base/canonical-json.ts'
import {
  type ChannelPosition,
  judgeMessage,
  positionAfter,
} from '../../../wire/exchange/channel.ts'
import { isOverBound } from '../../../wire/exchange/daily-bound.ts'
import type { MessageHeader } from '../../../wire/exchange/message-header.ts'
import type { FirstDecision, SignedReceipt } from '../../../wire/exchange/receipt.ts'
import type { NodeSignature } from '../../../wire/exchange/signed.ts'
import type { ReadTransaction } from '../../../wire/exchange/transaction.ts'
import type { FederationTransaction } from './database.ts'

export type Place = {
  readonly header: MessageHeader
  readonly signature: NodeSignature
  readonly link: string
  /** The number was taken by this very message before. */
  readonly isRepeated: boolean
  /** What was decided when this message, or one of the same id, came first. */
  readonly first?: { readonly decision: FirstDecision; readonly reason: string | null }
}

export type Conflict = {
  readonly kind: 'conflict'
  readonly code: Extract<ConflictCode, 'gap' | 'wrong-epoch' | 'equivocation'>
  readonly header: MessageHeader
  /** Signed headers as canonical JSON: the one we hold, the one that came. */
  readonly ours: string | null
  readonly theirs: string
}

export type JudgedTransaction =
  | { readonly kind: 'placed'; readonly places: readonly Place[] }
  | Conflict

export async function judgeTransaction(
  tx: FederationTransaction,
  start: ChannelPosition,
  { transaction, links }: ReadTransaction,
): Promise<JudgedTransaction> {
  const known = await knownMessages(tx, transaction)
  const places: Place[] = []
  let position = start
  for (const [index, { header, signature }] of transaction.messages.entries()) {
    const link = links[index] as string
    const atPlace = known.atPlace.get(header.seq)
    const judgement = judgeMessage(position, header, { link, knownLink: atPlace?.link })
    if (judgement !== 'expected' && judgement !== 'duplicate') {
      const before = atPlace ?? (await storedAt(tx, position))
      const ours = before === undefined ? null : written(before.header, before.signature)
      const theirs = canonicalText({ header, signature })
      return { kind: 'conflict', code: judgement, header, ours, theirs }
    }
    const isRepeated = judgement === 'duplicate'
    const earlier = isRepeated ? atPlace : known.byId.get(header.id)
    const first = earlier && { decision: earlier.decision as FirstDecision, reason: earlier.reason }
    places.push({ header, signature, link, isRepeated, ...(first ? { first } : {}) })
    if (!isRepeated) position = positionAfter(header, link)
  }
  return { kind: 'placed', places }
}

type KnownMessage = {
  readonly link: string
  readonly header: string
  readonly signature: string
  readonly decision: string
  readonly reason: string | null
}

async function knownMessages(
  tx: FederationTransaction,
  { origin, epoch, firstSeq, messages }: ReadTransaction['transaction'],
) {
  const rows = await tx
    .selectFrom('fed_in')
    .select(['epoch', 'seq', 'id', 'link', 'header', 'signature', 'decision', 'reason', 'receipt'])
    .where('origin', '=', origin)
    .where((eb) =>
      eb.or([
        eb(
          'id',
          'in',
          messages.map(({ header }) => header.id),
        ),
        eb.and([
          eb('epoch', '=', String(epoch)),
          eb('seq', '>=', String(firstSeq)),
          eb('seq', '<', String(firstSeq + messages.length)),
        ]),
      ]),
    )
    .orderBy('epoch')
    .orderBy('seq')
    .execute()
  const inEpoch = rows.filter((row) => Number(row.epoch) === epoch)
  const atPlace = new Map<number, KnownMessage>(inEpoch.map((row) => [Number(row.seq), row]))
  // The first of an id stays: later ones only point to it. What was too much for its day was
  // not decided.
  const decided = rows.filter(({ receipt }) => !isOverBound(receiptIn(receipt)))
  const byId = new Map<string, KnownMessage>(decided.toReversed().map((row) => [row.id, row]))
  return { atPlace, byId }
}

const receiptIn = (text: string) => (JSON.parse(text) as SignedReceipt).receipt

async function storedAt(
  tx: FederationTransaction,
  { origin, epoch, seq }: ChannelPosition,
): Promise<{ readonly header: string; readonly signature: string } | undefined> {
  return tx
    .selectFrom('fed_in')
    .select(['header', 'signature'])
    .where('origin', '=', origin)
    .where('epoch', '=', String(epoch))
    .where('seq', '=', String(seq))
    .executeTakeFirst()
}

function written(header: string, signature: string): string {
  return canonicalText({ header: JSON.parse(header), signature: JSON.parse(signature) })
}
