/**
 * An opened report, question beside answer, in the words of the page. Text only: nothing of
 * a report is ever read as markup, and no name in it reaches anything but a lookup.
 */
import type { ReportWords } from '../wire/intake/report-words.ts'

type Answers = Readonly<Record<string, unknown>>

export type ShownAnswer = {
  readonly id: string
  readonly question: string
  readonly text: string
  readonly isAnswered: boolean
}

/** In the order of its form; what no form asks comes last, under its own name. */
export function shownAnswers(words: ReportWords, answers: Answers): ShownAnswer[] {
  const order = own(words.kinds, String(answers['kind'] ?? '')) ?? []
  const rest = Object.keys(answers).filter((id) => !order.includes(id))
  return [...order.filter((id) => isWorthShowing(id, answers)), ...rest].map((id) => {
    const text = textOf(words, id, answers[id])
    return {
      id,
      question: own(words.labels, id) ?? id,
      text: text || words.notAnswered,
      isAnswered: text !== '',
    }
  })
}

/** The other questions in words, for the form by which the report is admitted. */
export function furtherText(shown: readonly ShownAnswer[], taken: ReadonlySet<string>): string {
  return shown
    .filter(({ id, isAnswered }) => isAnswered && !taken.has(id))
    .map(({ question, text }) => `${question}\n${text}`)
    .join('\n\n')
}

/** A contact is never among the answers. */
function isWorthShowing(id: string, answers: Answers): boolean {
  return id !== 'contact' || id in answers
}

function textOf(words: ReportWords, id: string, value: unknown): string {
  if (value === undefined) return ''
  const choices = own(words.choices, id) ?? {}
  const wordOf = (one: unknown) =>
    typeof one === 'string' ? (own(choices, one) ?? one) : JSON.stringify(one)
  return Array.isArray(value) ? value.map(wordOf).join('\n') : wordOf(value)
}

/** `__proto__` and its like are names like any other. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
