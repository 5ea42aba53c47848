/**
 * Reach: which corporate roles each regime reaches, for the entities of a case.
 *
 * A role is reached if the regime names it, its condition holds, and the regime
 * is engaged at all (somebody is competent under it). An entity whose roles
 * nobody recorded is open: a provider is not guessed from being the only one.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import { competenceUnder, type Finding, type OpenQuestion, questionFor } from './competence.ts'
import { evaluate, type Facts } from './condition.ts'
import { entryStanding, isUsable } from './entry-standing.ts'
import { cite, type EvidenceCode, type Instrument, type LawPack } from './pack.ts'

/** A company or person in the facts. `undefined`: not recorded. */
export type Entity = {
  readonly name: string
  readonly roles?: readonly string[] | undefined
  readonly establishedIn?: readonly string[] | undefined
}

export type ReachFinding = {
  readonly legalOrder: string
  readonly instrument: string
  readonly entity: string
  readonly role: string
  readonly reached: 'yes' | 'no' | 'open'
  readonly text: string
  readonly article: string
  readonly evidence: EvidenceCode
  readonly because: readonly Because[]
  readonly openQuestions: readonly OpenQuestion[]
}

type ReachRule = Instrument['reach'][number]
type Asked = {
  readonly pack: LawPack
  readonly instrument: Instrument
  readonly findings: readonly Finding[]
  readonly facts: Facts
  readonly on: CalendarDate
}

/** Without entities the facts speak of one, the operator, by the fact `roles`. */
export function entitiesOf(facts: Facts, entities: readonly Entity[]): readonly Entity[] {
  if (entities.length > 0) return entities
  const roles = facts['roles']
  if (roles === undefined) return [{ name: 'operator' }]
  return [{ name: 'operator', roles: Array.isArray(roles) ? roles : [String(roles)] }]
}

/** One finding for each entity and role that a regime names; roles it does not name are left out. */
export function assessReach(
  packs: readonly LawPack[],
  findings: readonly Finding[],
  { facts, entities, on }: { facts: Facts; entities: readonly Entity[]; on: CalendarDate },
): readonly ReachFinding[] {
  const named = entitiesOf(facts, entities)
  return packs.flatMap((pack) =>
    pack.instruments.flatMap((instrument) => {
      const asked = { pack, instrument, findings, on }
      return named.flatMap((entity) =>
        instrument.reach
          .filter(({ role }) => entity.roles?.includes(role) ?? true)
          .map((rule) => reachOf({ ...asked, facts: factsFor(facts, entity) }, rule, entity)),
      )
    }),
  )
}

/** What is said of the entity itself goes before what is said of the case. */
function factsFor(facts: Facts, { roles, establishedIn }: Entity): Facts {
  return {
    ...facts,
    ...(roles === undefined ? {} : { roles }),
    ...(establishedIn === undefined ? {} : { establishedIn }),
  }
}

function reachOf(asked: Asked, rule: ReachRule, entity: Entity): ReachFinding {
  const { pack, instrument, facts, on } = asked
  const shared = {
    legalOrder: pack.legalOrder,
    instrument: instrument.id,
    entity: entity.name,
    role: rule.role,
    text: rule.text,
    article: rule.basis.article,
    evidence: rule.basis.evidence,
  }
  const basis = { rule: `law:${rule.id}`, text: rule.text, source: cite(rule.basis) }
  const no = (...because: Because[]): ReachFinding => ({
    ...shared,
    reached: 'no',
    because,
    openQuestions: [],
  })
  const standing = entryStanding(instrument, rule, on)
  if (standing.state === 'not_law' || standing.state === 'not_yet') {
    return no(...standing.because, basis)
  }
  const engaged = competenceUnder(asked.findings, instrument.id)
  if (engaged === 'no') {
    return no({ rule: 'law:not-engaged', text: 'No authority is competent under it.' }, basis)
  }
  const when = rule.when === null ? undefined : evaluate(rule.when, facts, pack)
  if (when?.answer === 'no') return no(basis, groundsText(when.grounds))
  const missing = new Set(when?.missing ?? [])
  if (entity.roles === undefined) missing.add('roles')
  const questions = [...missing].map((fact) => questionFor(pack, fact))
  if (engaged === 'open') questions.push(...questionsUnder(asked))
  if (!isUsable(standing)) {
    questions.push({ fact: rule.id, text: 'The rule is recalled only: does the text say so?' })
  }
  const because = when === undefined ? [basis] : [basis, groundsText(when.grounds)]
  if (questions.length === 0) return { ...shared, reached: 'yes', because, openQuestions: [] }
  return { ...shared, reached: 'open', because: [basis], openQuestions: unique(questions) }
}

function questionsUnder({ findings, instrument }: Asked): readonly OpenQuestion[] {
  return findings
    .filter((finding) => finding.instrument === instrument.id && finding.competent === 'open')
    .flatMap(({ openQuestions }) => openQuestions)
}

function unique(questions: readonly OpenQuestion[]): readonly OpenQuestion[] {
  return [...new Map(questions.map((question) => [question.fact, question])).values()]
}

function groundsText(grounds: readonly string[]): Because {
  return { rule: 'law:facts', text: `Facts: ${grounds.join('; ')}.` }
}
