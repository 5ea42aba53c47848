/**
 * Until when a decision can be appealed. Law packs hold a period only where a source gives
 * one; else the date is a fact that an officer records from the decision's own instruction
 * on remedies, with the place where it stands. It bars nothing here: the body that is
 * appealed to decides whether an appeal came in time.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { type CalendarDate, isCalendarDate } from '../../base/time.ts'
import type { Appealed } from './appeals.ts'

const SOURCE_MAX = 1000

export type AppealPeriod = {
  readonly against: Appealed
  /** The last day on which the appeal is in time. */
  readonly untilOn: CalendarDate
  /** Where it stands: which part of the decision, or the provision that it names. */
  readonly source: string
}

export type AppealPeriodRecorded = { readonly type: 'appealPeriodRecorded' } & AppealPeriod

export type WhyNoPeriod = 'unknownDecision' | 'dateImpossible' | 'sourceMissing'

/** A decision that can be appealed, and the day on which it was made. */
export type AppealableDecision = { readonly against: Appealed; readonly madeOn: string }

/** Recorded again, the later one counts: decisions are corrected. */
export function recordAppealPeriod(
  decisions: readonly AppealableDecision[],
  { against, untilOn, source }: AppealPeriod,
): Decision<readonly AppealPeriodRecorded[], WhyNoPeriod> {
  const found = decisions.find((one) => isSameDecision(one.against, against))
  if (!found) return no('unknownDecision', 'there is no such decision to appeal')
  if (!isCalendarDate(untilOn) || untilOn < found.madeOn) {
    return no('dateImpossible', 'the last day is a date, and not before the decision')
  }
  const place = source.trim()
  if (place === '' || place.length > SOURCE_MAX) {
    return no('sourceMissing', 'say where the decision states it, in at most 1000 characters')
  }
  return permit([{ type: 'appealPeriodRecorded', against, untilOn, source: place }])
}

/** `undefined`: nobody recorded it, so it is unknown. */
export function appealPeriodOf(
  periods: readonly AppealPeriod[],
  against: Appealed,
): AppealPeriod | undefined {
  return periods.findLast((one) => isSameDecision(one.against, against))
}

export function isSameDecision(one: Appealed, other: Appealed): boolean {
  return one.kind === other.kind && one.id === other.id
}

function no(why: WhyNoPeriod, text: string) {
  return refuse(why, { rule: `otherSide:${why}`, text })
}
