/**
 * Officers, sessions and demonstration sign-in links. Secrets are stored as
 * hashes; signing keys are wrapped by the node's key.
 */
import type { Transaction } from 'kysely'
import type { NewOfficer, Officer, People } from '../../../app/ports/people.ts'
import type { Random } from '../../../app/ports/random.ts'
import { type Bytes, textFromUtf8, toHex, utf8 } from '../../../base/bytes.ts'
import { invariant } from '../../../base/errors.ts'
import { isUuid } from '../../../base/ids.ts'
import { addMs, DAY_MS, HOUR_MS, instantFromMs, MINUTE_MS } from '../../../base/time.ts'
import type { Role } from '../../../core/case/recorded.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../node-primitives.ts'
import type { Database, Schema } from '../database.ts'
import type { KernelTables } from '../streams/tables.ts'

const LINK_MS = 10 * MINUTE_MS
const SESSION_IDLE_MS = HOUR_MS
const SESSION_MS = DAY_MS / 2
const SECRET = /^[0-9a-f]{64}$/

export type PeopleParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly random: Random
}

export type PostgresPeople = People & {
  /** `undefined` if `by` is no officer of this node. */
  signAs(
    database: Database | Transaction<Schema>,
    by: string,
    message: Uint8Array,
  ): Promise<Bytes | undefined>
}

export function postgresPeople(parts: PeopleParts): PostgresPeople {
  const { database, random } = parts
  const privateKeys = new Map<string, Uint8Array>()
  const now = () => instantFromMs(Date.now())

  async function officer(id: string): Promise<Officer | undefined> {
    const row = await database
      .selectFrom('officer')
      .selectAll()
      .where('id', '=', id)
      .where('left_at', 'is', null)
      .executeTakeFirst()
    return row && officerOf(parts.atRest, row)
  }

  async function ownerOfLink(secret: string, use: boolean): Promise<Officer | undefined> {
    if (!SECRET.test(secret)) return undefined
    const unused = { hash: hashSecret(secret), now: now() }
    const row = use
      ? await database
          .updateTable('sign_in_link')
          .set({ used_at: unused.now })
          .where('token_hash', '=', unused.hash)
          .where('used_at', 'is', null)
          .where('expires_at', '>', new Date(unused.now))
          .returning('officer_id')
          .executeTakeFirst()
      : await database
          .selectFrom('sign_in_link')
          .select('officer_id')
          .where('token_hash', '=', unused.hash)
          .where('used_at', 'is', null)
          .where('expires_at', '>', new Date(unused.now))
          .executeTakeFirst()
    return row && officer(row.officer_id)
  }

  return {
    officer,
    async officers() {
      const rows = await database
        .selectFrom('officer')
        .selectAll()
        .where('left_at', 'is', null)
        .orderBy('id')
        .execute()
      return rows.map((row) => officerOf(parts.atRest, row))
    },
    async enrol(person) {
      const seed = random.bytes(32)
      await database
        .insertInto('officer')
        .values({ ...officerRow(parts.atRest, person, seed), left_at: null })
        .execute()
      const enrolled = await officer(person.id)
      invariant(enrolled, 'an enrolled officer exists')
      return enrolled
    },
    async newSignInLink(officerId) {
      const secret = toHex(random.bytes(32))
      await database
        .insertInto('sign_in_link')
        .values({
          token_hash: hashSecret(secret),
          officer_id: officerId,
          expires_at: addMs(now(), LINK_MS),
        })
        .execute()
      return secret
    },
    peekSignInLink: (secret) => ownerOfLink(secret, false),
    async signIn(linkSecret) {
      const owner = await ownerOfLink(linkSecret, true)
      if (!owner) return undefined
      const secret = toHex(random.bytes(32))
      await database
        .insertInto('session')
        .values({
          id_hash: hashSecret(secret),
          officer_id: owner.id,
          created_at: now(),
          last_seen_at: now(),
          expires_at: addMs(now(), SESSION_MS),
        })
        .execute()
      return secret
    },
    async session(secret) {
      if (!SECRET.test(secret)) return undefined
      const row = await database
        .updateTable('session')
        .set({ last_seen_at: now() })
        .where('id_hash', '=', hashSecret(secret))
        .where('expires_at', '>', new Date(now()))
        .where('last_seen_at', '>', new Date(addMs(now(), -SESSION_IDLE_MS)))
        .returning('officer_id')
        .executeTakeFirst()
      return row && officer(row.officer_id)
    },
    async signOut(secret) {
      if (!SECRET.test(secret)) return
      await database.deleteFrom('session').where('id_hash', '=', hashSecret(secret)).execute()
    },
    async signAs(handle, by, message) {
      const known = privateKeys.get(by) ?? (await privateKeyOf(parts.atRest, handle, by))
      if (!known) return undefined
      privateKeys.set(by, known)
      return signEd25519(known, message)
    },
  }
}

/** Secrets carry 256 random bits, so one hash is enough to store them by. */
function hashSecret(secret: string): Bytes {
  return nodePrimitives.sha256(utf8(`comity/secret/v1\n${secret}`)) as Bytes
}

async function privateKeyOf(
  atRest: AtRest,
  database: Database | Transaction<Schema>,
  id: string,
): Promise<Uint8Array | undefined> {
  if (!isUuid(id)) return undefined
  const row = await database
    .selectFrom('officer')
    .select('wrapped_private_key')
    .where('id', '=', id)
    .executeTakeFirst()
  return row && atRest.node.open(`officer/${id}/private-key`, row.wrapped_private_key)
}

function officerRow(atRest: AtRest, person: NewOfficer, seed: Uint8Array) {
  return {
    id: person.id,
    sealed_name: atRest.node.seal(`officer/${person.id}/name`, utf8(person.name)),
    roles: [...person.roles],
    public_key: publicKeyOf(seed),
    wrapped_private_key: atRest.node.seal(`officer/${person.id}/private-key`, seed),
    sealing_recipient: person.sealingRecipient ?? null,
    intake_layer: person.intakeLayer ?? null,
  }
}

type OfficerRow = Omit<KernelTables['officer'], 'left_at'>

function officerOf(atRest: AtRest, row: OfficerRow): Officer {
  return {
    id: row.id,
    name: textFromUtf8(atRest.node.open(`officer/${row.id}/name`, row.sealed_name)),
    roles: row.roles as Role[],
    publicKey: new Uint8Array(row.public_key),
    sealingRecipient: row.sealing_recipient ?? undefined,
    intakeLayer: row.intake_layer ?? undefined,
  }
}
