/**
 * Competence as an answer: who is competent, who leads, whom each regime reaches,
 * and the questions that are open, the one that decides most first.
 */
import type { CalendarDate } from '../../base/time.ts'
import { competenceFindings, type OpenQuestion, type RuledFinding } from './competence.ts'
import type { Facts } from './condition.ts'
import { assessLead, coordinationAcross, type LeadFinding } from './lead.ts'
import type { LawPack } from './pack.ts'
import { assessReach, type Entity, type ReachFinding } from './reach.ts'

export type LawQuestion = {
  readonly facts: Facts
  /** Empty: the facts speak of one operator. */
  readonly entities: readonly Entity[]
  /** The day asked about. */
  readonly on: CalendarDate
}

/** `decides`: what an answer may settle: authorities, leads and roles by their ids. */
export type WeighedQuestion = OpenQuestion & { readonly decides: readonly string[] }

export type CompetenceAnswer = {
  readonly findings: readonly RuledFinding[]
  readonly lead: readonly LeadFinding[]
  readonly reach: readonly ReachFinding[]
  readonly coordination: ReturnType<typeof coordinationAcross>
  readonly openQuestions: readonly WeighedQuestion[]
}

export function caseCompetence(packs: readonly LawPack[], question: LawQuestion): CompetenceAnswer {
  const findings = competenceFindings(packs, question.facts, question.on)
  const lead = assessLead(packs, findings, question)
  const reach = assessReach(packs, findings, question)
  const openQuestions = weigh([
    ...findings.map(({ rule, openQuestions }) => ({ id: rule, openQuestions })),
    ...lead.map(({ instrument, openQuestions }) => ({ id: `${instrument}/lead`, openQuestions })),
    ...reach.map(({ instrument, entity, role, openQuestions }) => ({
      id: `${instrument}/${entity}/${role}`,
      openQuestions,
    })),
  ])
  return { findings, lead, reach, coordination: coordinationAcross(findings), openQuestions }
}

type Undecided = { readonly id: string; readonly openQuestions: readonly OpenQuestion[] }

function weigh(undecided: readonly Undecided[]): readonly WeighedQuestion[] {
  const byFact = new Map<string, { readonly text: string; readonly decides: Set<string> }>()
  for (const { id, openQuestions } of undecided) {
    for (const { fact, text } of openQuestions) {
      const known = byFact.get(fact) ?? { text, decides: new Set() }
      known.decides.add(id)
      byFact.set(fact, known)
    }
  }
  return [...byFact]
    .map(([fact, { text, decides }]) => ({ fact, text, decides: [...decides] }))
    .sort((a, b) => b.decides.length - a.decides.length)
}
