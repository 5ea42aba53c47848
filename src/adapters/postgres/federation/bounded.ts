/**
 * Messages that were one too many for a peer's day: they wait until the next one, in their
 * order, under their ids. What has left once is not taken back as if it had not.
 */
import { type RawBuilder, sql } from 'kysely'
import { canonicalText } from '../../../base/canonical-json.ts'
import { draftOf, type MessageHeader } from '../../../wire/exchange/message-header.ts'
import type { FederationTransaction } from './database.ts'

type Refused = {
  readonly id: string
  readonly header: string
  readonly sealedContent: Uint8Array | null
}

export async function sendNextDay(
  tx: FederationTransaction,
  destination: string,
  refused: readonly Refused[],
): Promise<void> {
  if (refused.length === 0) return
  const rows = refused.map(({ id, header, sealedContent }) => ({
    ...{ id, destination, draft: canonicalText(draftOf(JSON.parse(header) as MessageHeader)) },
    sealed_content: sealedContent ?? new Uint8Array(),
    not_before: nextDay,
  }))
  await tx.insertInto('fed_out_pending').values(rows).execute()
}

const nextDay: RawBuilder<Date> = sql`(date_trunc('day', now() at time zone 'UTC') + interval '1 day') at time zone 'UTC'`

/** Those whose day has come. */
export const isDue: RawBuilder<boolean> = sql`(not_before is null or not_before <= now())`
