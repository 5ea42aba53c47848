/** The sealed parts of filings by the roster that they are sealed to, and sealing them again. */
import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Filings, ResealedPart, StaleFiling } from '../../../app/ports/filings.ts'
import { fromHex } from '../../../base/bytes.ts'
import type { FilingPart } from '../../../core/sealing/events.ts'
import type { Database, Schema } from '../database.ts'

/** Closed filings are left out: nobody could open them, so nobody can seal them again. */
const PARTS = sql`(
  select id as "filingId", 'report' as part, coalesce(report_sealed_for, '') as "sealedFor",
    false as "isForReporter", filed_on from filing where closed_on is null
  union all
  select id, 'contact', coalesce(contact_sealed_for, ''), false, filed_on from filing
    where contact is not null and closed_on is null
  union all
  select filing_id, 'attachment-' || position, sealed_for, false, filed_on
    from filing_attachment join filing on filing.id = filing_id where closed_on is null
  union all
  select filing_id, 'message-' || filing_message.id, sealed_for, not from_reporter, filed_on
    from filing_message join filing on filing.id = filing_id
    where sealed is not null and closed_on is null
) parts`

export function sealedParts(
  database: Database,
): Pick<Filings, 'sealedPart' | 'staleFilings' | 'countByRoster' | 'attachmentDigests'> {
  return {
    async sealedPart(id, part) {
      const { table, bytes, sealedFor, digest, isForReporter, where } = placeOf(part)
      const { rows } = await sql<PartRow>`
        select ${bytes} as bytes, ${sealedFor} as sealed_for, ${digest} as content_digest,
          ${isForReporter} as for_reporter
        from ${table} where ${where(id)}`.execute(database)
      const [row] = rows
      if (!row?.bytes) return undefined
      return {
        bytes: new Uint8Array(row.bytes),
        sealedFor: row.sealed_for ?? '',
        contentDigest: row.content_digest ? new Uint8Array(row.content_digest) : undefined,
        isForReporter: row.for_reporter,
      }
    },
    async staleFilings(rosterDigest, { skip, limit }) {
      const { rows } = await sql<StaleFiling>`
        select "filingId", part, "sealedFor", "isForReporter" from ${PARTS}
        where "sealedFor" <> ${rosterDigest}
        order by filed_on, "filingId", part desc
        limit ${limit} offset ${skip}`.execute(database)
      return rows
    },
    async countByRoster() {
      const { rows } = await sql<{ sealedFor: string; count: number }>`
        select "sealedFor", count(*)::int as count from ${PARTS}
        group by "sealedFor"`.execute(database)
      return rows
    },
    async attachmentDigests(id) {
      const rows = await database
        .selectFrom('filing_attachment')
        .select('content_digest')
        .where('filing_id', '=', id)
        .orderBy('position')
        .execute()
      return rows.map(({ content_digest: digest }) => (digest ? new Uint8Array(digest) : undefined))
    },
  }
}

type PartRow = {
  readonly bytes: Uint8Array | null
  readonly sealed_for: string | null
  readonly content_digest: Uint8Array | null
  readonly for_reporter: boolean
}

/** Only over the bytes that were sealed again: of two who work at once, one is told so. */
export async function resealPart(
  tx: Transaction<Schema>,
  { filingId, part, from, bytes, sealedFor, contentDigest }: ResealedPart,
): Promise<boolean> {
  const place = placeOf(part)
  const { numAffectedRows = 0n } = await sql`
    update ${place.table} set ${place.bytes} = ${bytes}, ${place.sealedFor} = ${sealedFor},
      ${place.digest} = ${contentDigest ?? null}
    where ${place.where(filingId)} and sha256(${place.bytes}) = ${fromHex(from)}`.execute(tx)
  return numAffectedRows === 1n
}

type Place = {
  readonly table: RawBuilder<unknown>
  readonly bytes: RawBuilder<unknown>
  readonly sealedFor: RawBuilder<unknown>
  readonly digest: RawBuilder<unknown>
  readonly isForReporter: RawBuilder<unknown>
  readonly where: (filingId: string) => RawBuilder<unknown>
}

function placeOf(part: FilingPart): Place {
  if (part === 'report' || part === 'contact') {
    return {
      table: sql.table('filing'),
      bytes: sql.ref(part),
      sealedFor: sql.ref(`${part}_sealed_for`),
      digest: sql.ref(`${part}_digest`),
      isForReporter: sql`false`,
      where: (filingId) => sql`id = ${filingId}`,
    }
  }
  const isMessage = part.startsWith('message-')
  const which = part.slice(part.indexOf('-') + 1)
  return {
    table: sql.table(isMessage ? 'filing_message' : 'filing_attachment'),
    bytes: sql.ref('sealed'),
    sealedFor: sql.ref('sealed_for'),
    digest: sql.ref('content_digest'),
    isForReporter: isMessage ? sql`not from_reporter` : sql`false`,
    where: (filingId) =>
      isMessage
        ? sql`filing_id = ${filingId} and id = ${which}`
        : sql`filing_id = ${filingId} and position = ${Number(which)}`,
  }
}
