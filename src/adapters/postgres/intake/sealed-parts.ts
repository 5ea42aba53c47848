/** The sealed parts of filings by the roster that they are sealed to, and sealing them again. */
import { sql, type Transaction } from 'kysely'
import type { Filings, ResealedPart, StaleFiling } from '../../../app/ports/filings.ts'
import type { Database, Schema } from '../database.ts'

export function sealedParts(
  database: Database,
): Pick<Filings, 'sealedPart' | 'staleFilings' | 'countByRoster'> {
  return {
    async sealedPart(id, part) {
      const row = await database
        .selectFrom('filing')
        .select([
          `${part} as bytes`,
          `${part}_sealed_for as sealed_for`,
          `${part}_digest as content_digest`,
        ])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row?.bytes) return undefined
      return {
        bytes: new Uint8Array(row.bytes),
        sealedFor: row.sealed_for ?? '',
        contentDigest: row.content_digest ? new Uint8Array(row.content_digest) : undefined,
      }
    },
    async staleFilings(rosterDigest, { skip, limit }) {
      const { rows } = await sql<StaleFiling>`
        select * from (
          select id as "filingId", 'report' as part, coalesce(report_sealed_for, '') as "sealedFor",
            filed_on from filing
          union all
          select id, 'contact', coalesce(contact_sealed_for, ''), filed_on from filing
            where contact is not null
        ) parts
        where "sealedFor" <> ${rosterDigest}
        order by filed_on, "filingId", part desc
        limit ${limit} offset ${skip}`.execute(database)
      return rows.map(({ filingId, part, sealedFor }) => ({ filingId, part, sealedFor }))
    },
    async countByRoster() {
      const { rows } = await sql<{ sealedFor: string; count: number }>`
        select "sealedFor", count(*)::int as count from (
          select coalesce(report_sealed_for, '') as "sealedFor" from filing
          union all
          select coalesce(contact_sealed_for, '') from filing where contact is not null
        ) parts group by "sealedFor"`.execute(database)
      return rows
    },
  }
}

/** Only over the bytes that were sealed again: of two who work at once, one is told so. */
export async function resealPart(
  tx: Transaction<Schema>,
  { filingId, part, before, bytes, sealedFor, contentDigest }: ResealedPart,
): Promise<boolean> {
  const content = contentDigest ?? null
  const changes =
    part === 'report'
      ? { report: bytes, report_sealed_for: sealedFor, report_digest: content }
      : { contact: bytes, contact_sealed_for: sealedFor, contact_digest: content }
  const row = await tx
    .updateTable('filing')
    .set(changes)
    .where('id', '=', filingId)
    .where(part, '=', before)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
