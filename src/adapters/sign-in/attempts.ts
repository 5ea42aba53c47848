/**
 * What a person has begun and not ended: a passkey's challenge, a way to a provider
 * and back. The facts are sealed into the token that the person brings back, for ten
 * minutes. So beginning costs the node nothing that it must keep, and nobody who
 * begins thousands of times takes away what somebody else has begun.
 *
 * The database holds only the hashes of tokens that were used, so that each works once.
 */

import { toHex, utf8 } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { ComityError } from '../../base/errors.ts'
import { MINUTE_MS } from '../../base/time.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import { hashSecret } from '../postgres/people/sessions.ts'

const ATTEMPT_MS = 10 * MINUTE_MS
/** Longer than a token lasts: the clock of the node may be set back a little. */
const USED_KEPT_MS = 2 * ATTEMPT_MS
const TOKEN = /^[A-Za-z0-9_-]{40,2000}$/
const RANDOM_SIZE = 16

export type Attempts = {
  /** What the person must bring back. */
  begin(kind: string, facts: Json): string
  /** The facts of a token of ours that is not over, whether it was used or not. */
  look(kind: string, token: string): Json | undefined
  /** True once for each token. */
  use(kind: string, token: string): Promise<boolean>
}

export type AttemptParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly randomBytes: (size: number) => Uint8Array
  readonly nowMs?: () => number
}

type Sealed = { readonly until: number; readonly random: string; readonly facts: Json }

export function postgresAttempts(parts: AttemptParts): Attempts {
  const { database, atRest, randomBytes, nowMs = Date.now } = parts
  const context = (kind: string) => `sign-in-attempt/${kind}`

  function opened(kind: string, token: string): Sealed | undefined {
    if (!TOKEN.test(token)) return undefined
    try {
      const bytes = atRest.tokens.open(context(kind), Buffer.from(token, 'base64url'))
      return parseJson(bytes) as unknown as Sealed
    } catch (error) {
      // Anybody may bring anything: what we did not seal is no token.
      if (error instanceof ComityError) return undefined
      throw error
    }
  }

  return {
    begin(kind, facts) {
      const random = toHex(randomBytes(RANDOM_SIZE))
      const sealed: Sealed = { until: nowMs() + ATTEMPT_MS, random, facts }
      const bytes = atRest.tokens.seal(context(kind), utf8(JSON.stringify(sealed)))
      return Buffer.from(bytes).toString('base64url')
    },
    look(kind, token) {
      const sealed = opened(kind, token)
      if (!sealed) return undefined
      const leftMs = sealed.until - nowMs()
      // More than was ever given: the clock went back by that much, and nobody knows the time.
      return leftMs <= 0 || leftMs > USED_KEPT_MS ? undefined : sealed.facts
    },
    async use(kind, token) {
      const now = nowMs()
      await database
        .deleteFrom('sign_in_attempt')
        .where('expires_at', '<=', new Date(now))
        .execute()
      const { numInsertedOrUpdatedRows = 0n } = await database
        .insertInto('sign_in_attempt')
        .values({
          // Of its bytes: one token can be written in several ways.
          token_hash: hashSecret(toHex(Buffer.from(token, 'base64url'))),
          kind,
          sealed_facts: atRest.node.seal(context(kind), utf8('used')),
          expires_at: new Date(now + USED_KEPT_MS),
        })
        .onConflict((on) => on.column('token_hash').doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows > 0n
    },
  }
}
