/**
 * What is owed to a reporter, and whether it was done: the clocks that the receipt of a
 * filing states, each stopped by the right kind of answer and by no other.
 *
 * The dates are those of the receipt, which law packs gave; this adds no law.
 */
import type { CalendarDate } from '../../base/time.ts'

export type FilingClock = {
  /** `<instrument>/<clock>` of the law pack. */
  readonly kind: string
  readonly dueOn: CalendarDate
  readonly source: string
}

/** Something that was said to the reporter, by its kind. */
export type Told = { readonly kind: string; readonly on: CalendarDate }

/** `late`: done, after the day. */
export type FilingClockState = FilingClock & {
  readonly state: 'due' | 'overdue' | 'met' | 'late'
  readonly doneOn: CalendarDate | null
}

/** By the last part of a clock's name. An answer that asks something stops none. */
const STOPPED_BY: Readonly<Record<string, readonly string[]>> = {
  ack: ['acknowledged', 'feedback', 'outcome', 'closed'],
  feedback: ['feedback', 'outcome', 'closed'],
}

export function filingClocks(
  clocks: readonly FilingClock[],
  told: readonly Told[],
  today: CalendarDate,
): readonly FilingClockState[] {
  return clocks.map((clock) => {
    const doneOn = stoppedOn(clock, told)
    const { dueOn } = clock
    const done = doneOn !== null && (doneOn <= dueOn ? 'met' : 'late')
    return { ...clock, doneOn, state: done || (dueOn < today ? 'overdue' : 'due') }
  })
}

export function stoppedOn({ kind }: Pick<FilingClock, 'kind'>, told: readonly Told[]) {
  const by = STOPPED_BY[kind.slice(kind.lastIndexOf('/') + 1)] ?? []
  const days = told.filter((one) => by.includes(one.kind)).map(({ on }) => on)
  return days.sort()[0] ?? null
}
