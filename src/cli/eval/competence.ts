/** `comity eval competence` and `comity eval gaps`: one question about the shipped packs a line. */
import type { Json } from '../../base/canonical-json.ts'
import { caseCompetence } from '../../core/law/case-competence.ts'
import { caseGaps } from '../../core/law/case-overview.ts'
import { definitionsCrosswalk } from '../../core/law/definitions.ts'
import { competenceJson, gapsJson } from '../../wire/law-answers.ts'
import { lawQuestion } from '../../wire/law-question.ts'
import { shippedLaw } from '../law/shipped-law.ts'

/**
 * `{facts, entities?, packs?, on?}` → `{findings, lead, reach, coordination, openQuestions}`.
 *
 * @throws ComityError `malformed`
 */
export function evalCompetence(input: Json): Json {
  const { packs, question } = lawQuestion(input, shippedLaw().packs)
  return competenceJson(caseCompetence(packs, question)) as unknown as Json
}

/**
 * `{facts, entities?, packs?, on?, yardstick?, inPlace?}` →
 * `{matrix, gaps, openQuestions, clauses, paths, definitions}`.
 *
 * @throws ComityError `malformed`
 */
export function evalGaps(input: Json): Json {
  const { packs, question } = lawQuestion(input, shippedLaw().packs)
  const answer = caseGaps(packs, question)
  const shown = new Set(answer.columns.map(({ legalOrder }) => legalOrder))
  const asked = packs.filter(({ legalOrder }) => shown.has(legalOrder))
  return gapsJson(answer, definitionsCrosswalk(asked, question.on)) as unknown as Json
}
