/**
 * A clock is data and events, never a stored date: the clocks that a case follows are
 * computed anew with each fact and event, under the versions that the case keeps, and
 * what changed is recorded beside what changed it.
 */
import type { Acting } from '../case/recorded.ts'
import { foldLaw, type LawContext, type LawEvent, type LawState } from './case-law.ts'
import type { ClockResult } from './clock-result.ts'
import { clocksNow } from './kept-versions.ts'

/** The events, and after them the clocks that they change. */
export function withClocks(
  law: LawState,
  events: readonly LawEvent[],
  { now, officer }: Acting,
  context: LawContext,
): readonly LawEvent[] {
  const after = events.reduce(
    (folded, event) => foldLaw(folded, { event, version: 0, at: now, by: officer }),
    law,
  )
  const { clocks } = clocksNow(after, now, context)
  const results = Object.values(clocks).filter((one) => isOther(law.clocks[one.clock], one))
  if (results.length === 0) return events
  const packs = results.flatMap(({ clock }) => law.under[clock] ?? [])
  const used = [...new Map(packs.map((pack) => [pack.digest, pack])).values()]
  return [...events, { type: 'clocksComputed', results, packs: used }]
}

function isOther(before: ClockResult | undefined, after: ClockResult): boolean {
  return (
    before?.state !== after.state ||
    before.strictDue !== after.strictDue ||
    before.legalDue !== after.legalDue
  )
}
