/** What is said of one clock: its state, both dates, the steps to them, and their source. */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { Clock } from './clock.ts'
import type { ClockEvent, Marks } from './clock-events.ts'
import type { Filing, Recipient } from './clock-route.ts'
import type { OpenQuestion } from './competence.ts'
import type { Step } from './counting-step.ts'
import type { Basis, EvidenceCode, LawPack } from './pack.ts'

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
  /** Of a recurring clock the last performance. */
  readonly performedAt: Instant | null
  /** When facts came to fall under the clock, where that was recorded. */
  readonly classifiedAt: Instant | null
  readonly because: readonly Because[]
  /** The members below stand only where there is something to say. */
  readonly recipient?: Recipient
  readonly filing?: Filing
  /** Facts that nobody recorded and that could change this answer. */
  readonly openQuestions?: readonly OpenQuestion[]
  /** Of a recurring clock: which occurrence the dates are of, from 1. */
  readonly occurrence?: number
  readonly suspendedSince?: Instant
  readonly silence?: Silence
  /** The clock of the same duty whose shorter period is triggered: that one governs. */
  readonly governedBy?: string
}

/** What the law makes of an authority's silence. Nothing here makes it happen. */
export type Silence = {
  readonly effect: string
  readonly article: string
  readonly isReceiptNeeded: boolean
  /** A mark, or a start event that is a receipt and names what shows it. */
  readonly isReceiptShown: boolean
  /** The later date; `null` without the receipt, once performed, and while suspended. */
  readonly mayFireAt: string | null
}

/** What the pack and the marks say, before anything is counted. */
export function blankResult(pack: LawPack, clock: Clock, marks: Marks): ClockResult {
  const { article, source, evidence, quote } = clock.basis
  return {
    clock: clock.id,
    legalOrder: pack.legalOrder,
    state: 'not_started',
    strictDue: null,
    legalDue: null,
    start: null,
    steps: [],
    article,
    source,
    evidence,
    quote,
    plus: clock.plus,
    provisionFrom: clock.applies.provisionFrom?.date ?? null,
    scopeFrom: clock.applies.scopeFrom.map(({ date }) => date),
    performedAt: (clock.kind === 'recurring' ? marks.performed.at(-1) : marks.performed[0]) ?? null,
    classifiedAt: marks.classified,
    because: [],
  }
}

export function sourceOf({ article, source, evidence, quote }: Basis) {
  return { article, source, evidence, quote }
}

export function unknownClock(pack: LawPack, clockId: string): ClockResult {
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
