/** One step of a count, as an officer, a respondent or a court redoes it by hand. */

export type StepRule =
  | 'event'
  | 'year-end'
  | 'occurrence'
  | 'elapsed'
  | 'hour-of-event-excluded'
  | 'day-of-event-excluded'
  | 'counted'
  | 'days-off-skipped'
  | 'month-has-no-such-date'
  | 'paused'
  | 'restarted'
  | 'extended'
  | 'end-of-other-clock'
  | 'counted-back'
  | 'clock-change'
  | 'holidays-of-another-place'
  | 'strict-end'
  | 'moved-from-day-off'
  | 'two-working-days'
  | 'other-reading'
  | 'later-occurrences'
  | 'silence'
  | 'floor'
  | 'ends'
  | 'legal-end'

export type Step = {
  readonly rule: StepRule
  /** A calendar date, or a moment as RFC 9557 text. */
  readonly at: string
  readonly text: string
  /** Article of the counting rule, where one decided. */
  readonly article: string | null
}

export function step(
  rule: StepRule,
  at: string,
  text: string,
  article: string | null = null,
): Step {
  return { rule, at, text, article }
}
