/**
 * Guest links on PostgreSQL. Code and session stand here as hashes, the name sealed
 * under the key of its case. An unknown link is answered as a wrong code is.
 */
import type { Selectable } from 'kysely'
import type { GuestLink, Guests } from '../../app/ports/guests.ts'
import type { Random } from '../../app/ports/random.ts'
import { textFromUtf8, toHex, utf8 } from '../../base/bytes.ts'
import { isUuid } from '../../base/ids.ts'
import { DAY_MS, HOUR_MS, instantFromMs } from '../../base/time.ts'
import { LOOKS_MAX } from '../../core/access/guests.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import { caseKey } from '../postgres/desk/records.ts'
import type { WorkTables } from '../postgres/desk/tables.ts'
import { hashSecret } from '../postgres/people/sessions.ts'
import { isCode, newCode } from './codes.ts'

const TRIES = 5
const SESSION_MS = HOUR_MS
const SECRET = /^[0-9a-f]{64}$/

export type GuestParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly random: Random
  readonly nowMs?: () => number
}

type Row = Selectable<WorkTables['guest_link']>

const nameContext = (id: string) => `guest-link/${id}/name`

export function postgresGuests({ database, atRest, random, nowMs = Date.now }: GuestParts): Guests {
  const after = (ms: number) => new Date(nowMs() + ms)

  const live = (linkId: string) =>
    database
      .updateTable('guest_link')
      .where('id', '=', linkId)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', after(0))

  async function linkOf(row: Row): Promise<GuestLink> {
    const key = await caseKey(database, atRest, row.case_id)
    return {
      id: row.id,
      caseId: row.case_id,
      person: row.person,
      name: textFromUtf8(key.open(nameContext(row.id), row.sealed_name)),
      expiresAt: instantFromMs(row.expires_at.getTime()),
      triesLeft: row.tries_left,
      isEnded: row.ended_at !== null,
    }
  }

  return {
    async make({ caseId, person, name, days }) {
      const id = random.uuid()
      const { shown, hash } = newCode('guest', random)
      const key = await caseKey(database, atRest, caseId)
      await database
        .insertInto('guest_link')
        .values({
          id,
          case_id: caseId,
          person,
          sealed_name: key.seal(nameContext(id), utf8(name)),
          code_hash: hash,
          created_at: after(0),
          expires_at: after(days * DAY_MS),
          tries_left: TRIES,
          looks_left: LOOKS_MAX,
        })
        .execute()
      return { linkId: id, code: shown }
    },
    async acceptCode(linkId, typed) {
      if (!isUuid(linkId)) return undefined
      // In one statement, so that many at once have no more tries than one after another.
      const row = await live(linkId)
        .set((set) => ({ tries_left: set('tries_left', '-', 1) }))
        .where('tries_left', '>', 0)
        .returningAll()
        .executeTakeFirst()
      if (!row || !isCode('guest', typed, row.code_hash)) return undefined
      const given = await live(linkId)
        .set((set) => ({ tries_left: set('tries_left', '+', 1) }))
        .returningAll()
        .executeTakeFirst()
      return given && linkOf(given)
    },
    async openSession(linkId) {
      const secret = toHex(random.bytes(32))
      await live(linkId)
        .set({ session_hash: hashSecret(secret), session_expires_at: after(SESSION_MS) })
        .execute()
      return secret
    },
    async look(linkId, secret) {
      if (!isUuid(linkId) || !SECRET.test(secret)) return undefined
      const row = await live(linkId)
        .set((set) => ({ looks_left: set('looks_left', '-', 1) }))
        .where('looks_left', '>', 0)
        .where('session_hash', '=', hashSecret(secret))
        .where('session_expires_at', '>', after(0))
        .returningAll()
        .executeTakeFirst()
      return row && linkOf(row)
    },
    async present(linkId, secret) {
      if (!isUuid(linkId) || !SECRET.test(secret)) return undefined
      const row = await database
        .selectFrom('guest_link')
        .selectAll()
        .where('id', '=', linkId)
        .where('ended_at', 'is', null)
        .where('expires_at', '>', after(0))
        .where('session_hash', '=', hashSecret(secret))
        .where('session_expires_at', '>', after(0))
        .executeTakeFirst()
      return row && linkOf(row)
    },
    async closeSession(linkId, secret) {
      if (!isUuid(linkId) || !SECRET.test(secret)) return
      await live(linkId)
        .set({ session_hash: null, session_expires_at: null })
        .where('session_hash', '=', hashSecret(secret))
        .execute()
    },
    async end(linkId) {
      await live(linkId)
        .set({ ended_at: after(0), session_hash: null, session_expires_at: null })
        .execute()
    },
    async of(caseId) {
      const rows = await database
        .selectFrom('guest_link')
        .selectAll()
        .where('case_id', '=', caseId)
        .orderBy('created_at', 'desc')
        .limit(200)
        .execute()
      return Promise.all(rows.map(linkOf))
    },
  }
}
