/** What is left of erased cases, on PostgreSQL. */
import type { Erasures } from '../../../app/ports/erasures.ts'
import type { Database } from '../database.ts'
import { clearRows, ERASED } from './erase-stream.ts'

/** Answers that are looked at in one turn of the job. */
const AWAITED_AT_ONCE = 100

export function postgresErasures(database: Database): Erasures {
  const erased = () => database.selectFrom('stream').select('id').where('kind', '=', ERASED)
  return {
    async leftExhibits() {
      const rows = await database
        .selectFrom('exhibit_blob')
        .select('exhibit_id')
        .where('case_id', 'in', erased())
        .execute()
      return rows.map(({ exhibit_id }) => exhibit_id)
    },
    async forgetExhibit(exhibitId) {
      await database
        .deleteFrom('exhibit_blob')
        .where('exhibit_id', '=', exhibitId)
        .where('case_id', 'in', erased())
        .execute()
    },
    async clearRows() {
      for (const { id } of await erased().execute()) {
        await database.transaction().execute((tx) => clearRows(tx, id))
      }
    },
    async awaitedReceipts() {
      const rows = await database
        .selectFrom('awaited_receipt')
        .selectAll()
        .orderBy('stream_id')
        .orderBy('version')
        .limit(AWAITED_AT_ONCE)
        .execute()
      return rows.map(({ stream_id, version }) => ({ caseId: stream_id, version }))
    },
    async logIds(caseId) {
      const rows = await database
        .selectFrom('erased_event')
        .select('log_id')
        .where('stream_id', '=', caseId)
        .orderBy('version')
        .execute()
      return rows.map(({ log_id }) => log_id)
    },
  }
}
