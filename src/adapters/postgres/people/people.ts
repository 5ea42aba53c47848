/**
 * Officers and their signing keys, which are wrapped by the node's key. Their
 * sessions are in sessions.ts.
 */
import type { Transaction } from 'kysely'
import type { NewOfficer, Officer, People } from '../../../app/ports/people.ts'
import type { Random } from '../../../app/ports/random.ts'
import { type Bytes, utf8 } from '../../../base/bytes.ts'
import { invariant } from '../../../base/errors.ts'
import { isUuid } from '../../../base/ids.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import { publicKeyOf, signEd25519 } from '../../node-primitives.ts'
import type { Database, Schema } from '../database.ts'
import { officerOf, WHO } from './officer-row.ts'
import { postgresSessions } from './sessions.ts'

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

  async function officer(id: string): Promise<Officer | undefined> {
    if (!isUuid(id)) return undefined
    const row = await database
      .selectFrom('officer')
      .select(WHO)
      .where('id', '=', id)
      .where('left_at', 'is', null)
      .executeTakeFirst()
    return row && officerOf(parts.atRest, row)
  }

  return {
    officer,
    async officers() {
      const rows = await database
        .selectFrom('officer')
        .select(WHO)
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
    ...postgresSessions({
      ...{ database, random, officer },
      ownerOf: (row) => officerOf(parts.atRest, row),
    }),
    async signAs(handle, by, message) {
      const known = privateKeys.get(by) ?? (await privateKeyOf(parts.atRest, handle, by))
      if (!known) return undefined
      privateKeys.set(by, known)
      return signEd25519(known, message)
    },
  }
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
