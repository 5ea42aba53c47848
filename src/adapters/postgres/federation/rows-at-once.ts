/** Rows of many messages in one statement each, whose text is the same however many they are. */
import { sql } from 'kysely'
import { longValue } from '../long-values.ts'
import { type FederationTransaction, runAhead } from './database.ts'

export type PendingRow = {
  readonly id: string
  readonly destination: string
  readonly draft: string
  readonly sealedContent: Uint8Array
  readonly goesAhead: boolean
}

/** In this order they wait, but for what goes ahead. */
export async function insertPending(
  tx: FederationTransaction,
  rows: readonly PendingRow[],
): Promise<void> {
  if (rows.length === 0) return
  const contents = longValue(rows.map(({ sealedContent }) => sealedContent))
  const of = <T>(value: (row: PendingRow) => T) => rows.map(value)
  const statement = sql`
    insert into fed_out_pending (id, destination, draft, goes_ahead, sealed_content)
    select id, destination, draft, goes_ahead,
      substring(${contents.bytes}::bytea from start for size)
    from unnest(${of(({ id }) => id)}::uuid[], ${of((row) => row.destination)}::text[],
      ${of(({ draft }) => draft)}::text[], ${of(({ goesAhead }) => goesAhead)}::boolean[],
      ${contents.starts}::int[], ${contents.sizes}::int[]
    ) with ordinality as row (id, destination, draft, goes_ahead, start, size, nth)
    order by nth`
  await runAhead(tx, statement)
}

export type NumberedRow = {
  readonly seq: number
  readonly link: string
  readonly id: string
  readonly objectId: string
  readonly header: string
  readonly signature: string
  readonly sealedContent: Uint8Array | null
}

export async function insertNumbered(
  tx: FederationTransaction,
  { destination, epoch }: { readonly destination: string; readonly epoch: number },
  rows: readonly NumberedRow[],
): Promise<void> {
  const contents = longValue(rows.map(({ sealedContent }) => sealedContent))
  const of = <T>(value: (row: NumberedRow) => T) => rows.map(value)
  const statement = sql`
    insert into fed_out
      (destination, epoch, seq, link, id, object_id, header, signature, sealed_content)
    select ${destination}, ${epoch}::bigint, seq, link, id, object_id, header, signature,
      case when size >= 0 then substring(${contents.bytes}::bytea from start for size) end
    from unnest(${of(({ seq }) => seq)}::bigint[], ${of(({ link }) => link)}::text[],
      ${of(({ id }) => id)}::uuid[], ${of(({ objectId }) => objectId)}::text[],
      ${of(({ header }) => header)}::text[], ${of(({ signature }) => signature)}::text[],
      ${contents.starts}::int[], ${contents.sizes}::int[]
    ) as row (seq, link, id, object_id, header, signature, start, size)`
  await runAhead(tx, statement)
}

export type ReceivedRow = NumberedRow & {
  readonly type: string
  readonly decision: string
  readonly reason: string | null
  readonly receipt: string
}

export async function insertReceived(
  tx: FederationTransaction,
  { origin, epoch }: { readonly origin: string; readonly epoch: number },
  rows: readonly ReceivedRow[],
): Promise<void> {
  if (rows.length === 0) return
  const contents = longValue(rows.map(({ sealedContent }) => sealedContent))
  const of = <T>(value: (row: ReceivedRow) => T) => rows.map(value)
  const statement = sql`
    insert into fed_in (origin, epoch, seq, link, id, type, object_id, header, signature,
      decision, reason, receipt, sealed_content)
    select ${origin}, ${epoch}::bigint, seq, link, id, type, object_id, header, signature,
      decision, reason, receipt,
      case when size >= 0 then substring(${contents.bytes}::bytea from start for size) end
    from unnest(${of(({ seq }) => seq)}::bigint[], ${of(({ link }) => link)}::text[],
      ${of(({ id }) => id)}::uuid[], ${of(({ type }) => type)}::text[],
      ${of(({ objectId }) => objectId)}::text[], ${of(({ header }) => header)}::text[],
      ${of(({ signature }) => signature)}::text[], ${of(({ decision }) => decision)}::text[],
      ${of(({ reason }) => reason)}::text[], ${of(({ receipt }) => receipt)}::text[],
      ${contents.starts}::int[], ${contents.sizes}::int[]
    ) as row (seq, link, id, type, object_id, header, signature, decision, reason, receipt,
      start, size)`
  await runAhead(tx, statement)
}
