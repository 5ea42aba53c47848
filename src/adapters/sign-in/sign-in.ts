/** Everything by which people sign in to this node, put together. */
import { sql } from 'kysely'
import type { Random } from '../../app/ports/random.ts'
import type { Providers, SignIn } from '../../app/ports/sign-in.ts'
import { isUuid } from '../../base/ids.ts'
import { instantFromMs } from '../../base/time.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import { type Attempts, postgresAttempts } from './attempts.ts'
import { calendarPasswords } from './calendar-passwords.ts'
import { postgresEnrolments } from './enrolments.ts'
import { createPasskeys } from './passkeys.ts'
import { countTries } from './tries.ts'

export type SignInParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly random: Random
  readonly passkeyPlace?: { readonly rpId: string; readonly origin: string; readonly name: string }
  readonly providers: (attempts: Attempts) => Providers
  readonly oneTime: boolean
}

export function createSignIn(parts: SignInParts): SignIn {
  const { database, atRest, random, passkeyPlace: place } = parts
  const attempts = postgresAttempts({ database, atRest, randomBytes: random.bytes })
  return {
    passkeys: place && createPasskeys({ database, atRest, random, attempts, place }),
    providers: parts.providers(attempts),
    oneTime: parts.oneTime,
    enrolments: postgresEnrolments({ database, atRest, random }),
    notices: noticesIn(database),
    hasAdministrator: () => hasAdministrator(database),
    tries: countTries(),
    calendar: calendarPasswords({ database, random }),
  }
}

function noticesIn(database: Database): SignIn['notices'] {
  return {
    async unseen() {
      const rows = await database
        .selectFrom('sign_in_notice')
        .selectAll()
        .where('seen_at', 'is', null)
        .orderBy('at', 'desc')
        .limit(100)
        .execute()
      return rows.map(({ id, at, kind, officer_id }) => ({
        id,
        kind,
        at: instantFromMs(at.getTime()),
        officerId: officer_id ?? undefined,
      }))
    },
    async markSeen(id, by) {
      if (!isUuid(id)) return
      await database
        .updateTable('sign_in_notice')
        .set({ seen_at: new Date(), seen_by: by })
        .where('id', '=', id)
        .where('seen_at', 'is', null)
        .execute()
    },
  }
}

/** One who could sign in now. */
export async function hasAdministrator(database: Database): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (
      select from officer o where o.left_at is null and 'administrator' = any (o.roles) and (
        exists (select from passkey p where p.officer_id = o.id and p.suspended_at is null)
        or exists (select from oidc_account a where a.officer_id = o.id))
    ) as found`.execute(database)
  return rows[0]?.found === true
}
