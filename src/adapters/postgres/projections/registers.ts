/** Lists across streams, read from the projections. */
import { sql } from 'kysely'
import type {
  CaseRow,
  ClockRow,
  CountRow,
  DecisionCounts,
  Registers,
  TransferRow,
} from '../../../app/ports/registers.ts'
import { textFromUtf8 } from '../../../base/bytes.ts'
import { type Json, parseJson } from '../../../base/canonical-json.ts'
import { sharedCall } from '../../../base/shared-call.ts'
import { type Instant, instantFromMs } from '../../../base/time.ts'
import type { CaseForAccess } from '../../../core/access/case-access.ts'
import type { AgreementDocument } from '../../../core/agreement/document.ts'
import { caseForAccess, noCase } from '../../../core/case/case.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { disclosureRecord } from './disclosures.ts'
import { drawList } from './draw-list.ts'
import { listDues } from './due.ts'
import { casesWithDutiesDue, exhibitsToDestroy, listDuties, viewsToDestroy } from './duties.ts'
import { accessContext, titleContext } from './list-rows.ts'
import { OVERDUE_AT } from './overdue.ts'
import { publicTexts } from './public-texts.ts'
import { thanks } from './thanks.ts'

const at = (date: Date) => instantFromMs(date.getTime())

export function postgresRegisters(database: Database, atRest: AtRest): Registers {
  const publications = () =>
    database
      .selectFrom('p_publication')
      .select(['tracking_id', 'published_at', 'document'])
      .orderBy('published_at', 'desc')
  return {
    cases: (sees) => cases(database, atRest, sees),
    async hiddenCases(sees) {
      const rows = await caseRows(database).execute()
      return rows.filter((row) => !sees(accessOf(atRest, row))).map(({ stream_id }) => stream_id)
    },
    casesToMatch: (peer) => casesToMatch(database, peer),
    clocks: (sees, wanted) => clocks(database, atRest, sees, wanted),
    dues: (sees) => listDues(database, atRest, sees),
    duties: (sees, is) => listDuties(database, atRest, sees, is),
    exhibitsToDestroy: (now) => exhibitsToDestroy(database, now),
    viewsToDestroy: () => viewsToDestroy(database),
    casesWithDutiesDue: (now) => casesWithDutiesDue(database, now),
    agreements: sharedCall(async () => {
      const rows = await database
        .selectFrom('p_agreement')
        .selectAll()
        .orderBy('stream_id')
        .execute()
      return rows.map(({ stream_id, state, digest, document }) => ({
        id: stream_id,
        state,
        digest,
        document: document as AgreementDocument,
      }))
    }),
    async publications() {
      const rows = await publications().limit(500).execute()
      return rows.map((row) => ({
        trackingId: row.tracking_id,
        publishedAt: at(row.published_at),
        document: row.document as Json,
      }))
    },
    async publication(trackingId) {
      const row = await publications().where('tracking_id', '=', trackingId).executeTakeFirst()
      return (
        row && {
          trackingId: row.tracking_id,
          publishedAt: at(row.published_at),
          document: row.document as Json,
        }
      )
    },
    publicTexts: publicTexts(database),
    thanks: thanks(database),
    async signOffs() {
      return database
        .selectFrom('p_sign_off')
        .select(['pack', 'version', 'officers', 'simulated'])
        .orderBy('pack')
        .execute()
    },
    transfers: (releaseId) => transfers(database, releaseId),
    silentInvitations: (lead, now) => silentInvitations(database, lead, now),
    overdueEmergencies: (now) => overdueEmergencies(database, now),
    counts: (now, hidden = []) => counts(database, now, hidden),
    decisionCounts: (hidden = []) => decisionCounts(database, hidden),
    disclosureRecord: () => disclosureRecord(database),
    drawList: (population, period) => drawList(database, population, period),
  }
}

export function caseRows(database: Database) {
  return database
    .selectFrom('p_case')
    .innerJoin('stream', 'stream.id', 'p_case.stream_id')
    .selectAll('p_case')
    .select('stream.wrapped_key')
    .orderBy('changed_at', 'desc')
    .orderBy('p_case.stream_id')
}

type SealedRow = Awaited<ReturnType<ReturnType<typeof caseRows>['execute']>>[number]

const LISTED_MAX = 500

/** Page by page, so that what the asking person does not see takes no place in the list. */
async function cases(
  database: Database,
  atRest: AtRest,
  sees: (resource: CaseForAccess) => boolean,
): Promise<readonly CaseRow[]> {
  const found: CaseRow[] = []
  for (let offset = 0; found.length < LISTED_MAX; offset += LISTED_MAX) {
    const rows = await caseRows(database).limit(LISTED_MAX).offset(offset).execute()
    const seen = rows.filter((row) => sees(accessOf(atRest, row)))
    found.push(...seen.map((row) => listedCase(atRest, row)))
    if (rows.length < LISTED_MAX) break
  }
  return found.slice(0, LISTED_MAX)
}

const CLOCKS_MAX = 1000

/** Page by page too, the next date first. */
async function clocks(
  database: Database,
  atRest: AtRest,
  sees: (resource: CaseForAccess) => boolean,
  { without, is }: Parameters<Registers['clocks']>[1],
): Promise<readonly ClockRow[]> {
  const found: ClockRow[] = []
  for (let offset = 0; found.length < CLOCKS_MAX; offset += CLOCKS_MAX) {
    const rows = await clockRows(database, without).limit(CLOCKS_MAX).offset(offset).execute()
    const seen = rows.filter((row) => sees(accessOf(atRest, row)))
    found.push(...seen.map((row) => listedClock(atRest, row)).filter(is))
    if (rows.length < CLOCKS_MAX) break
  }
  return found.slice(0, CLOCKS_MAX)
}

function clockRows(database: Database, without: readonly string[]) {
  return database
    .selectFrom('p_deadline')
    .innerJoin('p_case', 'p_case.stream_id', 'p_deadline.stream_id')
    .innerJoin('stream', 'stream.id', 'p_case.stream_id')
    .selectAll('p_case')
    .select('stream.wrapped_key')
    .select(['clock', 'legal_order', 'state', 'due_at', 'strict_due', 'legal_due'])
    .$if(without.length > 0, (rows) => rows.where('state', 'not in', without))
    .orderBy('due_at', (order) => order.asc().nullsLast())
    .orderBy('p_deadline.stream_id')
    .orderBy('clock')
}

function listedClock(
  atRest: AtRest,
  row: Awaited<ReturnType<ReturnType<typeof clockRows>['execute']>>[number],
): ClockRow {
  const { id, title, openedAt } = listedCase(atRest, row)
  return {
    caseId: id,
    caseTitle: title,
    caseOpenedAt: openedAt,
    clock: row.clock,
    legalOrder: row.legal_order,
    state: row.state,
    strictDue: row.strict_due,
    legalDue: row.legal_due,
  }
}

export function accessOf(
  atRest: AtRest,
  { stream_id, wrapped_key, sealed_access }: SealedRow,
): CaseForAccess {
  const caseId = stream_id
  if (sealed_access === null) return caseForAccess(caseId, noCase)
  const bytes = atRest.unwrap(wrapped_key).open(accessContext(stream_id), sealed_access)
  const facts = parseJson(bytes, 'sealed_access') as unknown as Omit<CaseForAccess, 'caseId'>
  return { ...facts, caseId }
}

export function listedCase(atRest: AtRest, row: SealedRow): CaseRow {
  const title = atRest.unwrap(row.wrapped_key).open(titleContext(row.stream_id), row.sealed_title)
  return {
    id: row.stream_id,
    title: textFromUtf8(title),
    lead: row.lead,
    leadCaseId: row.lead_case_id ?? undefined,
    phase: row.phase,
    priority: row.priority ?? undefined,
    isUnderEmbargo: row.is_under_embargo,
    openedAt: at(row.opened_at),
    changedAt: at(row.changed_at),
  }
}

async function counts(
  database: Database,
  now: Instant,
  hidden: readonly string[],
): Promise<readonly CountRow[]> {
  const seen = sql`stream_id <> all(${hidden}::uuid[])`
  const standing = dueStanding(now)
  const { rows } = await sql<{ measure: string; key: string; count: string }>`
    select 'cases' as measure, phase as key, count(*) as count from p_case where ${seen} group by phase
    union all select 'priorities', coalesce(priority, 'none'), count(*) from p_case where ${seen} group by 2
    union all select 'priorityStandings', priority_standing, count(*) from p_case
      where priority_standing is not null and ${seen} group by 2
    union all select 'decisions', decision, count(*) from p_decision where ${seen} group by decision
    union all select 'refusals', why, count(*) from p_decision
      where decision = 'refuse' and why is not null and ${seen} group by why
    union all select 'clocks', case when state = 'due' and ${OVERDUE_AT} <= ${now} then 'overdue' else state end,
      count(*) from p_deadline where ${seen} group by 2
    union all select 'notices', case when state = 'delayed' and due_at <= ${now} then 'due' else state end,
      count(*) from p_notice where ${seen} group by 2
    union all select 'noticesDelayed', 'ever', count(*) from p_notice where was_delayed and ${seen} having count(*) > 0
    union all select 'duties', state, count(*) from p_duty where state is not null and ${seen} group by state
    union all select 'emergencies', emergency, count(*) from p_release
      where emergency is not null and ${seen} group by emergency
    union all select 'retractions', withdrawn, count(*) from p_release
      where withdrawn is not null and ${seen} group by withdrawn
    union all select 'retention', state, count(*) from p_retention where ${seen} group by state
    union all select 'recordsRequests', ${standing}, count(*) from p_due
      where kind = 'records' and ${seen} group by 2
    union all select 'recordsGrounds', ground, count(*) from p_due, unnest(grounds) as ground
      where kind = 'records' and ${seen} group by ground
    union all select 'remedies', ${standing}, count(*) from p_due
      where kind = 'remedy' and ${seen} group by 2
    union all select 'advisories', 'published', count(*) from p_publication
    order by measure, key
  `.execute(database)
  return rows.map(({ measure, key, count }) => ({ measure, key, count: Number(count) }))
}

/** Of what falls due: done by its day or after it, or open, before its day or past it. */
function dueStanding(now: Instant) {
  return sql`case when done_at <= due_at then 'inTime' when done_at is not null then 'late'
    when due_at <= ${now}::timestamptz then 'overdue' else 'open' end`
}

async function overdueEmergencies(database: Database, now: Instant): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('p_release')
    .select('stream_id')
    .distinct()
    .where('emergency', '=', 'waiting')
    .where('validate_by', '<=', new Date(now))
    .limit(OVERDUE_MAX)
    .execute()
  return rows.map(({ stream_id }) => stream_id)
}

async function silentInvitations(
  database: Database,
  lead: string,
  now: Instant,
): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('p_due')
    .innerJoin('p_case', 'p_case.stream_id', 'p_due.stream_id')
    .select('p_due.stream_id')
    .where('kind', '=', 'embargoAnswer')
    .where('lead', '=', lead)
    .where('due_at', '<=', new Date(now))
    .limit(OVERDUE_MAX)
    .execute()
  return rows.map(({ stream_id }) => stream_id)
}

/** So many of each peer and direction: a peer that announces without end hides no other one's. */
async function transfers(
  database: Database,
  releaseId: string | undefined,
): Promise<readonly TransferRow[]> {
  const ranked = database
    .selectFrom('p_transfer')
    .selectAll()
    .select(
      sql<string>`row_number() over (partition by peer, is_ours order by begun_at, release_id)`.as(
        'place',
      ),
    )
    .$if(releaseId !== undefined, (rows) => rows.where('release_id', '=', releaseId ?? ''))
  const rows = await database
    .selectFrom(ranked.as('ranked'))
    .selectAll()
    .where('place', '<=', String(TRANSFERS_MAX))
    .orderBy('begun_at')
    .orderBy('release_id')
    .execute()
  return rows.map((row) => ({
    caseId: row.stream_id,
    releaseId: row.release_id,
    peer: row.peer,
    isOurs: row.is_ours,
    sizeBytes: Number(row.size_bytes),
    begunAt: at(row.begun_at),
  }))
}

const TRANSFERS_MAX = 1000

async function casesToMatch(database: Database, peer: string): Promise<readonly string[]> {
  const rows = await database
    .selectFrom('p_case_tie')
    .select('stream_id')
    .where('kind', '=', 'matchable')
    .where('value', '=', peer)
    .orderBy('stream_id')
    .limit(MATCHED_MAX)
    .execute()
  return rows.map(({ stream_id }) => stream_id)
}

const MATCHED_MAX = 100

/** The next run takes the others. */
const OVERDUE_MAX = 100

async function decisionCounts(
  database: Database,
  hidden: readonly string[],
): Promise<DecisionCounts> {
  const seen = sql`stream_id <> all(${hidden}::uuid[])`
  const acts = await sql<{ act: string; permitted: string; refused: string; since: Date }>`
    select act, min(decided_at) as since,
      count(*) filter (where decision = 'permit') as permitted,
      count(*) filter (where decision = 'refuse') as refused
    from p_decision where ${seen} group by act order by act
  `.execute(database)
  const refusals = await sql<{ rule: string; count: string }>`
    select rule, count(*) as count from p_decision, unnest(rules) as rule
    where decision = 'refuse' and ${seen} group by rule order by count desc, rule
  `.execute(database)
  const since = acts.rows.map((row) => row.since.getTime())
  return {
    since: since.length > 0 ? instantFromMs(Math.min(...since)) : undefined,
    acts: acts.rows.map(({ act, permitted, refused }) => ({
      act,
      permitted: Number(permitted),
      refused: Number(refused),
    })),
    refusals: refusals.rows.map(({ rule, count }) => ({ rule, count: Number(count) })),
  }
}
