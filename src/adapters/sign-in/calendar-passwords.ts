/**
 * Passwords of calendar programs on PostgreSQL. Each is 256 random bits, so one hash is
 * enough to store it by; a session's secret is none, as their hashes differ.
 */
import { sql } from 'kysely'
import type { CalendarPasswords } from '../../app/ports/calendar-passwords.ts'
import type { Random } from '../../app/ports/random.ts'
import { type Bytes, equalBytes, toHex, utf8 } from '../../base/bytes.ts'
import { isUuid } from '../../base/ids.ts'
import { type CalendarDate, instantFromMs } from '../../base/time.ts'
import { nodePrimitives } from '../node-primitives.ts'
import type { Database } from '../postgres/database.ts'
import { countTries } from './tries.ts'

export type CalendarPasswordParts = { readonly database: Database; readonly random: Random }

/** What is compared where nobody has a password. Nothing hashes to it. */
const NOBODYS = new Uint8Array(32)

export function calendarPasswords({ database, random }: CalendarPasswordParts): CalendarPasswords {
  const rowOf = (officerId: string) =>
    database
      .selectFrom('calendar_password')
      .selectAll()
      .where('officer_id', '=', officerId)
      .executeTakeFirst()
  return {
    tries: countTries(),
    async make(officerId) {
      const password = toHex(random.bytes(32))
      // The account's row is held, so that none is made while the account is being closed.
      const { numAffectedRows = 0n } = await sql`
        insert into calendar_password (officer_id, password_hash, made_at)
        select id, ${hashOf(password)}, ${new Date()} from officer
        where id = ${officerId} and left_at is null for update
        on conflict (officer_id) do update
        set password_hash = excluded.password_hash, made_at = excluded.made_at, last_used_on = null
      `.execute(database)
      return numAffectedRows === 1n ? password : undefined
    },
    async isRight(officerId, password) {
      const row = isUuid(officerId) ? await rowOf(officerId) : undefined
      const kept = row ? new Uint8Array(row.password_hash) : NOBODYS
      return equalBytes(hashOf(password), kept)
    },
    async markUsed(officerId, on) {
      await database
        .updateTable('calendar_password')
        .set({ last_used_on: on })
        .where('officer_id', '=', officerId)
        .where('last_used_on', 'is distinct from', on)
        .execute()
    },
    async of(officerId) {
      const row = await rowOf(officerId)
      return (
        row && {
          madeAt: instantFromMs(row.made_at.getTime()),
          lastUsedOn: (row.last_used_on ?? undefined) as CalendarDate | undefined,
        }
      )
    },
    async revoke(officerId) {
      await database.deleteFrom('calendar_password').where('officer_id', '=', officerId).execute()
    },
  }
}

function hashOf(password: string): Bytes {
  return nodePrimitives.sha256(utf8(`comity/calendar-password/v1\n${password}`)) as Bytes
}
