/** `comity law competence` and `comity law gaps`: what the shipped packs say on a set of facts. */
import { parseArgs } from 'node:util'
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { caseCompetence } from '../../core/law/case-competence.ts'
import { caseGaps } from '../../core/law/case-overview.ts'
import { definitionsCrosswalk } from '../../core/law/definitions.ts'
import { competenceJson, gapsJson } from '../../wire/law-answers.ts'
import { type AskedPacks, lawQuestion } from '../../wire/law-question.ts'
import { competenceText } from './competence-text.ts'
import { factArguments } from './facts.ts'
import { gapsText } from './gaps-text.ts'
import { amountArgument, questionFile } from './question-arguments.ts'
import { shippedLaw } from './shipped-law.ts'

export const ASK_USAGE = `       comity law competence (--facts FILE | --fact NAME=VALUE…) [--packs eu,gb] [--on DAY] [--json]
       comity law gaps (--facts FILE | --fact NAME=VALUE…) [--packs eu,gb] [--on DAY]
                       [--yardstick BASISPOINTS] [--turnover EUR=AMOUNT…] [--json]`

export const ASK_HELP = `competence  who is competent, who leads, whom each regime reaches, and what is still to be asked
gaps     the matrix of what each legal order has, its gaps, and clauses to negotiate
FILE     JSON: an object of facts, or a whole question as for comity eval gaps
DAY      the day asked about, such as 2027-01-01; without it the day the packs were last checked`

export function competenceCommand(args: readonly string[]): number {
  const { values, asked } = askedBy(args)
  const answer = caseCompetence(asked.packs, asked.question)
  print(values.json, competenceJson(answer), () => competenceText(answer))
  return 0
}

export function gapsCommand(args: readonly string[]): number {
  const { values, asked } = askedBy(args)
  const answer = caseGaps(asked.packs, asked.question)
  const shown = new Set(answer.columns.map(({ legalOrder }) => legalOrder))
  const packs = asked.packs.filter(({ legalOrder }) => shown.has(legalOrder))
  const terms = definitionsCrosswalk(packs, asked.question.on)
  print(values.json, gapsJson(answer, terms), () => gapsText(answer, terms))
  return 0
}

function print(isJson: boolean, json: object, text: () => string): void {
  process.stdout.write(isJson ? `${JSON.stringify(json)}\n` : text())
}

function askedBy(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      facts: { type: 'string' },
      fact: { type: 'string', multiple: true, default: [] },
      packs: { type: 'string' },
      on: { type: 'string' },
      yardstick: { type: 'string' },
      turnover: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  })
  if (values.facts === undefined && values.fact.length === 0) {
    throw malformed('no facts are given: name them with --facts or --fact', { field: '--fact' })
  }
  const read = values.facts === undefined ? { facts: {} } : questionFile(values.facts)
  const facts = {
    ...(read['facts'] as object),
    ...factArguments(values.fact),
  }
  const { packs, on, yardstick, turnover } = values
  const question = {
    ...read,
    facts,
    ...(packs === undefined ? {} : { packs: packs.split(',').map((name) => name.trim()) }),
    ...(on === undefined ? {} : { on }),
    ...(yardstick === undefined
      ? {}
      : { yardstick: { basisPoints: Number(yardstick), turnovers: turnover.map(amountArgument) } }),
  }
  const asked: AskedPacks = lawQuestion(question as unknown as Json, shippedLaw().packs)
  return { values, asked }
}
