/**
 * Judges a transaction by what is stored of its channel; of a conflict it brings the
 * signed headers of both sides.
 */
import type { ConflictCode } from '../../../app/ports/exchange.ts'
import { canonicalText } from '../../../base/canonical-json.ts'
import type { ChannelPosition } from '../../../wire/exchange/channel.ts'
import { isOverBound } from '../../../wire/exchange/daily-bound.ts'
import type { MessageHeader } from '../../../wire/exchange/message-header.ts'
import { type HeldMessage, type Place, placeMessages } from '../../../wire/exchange/places.ts'
import type { SignedReceipt } from '../../../wire/exchange/receipt.ts'
import type { ReadTransaction } from '../../../wire/exchange/transaction.ts'
import type { FederationTransaction } from './database.ts'

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
  read: ReadTransaction,
): Promise<JudgedTransaction> {
  const judged = placeMessages(start, read, await knownMessages(tx, read.transaction))
  if (judged.kind === 'placed') return judged
  const { code, header, signature, held, position } = judged
  const before = held ?? (await storedAt(tx, position))
  const ours = before === undefined ? null : written(before.header, before.signature)
  return { kind: 'conflict', code, header, ours, theirs: canonicalText({ header, signature }) }
}

type KnownMessage = HeldMessage & { readonly header: string; readonly signature: string }

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
