/**
 * Search across cases. What stands in clear (phase, ties, periods) is asked of the
 * database; titles are opened here, of at most 10,000 cases, the newest first. A
 * search index would be a second copy of every title, so there is none.
 */
import { sql } from 'kysely'
import type { Found, FoundCase, Search, SearchQuery } from '../../../app/ports/search.ts'
import { textFromUtf8 } from '../../../base/bytes.ts'
import { instantFromMs } from '../../../base/time.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import { titleContext } from '../projections/list-rows.ts'

export const SEARCHED_MAX = 10_000
/** Opened without a pause: other requests are answered in between. */
const OPENED_AT_ONCE = 500

type Row = {
  readonly stream_id: string
  readonly lead: string
  readonly lead_case_id: string | null
  readonly phase: string
  readonly priority: string | null
  readonly is_under_embargo: boolean
  readonly opened_at: Date
  readonly changed_at: Date
  readonly sealed_title: Uint8Array
  readonly wrapped_key: Uint8Array
  readonly next_due_at: Date | null
}

export function postgresSearch(database: Database, atRest: AtRest): Search {
  return {
    async cases(query) {
      const rows = await rowsFor(database, query)
      const words = plain(query.words).split(/\s+/).filter(Boolean)
      const found: FoundCase[] = []
      for (const [index, row] of rows.slice(0, SEARCHED_MAX).entries()) {
        if (index % OPENED_AT_ONCE === OPENED_AT_ONCE - 1) await new Promise(setImmediate)
        const opened = caseOf(atRest, row)
        const text = plain(`${opened.title} ${numberOf(row.stream_id)}`)
        if (words.every((word) => text.includes(word))) found.push(opened)
      }
      return { cases: found, isCut: rows.length > SEARCHED_MAX } satisfies Found
    },
  }
}

const OPEN_STATES = sql`('due', 'overdue', 'overdue_on_reclassification')`

async function rowsFor(database: Database, query: SearchQuery): Promise<readonly Row[]> {
  const { phase = null, peer = null, agreement = null, handler = null, dueBy = null } = query
  const tie = (kind: string, value: string | null) => sql`(${value}::text is null or exists (
    select 1 from p_case_tie t where t.stream_id = c.stream_id and t.kind = ${kind} and t.value = ${value}))`
  const { rows } = await sql<Row>`
    select c.*, s.wrapped_key, d.next_due_at
    from p_case c join stream s on s.id = c.stream_id
      left join lateral (select min(due_at) as next_due_at from p_deadline p
        where p.stream_id = c.stream_id and p.state in ${OPEN_STATES}) d on true
    where (${phase}::text is null or c.phase = ${phase})
      and ${tie('peer', peer)} and ${tie('agreement', agreement)} and ${tie('handler', handler)}
      and (${dueBy}::timestamptz is null or d.next_due_at <= ${dueBy}::timestamptz)
      and c.stream_id <> all(${query.hidden}::uuid[])
    order by c.changed_at desc, c.stream_id
    limit ${SEARCHED_MAX + 1}`.execute(database)
  return rows
}

function caseOf(atRest: AtRest, row: Row): FoundCase {
  const key = atRest.unwrap(row.wrapped_key)
  const at = (date: Date) => instantFromMs(date.getTime())
  return {
    id: row.stream_id,
    title: textFromUtf8(key.open(titleContext(row.stream_id), row.sealed_title)),
    lead: row.lead,
    leadCaseId: row.lead_case_id ?? undefined,
    phase: row.phase,
    priority: row.priority ?? undefined,
    isUnderEmbargo: row.is_under_embargo,
    openedAt: at(row.opened_at),
    changedAt: at(row.changed_at),
    nextDueAt: row.next_due_at ? at(row.next_due_at) : undefined,
  }
}

/** The end of a case's number, as pages show it. */
const numberOf = (caseId: string) => caseId.replaceAll('-', '').slice(-6)

/** Without case and accents: `grosse` finds `Größe` only with its ß written as ss. */
function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss')
}
