/**
 * Sessions and one-time sign-ins. A secret is 256 random bits and stands here as
 * its hash. A session ends an hour after it was last used, and after half a day
 * in any case; it never lives on under the secret that it had before a proof.
 */
import type { ExpressionBuilder, Selectable } from 'kysely'
import type { Officer, People, Session } from '../../../app/ports/people.ts'
import type { Random } from '../../../app/ports/random.ts'
import { type Bytes, toHex, utf8 } from '../../../base/bytes.ts'
import { isUuid } from '../../../base/ids.ts'
import {
  addMs,
  DAY_MS,
  HOUR_MS,
  type Instant,
  instantFromMs,
  MINUTE_MS,
} from '../../../base/time.ts'
import { nodePrimitives } from '../../node-primitives.ts'
import type { Database, Schema } from '../database.ts'
import { OF_OFFICER, type OfficerRow } from './officer-row.ts'
import type { SignInTables } from './tables.ts'

const ONE_TIME_MS = 10 * MINUTE_MS
const SESSION_IDLE_MS = HOUR_MS
const SESSION_MS = DAY_MS / 2
/** So much later than it was written a session may have been used. */
const SEEN_MS = MINUTE_MS
const SECRET = /^[0-9a-f]{64}$/
/**
 * How far the clock may go back. By more, nobody knows how old anything is, so what was
 * used later than now counts no more: a session that ended must not come to life again.
 */
const SET_BACK_MS = MINUTE_MS

export type SessionParts = {
  readonly database: Database
  readonly random: Random
  /** Whoever has left is nobody's officer: their sessions are worth nothing. */
  readonly officer: (id: string) => Promise<Officer | undefined>
  readonly ownerOf: (row: OfficerRow) => Officer
}

type Sessions = Omit<People, 'officers' | 'officer' | 'enrol'>

export function postgresSessions(parts: SessionParts): Sessions {
  const { database, random, ownerOf } = parts
  const now = () => instantFromMs(Date.now())
  const newSecret = () => toHex(random.bytes(32))

  const live = () =>
    ({
      notExpired: new Date(now()),
      notIdle: new Date(addMs(now(), -SESSION_IDLE_MS)),
      notAhead: new Date(addMs(now(), SET_BACK_MS)),
    }) as const

  /** The live session and whose it is; that it was used is written once a minute: it costs a commit. */
  async function seen(idHash: Uint8Array) {
    const { notExpired, notIdle, notAhead } = live()
    const isLive = (of: ExpressionBuilder<Schema, 'session'>) =>
      of.and([
        of('id_hash', '=', idHash),
        of('expires_at', '>', notExpired),
        of('last_seen_at', '>', notIdle),
        of('last_seen_at', '<=', notAhead),
      ])
    const row = await database
      .selectFrom('session')
      .where(isLive)
      .innerJoin('officer', 'officer.id', 'session.officer_id')
      .where('officer.left_at', 'is', null)
      .selectAll('session')
      .select(OF_OFFICER)
      .executeTakeFirst()
    if (!row) return undefined
    const owner = ownerOf({ ...row, id: row.officer_id })
    if (Math.abs(Date.now() - row.last_seen_at.getTime()) < SEEN_MS) return { row, owner }
    const renewed = await database
      .updateTable('session')
      .set({ last_seen_at: now() })
      .where(isLive)
      .returningAll()
      .executeTakeFirst()
    return renewed && { row: renewed, owner }
  }

  return {
    ...oneTimeSignIns(parts),
    async openSession(officerId, { method, provedAt }) {
      const secret = newSecret()
      await database
        .insertInto('session')
        .values({
          id_hash: hashSecret(secret),
          id: random.uuid(),
          officer_id: officerId,
          method,
          created_at: now(),
          last_seen_at: now(),
          expires_at: addMs(now(), SESSION_MS),
          stepped_up_at: provedAt ?? null,
          form_key: random.bytes(32),
        })
        .execute()
      return secret
    },
    async session(secret) {
      if (!SECRET.test(secret)) return undefined
      const found = await seen(hashSecret(secret))
      return found && { ...found.owner, session: sessionOf(found.row) }
    },
    async stepUp(sessionId, officerId, { provedAt }) {
      if (!isUuid(sessionId)) return undefined
      const secret = newSecret()
      const { notExpired, notIdle, notAhead } = live()
      const row = await database
        .updateTable('session')
        .set({
          id_hash: hashSecret(secret),
          last_seen_at: now(),
          ...(provedAt ? { stepped_up_at: provedAt } : {}),
        })
        .where('id', '=', sessionId)
        .where('officer_id', '=', officerId)
        .where('expires_at', '>', notExpired)
        .where('last_seen_at', '>', notIdle)
        .where('last_seen_at', '<=', notAhead)
        .returning('id')
        .executeTakeFirst()
      return row && secret
    },
    async signOut(secret) {
      if (!SECRET.test(secret)) return
      await database.deleteFrom('session').where('id_hash', '=', hashSecret(secret)).execute()
    },
    async sessionsOf(officerId) {
      const { notExpired, notIdle, notAhead } = live()
      const rows = await database
        .selectFrom('session')
        .selectAll()
        .where('officer_id', '=', officerId)
        .where('expires_at', '>', notExpired)
        .where('last_seen_at', '>', notIdle)
        .where('last_seen_at', '<=', notAhead)
        .orderBy('created_at', 'desc')
        .execute()
      return rows.map(sessionOf)
    },
    async revokeSession(officerId, sessionId) {
      if (!isUuid(sessionId)) return false
      const { numDeletedRows } = await database
        .deleteFrom('session')
        .where('id', '=', sessionId)
        .where('officer_id', '=', officerId)
        .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
    async revokeSessions(officerId, exceptSessionId) {
      let those = database.deleteFrom('session').where('officer_id', '=', officerId)
      if (exceptSessionId) those = those.where('id', '!=', exceptSessionId)
      const { numDeletedRows } = await those.executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

type OneTimeSignIns = Pick<People, 'newOneTimeSignIn' | 'peekOneTimeSignIn' | 'useOneTimeSignIn'>

function oneTimeSignIns({ database, random, officer }: SessionParts): OneTimeSignIns {
  const now = () => instantFromMs(Date.now())
  return {
    async newOneTimeSignIn(officerId) {
      const secret = toHex(random.bytes(32))
      await database
        .insertInto('one_time_sign_in')
        .values({
          token_hash: hashSecret(secret),
          officer_id: officerId,
          expires_at: addMs(now(), ONE_TIME_MS),
        })
        .execute()
      return secret
    },
    async peekOneTimeSignIn(secret) {
      if (!SECRET.test(secret)) return undefined
      const row = await database
        .selectFrom('one_time_sign_in')
        .select('officer_id')
        .where('token_hash', '=', hashSecret(secret))
        .where('used_at', 'is', null)
        .where('expires_at', '>', new Date(now()))
        .where('expires_at', '<=', new Date(addMs(now(), ONE_TIME_MS + SET_BACK_MS)))
        .executeTakeFirst()
      return row && officer(row.officer_id)
    },
    async useOneTimeSignIn(secret) {
      if (!SECRET.test(secret)) return undefined
      const row = await database
        .updateTable('one_time_sign_in')
        .set({ used_at: now() })
        .where('token_hash', '=', hashSecret(secret))
        .where('used_at', 'is', null)
        .where('expires_at', '>', new Date(now()))
        .where('expires_at', '<=', new Date(addMs(now(), ONE_TIME_MS + SET_BACK_MS)))
        .returning('officer_id')
        .executeTakeFirst()
      return row && officer(row.officer_id)
    },
  }
}

/** Secrets carry 256 random bits, so one hash is enough to store them by. */
export function hashSecret(secret: string): Bytes {
  return nodePrimitives.sha256(utf8(`comity/secret/v1\n${secret}`)) as Bytes
}

function sessionOf(row: Selectable<SignInTables['session']>): Session {
  return {
    id: row.id,
    method: row.method,
    signedInAt: instantOf(row.created_at),
    lastSeenAt: instantOf(row.last_seen_at),
    expiresAt: instantOf(row.expires_at),
    steppedUpAt: row.stepped_up_at ? instantOf(row.stepped_up_at) : undefined,
    formKey: new Uint8Array(row.form_key),
  }
}

const instantOf = (at: Date): Instant => instantFromMs(at.getTime())
