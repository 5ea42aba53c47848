/**
 * Setup code and invitations, on PostgreSQL. A code has 110 random bits and stands
 * here as its hash. An invitation's allows a few tries, then it is emptied and an
 * administrator is told: only who was given its address can do that. The setup code has
 * an address that everybody knows, so wrong tries take nothing from it. An unknown
 * invitation is answered as a wrong code is.
 */
import type { Selectable } from 'kysely'
import type { Random } from '../../app/ports/random.ts'
import type { Enrollee, Enrolment, Enrolments } from '../../app/ports/sign-in.ts'
import { toHex, utf8 } from '../../base/bytes.ts'
import { canonicalText, parseJson } from '../../base/canonical-json.ts'
import { isUuid } from '../../base/ids.ts'
import { DAY_MS, HOUR_MS, instantFromMs } from '../../base/time.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import { hashSecret } from '../postgres/people/sessions.ts'
import type { SignInTables } from '../postgres/people/tables.ts'
import { isCode, newCode } from './codes.ts'

const LASTS_MS = { setup: 24 * HOUR_MS, invitation: 7 * DAY_MS } as const
const TRIES = 10

export type EnrolmentParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly random: Random
}

type Row = Selectable<SignInTables['enrolment']>

export function postgresEnrolments({ database, atRest, random }: EnrolmentParts): Enrolments {
  const open = () =>
    database
      .selectFrom('enrolment')
      .selectAll()
      .where('used_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .where('expires_at', '>', new Date())

  function enrolmentOf(row: Row): Enrolment {
    const person = parseJson(atRest.node.open(`enrolment/${row.id}`, row.sealed_person))
    return {
      id: row.id,
      kind: row.kind,
      person: person as unknown as Enrollee,
      invitedBy: row.invited_by ?? undefined,
      createdAt: instantFromMs(row.created_at.getTime()),
      expiresAt: instantFromMs(row.expires_at.getTime()),
      triesLeft: row.tries_left,
    }
  }

  /** One try less, in one statement, so that many at once have no more tries than one after another. */
  async function takeTry(id: string): Promise<Row | undefined> {
    return database
      .updateTable('enrolment')
      .set((set) => ({ tries_left: set('tries_left', '-', 1) }))
      .where('tries_left', '>', 0)
      .where('used_at', 'is', null)
      .where('withdrawn_at', 'is', null)
      .where('expires_at', '>', new Date())
      .where('kind', '=', 'invitation')
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
  }

  return {
    async make(kind, person, invitedBy) {
      const { shown: code, hash } = newCode('enrolment', random)
      const id = random.uuid()
      const now = Date.now()
      const expires = now + LASTS_MS[kind]
      await database.transaction().execute(async (tx) => {
        if (kind === 'setup') {
          await tx
            .updateTable('enrolment')
            .set({ withdrawn_at: new Date(now) })
            .where('kind', '=', 'setup')
            .where('used_at', 'is', null)
            .where('withdrawn_at', 'is', null)
            .execute()
        }
        await tx
          .insertInto('enrolment')
          .values({
            id,
            kind,
            code_hash: hash,
            sealed_person: atRest.node.seal(`enrolment/${id}`, utf8(canonicalText(person))),
            invited_by: invitedBy ?? null,
            created_at: new Date(now),
            expires_at: new Date(expires),
            tries_left: TRIES,
          })
          .execute()
      })
      return { id, code, expiresAt: instantFromMs(expires) }
    },
    async acceptCode(id, typed) {
      const isSetup = id === 'setup'
      if (!isSetup && !isUuid(id)) return undefined
      const row = isSetup
        ? await open().where('kind', '=', 'setup').executeTakeFirst()
        : await takeTry(id)
      if (!row || !isCode('enrolment', typed, row.code_hash)) {
        if (row?.tries_left === 0) await tellEmptied(database, random)
        return undefined
      }
      const ticket = toHex(random.bytes(32))
      await database
        .updateTable('enrolment')
        .set((set) => ({
          accepted_hash: hashSecret(ticket),
          tries_left: set('tries_left', '+', isSetup ? 0 : 1),
        }))
        .where('id', '=', row.id)
        .execute()
      return { ticket }
    },
    async peek(ticket) {
      const row = await open().where('accepted_hash', '=', hashSecret(ticket)).executeTakeFirst()
      return row && enrolmentOf(row)
    },
    async finish(ticket) {
      const row = await database
        .updateTable('enrolment')
        .set({ used_at: new Date(), accepted_hash: null })
        .where('accepted_hash', '=', hashSecret(ticket))
        .where('used_at', 'is', null)
        .where('withdrawn_at', 'is', null)
        .where('expires_at', '>', new Date())
        .returningAll()
        .executeTakeFirst()
      return row && enrolmentOf(row)
    },
    async pending() {
      return (await open().orderBy('created_at').execute()).map(enrolmentOf)
    },
    async withdraw(id) {
      if (!isUuid(id)) return false
      const { numUpdatedRows } = await database
        .updateTable('enrolment')
        .set({ withdrawn_at: new Date() })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
  }
}

async function tellEmptied(database: Database, random: Random): Promise<void> {
  await database
    .insertInto('sign_in_notice')
    .values({ id: random.uuid(), at: new Date(), kind: 'codeEmptied', officer_id: null })
    .execute()
}
