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
  /** In a case: until when it may be put off, as law had it at the admission. */
  readonly extendsTo?: { readonly dueOn: CalendarDate; readonly source: string }
}

/** Until when law lets an authority put off a clock, once, where it tells its reasons in time. */
export type FilingExtension = {
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
  extensions: readonly FilingExtension[] = [],
): readonly FilingClockState[] {
  return clocks.map((promised) => {
    const clock = extendedClock(promised, told, extensions)
    const doneOn = stoppedOn(clock, told)
    const { dueOn } = clock
    const done = doneOn !== null && (doneOn <= dueOn ? 'met' : 'late')
    return { ...clock, doneOn, state: done || (dueOn < today ? 'overdue' : 'due') }
  })
}

/** The clock with its later day, if that was said before its first day was over. */
export function extendedClock(
  clock: FilingClock,
  told: readonly Told[],
  extensions: readonly FilingExtension[],
): FilingClock {
  const extension = extensions.find(({ kind }) => kind === clock.kind)
  const isInTime = told.some(({ kind, on }) => kind === 'extended' && on <= clock.dueOn)
  if (!extension || !isInTime || extension.dueOn <= clock.dueOn) return clock
  return { ...clock, dueOn: extension.dueOn, source: extension.source }
}

export function stoppedOn({ kind }: Pick<FilingClock, 'kind'>, told: readonly Told[]) {
  const by = STOPPED_BY[kind.slice(kind.lastIndexOf('/') + 1)] ?? []
  const days = told.filter((one) => by.includes(one.kind)).map(({ on }) => on)
  return days.sort()[0] ?? null
}
