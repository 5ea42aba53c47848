/**
 * The state of a clock: data of a pack and events of a case, computed anew each
 * time. No date is stored as truth; what is stored is each computation.
 *
 * There is no due date without the start event that the law names, and no binding
 * date from a clock that nobody verified. Own duty: act on the earlier of the two
 * dates. Another's default: only after the later one, and with proof of receipt.
 */
import type { Because } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import { type HolidaysOf, localDate, type WorkCalendar, workCalendar } from './calendar.ts'
import type { Clock } from './clock.ts'
import { type ClockDue, dueOfClock } from './clock-due.ts'
import {
  type ClockEvent,
  clockThatStarts,
  hasMark,
  isBefore,
  type Marks,
  marksOf,
  startOf,
} from './clock-events.ts'
import {
  blankResult,
  type ClockResult,
  type Silence,
  sourceOf,
  unknownClock,
} from './clock-result.ts'
import { filingOf, openQuestionsOf, recipientOf } from './clock-route.ts'
import { evaluate, type Facts } from './condition.ts'
import { type Step, step } from './counting-step.ts'
import { type Basis, findClock, type Instrument, type LawPack, packRef } from './pack.ts'
import { isSignedOff, type SignOffs } from './sign-off.ts'
import { type Standing, standingOf } from './standing.ts'

export type ClockInput = {
  readonly events: readonly ClockEvent[]
  readonly facts: Facts
  readonly now: Instant
  readonly signOffs: SignOffs
  readonly holidaysOf: HolidaysOf
  /** Zone of the authority where action is to be taken; without it the pack's first. */
  readonly zone?: string
}

type Found = { readonly instrument: Instrument; readonly clock: Clock }

/** @param clockId `<instrument id>/<clock id>`; one the pack lacks gives `unknown_clock` */
export function evaluateClock(pack: LawPack, clockId: string, input: ClockInput): ClockResult {
  const found = findClock(pack, clockId)
  if (found === undefined) return unknownClock(pack, clockId)
  const own = evaluateFound(pack, found, input)
  return found.clock.group === null ? own : amongGroup(pack, found.clock, own, input)
}

/**
 * One clock of several that are one duty: says which governs (the shortest period that is
 * triggered; an open trigger counts once facts were classified under it), and what could change it.
 */
function amongGroup(pack: LawPack, clock: Clock, own: ClockResult, input: ClockInput): ClockResult {
  const others = clocksOfGroup(pack, clock.group ?? '').filter((each) => each.clock !== clock)
  const triggers = others.flatMap((each) => each.clock.trigger?.when ?? [])
  const openQuestions = openQuestionsOf(pack, clock, input.facts, triggers)
  const asked = openQuestions.length === 0 ? own : { ...own, openQuestions }
  if (own.strictDue === null) return asked
  const best = others
    .filter((each) => isTriggered(pack, each.clock, input))
    .map((found) => evaluateFound(pack, found, input))
    .reduce<ClockResult>(earlier, own)
  if (best === own || best.strictDue === null) return asked
  const text = `${best.clock} governs: one duty, and the shorter period that is triggered.`
  const because = [...asked.because, { rule: 'law:shorter-governs', text }]
  return { ...asked, governedBy: best.clock, because }
}

function clocksOfGroup(pack: LawPack, group: string): readonly Found[] {
  return pack.instruments.flatMap((instrument) =>
    instrument.clocks
      .filter((clock) => clock.group === group)
      .map((clock) => ({ instrument, clock })),
  )
}

function evaluateFound(pack: LawPack, found: Found, input: ClockInput): ClockResult {
  const { clock } = found
  const marks = marksOf(clock, input.events)
  const blank = describe(pack, found, marks, input)
  if (isSatisfied(found, marks)) {
    const text = 'A regime that the law lets stand in for this clock is relied on.'
    return { ...blank, state: 'satisfied_by', because: [{ rule: 'law:equivalent', text }] }
  }
  const trigger = triggerOf(pack, clock, input.facts)
  if (trigger.answer === 'no') {
    const text = `Its trigger is not met: ${trigger.text}`
    return { ...blank, state: 'not_started', because: [{ rule: 'law:trigger', text }] }
  }
  const calendar = workCalendar(pack, input.holidaysOf, input.zone)
  if (clock.period === null) return qualitative(pack, found, calendar, input, blank)
  const begun = startOf(clockThatStarts(pack, clock), input.events)
  const early = begun && standingFor(pack, found, begun.at, calendar, input, clock.basis)
  // Before it applies nothing is counted, so that no holidays of long ago are asked for.
  if (early?.standing === 'not_yet_applicable') {
    return { ...blank, start: begun, state: early.standing, because: early.because }
  }
  const due = dueOfClock(pack, clock, input, calendar)
  if ('waitsFor' in due) {
    const text = `The period waits for ${due.waitsFor}.`
    return { ...blank, state: 'not_started', because: [{ rule: 'law:no-start', text }] }
  }
  const standing =
    early && due.basis === clock.basis
      ? early
      : standingFor(pack, found, due.start.at, calendar, input, due.basis)
  return numeric(clock, due, standing, dated(clock, due, marks, blank), input.now)
}

function describe(
  pack: LawPack,
  { instrument, clock }: Found,
  marks: Marks,
  { facts, events }: ClockInput,
): ClockResult {
  const recipient = recipientOf(pack, clock, facts)
  const filing = filingOf(instrument, clock, recipient)
  const openQuestions = openQuestionsOf(pack, clock, facts)
  return {
    ...blankResult(pack, clock, marks),
    start: startOf(clock, events),
    ...(recipient === undefined ? {} : { recipient }),
    ...(filing === undefined ? {} : { filing }),
    ...(openQuestions.length === 0 ? {} : { openQuestions }),
  }
}

function dated(clock: Clock, due: ClockDue, marks: Marks, blank: ClockResult): ClockResult {
  const { strictDue, legalDue, start, occurrence, suspendedSince } = due
  const silence = silenceOf(clock, due, marks)
  return {
    ...blank,
    ...sourceOf(due.basis),
    strictDue,
    legalDue,
    start,
    steps: silence === undefined ? due.steps : [...due.steps, silenceStep(silence, legalDue)],
    ...(occurrence === null ? {} : { occurrence }),
    ...(suspendedSince === null ? {} : { suspendedSince }),
    ...(silence === undefined ? {} : { silence }),
  }
}

function silenceOf({ onSilence }: Clock, due: ClockDue, marks: Marks): Silence | undefined {
  if (onSilence === null) return undefined
  const { start, suspendedSince, legalDue } = due
  const isReceiptShown =
    marks.received !== null || (start.event.endsWith('_received') && start.evidence.trim() !== '')
  const mayFire =
    (isReceiptShown || !onSilence.isReceiptNeeded) &&
    marks.performed.length === 0 &&
    suspendedSince === null
  return { ...onSilence, isReceiptShown, mayFireAt: mayFire ? legalDue : null }
}

function silenceStep({ effect, article, isReceiptNeeded }: Silence, legalDue: string): Step {
  const proof = isReceiptNeeded ? ', and only with proof of receipt' : ''
  return step(
    'silence',
    legalDue,
    `silence may have its effect only from here${proof}: ${effect}`,
    article,
  )
}

function numeric(
  clock: Clock,
  due: ClockDue,
  { standing, because }: Standing,
  result: ClockResult,
  now: Instant,
): ClockResult {
  const notes = [...because, ...due.doubts, ...due.notes]
  const { performedAt, classifiedAt } = result
  const isFloor = clock.kind === 'min' || clock.kind === 'validity'
  if (clock.kind === 'max' && performedAt !== null && isBefore(performedAt, due.legalAt)) {
    if (!isBefore(performedAt, due.strictAt)) {
      notes.push({ rule: 'law:met-after-strict', text: 'Done after the strict date.' })
    }
    return { ...result, state: 'met', because: notes }
  }
  if (standing !== 'binding') return { ...result, state: standing, because: notes }
  if (due.doubts.length > 0) return { ...result, state: 'confirm', because: notes }
  if (isFloor) return { ...result, state: 'due', because: notes }
  const late = lateness(clock, due, { performedAt, classifiedAt }, now)
  return { ...result, state: late.state, because: [...notes, ...late.because] }
}

function lateness(
  { kind }: Clock,
  due: ClockDue,
  { performedAt, classifiedAt }: Pick<ClockResult, 'performedAt' | 'classifiedAt'>,
  now: Instant,
): { readonly state: ClockResult['state']; readonly because: readonly Because[] } {
  const isOpen = performedAt === null || kind === 'recurring'
  if (isOpen && classifiedAt !== null && !isBefore(classifiedAt, due.legalAt)) {
    const text = `Facts came to fall under it at ${classifiedAt}, when its date had passed.`
    return { state: 'overdue_on_reclassification', because: [{ rule: 'law:reclassified', text }] }
  }
  if (!isBefore(now, due.legalAt)) {
    const text = isOpen ? 'The later date has passed.' : `Done late: ${performedAt}.`
    return { state: 'overdue', because: [{ rule: 'law:late', text }] }
  }
  if (isBefore(now, due.strictAt)) return { state: 'due', because: [] }
  const text = 'The strict date has passed.'
  return { state: 'due', because: [{ rule: 'law:strict-passed', text }] }
}

function qualitative(
  pack: LawPack,
  found: Found,
  calendar: WorkCalendar,
  input: ClockInput,
  blank: ClockResult,
): ClockResult {
  const at = blank.start?.at ?? input.now
  const { clock } = found
  const { standing, because } = standingFor(pack, found, at, calendar, input, clock.basis)
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
  { instrument, clock }: Found,
  at: Instant,
  calendar: WorkCalendar,
  { facts, signOffs, events }: ClockInput,
  basis: Basis,
): Standing {
  const day = localDate(calendar.at(at))
  return standingOf(
    pack,
    { instrument, clock, basis },
    {
      day,
      facts,
      isSigned: isSignedOff(signOffs, packRef(pack), clock.id),
      isClassified: hasMark(clock, events, 'classified'),
    },
  )
}

function triggerOf(pack: LawPack, { trigger }: Clock, facts: Facts) {
  const when = trigger?.when ?? null
  const answer = when === null ? 'unknown' : evaluate(when, facts, pack).answer
  return { answer, text: trigger?.text ?? '' } as const
}

function isTriggered(pack: LawPack, clock: Clock, { facts, events }: ClockInput): boolean {
  if (hasMark(clock, events, 'classified')) return true
  if (clock.trigger === null || clock.trigger.when === null) return true
  return triggerOf(pack, clock, facts).answer === 'yes'
}

function isSatisfied({ instrument, clock }: Found, marks: Marks): boolean {
  const isAllowed = instrument.equivalents.some(({ clocks }) => clocks.includes(clock.id))
  return isAllowed && marks.satisfiedBy !== null
}

function earlier<T extends ClockResult | undefined>(best: T, next: ClockResult): T | ClockResult {
  if (best === undefined || best.strictDue === null) return next
  if (next.strictDue === null) return best
  return momentOf(next.strictDue) < momentOf(best.strictDue) ? next : best
}

function momentOf(due: string): number {
  return Temporal.ZonedDateTime.from(due).epochMilliseconds
}
