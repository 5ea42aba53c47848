/** Tasks, notes and what waits, on PostgreSQL. Texts are sealed under the key of their case. */
import { sql } from 'kysely'
import type { NewTask, OverdueThing, Task, Waiting, WorkRecords } from '../../../app/ports/work.ts'
import { textFromUtf8, utf8 } from '../../../base/bytes.ts'
import { unavailable } from '../../../base/errors.ts'
import { type CalendarDate, type Instant, instantFromMs } from '../../../base/time.ts'
import type { AtRest, ColumnKey } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { duesFor } from '../projections/due.ts'
import { titleContext } from '../projections/list-rows.ts'
import { OVERDUE_AT } from '../projections/overdue.ts'

/** More than anybody has; a list that is longer helps nobody. */
const LIST_MAX = 200
/** Looked at in one run; the next run goes on. */
const ESCALATED_MAX = 1000

const taskContext = (id: string) => `work-task/${id}`
const noteContext = (id: string) => `work-note/${id}`
const at = (date: Date) => instantFromMs(date.getTime())

/** The key of a case's columns. @throws ComityError `unavailable` if there is no such stream */
export async function caseKey(
  database: Database,
  atRest: AtRest,
  caseId: string,
): Promise<ColumnKey> {
  const row = await database
    .selectFrom('stream')
    .select('wrapped_key')
    .where('id', '=', caseId)
    .executeTakeFirst()
  if (!row) throw unavailable('the case has no key')
  return atRest.unwrap(row.wrapped_key)
}

/** `database`: also a transaction that the task belongs to. */
export async function insertTask(database: Database, atRest: AtRest, task: NewTask): Promise<void> {
  const key = await caseKey(database, atRest, task.caseId)
  await database
    .insertInto('work_task')
    .values({
      id: task.id,
      case_id: task.caseId,
      sealed_title: key.seal(taskContext(task.id), utf8(task.title)),
      assignee: task.assignee,
      due_on: task.dueOn,
      created_by: task.createdBy,
      created_at: task.createdAt,
    })
    .execute()
}

export function workRecords(database: Database, atRest: AtRest): WorkRecords {
  return {
    addTask: (task) => insertTask(database, atRest, task),
    async finishTask({ caseId, taskId, by, at: doneAt }) {
      const { numUpdatedRows } = await database
        .updateTable('work_task')
        .set({ done_at: doneAt, done_by: by })
        .where('id', '=', taskId)
        .where('case_id', '=', caseId)
        .where('done_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async tasksOf(caseId) {
      const rows = await database
        .selectFrom('work_task')
        .selectAll()
        .where('case_id', '=', caseId)
        .orderBy(sql`done_at nulls first`)
        .orderBy(sql`due_on nulls last`)
        .orderBy('created_at')
        .limit(LIST_MAX)
        .execute()
      if (rows.length === 0) return []
      const key = await caseKey(database, atRest, caseId)
      return rows.map((row) => taskOf(row, key))
    },
    async openTasksFor(officer) {
      const rows = await database
        .selectFrom('work_task')
        .innerJoin('p_case', 'p_case.stream_id', 'work_task.case_id')
        .innerJoin('stream', 'stream.id', 'work_task.case_id')
        .selectAll('work_task')
        .select(['p_case.sealed_title as case_title', 'p_case.opened_at', 'stream.wrapped_key'])
        .where('assignee', '=', officer)
        .where('done_at', 'is', null)
        .orderBy(sql`due_on nulls last`)
        .orderBy('created_at')
        .limit(LIST_MAX)
        .execute()
      return rows.map((row) => {
        const key = atRest.unwrap(row.wrapped_key)
        const title = titleOf(row.case_id, row.case_title, key)
        return { ...taskOf(row, key), caseTitle: title, caseOpenedAt: at(row.opened_at) }
      })
    },
    async addNote(note) {
      const key = await caseKey(database, atRest, note.caseId)
      await database
        .insertInto('work_note')
        .values({
          id: note.id,
          case_id: note.caseId,
          sealed_text: key.seal(noteContext(note.id), utf8(note.text)),
          written_by: note.writtenBy,
          written_at: note.writtenAt,
        })
        .execute()
    },
    async notesOf(caseId) {
      const rows = await database
        .selectFrom('work_note')
        .selectAll()
        .where('case_id', '=', caseId)
        .orderBy('written_at', 'desc')
        .orderBy('id', 'desc')
        .limit(LIST_MAX)
        .execute()
      if (rows.length === 0) return []
      const key = await caseKey(database, atRest, caseId)
      return rows.map((row) => ({
        id: row.id,
        caseId,
        text: textFromUtf8(key.open(noteContext(row.id), row.sealed_text)),
        writtenBy: row.written_by,
        writtenAt: at(row.written_at),
      }))
    },
    async deadlinesFor(officer) {
      const { rows } = await sql<OpenLine>`
        select d.stream_id, d.clock, d.state, d.due_at, ${OVERDUE_AT} as overdue_at, c.sealed_title, c.opened_at, s.wrapped_key
        from p_deadline d join p_case c using (stream_id) join stream s on s.id = d.stream_id
        where d.due_at is not null and d.state in ('due', 'overdue', 'overdue_on_reclassification')
          and exists (select 1 from p_case_tie t where t.stream_id = d.stream_id
            and t.kind = 'handler' and t.value = ${officer})
        order by d.due_at limit ${LIST_MAX}`.execute(database)
      return rows.map((row) => ({
        ...caseLine(row, atRest),
        clock: row.clock,
        state: row.state,
        dueAt: at(row.due_at),
        overdueAt: at(row.overdue_at),
      }))
    },
    async dutiesFor(officer, until) {
      const { rows } = await sql<CaseLine & DutyLine>`
        select d.stream_id, d.release_id, d.duty, d.kind, d.state, d.is_owed_by_us, d.due_at,
          c.sealed_title, c.opened_at, s.wrapped_key
        from p_duty d join p_case c using (stream_id) join stream s on s.id = d.stream_id
        where ((d.is_owed_by_us and d.discharged_at is null and d.due_at <= ${until}::timestamptz)
            or (not d.is_owed_by_us and d.state = 'discharged'))
          and exists (select 1 from p_case_tie t where t.stream_id = d.stream_id
            and t.kind = 'handler' and t.value = ${officer})
        order by d.due_at nulls last limit ${LIST_MAX}`.execute(database)
      return rows.map((row) => ({
        ...caseLine(row, atRest),
        releaseId: row.release_id,
        dutyId: row.duty,
        kind: row.kind,
        state: row.state ?? 'open',
        isOwedByUs: row.is_owed_by_us ?? false,
        dueAt: row.due_at && at(row.due_at),
      }))
    },
    duesFor: (officer, until) => duesFor(database, atRest, officer, { until, limit: LIST_MAX }),
    async deadlinesUntil(until) {
      const rows = await database
        .selectFrom('p_deadline')
        .selectAll()
        .where('due_at', '<=', new Date(until))
        .where('state', 'in', ['due', 'overdue', 'overdue_on_reclassification'])
        .orderBy('due_at')
        .limit(ESCALATED_MAX)
        .execute()
      return rows.flatMap(({ stream_id: caseId, clock, state, due_at }) =>
        due_at ? [{ caseId, clock, state, dueAt: at(due_at) }] : [],
      )
    },
    async waitingFor(officer) {
      const { rows } = await sql<CaseLine & Pick<Waiting, 'what'>>`
        select t.stream_id, case t.kind when 'reviewer' then 'review' else t.value end as what,
          c.sealed_title, c.opened_at, s.wrapped_key
        from p_case_tie t join p_case c using (stream_id) join stream s on s.id = t.stream_id
        where (t.kind = 'awaits' and t.value <> 'proposal')
          or (t.kind = 'reviewer' and t.value = ${officer})
        order by c.changed_at desc limit ${LIST_MAX}`.execute(database)
      return rows.map((row) => ({ ...caseLine(row, atRest), what: row.what }))
    },
    overdueThings: (now) => overdueThings(database, now),
    async knownTasks(ids) {
      if (ids.length === 0) return []
      const rows = await database
        .selectFrom('work_task')
        .select('id')
        .where('id', 'in', ids)
        .execute()
      return rows.map(({ id }) => id)
    },
    async casesWithUntold() {
      const { rows } = await sql<{ stream_id: string }>`
        select distinct stream_id from p_notice where state in ('delayed', 'due')
        order by stream_id`.execute(database)
      return rows.map(({ stream_id }) => stream_id)
    },
    async casesWithProposals() {
      const { rows } = await sql<CaseLine>`
        select t.stream_id, c.sealed_title, c.opened_at, s.wrapped_key
        from p_case_tie t join p_case c using (stream_id) join stream s on s.id = t.stream_id
        where t.kind = 'awaits' and t.value = 'proposal'
        order by c.changed_at desc limit ${LIST_MAX}`.execute(database)
      return rows.map((row) => caseLine(row, atRest))
    },
  }
}

/** The day of a hold stands before its id, and sorts as text. */
async function overdueThings(database: Database, now: Instant): Promise<readonly OverdueThing[]> {
  const { rows } = await sql<OverdueRow>`
    select stream_id, kind, subject_id::text, owner, due_at from p_due
      where kind in ('remedy', 'playbookItem') and done_at is null and due_at <= ${now}::timestamptz
    union all select stream_id, kind, split_part(value, '/', 2), null,
        split_part(value, '/', 1)::timestamptz from p_case_tie
      where kind = 'holdReview' and value collate "C" < ${`${now}~`}
    order by due_at, subject_id limit ${OVERDUE_MAX}`.execute(database)
  return rows.map(({ stream_id: caseId, kind, subject_id: subjectId, owner }) => {
    return { caseId, kind, subjectId, owner }
  })
}

const OVERDUE_MAX = 1000

type OverdueRow = {
  readonly stream_id: string
  readonly kind: OverdueThing['kind']
  readonly subject_id: string
  readonly owner: string | null
}

type OpenLine = CaseLine & {
  readonly clock: string
  readonly state: string
  readonly due_at: Date
  readonly overdue_at: Date
}

type DutyLine = {
  readonly release_id: string
  readonly duty: string
  readonly kind: string | null
  readonly state: string | null
  readonly is_owed_by_us: boolean | null
  readonly due_at: Date | null
}

type CaseLine = {
  readonly stream_id: string
  readonly sealed_title: Uint8Array
  readonly opened_at: Date
  readonly wrapped_key: Uint8Array
}

function caseLine({ stream_id, sealed_title, opened_at, wrapped_key }: CaseLine, atRest: AtRest) {
  return {
    caseId: stream_id,
    caseTitle: titleOf(stream_id, sealed_title, atRest.unwrap(wrapped_key)),
    caseOpenedAt: at(opened_at),
  }
}

function titleOf(caseId: string, sealed: Uint8Array, key: ColumnKey): string {
  return textFromUtf8(key.open(titleContext(caseId), sealed))
}

type TaskRow = {
  readonly id: string
  readonly case_id: string
  readonly sealed_title: Uint8Array
  readonly assignee: string
  readonly due_on: string | null
  readonly created_by: string
  readonly created_at: Date
  readonly done_at: Date | null
  readonly done_by: string | null
}

function taskOf(row: TaskRow, key: ColumnKey): Task {
  return {
    id: row.id,
    caseId: row.case_id,
    title: textFromUtf8(key.open(taskContext(row.id), row.sealed_title)),
    assignee: row.assignee,
    dueOn: row.due_on as CalendarDate | null,
    createdBy: row.created_by,
    createdAt: at(row.created_at),
    doneAt: row.done_at && at(row.done_at),
    doneBy: row.done_by,
  }
}
