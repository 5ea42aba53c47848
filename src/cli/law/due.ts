/** The answer on one clock as text, for people at a terminal, and what else happened as arguments. */
import type { ClockQuestion } from '../../core/law/clock-question.ts'
import type { ClockResult } from '../../core/law/clock-result.ts'
import type { Filing } from '../../core/law/clock-route.ts'
import { sourceText } from '../../wire/due-question.ts'
import { circumstancesIn } from '../../wire/law-examples.ts'

export function dueText(result: ClockResult): string {
  const { clock, state, strictDue, legalDue, plus, quote, steps, because } = result
  const dates = strictDue === null ? [] : [row('strict', strictDue), row('legal', `${legalDue}`)]
  const { recipient, filing, governedBy, openQuestions = [] } = result
  const lines = [
    `${clock}: ${state.replaceAll('_', ' ')}`,
    ...dates,
    ...(dates.length === 0 ? [] : [row('', 'each the first moment that is too late')]),
    ...(governedBy === undefined ? [] : [row('governs', governedBy)]),
    ...(plus === null ? [] : [row('duty', plus)]),
    ...(recipient === undefined ? [] : [row('owed to', recipient.to ?? 'open: see the questions')]),
    ...(filing === undefined ? [] : [row('filed', filingText(filing))]),
    row('source', `${sourceText(result)} (evidence ${result.evidence})`),
    ...(quote === null ? [] : [row('quote', `“${quote}”`)]),
    ...because.map(({ text }, n) => row(n === 0 ? 'why' : '', text)),
    ...openQuestions.map(({ fact, text }, n) => row(n === 0 ? 'ask' : '', `${text} (${fact})`)),
    ...steps.map(({ at, text, article }, n) =>
      row(n === 0 ? 'counted' : '', `${at}  ${text}${article === null ? '' : ` (${article})`}`),
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** `--event EVENT@MOMENT`. @throws ComityError `malformed` */
export function eventsOf(texts: readonly string[], clock: string): ClockQuestion['events'] {
  return texts.flatMap((text) => circumstancesIn(text, '--event', clock).events)
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(8)} ${text}`
}

function filingText({ where, designation, article }: Filing): string {
  const by = designation === null ? 'not through Comity' : `Comity is the channel by ${designation}`
  return `${where} (${by}; art. ${article})`
}
