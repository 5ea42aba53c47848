/** Sealed drafts of reports: one for each code, until its last day. */
import { sql } from 'kysely'
import { DRAFTS_MAX, type Filings } from '../../../app/ports/filings.ts'
import type { Database } from '../database.ts'

export function reportDrafts(
  database: Database,
): Pick<Filings, 'saveDraft' | 'openDraft' | 'deleteDraft' | 'deleteOldDrafts'> {
  return {
    saveDraft: ({ idHash, sealed, lastDay, today, tokenHash }) =>
      database
        .transaction()
        .execute(async (tx) => {
          // Two who save at once come one after the other, so the limit holds.
          await sql`select pg_advisory_xact_lock(53)`.execute(tx)
          await tx.deleteFrom('report_draft').where('last_day', '<', today).execute()
          const { rows } = await sql`
          insert into report_draft (id_hash, sealed, last_day)
          select ${idHash}::bytea, ${sealed}::bytea, ${lastDay}::date
          where (select count(*) from report_draft) < ${DRAFTS_MAX}
            or exists (select from report_draft where id_hash = ${idHash})
          on conflict (id_hash) do update
            set sealed = excluded.sealed, last_day = excluded.last_day
          returning 1 as kept
        `.execute(tx)
          if (rows.length === 0) return 'full'
          const token = await tx
            .insertInto('used_form_token')
            .values({ token_hash: tokenHash, used_on: today })
            .onConflict((on) => on.doNothing())
            .returning('token_hash')
            .executeTakeFirst()
          if (token === undefined) throw new TokenUsed()
          return 'kept' as const
        })
        .catch((error) => {
          if (error instanceof TokenUsed) return 'tokenUsed' as const
          throw error
        }),
    async openDraft(idHash, today) {
      const row = await database
        .selectFrom('report_draft')
        .select(['sealed'])
        .where('id_hash', '=', idHash)
        .where('last_day', '>=', today)
        .executeTakeFirst()
      return row && new Uint8Array(row.sealed)
    },
    async deleteDraft(idHash) {
      await database.deleteFrom('report_draft').where('id_hash', '=', idHash).execute()
    },
    async deleteOldDrafts(today) {
      await database.deleteFrom('report_draft').where('last_day', '<', today).execute()
    },
  }
}

/** Rolls back what was written in the same transaction. */
class TokenUsed extends Error {}
