/**
 * Time that does not count: tolling and suspension, by the marks `suspended` and
 * `resumed`. What then happens is the law's: the rest runs on, or the period runs anew;
 * where the text does not say, both ends are given and a lawyer decides.
 */
import type { Because } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Clock } from './clock.ts'
import type { Marks } from './clock-events.ts'
import type { Paused } from './counted-days.ts'
import { step } from './counting-step.ts'
import type { DueDate, Span } from './due-date.ts'
import { cite } from './pack.ts'

export type PausedEnd = {
  readonly due: DueDate
  readonly doubts: readonly Because[]
  readonly notes: readonly Because[]
  readonly suspendedSince: Instant | null
}

/**
 * @param now an open suspension is counted up to it
 * @param endOf counts a span by the rule of the clock
 */
export function pausedEnd(
  clock: Clock,
  marks: Marks,
  span: Span,
  now: Instant,
  endOf: (span: Span) => DueDate,
): PausedEnd {
  const { paused, notes } = acceptedPauses(clock, marks, span, now, endOf)
  if (paused.length === 0) {
    return { due: endOf(span), doubts: [], notes, suspendedSince: null }
  }
  const open = marks.pauses.at(-1)
  const isOpen = open?.to === null && paused.some(({ from }) => from === open.from)
  const suspendedSince = isOpen ? open.from : null
  return {
    due: endAfter(clock, span, paused, endOf),
    doubts: doubtsOf(clock, suspendedSince),
    notes: [...clock.pauses.map(causeOf), ...notes],
    suspendedSince,
  }
}

/** Those that the pack knows, that touch the period, and that came before it had ended. */
function acceptedPauses(
  clock: Clock,
  { pauses }: Marks,
  span: Span,
  now: Instant,
  endOf: (span: Span) => DueDate,
): { paused: readonly Paused[]; notes: readonly Because[] } {
  const paused: Paused[] = []
  const notes: Because[] = []
  for (const pause of pauses) {
    const from = pause.from < span.start ? span.start : pause.from
    const to = pause.to ?? (now < pause.from ? pause.from : now)
    if (clock.pauses.length === 0) {
      const text = `The pack knows no suspension of this clock: ${pause.from} changes nothing.`
      notes.push({ rule: 'law:no-pause', text })
    } else if (from >= endOf({ ...span, paused }).legalAt) {
      const text = `Suspended at ${pause.from}, when the period had ended.`
      notes.push({ rule: 'law:paused-too-late', text })
    } else if (to >= from) {
      paused.push({ from, to })
    }
  }
  return { paused, notes }
}

function endAfter(
  { kind, pauses }: Clock,
  span: Span,
  paused: readonly Paused[],
  endOf: (span: Span) => DueDate,
): DueDate {
  const after = new Set(pauses.map((pause) => pause.after))
  const [only] = after.size === 1 ? after : []
  if (only === 'restart') return restarted(span, paused, endOf)
  const resumed = endOf({ ...span, paused })
  if (only === 'resume') return resumed
  const anew = restarted(span, paused, endOf)
  const text = 'the text does not say whether the rest runs on, as above, or the period runs anew'
  const either = step('other-reading', anew.strictDue, text)
  const steps = [...resumed.steps, either, ...anew.steps]
  // The earlier reading binds oneself, the later one another; what ends by itself ends early.
  if (kind === 'validity' || anew.legalAt < resumed.legalAt) return { ...resumed, steps }
  return { ...resumed, steps, legalDue: anew.legalDue, legalAt: anew.legalAt }
}

function restarted(span: Span, paused: readonly Paused[], endOf: (span: Span) => DueDate): DueDate {
  const start = paused.at(-1)?.to ?? span.start
  const due = endOf({ ...span, start, paused: [] })
  const steps = paused.map(({ from, to }) =>
    step('restarted', to, `suspended from ${from}: the period runs anew from the resumption`),
  )
  return { ...due, steps: [...steps, ...due.steps] }
}

function doubtsOf({ pauses }: Clock, suspendedSince: Instant | null): readonly Because[] {
  const doubts: Because[] = []
  if (suspendedSince !== null) {
    const text = `Suspended since ${suspendedSince} and not resumed: it has no end yet. The dates are those if it resumed now; nobody is late while it is suspended.`
    doubts.push({ rule: 'law:suspended', text })
  }
  if (new Set(pauses.map(({ after }) => after)).size > 1 || pauses[0]?.after === 'confirm') {
    const text = 'Whether the period resumes or runs anew after the suspension is not said.'
    doubts.push({ rule: 'law:pause-unclear', text })
  }
  for (const { basis } of pauses) {
    if (basis.evidence === 'P') continue
    const text = 'The suspension rests on less than the text of the law.'
    doubts.push({ rule: 'law:pause-not-read', text, source: cite(basis) })
  }
  return doubts
}

function causeOf({ kind, cause, basis }: Clock['pauses'][number]): Because {
  return { rule: `law:${kind}`, text: `It may be suspended for: ${cause}`, source: cite(basis) }
}
