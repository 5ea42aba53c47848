/** Accounts and the notes about people on PostgreSQL. */
import { sql } from 'kysely'
import {
  type Account,
  type OpenWork,
  PROVIDER_MEANS,
  type Staff,
} from '../../../app/ports/staff.ts'
import { fromHex, textFromUtf8, toHex, utf8 } from '../../../base/bytes.ts'
import type { Role } from '../../../core/case/recorded.ts'
import type { SaltedNote } from '../../../core/people/note.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'

type StaffParts = { readonly database: Database; readonly atRest: AtRest }

export function postgresStaff({ database, atRest }: StaffParts): Staff {
  const accounts = () =>
    database.selectFrom('officer').select(['id', 'sealed_name', 'roles', 'left_at']).orderBy('id')
  const accountOf = (row: Awaited<ReturnType<ReturnType<typeof accounts>['execute']>>[number]) => ({
    id: row.id,
    name: textFromUtf8(atRest.node.open(`officer/${row.id}/name`, row.sealed_name)),
    roles: row.roles as Role[],
    isClosed: row.left_at !== null,
  })
  return {
    ...suspensions({ database }),
    async everyone() {
      return (await accounts().execute()).map((row): Account => accountOf(row))
    },
    async suspended() {
      // Who was leaving before is kept first: an account that is being ended waits for nobody.
      const those = accounts().where(sql<boolean>`left_at >= suspended_at`)
      return (await those.execute()).map((row): Account => accountOf(row))
    },
    async setRoles(officer, roles) {
      await database.transaction().execute(async (tx) => {
        const those = tx.selectFrom('officer').select('roles').where('id', '=', officer)
        const before = await those.forUpdate().executeTakeFirst()
        await tx
          .updateTable('officer')
          .set({ roles: [...roles] })
          .where('id', '=', officer)
          .execute()
        if (!before?.roles.some((role) => !roles.some((kept) => kept === role))) return
        await tx.deleteFrom('calendar_password').where('officer_id', '=', officer).execute()
      })
    },
    async close(officer) {
      await database.transaction().execute(async (tx) => {
        await tx
          .updateTable('officer')
          .set({ left_at: sql`coalesce(left_at, now())` })
          .where('id', '=', officer)
          .execute()
        await tx.deleteFrom('session').where('officer_id', '=', officer).execute()
        await tx.deleteFrom('calendar_password').where('officer_id', '=', officer).execute()
      })
    },
    async reopen(officer) {
      await database
        .updateTable('officer')
        .set({ left_at: sql`suspended_at` })
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

function suspensions({
  database,
}: Pick<StaffParts, 'database'>): Pick<Staff, 'suspend' | 'confirm' | 'meansOf'> {
  return {
    async suspend(officer) {
      await database.transaction().execute(async (tx) => {
        await tx
          .updateTable('officer')
          .set({ left_at: sql`coalesce(left_at, now())`, suspended_at: sql`now()` })
          .where('id', '=', officer)
          .where('suspended_at', 'is', null)
          .execute()
        await tx.deleteFrom('session').where('officer_id', '=', officer).execute()
        await tx.deleteFrom('calendar_password').where('officer_id', '=', officer).execute()
      })
    },
    async confirm(officer, means) {
      const keptProviders = means.flatMap((one) =>
        one.startsWith(PROVIDER_MEANS) ? [one.slice(PROVIDER_MEANS.length)] : [],
      )
      await database.transaction().execute(async (tx) => {
        // An account that is open already keeps what it has got since.
        const account = await tx
          .updateTable('officer')
          .set({ left_at: null, suspended_at: null })
          .where('id', '=', officer)
          .where('suspended_at', 'is not', null)
          .executeTakeFirst()
        if (account.numUpdatedRows === 0n) return
        await tx
          .deleteFrom('passkey')
          .where('officer_id', '=', officer)
          .where(sql`id::text`, '<>', sql`all (${[...means]}::text[])`)
          .execute()
        await tx
          .deleteFrom('oidc_account')
          .where('officer_id', '=', officer)
          .where(sql`provider`, '<>', sql`all (${keptProviders}::text[])`)
          .execute()
      })
    },
    async meansOf(officer) {
      const [passkeys, providers] = await Promise.all([
        database.selectFrom('passkey').select('id').where('officer_id', '=', officer).execute(),
        database
          .selectFrom('oidc_account')
          .select('provider')
          .where('officer_id', '=', officer)
          .execute(),
      ])
      return [
        ...passkeys.map(({ id }) => id),
        ...providers.map(({ provider }) => PROVIDER_MEANS + provider),
      ]
    },
  }
}
