/**
 * The state of a clock: data of a pack and events of a case, computed anew each
 * time. No date is stored as truth; what is stored is each computation.
 *
 * There is no due date without the start event that the law names, and no binding
 * date from a clock that nobody verified. Own duty: act on the earlier of the two
 * dates. Another's default: only after the later one, and with proof of receipt.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import { type HolidaysOf, inZone, workCalendar } from './calendar.ts'
import type { Clock, Period } from './clock.ts'
import { type ClockEvent, isBefore, type Marks, marksOf, startOf } from './clock-events.ts'
import { evaluate, type Facts } from './condition.ts'
import type { Step } from './counting-step.ts'
import { type DueDate, dueDate } from './due-date.ts'
import { type EvidenceCode, findClock, type Instrument, type LawPack, packRef } from './pack.ts'
import { isSignedOff, type SignOffs } from './sign-off.ts'
import { type Standing, standingOf } from './standing.ts'

export const CLOCK_STATES = [
  'due',
  'not_started',
  'qualitative',
  'advisory',
  'confirm',
  'not_yet_applicable',
  'met',
  'overdue',
  'overdue_on_reclassification',
  'satisfied_by',
  'unknown_clock',
] as const
export type ClockState = (typeof CLOCK_STATES)[number]

export type ClockInput = {
  readonly events: readonly ClockEvent[]
  readonly facts: Facts
  readonly now: Instant
  readonly signOffs: SignOffs
  readonly holidaysOf: HolidaysOf
  /** Zone of the authority where action is to be taken; without it the pack's first. */
  readonly zone?: string
}

export type ClockResult = {
  /** `<instrument id>/<clock id>`. */
  readonly clock: string
  readonly legalOrder: string
  readonly state: ClockState
  /** First moment of lateness as RFC 9557 text; for a `min` clock the first moment allowed. */
  readonly strictDue: string | null
  readonly legalDue: string | null
  readonly start: ClockEvent | null
  readonly steps: readonly Step[]
  readonly article: string | null
  readonly source: string | null
  readonly evidence: EvidenceCode | null
  readonly quote: string | null
  /** Duty beside the number, or the whole duty of a qualitative clock. */
  readonly plus: string | null
  readonly provisionFrom: CalendarDate | null
  readonly scopeFrom: readonly CalendarDate[]
  readonly performedAt: Instant | null
  /** When facts came to fall under the clock, where that was recorded. */
  readonly classifiedAt: Instant | null
  readonly because: readonly Because[]
}

type Found = { readonly instrument: Instrument; readonly clock: Clock }

/**
 * @param clockId `<instrument id>/<clock id>`; one the pack lacks gives `unknown_clock`
 * @throws ComityError `malformed` if the pack has no calendar in the zone asked for
 */
export function evaluateClock(pack: LawPack, clockId: string, input: ClockInput): ClockResult {
  const found = findClock(pack, clockId)
  if (found === undefined) return unknownClock(pack, clockId)
  const { clock } = found
  const marks = marksOf(clock, input.events)
  const start = startOf(clock, input.events)
  const trigger = triggerOf(pack, clock, input.facts)
  const blank = describe(pack, clock, marks, start)

  if (isSatisfied(found, marks)) {
    const text = 'A regime that the law lets stand in for this clock is relied on.'
    return { ...blank, state: 'satisfied_by', because: [{ rule: 'law:equivalent', text }] }
  }
  if (trigger.answer === 'no') {
    const text = `Its trigger is not met: ${trigger.text}`
    return { ...blank, state: 'not_started', because: [{ rule: 'law:trigger', text }] }
  }
  if (clock.period === null) return qualitative(pack, found, input, blank)
  if (start === null) {
    const event = clock.start?.event ?? 'unknown'
    const of = clock.start?.ofClock ? ` of ${clock.start.ofClock}` : ''
    const text = `The period runs from "${event}"${of}, which is not recorded.`
    return { ...blank, state: 'not_started', because: [{ rule: 'law:no-start', text }] }
  }
  const calendar = workCalendar(pack, input.holidaysOf, input.zone)
  const period = periodOf(pack, clock, input.facts)
  const counting = clock.kind === 'validity' ? 'unstated' : clock.counting
  const due = dueDate(start.at, period, calendar, counting)
  const standing = standingFor(pack, found, start.at, calendar.zone, input)
  return numeric(clock, due, standing, blank, input.now)
}

/**
 * The clock of a group that governs: one duty, the shortest period that is triggered.
 * A clock whose trigger is still open takes part only once facts were classified under it.
 *
 * @returns `undefined` if no clock of the group is triggered
 */
export function governingClock(
  pack: LawPack,
  group: string,
  input: ClockInput,
): ClockResult | undefined {
  const results = pack.instruments
    .flatMap(({ clocks }) => clocks)
    .filter((clock) => clock.group === group && isTriggered(pack, clock, input))
    .map((clock) => evaluateClock(pack, clock.id, input))
  return results.reduce<ClockResult | undefined>(earlier, undefined)
}

function numeric(
  clock: Clock,
  due: DueDate,
  { standing, because }: Standing,
  blank: ClockResult,
  now: Instant,
): ClockResult {
  if (standing === 'not_yet_applicable') return { ...blank, state: standing, because }
  const { strictDue, legalDue, steps } = due
  const dated: ClockResult = { ...blank, strictDue, legalDue, steps, because, state: 'due' }
  const { performedAt, classifiedAt } = blank
  const notes = [...because]
  if (performedAt !== null && isBefore(performedAt, due.legalAt)) {
    if (!isBefore(performedAt, due.strictAt)) {
      notes.push({ rule: 'law:met-after-strict', text: 'Done after the strict date.' })
    }
    return { ...dated, state: 'met', because: notes }
  }
  if (standing !== 'binding') return { ...dated, state: standing }
  if (clock.kind === 'min' || clock.kind === 'validity') return dated
  if (classifiedAt !== null && performedAt === null && !isBefore(classifiedAt, due.legalAt)) {
    const text = `Facts came to fall under it at ${classifiedAt}, when its date had passed.`
    notes.push({ rule: 'law:reclassified', text })
    return { ...dated, state: 'overdue_on_reclassification', because: notes }
  }
  if (!isBefore(now, due.legalAt)) {
    const text = performedAt === null ? 'The later date has passed.' : `Done late: ${performedAt}.`
    notes.push({ rule: 'law:late', text })
    return { ...dated, state: 'overdue', because: notes }
  }
  if (!isBefore(now, due.strictAt)) {
    notes.push({ rule: 'law:strict-passed', text: 'The strict date has passed.' })
  }
  return { ...dated, because: notes }
}

function qualitative(
  pack: LawPack,
  found: Found,
  input: ClockInput,
  blank: ClockResult,
): ClockResult {
  const calendar = workCalendar(pack, input.holidaysOf, input.zone)
  const at = blank.start?.at ?? input.now
  const { standing, because } = standingFor(pack, found, at, calendar.zone, input)
  if (blank.performedAt !== null) return { ...blank, state: 'met', because }
  if (standing === 'advisory' || standing === 'not_yet_applicable') {
    return { ...blank, state: standing, because }
  }
  const text = 'The pack holds no number with a start event: act as the text of the duty says.'
  return {
    ...blank,
    state: 'qualitative',
    because: [{ rule: 'law:no-number', text }, ...because],
  }
}

function standingFor(
  pack: LawPack,
  found: Found,
  at: Instant,
  zone: string,
  { facts, signOffs }: ClockInput,
): Standing {
  const day = inZone(at, zone).toPlainDate().toString() as CalendarDate
  return standingOf(pack, found, day, facts, isSignedOff(signOffs, packRef(pack), found.clock.id))
}

function triggerOf(pack: LawPack, { trigger }: Clock, facts: Facts) {
  const when = trigger?.when ?? null
  const answer = when === null ? 'unknown' : evaluate(when, facts, pack).answer
  return { answer, text: trigger?.text ?? '' } as const
}

function isTriggered(pack: LawPack, clock: Clock, { facts, events }: ClockInput): boolean {
  if (marksOf(clock, events).classified !== null) return true
  if (clock.trigger === null || clock.trigger.when === null) return true
  return triggerOf(pack, clock, facts).answer === 'yes'
}

function periodOf(pack: LawPack, clock: Clock, facts: Facts): Period {
  const variant = clock.variants.find(({ when }) => evaluate(when, facts, pack).answer === 'yes')
  return variant?.period ?? (clock.period as Period)
}

function isSatisfied({ instrument, clock }: Found, marks: Marks): boolean {
  const isAllowed = instrument.equivalents.some(({ clocks }) => clocks.includes(clock.id))
  return isAllowed && marks.satisfied_by !== null
}

function earlier(best: ClockResult | undefined, next: ClockResult): ClockResult {
  if (best === undefined || best.strictDue === null) return next
  if (next.strictDue === null) return best
  return Temporal.ZonedDateTime.from(next.strictDue).epochMilliseconds <
    Temporal.ZonedDateTime.from(best.strictDue).epochMilliseconds
    ? next
    : best
}

function describe(
  pack: LawPack,
  clock: Clock,
  marks: Marks,
  start: ClockEvent | null,
): ClockResult {
  const { article, source, evidence, quote } = clock.basis
  return {
    clock: clock.id,
    legalOrder: pack.legalOrder,
    state: 'not_started',
    strictDue: null,
    legalDue: null,
    start,
    steps: [],
    article,
    source,
    evidence,
    quote,
    plus: clock.plus,
    provisionFrom: clock.applies.provisionFrom?.date ?? null,
    scopeFrom: clock.applies.scopeFrom.map(({ date }) => date),
    performedAt: marks.performed,
    classifiedAt: marks.classified,
    because: [],
  }
}

function unknownClock(pack: LawPack, clockId: string): ClockResult {
  return {
    clock: clockId,
    legalOrder: pack.legalOrder,
    state: 'unknown_clock',
    strictDue: null,
    legalDue: null,
    start: null,
    steps: [],
    article: null,
    source: null,
    evidence: null,
    quote: null,
    plus: null,
    provisionFrom: null,
    scopeFrom: [],
    performedAt: null,
    classifiedAt: null,
    because: [{ rule: 'law:unknownClock', text: `Pack ${pack.id} has no clock of this id.` }],
  }
}
