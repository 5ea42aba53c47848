/** Affected persons on PostgreSQL: the contact under a key of its own, the code as a hash. */
import type { PersonsAffected } from '../../../app/ports/persons-affected.ts'
import type { Random } from '../../../app/ports/random.ts'
import { utf8 } from '../../../base/bytes.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import { hashOfTyped, newCode } from '../../sign-in/codes.ts'
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
      const { shown, hash } = newCode('notice', random)
      await database
        .updateTable('affected_person')
        .set({ code_hash: hash })
        .where('id', '=', personId)
        .execute()
      return shown
    },
    async findByCode(typed) {
      const hash = hashOfTyped('notice', typed)
      if (hash === undefined) return undefined
      const row = await database
        .selectFrom('affected_person')
        .select(['id', 'case_id'])
        .where('code_hash', '=', hash)
        .executeTakeFirst()
      return row && { id: row.id, caseId: row.case_id }
    },
  }
}
