/** What the machines of this folder share: the shape of a no, and checks of spans and people. */
import { type Refusal, refuse } from '../../base/decision.ts'
import { DAY_MS, msOf } from '../../base/time.ts'
import type { Acting, Role } from '../case/recorded.ts'
import type { Span } from './events.ts'
import { personOf, type Standing } from './standing.ts'

export type WhySpan = 'endsBeforeStart' | 'inThePast' | 'tooLong'

export function no<Why extends string>(why: Why, text: string): Refusal<Why> {
  return refuse(why, { rule: `people:${why}`, text })
}

/** A span that has not ended yet and is not longer than `daysMax`. */
export function spanFault(
  { fromAt, untilAt }: Span,
  { now }: Pick<Acting, 'now'>,
  daysMax: number,
): Refusal<WhySpan> | undefined {
  if (untilAt <= fromAt) return no('endsBeforeStart', 'the end must be after the start')
  if (untilAt <= now) return no('inThePast', 'that time has passed')
  if (msOf(untilAt) - msOf(fromAt) <= daysMax * DAY_MS) return undefined
  return no('tooLong', `that is longer than ${daysMax} days, the most that can be set at once`)
}

export function overlaps(first: Span, second: Span): boolean {
  return first.fromAt < second.untilAt && second.fromAt < first.untilAt
}

export function isActive(standing: Standing, officer: string): boolean {
  return personOf(standing, officer)?.state === 'active'
}

export function hasRole({ roles }: Pick<Acting, 'roles'>, ...wanted: readonly Role[]): boolean {
  return wanted.some((role) => roles.includes(role))
}
