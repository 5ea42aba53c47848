/** Orders and choices of the case page that are more than copying. Pure. */
import type { Instant } from '../../../base/time.ts'
import type { CaseModel, Clock, Due, TimelineEntry } from './model.ts'

/** What needs a person first: overdue, then due by date, then unsure, then the rest. */
const RANK: Readonly<Record<string, number>> = {
  overdue: 0,
  overdue_on_reclassification: 0,
  due: 1,
  confirm: 2,
  unknown_clock: 2,
  advisory: 3,
  not_started: 4,
  qualitative: 4,
  not_yet_applicable: 5,
  met: 6,
  satisfied_by: 6,
}

export function orderClocks(clocks: readonly Clock[]): Clock[] {
  return clocks.toSorted(
    (a, b) =>
      rankOf(a) - rankOf(b) || dueText(a).localeCompare(dueText(b)) || a.id.localeCompare(b.id),
  )
}

/** The clock of the page's head: the first that has a date and is neither met nor unsure. */
export function nextClock(clocks: readonly Clock[]): Clock | undefined {
  return orderClocks(clocks).find((clock) => rankOf(clock) <= 1 && clock.legalDue !== undefined)
}

/** What happened last is what an officer looks for. */
const NEWEST = 12

/** @param entries in the order of the case */
export function splitTimeline(entries: readonly TimelineEntry[]): CaseModel['timeline'] {
  const fromNewest = entries.toReversed()
  return { newest: fromNewest.slice(0, NEWEST), earlier: fromNewest.slice(NEWEST) }
}

/** `waiting`: in the log's queue or in the log, but not yet under a signed head. */
export function receiptCounts(entries: readonly TimelineEntry[]): CaseModel['receipts'] {
  const count = (stage: TimelineEntry['stage']) =>
    entries.filter((entry) => entry.stage === stage).length
  const [sealed, signed] = [count('sealed'), count('signed')]
  return { sealed, signed, waiting: entries.length - sealed - signed }
}

/** The day on which a due date or instant falls, for sorting only. */
function dueText(clock: Clock): string {
  const due = clock.legalDue ?? clock.strictDue
  return due === undefined ? '9999' : textOf(due)
}

const textOf = (due: Due): string | Instant => ('on' in due ? due.on : due.at)
const rankOf = (clock: Clock) => RANK[clock.state] ?? 4
