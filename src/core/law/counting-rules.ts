/**
 * How laws count periods, one object for each counting rule that packs may name.
 *
 * An object says which part of a period its law moves, and by which article; it holds no
 * period of any duty. What it does not say is not done: no end moves for a rule that is
 * silent about it. That the law was read, and how, stands in the pack (`countingBasis`).
 */
import type { WorkCalendar } from './calendar.ts'
import type { CountingRule } from './clock.ts'

/** Which days off move the end of a period: all, or Sundays and public holidays only. */
export type MovingDays = 'days_off' | 'sundays_and_holidays'

/** An article of `law`; `null` where the pack's own counting basis is cited instead. */
type Article = { readonly article: string | null }

export type Counting = {
  /** The law of counting, before its article in a step; `null`: see `Article`. */
  readonly law: string | null
  /** Leaves out the hour of the event in periods of hours; without it, hours are elapsed time. */
  readonly hourOfEvent: Article | null
  /** Leaves out the day of the event in longer periods. No rule here counts that day. */
  readonly dayOfEvent: Article | null
  /** Moves a forward period that ends on such a day to the next day that is none. */
  readonly roll: (Article & { readonly from: MovingDays }) | null
  /** Moves an end at an hour of a day off to the same hour of the next working day. */
  readonly rollHours: Article | null
  /** A period of so many days or more holds at least so many working days. */
  readonly leastWorkingDays:
    | (Article & { readonly fromDays: number; readonly workingDays: number })
    | null
  /** In periods of days up to this length, days off do not count. */
  readonly shortPeriod: (Article & { readonly upToDays: number; readonly from: MovingDays }) | null
  /** Keeps the end of a period that is counted backwards. */
  readonly backwards: Article | null
}

const silent: Counting = {
  law: null,
  hourOfEvent: null,
  dayOfEvent: null,
  roll: null,
  rollHours: null,
  leastWorkingDays: null,
  shortPeriod: null,
  backwards: null,
}
const ofPack: Article = { article: null }
const nextWorkingDay: Counting = {
  ...silent,
  dayOfEvent: ofPack,
  roll: { ...ofPack, from: 'days_off' },
}

export const COUNTING: Readonly<Record<CountingRule, Counting>> = {
  eu1182: {
    ...silent,
    law: 'Regulation (EEC, Euratom) 1182/71',
    hourOfEvent: { article: '3(1)' },
    dayOfEvent: { article: '3(1)' },
    roll: { article: '3(4)', from: 'days_off' },
    leastWorkingDays: { article: '3(5)', fromDays: 2, workingDays: 2 },
    backwards: { article: '3(4)' },
  },
  next_working_day: nextWorkingDay,
  next_working_day_hours: { ...nextWorkingDay, rollHours: ofPack },
  unstated: silent,
  national: silent,
}

/**
 * E.g. `Regulation (EEC, Euratom) 1182/71, art. 3(4)`; `null` where nothing is stated, or
 * where a clock counts by another rule than its pack and only the pack's is cited.
 */
export function citeCounting(
  counting: CountingRule,
  part: Article | null,
  { countedBy }: WorkCalendar,
): string | null {
  if (part === null) return null
  const { law } = COUNTING[counting]
  if (law !== null && part.article !== null) return `${law}, art. ${part.article}`
  return countedBy.rule === counting ? countedBy.citation : null
}
