/**
 * What a person has begun and not ended, in the database: a passkey's challenge, a
 * way to a provider and back. It is found by the hash of a secret, lasts ten
 * minutes, and is taken out when it is used, so it works once.
 */

import { utf8 } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { addMs, instantFromMs, MINUTE_MS } from '../../base/time.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import { hashSecret } from '../postgres/people/sessions.ts'

export const ATTEMPT_MS = 10 * MINUTE_MS
/** More at once are a flood: the oldest give way. */
const ATTEMPTS_MAX = 5000

export type Attempts = {
  keep(kind: string, secret: string, facts: Json): Promise<void>
  take(kind: string, secret: string): Promise<Json | undefined>
}

export function postgresAttempts(database: Database, atRest: AtRest): Attempts {
  const context = (kind: string) => `sign-in-attempt/${kind}`
  return {
    async keep(kind, secret, facts) {
      const now = instantFromMs(Date.now())
      await tidy(database, new Date(now))
      await database
        .insertInto('sign_in_attempt')
        .values({
          token_hash: hashSecret(secret),
          kind,
          sealed_facts: atRest.node.seal(context(kind), utf8(JSON.stringify(facts))),
          expires_at: addMs(now, ATTEMPT_MS),
        })
        .execute()
    },
    async take(kind, secret) {
      const row = await database
        .deleteFrom('sign_in_attempt')
        .where('token_hash', '=', hashSecret(secret))
        .where('kind', '=', kind)
        .returningAll()
        .executeTakeFirst()
      if (!row || row.expires_at.getTime() <= Date.now()) return undefined
      return parseJson(atRest.node.open(context(kind), row.sealed_facts))
    },
  }
}

async function tidy(database: Database, now: Date): Promise<void> {
  await database.deleteFrom('sign_in_attempt').where('expires_at', '<=', now).execute()
  const spare = database
    .selectFrom('sign_in_attempt')
    .select('token_hash')
    .orderBy('expires_at', 'desc')
    .offset(ATTEMPTS_MAX)
  await database.deleteFrom('sign_in_attempt').where('token_hash', 'in', spare).execute()
}
