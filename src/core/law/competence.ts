/**
 * Competence: which authorities may act on a set of facts, and why.
 *
 * Each rule is data of a pack. A rule that the facts leave open returns the
 * questions to ask; it never guesses. It does not say which of several competent
 * authorities leads: that is agreed between them or set by a later rule.
 */
import type { Because } from '../../base/decision.ts'
import { evaluate, type Facts } from './condition.ts'
import { type CompetenceRule, cite, type Instrument, type LawPack } from './pack.ts'

export type OpenQuestion = { readonly fact: string; readonly text: string }

export type Finding = {
  readonly legalOrder: string
  /** Kind of authority, in the words of the pack, e.g. `market_surveillance_authority`. */
  readonly authorityKind: string
  readonly authority: string
  readonly instrument: string
  readonly competent: 'yes' | 'no' | 'open'
  readonly because: readonly Because[]
  readonly openQuestions: readonly OpenQuestion[]
}

/** One finding for each rule of each pack, in the order of the packs. */
export function assessCompetence(packs: readonly LawPack[], facts: Facts): readonly Finding[] {
  return packs.flatMap((pack) =>
    pack.instruments.flatMap((instrument) =>
      instrument.competence.map((rule) => findingOf(pack, instrument, rule, facts)),
    ),
  )
}

function findingOf(
  pack: LawPack,
  instrument: Instrument,
  rule: CompetenceRule,
  facts: Facts,
): Finding {
  const { answer, grounds, missing } = evaluate(rule.when, facts, pack)
  const authority = instrument.authorities.find(({ id }) => id === rule.authority)
  const basis = { rule: `law:${rule.id}`, text: rule.text, source: cite(rule.basis) }
  const shared = {
    legalOrder: pack.legalOrder,
    authorityKind: authority?.kind ?? 'unknown',
    authority: rule.authority,
    instrument: instrument.id,
  }
  const notLaw = whyNotLaw(instrument)
  if (notLaw !== undefined) {
    return { ...shared, competent: 'no', because: [notLaw, basis], openQuestions: [] }
  }
  if (answer === 'unknown') {
    const openQuestions = missing.map((fact) => ({ fact, text: pack.questions[fact] ?? fact }))
    return { ...shared, competent: 'open', because: [basis], openQuestions }
  }
  const because = [basis, { rule: 'law:facts', text: `Facts: ${grounds.join('; ')}.` }]
  if (answer === 'yes' && rule.basis.evidence === 'R') {
    const text = 'The rule is recalled only: does the text of the law say so?'
    const openQuestions = [{ fact: rule.id, text }]
    return { ...shared, competent: 'open', because, openQuestions }
  }
  return { ...shared, competent: answer, because, openQuestions: [] }
}

/** A bill or a proposal gives nobody a power. */
function whyNotLaw(instrument: Instrument): Because | undefined {
  const { status, statusBasis } = instrument
  const isLaw = status === 'in_force' || status.startsWith('in_force_')
  if (isLaw) return undefined
  const text = `The instrument confers no power now: ${status.replaceAll('_', ' ')}.`
  return { rule: 'law:not-law', text, source: cite(statusBasis) }
}
