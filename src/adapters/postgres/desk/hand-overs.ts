/** Hand-over packages on PostgreSQL, sealed under the key of their case. */
import type { HandOvers } from '../../../app/ports/hand-overs.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { caseKey } from './records.ts'

const context = (id: string, what: 'package' | 'receipt') => `hand-over/${id}/${what}`

export function postgresHandOvers(database: Database, atRest: AtRest): HandOvers {
  return {
    async keep(caseId, id, archive) {
      const key = await caseKey(database, atRest, caseId)
      const sealed_package = key.seal(context(id, 'package'), archive)
      await database
        .insertInto('hand_over')
        .values({ id, case_id: caseId, sealed_package })
        .execute()
    },
    async kept(caseId, id) {
      const row = await database
        .selectFrom('hand_over')
        .select('sealed_package')
        .where('id', '=', id)
        .where('case_id', '=', caseId)
        .executeTakeFirst()
      if (!row) return undefined
      const key = await caseKey(database, atRest, caseId)
      return key.open(context(id, 'package'), row.sealed_package)
    },
    async keepReceipt(caseId, id, receipt) {
      const key = await caseKey(database, atRest, caseId)
      await database
        .updateTable('hand_over')
        .set({ sealed_receipt: key.seal(context(id, 'receipt'), receipt) })
        .where('id', '=', id)
        .where('case_id', '=', caseId)
        .execute()
    },
  }
}
