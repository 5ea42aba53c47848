/** Affected persons on PostgreSQL: the contact under a key of its own, the code as a hash. */
import type { PersonsAffected } from '../../../app/ports/persons-affected.ts'
import type { Random } from '../../../app/ports/random.ts'
import { utf8 } from '../../../base/bytes.ts'
import { ComityError } from '../../../base/errors.ts'
import {
  CODE_RANDOM_BYTES,
  displayCode,
  newReceiptCode,
  readReceiptCode,
} from '../../../wire/intake/receipt-code.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import { nodePrimitives } from '../../node-primitives.ts'
import type { Database } from '../database.ts'

export function postgresPersonsAffected(
  database: Database,
  atRest: AtRest,
  random: Random,
): PersonsAffected {
  return {
    async add({ id, caseId, contact }) {
      const wrapped = atRest.newKey()
      await database
        .insertInto('affected_person')
        .values({
          id,
          case_id: caseId,
          wrapped_key: wrapped,
          sealed_contact: atRest.unwrap(wrapped).seal(`person/${id}/contact`, utf8(contact)),
          code_hash: null,
        })
        .execute()
    },
    async newCode(personId) {
      const code = newReceiptCode(nodePrimitives, random.bytes(CODE_RANDOM_BYTES))
      await database
        .updateTable('affected_person')
        .set({ code_hash: codeHash(code) })
        .where('id', '=', personId)
        .execute()
      return displayCode(code)
    },
    async findByCode(typed) {
      const code = readable(typed)
      if (code === undefined) return undefined
      const row = await database
        .selectFrom('affected_person')
        .select(['id', 'case_id'])
        .where('code_hash', '=', codeHash(code))
        .executeTakeFirst()
      return row && { id: row.id, caseId: row.case_id }
    },
  }
}

/** A code that cannot be one is treated like one that nobody has. */
function readable(typed: string): string | undefined {
  try {
    return readReceiptCode(nodePrimitives, typed)
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}

/** Codes carry 110 random bits, so one hash is enough to store them by. */
function codeHash(code: string): Uint8Array {
  return nodePrimitives.sha256(utf8(`comity/notice-code/v1\n${code}`))
}
