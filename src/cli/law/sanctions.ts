/**
 * `comity law sanctions`: what may a fine reach, by one tier or by all tiers of an
 * instrument; answered as if the packs were signed off.
 */
import { parseArgs } from 'node:util'
import { moneyFrom, moneyWords } from '../../core/law/money.ts'
import { plainText } from '../../wire/package/plain-text.ts'
import {
  answerSanction,
  readSanctionAsk,
  type SanctionAnswer,
} from '../../wire/sanction-question.ts'
import { factArguments } from './facts.ts'
import { shippedLaw } from './shipped-law.ts'

export const SANCTIONS_USAGE = `usage: comity law sanctions (--tier TIER | --instrument ID)
         [--turnover AMOUNT] [--benefit AMOUNT] [--currency CODE] [--violations N] [--days N]
         [--is KIND]… [--fact NAME=VALUE]… [--on DATE] [--json]

TIER     <instrument>/<tier>, such as eu.ai_act/t2; --instrument eu.ai_act lists them
AMOUNT   whole units of the currency, such as 800000000 or 1250.50
KIND     sme, small_mid_cap, natural_person or public_body
DATE     day of the infringement, such as 2026-11-23; without it the day of the pack

A statutory maximum, never a forecast. Without the turnover: the formula.
`

/** @returns the exit code: 0 answered, 1 refused or unknown, 2 wrong usage */
export function sanctionsCommand(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tier: { type: 'string' },
      instrument: { type: 'string' },
      turnover: { type: 'string' },
      benefit: { type: 'string' },
      currency: { type: 'string' },
      violations: { type: 'string' },
      days: { type: 'string' },
      is: { type: 'string', multiple: true, default: [] },
      fact: { type: 'string', multiple: true, default: [] },
      on: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const { fact, json, ...line } = values
  if ((line.tier === undefined) === (line.instrument === undefined)) {
    process.stderr.write(SANCTIONS_USAGE)
    return 2
  }
  const facts = factArguments(fact) as Record<string, string>
  const answer = answerSanction(shippedLaw(), readSanctionAsk({ ...line, facts }))
  const answers = 'tiers' in answer ? answer.tiers : [answer]
  const text = answers.map(answerText).join('\n')
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : text)
  if (answer.state === 'unknown_instrument') {
    const id = plainText(String(line.instrument))
    process.stderr.write(`comity law: no shipped pack has the instrument ${id}\n`)
    return 1
  }
  return 'tiers' in answer || isAnswered(answer) ? 0 : 1
}

function isAnswered({ state }: SanctionAnswer): boolean {
  return state !== 'unknown_tier' && state !== 'refused'
}

function answerText(answer: SanctionAnswer): string {
  const { certain, base, because, steps, questions, note, standing } = answer
  if (answer.state === 'unknown_tier') {
    return `${plainText(answer.tier)}: no shipped pack has this tier\n`
  }
  const rows: readonly (readonly [name: string, text: string | null | undefined])[] = [
    ['for', answer.for],
    [
      'certain',
      certain &&
        `${certain.maximumIs.replace('_', ' ')} ${amountWords(certain.amount, answer.currency ?? '')}`,
    ],
    ['formula', answer.formula],
    ['base', base && [base.text, base.note].filter((text) => text !== null).join('; ')],
    ...because.map(({ text }, n) => [n === 0 ? 'why' : '', text] as const),
    ...steps.map(({ text, article }, n) => {
      const cited = article === null ? text : `${text} (${article})`
      return [n === 0 ? 'counted' : '', cited] as const
    }),
    ...answer.changed.map(({ tier, maximum, currency, state }) => {
      return [
        'changes',
        `${tier}: ${maximum === null ? state : amountWords(maximum, currency ?? '')}`,
      ] as const
    }),
    ...questions.map(({ question }) => ['ask', question] as const),
    ['note', note],
    ['source', `${answer.source} (evidence ${answer.evidence})`],
  ]
  const head = `${answer.tier}: ${mostOf(answer)}${standing === null ? '' : ` (${standing.replaceAll('_', ' ')})`}`
  const lines = rows.flatMap(([name, text]) => (text ? [row(name, text)] : []))
  return `${[head, ...lines].join('\n')}\n`
}

function mostOf({ state, maximum, minimum, alternatives, currency, why }: SanctionAnswer): string {
  const words = (text: string | null) => amountWords(text ?? '', currency ?? '')
  if (alternatives.length > 0) {
    return `at most ${alternatives.map((each) => words(each.maximum)).join(' or ')}`
  }
  if (maximum !== null && minimum !== null) return `${words(minimum)} to ${words(maximum)}`
  if (maximum !== null) return `at most ${words(maximum)}`
  if (state === 'refused') return `refused, ${why}`
  return state === 'open' ? 'open, a fact is missing' : 'see the formula'
}

function amountWords(text: string, currency: string): string {
  return moneyWords(moneyFrom(text, currency, 'maximum'))
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(8)} ${text}`
}
