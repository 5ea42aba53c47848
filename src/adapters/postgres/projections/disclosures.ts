/** The days and coded words that public figures of disclosure are counted from. */
import { sql } from 'kysely'
import type { DisclosureFacts } from '../../../app/ports/disclosure-facts.ts'
import type { Projection } from '../../../app/ports/projection.ts'
import type { Registers } from '../../../app/ports/registers.ts'
import { type CalendarDate, type Instant, instantFromMs } from '../../../base/time.ts'
import type { Database } from '../database.ts'
import { type List, listOf, onlyRow } from './list-rows.ts'

const at = (date: Date) => instantFromMs(date.getTime())
const atOrNull = (date: Date | null): Instant | null => (date === null ? null : at(date))

export async function disclosureRecord(
  database: Database,
): ReturnType<Registers['disclosureRecord']> {
  const rows = await database.selectFrom('p_disclosure').selectAll().execute()
  const { rows: waiting } = await sql<{
    filed_on: string
    closed_on: string | null
    count: string
  }>`
    select filed_on::text, closed_on::text, count(*) from filing
    where case_id is null group by filed_on, closed_on order by 1, 2
  `.execute(database)
  return {
    facts: rows.map((row) => ({
      ...{ language: row.language, form: row.form, channel: row.channel, sector: row.sector },
      sectorAt: atOrNull(row.sector_at),
      receivedAt: at(row.received_at),
      admittedAt: at(row.admitted_at),
      acknowledgedAt: atOrNull(row.acknowledged_at),
      triagedAt: atOrNull(row.triaged_at),
      vendorToldAt: atOrNull(row.vendor_told_at),
      fixedAt: atOrNull(row.fixed_at),
      publishedAt: atOrNull(row.published_at),
      closedAt: atOrNull(row.closed_at),
      priority: row.priority,
      priorityAt: atOrNull(row.priority_at),
      embargoAt: atOrNull(row.embargo_at),
      embargoEndedAt: atOrNull(row.embargo_ended_at),
      embargoWhy: row.embargo_why as DisclosureFacts['embargoWhy'],
    })),
    waiting: waiting.map(({ filed_on, closed_on, count }) => ({
      filedOn: filed_on as CalendarDate,
      closedOn: closed_on as CalendarDate | null,
      count: Number(count),
    })),
  }
}

export function disclosureList(disclosures: Projection['disclosures']): List {
  return listOf('p_disclosure', disclosures, onlyRow, (row) => ({
    ...{ language: row.language, form: row.form, channel: row.channel },
    ...{ sector: row.sector, sector_at: row.sectorAt, received_at: row.receivedAt },
    ...{ admitted_at: row.admittedAt, acknowledged_at: row.acknowledgedAt },
    ...{ triaged_at: row.triagedAt, vendor_told_at: row.vendorToldAt, fixed_at: row.fixedAt },
    ...{ published_at: row.publishedAt, closed_at: row.closedAt },
    ...{ priority: row.priority, priority_at: row.priorityAt, embargo_at: row.embargoAt },
    ...{ embargo_ended_at: row.embargoEndedAt, embargo_why: row.embargoWhy },
  }))
}
