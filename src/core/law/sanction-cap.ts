/**
 * What a fine may reach: the statutory maximum of one tier for given facts, with
 * its steps, its source and how far it can be relied on.
 *
 * It never predicts a fine, converts no currency and guesses nothing: without the
 * turnover it gives the formula, without a fact the question.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import { baseWords, type CapQuestion, type CapStep } from './cap-arms.ts'
import { type CapOutcome, capOutcome, formulaOf } from './cap-rule.ts'
import { type CapStanding, capStanding } from './cap-standing.ts'
import { evaluate } from './condition.ts'
import type { Money } from './money.ts'
import type { Basis, EvidenceCode, Instrument, LawPack } from './pack.ts'
import type { CapRule, PersonKind, SanctionTier } from './sanction-tier.ts'

export type SanctionQuestion = CapQuestion & {
  /** What is known about the addressee. */
  readonly is: readonly PersonKind[]
  /** The day of the infringement, by which the law is asked whether it applies. */
  readonly on: CalendarDate
}

export type SanctionCap = Omit<CapOutcome, 'state'> & {
  /** `<instrument id>/<tier id>`. */
  readonly tier: string
  readonly for: string
  readonly legalOrder: string
  /** `modifier`: the tier has no amounts of its own; it changes those of `changed`. */
  readonly state: CapOutcome['state'] | 'modifier'
  readonly standing: CapStanding['standing']
  /** The rule that was applied; that of the modifier, if one stepped in. */
  readonly rule: CapRule
  readonly currency: string | null
  readonly base: {
    readonly base: string | null
    readonly text: string
    readonly note: string | null
  } | null
  /** Ids of tiers for other addressees that would change this one, and did or did not. */
  readonly modifiers: readonly {
    readonly tier: string
    readonly persons: PersonKind | null
    readonly applied: boolean
  }[]
  /** Of a `modifier`: the caps of the tiers that it changes. */
  readonly changed: readonly SanctionCap[]
  /** National law may go higher: this is the least that its maximum must be. */
  readonly isFloorOfCap: boolean
  readonly track: SanctionTier['track']
  readonly note: string | null
  readonly because: readonly Because[]
  readonly basis: Basis
  /** The weakest mark of all that was used. */
  readonly evidence: EvidenceCode
}

export type WhyNoCap = 'currencyDiffers' | 'doesNotApply'

export type FoundTier = { readonly instrument: Instrument; readonly tier: SanctionTier }

/** `undefined` if the pack has no such tier. */
export function findTier(pack: LawPack, tierId: string): FoundTier | undefined {
  for (const instrument of pack.instruments) {
    const tier = instrument.sanctions.find(({ id }) => id === tierId)
    if (tier !== undefined) return { instrument, tier }
  }
  return undefined
}

/**
 * @returns a refusal where the facts place it outside the tier, or where the turnover is
 *   in another currency than the amounts of the law: there is no rate to convert it by
 */
export function sanctionCap(
  pack: LawPack,
  { instrument, tier }: FoundTier,
  question: SanctionQuestion,
  isSigned: boolean,
): Decision<SanctionCap, WhyNoCap> {
  const applies = tier.when === null ? null : evaluate(tier.when, question.facts, pack)
  if (applies?.answer === 'no') {
    const text = `The facts place it outside this tier: ${applies.grounds.join('; ')}.`
    return refuse('doesNotApply', because('outside-tier', text, tier.basis))
  }
  const { modifier, modifiers, missing } = modifierOf(pack, instrument, tier, question)
  const used = modifier ? modifiedBy(tier, modifier) : tier
  const foreign = currencyBar(used, question)
  if (foreign) return refuse('currencyDiffers', foreign)
  const outcome = isModifier(tier)
    ? modifierOutcome(tier)
    : { ...capOutcome(used, question, pack), changed: [] }
  const steps = modifier ? [modifierStep(modifier, used), ...outcome.steps] : outcome.steps
  const changed = isModifier(tier) ? changedBy(pack, instrument, tier, question, isSigned) : []
  const standing = capStanding(
    instrument,
    modifier ? [tier, modifier] : [tier],
    question.on,
    isSigned,
  )
  return permit({
    ...outcome,
    steps: [...steps, ...floorSteps(used)],
    missing: [...new Set([...outcome.missing, ...missing, ...(applies?.missing ?? [])])],
    tier: tier.id,
    for: tier.for,
    legalOrder: pack.legalOrder,
    standing: standing.standing,
    rule: used.cap,
    currency:
      used.currency ?? (used.basisPoints === null ? null : (question.turnover?.currency ?? null)),
    base: baseOf(used),
    modifiers,
    changed,
    isFloorOfCap: used.isFloorOfCap,
    track: tier.track,
    note: tier.note,
    because: [...personNote(tier), ...standing.because],
    basis: tier.basis,
    evidence: standing.evidence,
  })
}

/** The most that the cap allows, if that is known: the highest of alternatives. */
export function ceilingOf({ maximum, alternatives }: SanctionCap): Money | null {
  if (maximum !== null) return maximum
  return alternatives.reduce<Money | null>(
    (best, next) => (best === null || next.minor > best.minor ? next : best),
    null,
  )
}

/** A tier without amounts of its own, e.g. "for SMEs, whichever is lower". */
export function isModifier({ modifies, fixed, basisPoints }: SanctionTier): boolean {
  return modifies.length > 0 && fixed.length === 0 && basisPoints === null
}

type Modifiers = Pick<SanctionCap, 'modifiers'> & {
  readonly modifier: SanctionTier | undefined
  readonly missing: readonly string[]
}

/** The first modifier in the order of the pack that fits the addressee and the facts. */
function modifierOf(
  pack: LawPack,
  { sanctions }: Instrument,
  tier: SanctionTier,
  { is, facts }: SanctionQuestion,
): Modifiers {
  const all = sanctions.filter(({ modifies }) => modifies.includes(tier.id))
  const mine = all.filter(({ persons }) => persons === null || is.includes(persons))
  const answers = mine.map((each) => ({
    each,
    found: each.when === null ? null : evaluate(each.when, facts, pack),
  }))
  const modifier = answers.find(({ found }) => found === null || found.answer === 'yes')?.each
  const missing = modifier ? [] : answers.flatMap(({ found }) => found?.missing ?? [])
  const modifiers = all.map(({ id, persons }) => ({
    tier: id,
    persons,
    applied: id === modifier?.id,
  }))
  return { modifier, modifiers, missing }
}

/** The tier with the modifier's rule; with its amounts too, where it has some. */
function modifiedBy(tier: SanctionTier, modifier: SanctionTier): SanctionTier {
  if (isModifier(modifier)) return { ...tier, cap: modifier.cap, isAlternative: false }
  return { ...modifier, id: tier.id, for: tier.for, isFloorOfCap: tier.isFloorOfCap }
}

function modifierOutcome(tier: SanctionTier): Omit<CapOutcome, 'state'> & { state: 'modifier' } {
  const rule =
    tier.cap === 'lower_of' ? 'the lower of their amounts' : tier.cap.replaceAll('_', ' ')
  return {
    state: 'modifier',
    minimum: null,
    maximum: null,
    alternatives: [],
    certain: null,
    formula: `in place of the rule of ${tier.modifies.join(', ')}: ${rule}`,
    steps: [],
    missing: [],
  }
}

function changedBy(
  pack: LawPack,
  instrument: Instrument,
  { modifies, persons }: SanctionTier,
  question: SanctionQuestion,
  isSigned: boolean,
): readonly SanctionCap[] {
  const is = persons === null ? question.is : [persons]
  return modifies.flatMap((id) => {
    const tier = instrument.sanctions.find((each) => each.id === id)
    if (tier === undefined || isModifier(tier)) return []
    const cap = sanctionCap(pack, { instrument, tier }, { ...question, is }, isSigned)
    return cap.decision === 'permit' ? [cap.value] : []
  })
}

function currencyBar(
  { currency, basisPoints, benefitTimes, basis }: SanctionTier,
  { turnover, benefit }: SanctionQuestion,
): Because | undefined {
  if (currency === null) return undefined
  const told = [basisPoints === null ? null : turnover, benefitTimes === null ? null : benefit]
  const other = told.find((money) => money !== null && money.currency !== currency)
  if (!other) return undefined
  const text = `The amounts of the law are in ${currency}; what was told is in ${other.currency}, and nothing here converts it.`
  return because('currency', text, basis)
}

function baseOf(tier: SanctionTier): SanctionCap['base'] {
  if (tier.basisPoints === null) return null
  return { base: tier.base, text: baseWords(tier), note: tier.baseNote }
}

const PERSON_WORDS: Readonly<Record<PersonKind, string>> = {
  sme: 'small and medium-sized enterprises',
  small_mid_cap: 'small mid-caps',
  natural_person: 'natural persons',
  public_body: 'public bodies',
}

function personNote({ persons, basis }: SanctionTier): readonly Because[] {
  if (persons === null) return []
  return [because('persons', `Only for ${PERSON_WORDS[persons]}.`, basis)]
}

function modifierStep(modifier: SanctionTier, used: SanctionTier): CapStep {
  const who = modifier.persons === null ? 'this case' : PERSON_WORDS[modifier.persons]
  const text = `For ${who} ${modifier.id} replaces the rule: ${formulaOf(used)}.`
  return { rule: 'modifier', text, article: modifier.basis.article }
}

function floorSteps({ isFloorOfCap, basis }: SanctionTier): readonly CapStep[] {
  if (!isFloorOfCap) return []
  const text = 'National law may go higher; this is the least maximum.'
  return [{ rule: 'floor', text, article: basis.article }]
}

function because(rule: string, text: string, { article, source }: Basis): Because {
  return { rule: `law:${rule}`, text, source: `${source}, art. ${article}` }
}
