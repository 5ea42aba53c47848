/** Preferences and mails that wait, on PostgreSQL. Addresses and texts are sealed under the node's key. */
import { sql } from 'kysely'
import type { Notices, PreferenceState } from '../../../app/ports/notices.ts'
import type { Random } from '../../../app/ports/random.ts'
import { textFromUtf8, toHex, utf8 } from '../../../base/bytes.ts'
import { type CalendarDate, instantFromMs } from '../../../base/time.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'

const addressContext = (officer: string) => `mail-preference/${officer}`
export const mailContext = (id: string) => `mail-out/${id}`

/** As it lies sealed in the queue. */
export type KeptMail = { readonly to: string; readonly subject: string; readonly text: string }

export function postgresNotices(database: Database, atRest: AtRest, random: Random): Notices {
  const read = (officer?: string) =>
    database
      .selectFrom('mail_preference')
      .selectAll()
      .$if(officer !== undefined, (query) => query.where('officer_id', '=', officer ?? ''))
      .orderBy('officer_id')
      .execute()
  const all = async (officer?: string): Promise<PreferenceState[]> =>
    (await read(officer)).map((row) => ({
      officer: row.officer_id,
      address: textFromUtf8(atRest.node.open(addressContext(row.officer_id), row.sealed_address)),
      digestHour: row.digest_hour,
      isUrgentWanted: row.is_urgent_wanted,
      digestOn: row.digest_on as CalendarDate | null,
      urgentAt: row.urgent_at && instantFromMs(row.urgent_at.getTime()),
      urgentDigest: row.urgent_digest && toHex(row.urgent_digest),
    }))
  return {
    preference: async (officer) => (await all(officer))[0],
    preferences: () => all(),
    async setPreference({ officer, address, digestHour, isUrgentWanted }) {
      const values = {
        sealed_address: atRest.node.seal(addressContext(officer), utf8(address)),
        digest_hour: digestHour,
        is_urgent_wanted: isUrgentWanted,
      }
      await database
        .insertInto('mail_preference')
        .values({ officer_id: officer, ...values })
        .onConflict((on) => on.column('officer_id').doUpdateSet(values))
        .execute()
    },
    async clearPreference(officer) {
      await database.deleteFrom('mail_preference').where('officer_id', '=', officer).execute()
    },
    async queue({ officer, address, subject, text, sendAt }, mark) {
      const id = random.uuid()
      const kept: KeptMail = { to: address, subject, text }
      const sealed = atRest.node.seal(mailContext(id), utf8(JSON.stringify(kept)))
      await database.transaction().execute(async (tx) => {
        await tx
          .insertInto('mail_out')
          .values({ id, sealed_message: sealed, send_at: sendAt })
          .execute()
        if ('digestOn' in mark && mark.digestOn !== undefined) {
          const done = { digest_on: mark.digestOn }
          await tx
            .updateTable('mail_preference')
            .set(done)
            .where('officer_id', '=', officer)
            .execute()
        }
        if ('urgentAt' in mark && mark.urgentAt !== undefined) {
          const { urgentAt: urgent_at, urgentDigest } = mark
          const urgent_digest = sql<Uint8Array>`decode(${urgentDigest}, 'hex')`
          await tx
            .updateTable('mail_preference')
            .set({ urgent_at, urgent_digest })
            .where('officer_id', '=', officer)
            .execute()
        }
      })
    },
  }
}
