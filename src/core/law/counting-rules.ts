/**
 * How laws count periods, one object for each counting rule that packs may name.
 *
 * An object says which part of a period its law moves, and by which article; it holds no
 * period of any duty. What it does not say is not done: no end moves for a rule that is
 * silent about it. That the law was read, and how, stands in the pack (`countingBasis`).
 */
import type { CountingRule } from './clock.ts'

/** A provision of `law`, as it is cited. */
type Article = { readonly article: string }

export type Counting = {
  /** The law of counting, before its article in a step. */
  readonly law: string | null
  /** Leaves out the hour of the event in periods of hours; without it, hours are elapsed time. */
  readonly hourOfEvent: Article | null
  /** Leaves out the day of the event in longer periods. No rule here counts that day. */
  readonly dayOfEvent: Article | null
  /** Moves a forward period whose last day is a day off to the next working day. */
  readonly roll: Article | null
  /** Moves an end at an hour of a day off to the same hour of the next working day. */
  readonly rollHours: Article | null
  /** A period of so many days or more holds at least so many working days. */
  readonly leastWorkingDays:
    | (Article & { readonly fromDays: number; readonly workingDays: number })
    | null
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
  backwards: null,
}

export const COUNTING: Readonly<Record<CountingRule, Counting>> = {
  eu1182: {
    ...silent,
    law: 'Regulation (EEC, Euratom) 1182/71',
    hourOfEvent: { article: 'art. 3(1)' },
    dayOfEvent: { article: 'art. 3(1)' },
    roll: { article: 'art. 3(4)' },
    leastWorkingDays: { article: 'art. 3(5)', fromDays: 2, workingDays: 2 },
    backwards: { article: 'art. 3(4)' },
  },
  us_ca: {
    ...silent,
    law: 'California Code of Civil Procedure',
    dayOfEvent: { article: 's. 12' },
    roll: { article: 's. 12a(a)' },
  },
  us_co: {
    ...silent,
    law: 'Colorado Revised Statutes',
    dayOfEvent: { article: 's. 2-4-108(1)' },
    roll: { article: 's. 2-4-108(2)' },
  },
  us_ny: {
    ...silent,
    law: 'New York General Construction Law',
    roll: { article: 's. 25-a(1)' },
    rollHours: { article: 's. 25-a(1)' },
  },
  unstated: silent,
  national: silent,
}

/** E.g. `Regulation (EEC, Euratom) 1182/71, art. 3(4)`; `null` where nothing is stated. */
export function citeCounting(counting: CountingRule, part: Article | null): string | null {
  const { law } = COUNTING[counting]
  return part === null || law === null ? null : `${law}, ${part.article}`
}
