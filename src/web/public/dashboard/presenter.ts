/** The counts as figures, charts and tables, suppressed like the open data. Pure. */

import type { CountRow } from '../../../app/ports/registers.ts'
import { publicTotals, suppressSmall } from '../../../app/public-counts.ts'
import type { Instant } from '../../../base/time.ts'
import type { Messages } from '../../messages.ts'
import { wordFor } from '../../words.ts'
import type { DashboardModel } from './model.ts'

/** Each measure with the words for its keys. */
const TABLES = [
  { id: 'cases', words: 'phase' },
  { id: 'priorities', words: 'priority' },
  { id: 'priorityStandings', words: 'priorityState' },
  { id: 'decisions', words: 'decision' },
  { id: 'refusals', words: 'refusal' },
  { id: 'clocks', words: 'clock' },
  { id: 'notices', words: 'notice' },
  { id: 'duties', words: 'duty' },
  { id: 'emergencies', words: 'emergencyState' },
  { id: 'retractions', words: 'retractionCause' },
  { id: 'retention', words: 'retention' },
  { id: 'recordsRequests', words: 'dueStanding' },
  { id: 'recordsGrounds', words: 'exemptionGround' },
  { id: 'remedies', words: 'dueStanding' },
  { id: 'noticesDelayed', words: 'notice' },
] as const

export type DashboardFacts = {
  /** Exact: they are suppressed here. */
  readonly rows: readonly CountRow[]
  /** Each is public already, so their number is. */
  readonly advisories: number
  readonly asOf: Instant
  readonly messages: Messages
}

export function dashboardModel(facts: DashboardFacts): Omit<DashboardModel, 'disclosure'> {
  const { rows, advisories, asOf, messages } = facts
  const cells = suppressSmall(rows)
  const totals = publicTotals(rows)
  const total = (measure: string) => totals.get(measure) ?? (totals.has(measure) ? null : 0)
  const cell = (measure: string, key: string) => {
    const found = cells.find((one) => one.measure === measure && one.key === key)
    return found ? found.count : 0
  }
  const counts: readonly [string, number | null][] = [
    ['cases', total('cases')],
    ['decisions', total('decisions')],
    // The total of the reasons would tell what the table of decisions withholds.
    ['refusals', cell('decisions', 'refuse')],
    ['notices', total('notices')],
    ['overdue', cell('clocks', 'overdue')],
    ['advisories', advisories],
  ]
  const tables = TABLES.map(({ id, words }) => {
    const own = cells.filter(({ measure }) => measure === id)
    return {
      id,
      cells: own.map(({ key, count }) => ({
        label: wordFor(messages, words, key),
        ...unlessWithheld(count),
      })),
      isDrawn: own.some(({ count }) => count !== null),
    }
  })
  return {
    asOf,
    figures: counts.map(([figure, count]) => ({ figure, ...unlessWithheld(count) })),
    tables: tables.filter(({ cells: own }) => own.length > 0),
  }
}

function unlessWithheld(count: number | null): { readonly count?: number } {
  return count === null ? {} : { count }
}
