/**
 * The four questions about the law, each as JSON in and JSON out: the same for
 * `comity eval` (the shipped packs, as if signed off) and for the API of a node (its
 * own packs, with its officers' sign-offs).
 */
import type { Json } from '../base/canonical-json.ts'
import { caseCompetence } from '../core/law/case-competence.ts'
import type { LawContext } from '../core/law/case-law.ts'
import { caseGaps } from '../core/law/case-overview.ts'
import { answerClock } from '../core/law/clock-question.ts'
import { definitionsCrosswalk } from '../core/law/definitions.ts'
import { dueAnswer, readDueAsk } from './due-question.ts'
import { competenceJson, gapsJson } from './law-answers.ts'
import { lawQuestion } from './law-question.ts'
import { objectOf } from './question-fields.ts'
import { answerSanction, readSanctionAsk } from './sanction-question.ts'

export type AskLaw = (law: LawContext, input: Json) => Json

/** Each throws ComityError `malformed` that names the member. */
export const ASK_LAW = {
  /** `{clock, start, timeZone, facts?, events?}` → `{state, strictDue, legalDue, steps, source, evidence}`. */
  due: (law, input) => dueAnswer(answerClock(law, readDueAsk(input))) as Json,
  /** `{tier | instrument, turnover?, currency?, …}` → the maximum with its steps. */
  sanction: (law, input) =>
    answerSanction(law, readSanctionAsk(objectOf(input, 'question'))) as unknown as Json,
  /** `{facts, entities?, packs?, on?}` → `{findings, lead, reach, coordination, openQuestions}`. */
  competence: ({ packs: loaded }, input) => {
    const { packs, question } = lawQuestion(input, loaded)
    return competenceJson(caseCompetence(packs, question)) as unknown as Json
  },
  /** `{facts, entities?, packs?, on?, yardstick?, inPlace?}` → `{matrix, gaps, clauses, paths, …}`. */
  gaps: ({ packs: loaded }, input) => {
    const { packs, question } = lawQuestion(input, loaded)
    const answer = caseGaps(packs, question)
    const shown = new Set(answer.columns.map(({ legalOrder }) => legalOrder))
    const asked = packs.filter(({ legalOrder }) => shown.has(legalOrder))
    return gapsJson(answer, definitionsCrosswalk(asked, question.on)) as unknown as Json
  },
} as const satisfies Readonly<Record<string, AskLaw>>
