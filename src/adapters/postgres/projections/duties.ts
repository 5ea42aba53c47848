/** Duties and retention across cases, read from the projections. */
import { sql } from 'kysely'
import type { ReceivedViewPlace } from '../../../app/ports/received-views.ts'
import type { DutyRow } from '../../../app/ports/registers.ts'
import { type Instant, instantFromMs } from '../../../base/time.ts'
import type { CaseForAccess } from '../../../core/access/case-access.ts'
import { DELETING } from '../../../core/release/follow-duties.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { accessOf, listedCase } from './registers.ts'

const DUTIES_MAX = 1000
const at = (date: Date) => instantFromMs(date.getTime())

/** Page by page, so that what the asking person does not see takes no place in the list. */
export async function listDuties(
  database: Database,
  atRest: AtRest,
  sees: (resource: CaseForAccess) => boolean,
  is: (row: DutyRow) => boolean,
): Promise<readonly DutyRow[]> {
  const found: DutyRow[] = []
  for (let offset = 0; found.length < DUTIES_MAX; offset += DUTIES_MAX) {
    const rows = await dutyRows(database).limit(DUTIES_MAX).offset(offset).execute()
    const seen = rows.filter((row) => sees(accessOf(atRest, row)))
    found.push(...seen.map((row) => listedDuty(atRest, row)).filter(is))
    if (rows.length < DUTIES_MAX) break
  }
  return found.slice(0, DUTIES_MAX)
}

function dutyRows(database: Database) {
  return database
    .selectFrom('p_duty')
    .innerJoin('p_case', 'p_case.stream_id', 'p_duty.stream_id')
    .innerJoin('stream', 'stream.id', 'p_case.stream_id')
    .selectAll('p_case')
    .select('stream.wrapped_key')
    .select(['release_id', 'duty', 'p_duty.kind', 'other_side', 'is_owed_by_us', 'p_duty.state'])
    .select(['due_at', 'discharged_at', 'breached_at'])
    .orderBy('due_at', (order) => order.asc().nullsLast())
    .orderBy('p_duty.stream_id')
    .orderBy('release_id')
    .orderBy('duty')
}

function listedDuty(
  atRest: AtRest,
  row: Awaited<ReturnType<ReturnType<typeof dutyRows>['execute']>>[number],
): DutyRow {
  const { id, title, openedAt } = listedCase(atRest, row)
  return {
    caseId: id,
    caseTitle: title,
    caseOpenedAt: openedAt,
    releaseId: row.release_id,
    dutyId: row.duty,
    kind: row.kind,
    otherSide: row.other_side,
    isOwedByUs: row.is_owed_by_us ?? false,
    state: row.state ?? 'open',
    dueAt: row.due_at && at(row.due_at),
    dischargedAt: row.discharged_at && at(row.discharged_at),
    breachedAt: row.breached_at && at(row.breached_at),
  }
}

export async function casesWithDutiesDue(
  database: Database,
  now: Instant,
): Promise<readonly string[]> {
  const { rows } = await sql<{ stream_id: string }>`
    select distinct stream_id from p_duty join p_case using (stream_id)
    where due_at <= ${now}::timestamptz and discharged_at is null and breached_at is null
  `.execute(database)
  return rows.map(({ stream_id }) => stream_id)
}

export async function exhibitsToDestroy(database: Database, now: Instant) {
  const due = await sql<{ stream_id: string }>`
    select distinct stream_id from p_retention
    where state = 'destroy' and due_at <= ${now}::timestamptz
  `.execute(database)
  const left = await sql<{ exhibit_id: string }>`
    select exhibit_id from p_retention join exhibit_blob using (exhibit_id)
    where state = 'destroyed' and destroyed_at is null
  `.execute(database)
  return {
    due: due.rows.map(({ stream_id }) => stream_id),
    left: left.rows.map(({ exhibit_id }) => exhibit_id),
  }
}

/** Their deletion was recorded, and their key is here again. */
export async function viewsToDestroy(database: Database): Promise<readonly ReceivedViewPlace[]> {
  const rows = await database
    .selectFrom('p_duty')
    .innerJoin('received_view', (join) =>
      join
        .onRef('received_view.release_id', '=', 'p_duty.release_id')
        .onRef('received_view.case_id', '=', 'p_duty.stream_id'),
    )
    .select(['received_view.case_id', 'received_view.release_id'])
    .distinct()
    .where('received_view.destroyed_at', 'is', null)
    .where('discharged_at', 'is not', null)
    .where('is_owed_by_us', '=', true)
    .where('kind', 'in', [...DELETING])
    .execute()
  return rows.map(({ case_id, release_id }) => ({ caseId: case_id, releaseId: release_id }))
}
