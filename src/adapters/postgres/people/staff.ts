/** Accounts and the notes about people on PostgreSQL. */
import { sql } from 'kysely'
import type { Account, OpenWork, Staff } from '../../../app/ports/staff.ts'
import { fromHex, textFromUtf8, toHex, utf8 } from '../../../base/bytes.ts'
import type { Role } from '../../../core/case/recorded.ts'
import type { SaltedNote } from '../../../core/people/note.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'

export function postgresStaff({
  database,
  atRest,
}: {
  readonly database: Database
  readonly atRest: AtRest
}): Staff {
  return {
    async everyone() {
      const rows = await database
        .selectFrom('officer')
        .select(['id', 'sealed_name', 'roles', 'left_at'])
        .orderBy('id')
        .execute()
      return rows.map(
        (row): Account => ({
          id: row.id,
          name: textFromUtf8(atRest.node.open(`officer/${row.id}/name`, row.sealed_name)),
          roles: row.roles as Role[],
          isClosed: row.left_at !== null,
        }),
      )
    },
    async setRoles(officer, roles) {
      await database
        .updateTable('officer')
        .set({ roles: [...roles] })
        .where('id', '=', officer)
        .execute()
    },
    async close(officer) {
      await database.transaction().execute(async (tx) => {
        await tx
          .updateTable('officer')
          .set({ left_at: sql`coalesce(left_at, now())` })
          .where('id', '=', officer)
          .execute()
        await tx.deleteFrom('session').where('officer_id', '=', officer).execute()
      })
    },
    async reopen(officer) {
      await database
        .updateTable('officer')
        .set({ left_at: null })
        .where('id', '=', officer)
        .execute()
    },
    async destroySigningKey(officer) {
      await database
        .updateTable('officer')
        .set({ wrapped_private_key: new Uint8Array() })
        .where('id', '=', officer)
        .execute()
    },
    async openWork(officer) {
      const tasks = await database
        .selectFrom('work_task')
        .select('case_id as caseId')
        .where('assignee', '=', officer)
        .where('done_at', 'is', null)
        .execute()
      const reviews = await database
        .selectFrom('p_case_tie')
        .select('stream_id as caseId')
        .where('kind', '=', 'reviewer')
        .where('value', '=', officer)
        .execute()
      return [
        ...tasks.map(({ caseId }): OpenWork => ({ kind: 'task', caseId })),
        ...reviews.map(({ caseId }): OpenWork => ({ kind: 'review', caseId })),
      ]
    },
    async handOverTasks(from, to) {
      const { numUpdatedRows } = await database
        .updateTable('work_task')
        .set({ assignee: to })
        .where('assignee', '=', from)
        .where('done_at', 'is', null)
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },
    async keepNote(digest, note) {
      await database
        .insertInto('people_note')
        .values({
          digest: fromHex(digest),
          sealed_note: atRest.node.seal(`people-note/${digest}`, utf8(JSON.stringify(note))),
        })
        .onConflict((on) => on.doNothing())
        .execute()
    },
    async notes() {
      const rows = await database.selectFrom('people_note').selectAll().execute()
      return new Map(
        rows.map((row) => {
          const digest = toHex(new Uint8Array(row.digest))
          const bytes = atRest.node.open(`people-note/${digest}`, row.sealed_note)
          return [digest, JSON.parse(textFromUtf8(bytes)) as SaltedNote]
        }),
      )
    },
  }
}
