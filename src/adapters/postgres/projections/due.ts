/** What falls due across cases beside clocks and duties, read from the projection. */
import { sql } from 'kysely'
import type { DueRow } from '../../../app/ports/registers.ts'
import { type Instant, instantFromMs } from '../../../base/time.ts'
import type { CaseForAccess } from '../../../core/access/case-access.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { accessOf, listedCase } from './registers.ts'

const LISTED_MAX = 1000
const at = (date: Date) => instantFromMs(date.getTime())

/** Page by page, so that what the asking person does not see takes no place in the list. */
export async function listDues(
  database: Database,
  atRest: AtRest,
  sees: (resource: CaseForAccess) => boolean,
): Promise<readonly DueRow[]> {
  const found: DueRow[] = []
  for (let offset = 0; found.length < LISTED_MAX; offset += LISTED_MAX) {
    const rows = await openRows(database).limit(LISTED_MAX).offset(offset).execute()
    const seen = rows.filter((row) => sees(accessOf(atRest, row)))
    found.push(...seen.map((row) => listedDue(atRest, row)))
    if (rows.length < LISTED_MAX) break
  }
  return found.slice(0, LISTED_MAX)
}

/** Of cases that the officer handles, and whatever the officer answers for. */
export async function duesFor(
  database: Database,
  atRest: AtRest,
  officer: string,
  { until, limit }: { readonly until: Instant; readonly limit: number },
): Promise<readonly DueRow[]> {
  const rows = await openRows(database)
    .where('due_at', '<=', new Date(until))
    .where(
      sql<boolean>`(owner = ${officer} or exists (select 1 from p_case_tie t
        where t.stream_id = p_due.stream_id and t.kind = 'handler' and t.value = ${officer}))`,
    )
    .limit(limit)
    .execute()
  return rows.map((row) => listedDue(atRest, row))
}

function openRows(database: Database) {
  return database
    .selectFrom('p_due')
    .innerJoin('p_case', 'p_case.stream_id', 'p_due.stream_id')
    .innerJoin('stream', 'stream.id', 'p_case.stream_id')
    .selectAll('p_case')
    .select('stream.wrapped_key')
    .select(['p_due.kind', 'subject_id', 'due_at', 'is_to_confirm'])
    .where('done_at', 'is', null)
    .orderBy('due_at')
    .orderBy('p_due.stream_id')
    .orderBy('p_due.kind')
    .orderBy('subject_id')
}

function listedDue(
  atRest: AtRest,
  row: Awaited<ReturnType<ReturnType<typeof openRows>['execute']>>[number],
): DueRow {
  const { id, title, openedAt } = listedCase(atRest, row)
  return {
    caseId: id,
    caseTitle: title,
    caseOpenedAt: openedAt,
    kind: row.kind,
    subjectId: row.subject_id,
    dueAt: at(row.due_at),
    isToConfirm: row.is_to_confirm,
  }
}
