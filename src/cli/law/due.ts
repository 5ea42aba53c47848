/**
 * When is something due? One clock of the shipped packs, the moment from which it
 * runs, and what else happened; answered as if the packs were signed off.
 *
 * No clock of the machine is read: the answer stands at the latest of the moments
 * in the question, so the same question has the same answer on every day.
 */
import { malformed } from '../../base/errors.ts'
import { type Instant, instantFromMs } from '../../base/time.ts'
import { zoneName } from '../../core/law/calendar.ts'
import type { LawContext } from '../../core/law/case-law.ts'
import { answerClock, type ClockQuestion } from '../../core/law/clock-question.ts'
import type { ClockResult } from '../../core/law/clock-result.ts'
import { circumstancesIn } from '../../wire/law-examples.ts'

/** @throws ComityError `malformed` for an unknown zone */
export function dueOf(law: LawContext, question: ClockQuestion): ClockResult | undefined {
  const timeZone = zoneName(question.timeZone)
  if (timeZone === undefined) throw malformed('no such IANA time zone', { field: 'timeZone' })
  return answerClock(law, { ...question, timeZone })
}

/** What `comity eval due` and `comity law due --json` print. */
export function dueAnswer(result: ClockResult | undefined) {
  if (result === undefined) {
    const none = { strictDue: null, legalDue: null, steps: [], source: null, evidence: null }
    return { state: 'unknown_clock', ...none } as const
  }
  const { state, strictDue, legalDue, steps, evidence } = result
  return { state, strictDue, legalDue, steps, source: sourceOf(result), evidence }
}

export function dueText(result: ClockResult): string {
  const { clock, state, strictDue, legalDue, plus, quote, steps, because } = result
  const dates = strictDue === null ? [] : [row('strict', strictDue), row('legal', `${legalDue}`)]
  const { recipient, governedBy, openQuestions = [] } = result
  const lines = [
    `${clock}: ${state.replaceAll('_', ' ')}`,
    ...dates,
    ...(dates.length === 0 ? [] : [row('', 'each the first moment that is too late')]),
    ...(governedBy === undefined ? [] : [row('governs', governedBy)]),
    ...(plus === null ? [] : [row('duty', plus)]),
    ...(recipient === undefined ? [] : [row('owed to', recipient.to ?? 'open: see the questions')]),
    row('source', `${sourceOf(result)} (evidence ${result.evidence})`),
    ...(quote === null ? [] : [row('quote', `“${quote}”`)]),
    ...because.map(({ text }, n) => row(n === 0 ? 'why' : '', text)),
    ...openQuestions.map(({ fact, text }, n) => row(n === 0 ? 'ask' : '', `${text} (${fact})`)),
    ...steps.map(({ at, text, article }, n) =>
      row(n === 0 ? 'counted' : '', `${at}  ${text}${article === null ? '' : ` (${article})`}`),
    ),
  ]
  return `${lines.join('\n')}\n`
}

/**
 * A moment of RFC 3339 or RFC 9557, always with an offset, in a year of four digits:
 * counting from the ends of time would leave it.
 *
 * @throws ComityError `malformed`
 */
export function momentOf(text: string, field: string): Instant {
  const at = /^\d{4}-/.test(text) ? instantIn(text) : undefined
  if (at !== undefined) return at
  throw malformed('not a moment with its offset, such as 2026-11-20T10:00:00+01:00', { field })
}

/** `--event EVENT@MOMENT`. @throws ComityError `malformed` */
export function eventsOf(texts: readonly string[], clock: string): ClockQuestion['events'] {
  return texts.flatMap((text) => circumstancesIn(text, '--event', clock).events)
}

function instantIn(text: string): Instant | undefined {
  try {
    return instantFromMs(Temporal.Instant.from(text).epochMilliseconds)
  } catch {
    // Temporal has no other way to ask.
    return undefined
  }
}

function sourceOf({ source, article }: ClockResult): string {
  return `${source}, art. ${article}`
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(8)} ${text}`
}
