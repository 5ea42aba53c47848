/** Preferences and mails that wait, on PostgreSQL. Addresses and texts are sealed under the node's key. */
import { sql } from 'kysely'
import type { Notices, Preference, PreferenceState } from '../../../app/ports/notices.ts'
import type { Random } from '../../../app/ports/random.ts'
import { textFromUtf8, toHex, utf8 } from '../../../base/bytes.ts'
import { parseJson } from '../../../base/canonical-json.ts'
import { addMs, type CalendarDate, DAY_MS, instantFromMs, MINUTE_MS } from '../../../base/time.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import { isCode, newCode } from '../../sign-in/codes.ts'
import type { Database } from '../database.ts'

const addressContext = (officer: string) => `mail-preference/${officer}`
const wishContext = (officer: string) => `mail-check/${officer}`
export const mailContext = (id: string) => `mail-out/${id}`

const CODE_MS = DAY_MS
const CODE_TRIES = 10
/** Nobody fills somebody's mailbox with codes. */
const CODE_PAUSE_MS = MINUTE_MS

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
      rosterOn: row.roster_on as CalendarDate | null,
    }))
  const wishIn = (officer: string, sealed: Uint8Array) =>
    parseJson(atRest.node.open(wishContext(officer), sealed)) as unknown as Preference

  async function setPreference(on: Database, wish: Preference): Promise<void> {
    const { officer, address, digestHour, isUrgentWanted } = wish
    const values = {
      sealed_address: atRest.node.seal(addressContext(officer), utf8(address)),
      digest_hour: digestHour,
      is_urgent_wanted: isUrgentWanted,
    }
    await on
      .insertInto('mail_preference')
      .values({ officer_id: officer, ...values })
      .onConflict((conflict) => conflict.column('officer_id').doUpdateSet(values))
      .execute()
  }

  const mailRow = (officer: string, kept: KeptMail, sendAt: Date | string) => {
    const id = random.uuid()
    const sealed = atRest.node.seal(mailContext(id), utf8(JSON.stringify(kept)))
    return { id, officer_id: officer, sealed_message: sealed, send_at: sendAt }
  }

  return {
    preference: async (officer) => (await all(officer))[0],
    preferences: () => all(),
    setPreference: (wish) => setPreference(database, wish),
    async askCode(wish, now, mailWith) {
      const { officer, address } = wish
      const { shown, hash } = newCode('mail', random)
      const values = {
        sealed_wish: atRest.node.seal(wishContext(officer), utf8(JSON.stringify(wish))),
        code_hash: hash,
        asked_at: now,
        expires_at: addMs(now, CODE_MS),
        tries_left: CODE_TRIES,
      }
      return database.transaction().execute(async (tx) => {
        const kept = await tx
          .insertInto('mail_check')
          .values({ officer_id: officer, ...values })
          .onConflict((on) =>
            on
              .column('officer_id')
              .doUpdateSet(values)
              .where('mail_check.asked_at', '<=', new Date(addMs(now, -CODE_PAUSE_MS))),
          )
          .returning('officer_id')
          .executeTakeFirst()
        if (!kept) return false
        const mail = { to: address, ...mailWith(shown) }
        await tx
          .insertInto('mail_out')
          .values(mailRow(officer, mail, now))
          .execute()
        return true
      })
    },
    async waitingWish(officer, now) {
      const row = await database
        .selectFrom('mail_check')
        .selectAll()
        .where('officer_id', '=', officer)
        .where('expires_at', '>', new Date(now))
        .executeTakeFirst()
      return (
        row && {
          address: wishIn(officer, row.sealed_wish).address,
          expiresAt: instantFromMs(row.expires_at.getTime()),
          triesLeft: row.tries_left,
        }
      )
    },
    async confirmCode(officer, typed, now) {
      // In one statement, so that many at once have no more tries than one after another.
      const row = await database
        .updateTable('mail_check')
        .set((set) => ({ tries_left: set('tries_left', '-', 1) }))
        .where('officer_id', '=', officer)
        .where('tries_left', '>', 0)
        .where('expires_at', '>', new Date(now))
        .returningAll()
        .executeTakeFirst()
      if (!row || !isCode('mail', typed, row.code_hash)) return false
      return database.transaction().execute(async (tx) => {
        const taken = await tx
          .deleteFrom('mail_check')
          .where('officer_id', '=', officer)
          .where('code_hash', '=', row.code_hash)
          .returning('officer_id')
          .executeTakeFirst()
        if (taken) await setPreference(tx, wishIn(officer, row.sealed_wish))
        return taken !== undefined
      })
    },
    async clearPreference(officer) {
      // When it was asked stays, or turning mail off would end the pause between codes.
      await database
        .updateTable('mail_check')
        .set({
          sealed_wish: atRest.node.seal(wishContext(officer), utf8('{}')),
          expires_at: sql`asked_at`,
          tries_left: 0,
        })
        .where('officer_id', '=', officer)
        .execute()
      await database.deleteFrom('mail_preference').where('officer_id', '=', officer).execute()
    },
    async queue({ officer, address, subject, text, sendAt }, mark) {
      const row = mailRow(officer, { to: address, subject, text }, sendAt)
      await database.transaction().execute(async (tx) => {
        await tx.insertInto('mail_out').values(row).execute()
        if ('rosterOn' in mark && mark.rosterOn !== undefined) {
          await tx
            .updateTable('mail_preference')
            .set({ roster_on: mark.rosterOn })
            .where('officer_id', '=', officer)
            .execute()
        }
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
