/**
 * A question about the maximum of a fine, as a line of `comity eval sanction`, the
 * command line or a request holds it, and its answer as plain JSON.
 *
 * Amounts come in and go out in whole units of their currency; out also as minor
 * units. A wrong member is an error that names it; everything lawful is an answer.
 */
import type { Json } from '../base/canonical-json.ts'
import type { Because } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import { type CalendarDate, calendarDate } from '../base/time.ts'
import type { CapStep } from '../core/law/cap-arms.ts'
import { formulaOf } from '../core/law/cap-rule.ts'
import type { LawContext } from '../core/law/case-law.ts'
import type { Facts } from '../core/law/condition.ts'
import { decimalText, type Money, moneyFrom, requireCurrency } from '../core/law/money.ts'
import type { Basis, EvidenceCode, LawPack, Track } from '../core/law/pack.ts'
import { packsOn } from '../core/law/pack-versions.ts'
import {
  type FoundTier,
  findTier,
  type SanctionCap,
  type SanctionQuestion,
  sanctionCap,
  type WhyNoCap,
} from '../core/law/sanction-cap.ts'
import { type CapRule, PERSON_KINDS, type PersonKind } from '../core/law/sanction-tier.ts'
import { isSignedOff } from '../core/law/sign-off.ts'
import { factsIn } from './question-fields.ts'

export type SanctionAsk = {
  /** One of the two. */
  readonly tier: string | null
  readonly instrument: string | null
  /** Whole units, as told; read once the currency is known. */
  readonly turnover: Json
  readonly benefit: Json
  readonly currency: string | null
  readonly violations: number | null
  readonly days: number | null
  readonly is: readonly PersonKind[]
  readonly facts: Facts
  /** `null`: the day that the pack states the law of. */
  readonly on: CalendarDate | null
}

const COUNT_MAX = 1_000_000_000

/** @throws ComityError `malformed` that names the member */
export function readSanctionAsk(line: { readonly [key: string]: Json | undefined }): SanctionAsk {
  const [tier, instrument] = [idIn(line['tier'], 'tier'), idIn(line['instrument'], 'instrument')]
  if ((tier === null) === (instrument === null)) {
    throw malformed('name either a tier or an instrument', { field: 'tier' })
  }
  const currency = line['currency'] ?? null
  if (currency !== null) {
    if (typeof currency !== 'string') throw malformed('not a text', { field: 'currency' })
    requireCurrency(currency, 'currency')
  }
  const on = line['on'] ?? null
  return {
    tier,
    instrument,
    turnover: amountIn(line['turnover'], currency, 'turnover'),
    benefit: amountIn(line['benefit'], currency, 'benefit'),
    currency,
    violations: countIn(line['violations'], 'violations'),
    days: countIn(line['days'], 'days'),
    is: personsIn(line['is']),
    facts: factsIn(line['facts'] ?? {}),
    on: on === null ? null : calendarDate(typeof on === 'string' ? on : '', 'on'),
  }
}

/** Decimal text in whole units, and the same in minor units. */
type Maximum = { readonly maximum: string | null; readonly maximumMinor: string | null }

export type SanctionAnswer = Maximum & {
  readonly tier: string
  readonly for: string | null
  readonly state: SanctionCap['state'] | 'refused' | 'unknown_tier'
  readonly standing: SanctionCap['standing'] | null
  readonly minimum: string | null
  readonly minimumMinor: string | null
  readonly alternatives: readonly Maximum[]
  readonly certain: {
    readonly maximumIs: 'at_least' | 'at_most'
    readonly amount: string
    readonly amountMinor: string
  } | null
  readonly currency: string | null
  readonly rule: CapRule | null
  readonly formula: string | null
  readonly steps: readonly CapStep[]
  readonly base: SanctionCap['base']
  readonly modifiers: SanctionCap['modifiers']
  readonly changed: readonly (Maximum & {
    readonly tier: string
    readonly state: string
    readonly currency: string | null
  })[]
  readonly floorOfCap: boolean
  readonly track: Track | null
  readonly note: string | null
  readonly questions: readonly { readonly fact: string; readonly question: string }[]
  readonly why: WhyNoCap | null
  readonly because: readonly Because[]
  readonly article: string | null
  readonly source: string | null
  readonly evidence: EvidenceCode | null
  readonly quote: string | null
  readonly pack: { readonly id: string; readonly version: string; readonly asOf: string } | null
}

/** All tiers of an instrument, for the same facts. */
export type SanctionList = {
  readonly instrument: string
  readonly state: 'listed' | 'unknown_instrument'
  readonly tiers: readonly SanctionAnswer[]
}

/**
 * @returns one answer for a tier; for an instrument the answers of all its tiers
 * @throws ComityError `malformed` for an amount that is none
 */
export function answerSanction(law: LawContext, ask: SanctionAsk): SanctionAnswer | SanctionList {
  return ask.instrument === null
    ? tierAnswer(law, ask, ask.tier ?? '')
    : instrumentAnswer(law, ask, ask.instrument)
}

function instrumentAnswer(law: LawContext, ask: SanctionAsk, id: string): SanctionList {
  const has = ({ instruments }: LawPack) => instruments.find((each) => each.id === id)
  const pack = packOn(law, ask.on, (each) => has(each) !== undefined)
  if (pack === undefined) return { instrument: id, state: 'unknown_instrument', tiers: [] }
  const tiers = (has(pack)?.sanctions ?? []).map((tier) => tierAnswer(law, ask, tier.id))
  return { instrument: id, state: 'listed', tiers }
}

function tierAnswer(law: LawContext, ask: SanctionAsk, id: string): SanctionAnswer {
  const { signOffs } = law
  const pack = packOn(law, ask.on, (each) => findTier(each, id) !== undefined)
  const found = pack && findTier(pack, id)
  if (pack === undefined || found === undefined) return noAnswer(id)
  const { question, steps } = questionFor(ask, found, pack.asOf)
  const cap = sanctionCap(pack, found, question, isSignedOff(signOffs, pack))
  if (cap.decision === 'permit') return capAnswer(pack, cap.value, steps)
  return noAnswer(id, { found, why: cap.why, because: cap.because })
}

/** The version that is in use; on a day that was named, the one that was valid then. */
function packOn(
  { packs, versions }: LawContext,
  on: CalendarDate | null,
  knows: (pack: LawPack) => boolean,
): LawPack | undefined {
  const then = on === null ? packs : packsOn(versions ?? packs, on)
  return then.find(knows) ?? packs.find(knows)
}

/**
 * Only amounts that the rule reads: others are in whatever currency they are. Without a
 * currency they are read in that of the tier, and the steps say so.
 */
function questionFor(
  ask: SanctionAsk,
  { instrument, tier }: FoundTier,
  asOf: CalendarDate,
): { readonly question: SanctionQuestion; readonly steps: readonly CapStep[] } {
  const { violations, days, is, facts } = ask
  const joined = instrument.sanctions.filter(
    ({ id, modifies }) => modifies.includes(tier.id) || tier.modifies.includes(id),
  )
  const tiers = [tier, ...joined]
  const own = tiers.find((each) => each.currency !== null)?.currency ?? null
  const turnover = tiers.some(({ basisPoints }) => basisPoints !== null) ? ask.turnover : null
  const benefit = tiers.some(({ benefitTimes }) => benefitTimes !== null) ? ask.benefit : null
  const isTold = turnover !== null || benefit !== null
  const currency = ask.currency ?? own
  if (isTold && currency === null) throw malformed('the currency is missing', { field: 'currency' })
  const money = (amount: Json, field: string): Money | null =>
    amount === null || currency === null ? null : moneyFrom(amount, currency, field)
  const amounts = { turnover: money(turnover, 'turnover'), benefit: money(benefit, 'benefit') }
  const text = `No currency was told: the amounts are read in ${currency}, that of the tier.`
  const step: CapStep = { rule: 'currency', text, article: null }
  return {
    question: { ...amounts, violations, days, is, facts, on: ask.on ?? asOf },
    steps: isTold && ask.currency === null ? [step] : [],
  }
}

function capAnswer(pack: LawPack, cap: SanctionCap, before: readonly CapStep[]): SanctionAnswer {
  return {
    tier: cap.tier,
    for: cap.for,
    state: cap.state,
    standing: cap.standing,
    ...maximumIn(cap.maximum),
    minimum: cap.minimum && decimalText(cap.minimum),
    minimumMinor: cap.minimum && `${cap.minimum.minor}`,
    alternatives: cap.alternatives.map(maximumIn),
    certain: cap.certain && {
      maximumIs: cap.certain.maximumIs,
      amount: decimalText(cap.certain.amount),
      amountMinor: `${cap.certain.amount.minor}`,
    },
    currency: cap.currency,
    rule: cap.rule,
    formula: cap.formula,
    steps: [...before, ...cap.steps],
    base: cap.base,
    modifiers: cap.modifiers,
    changed: cap.changed.map(({ tier, maximum, currency, state }) => ({
      ...{ tier, state, currency },
      ...maximumIn(maximum),
    })),
    floorOfCap: cap.isFloorOfCap,
    track: cap.track,
    note: cap.note,
    questions: cap.missing.map((fact) => ({ fact, question: pack.questions[fact] ?? fact })),
    why: null,
    because: cap.because,
    article: cap.basis.article,
    source: sourceOf(cap.basis),
    evidence: cap.evidence,
    quote: cap.basis.quote,
    pack: { id: pack.id, version: pack.version, asOf: pack.asOf },
  }
}

/** What there is without a maximum: nothing of a tier that no pack has, the rest of one refused. */
function noAnswer(id: string, refused?: Refused): SanctionAnswer {
  const tier = refused?.found.tier
  return {
    tier: id,
    for: tier?.for ?? null,
    state: refused === undefined ? 'unknown_tier' : 'refused',
    standing: null,
    ...maximumIn(null),
    minimum: null,
    minimumMinor: null,
    alternatives: [],
    certain: null,
    currency: tier?.currency ?? null,
    rule: tier?.cap ?? null,
    formula: tier === undefined ? null : formulaOf(tier),
    steps: [],
    base: null,
    modifiers: [],
    changed: [],
    floorOfCap: tier?.isFloorOfCap ?? false,
    track: tier?.track ?? null,
    note: tier?.note ?? null,
    questions: [],
    why: refused?.why ?? null,
    because: refused?.because ?? [],
    article: tier?.basis.article ?? null,
    source: tier === undefined ? null : sourceOf(tier.basis),
    evidence: tier?.basis.evidence ?? null,
    quote: tier?.basis.quote ?? null,
    pack: null,
  }
}

type Refused = {
  readonly found: FoundTier
  readonly why: WhyNoCap
  readonly because: readonly Because[]
}

function sourceOf({ source, article }: Basis): string {
  return `${source}, art. ${article}`
}

function maximumIn(money: Money | null): Maximum {
  if (money === null) return { maximum: null, maximumMinor: null }
  return { maximum: decimalText(money), maximumMinor: `${money.minor}` }
}

function idIn(value: Json | undefined, field: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && /^[\w./-]{1,160}$/.test(value)) return value
  throw malformed('not an id', { field })
}

/** Its form alone; how many digits may follow the point is for the currency to say. */
function amountIn(value: Json | undefined, currency: string | null, field: string): Json {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'string')
    moneyFrom(value, currency ?? 'EUR', field)
  else throw malformed('not an amount', { field })
  return value
}

function countIn(value: Json | undefined, field: string): number | null {
  if (value === undefined || value === null) return null
  const count = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
  if (Number.isSafeInteger(count) && (count as number) >= 1 && (count as number) <= COUNT_MAX) {
    return count as number
  }
  throw malformed(`not a whole number from 1 to ${COUNT_MAX}`, { field })
}

function personsIn(value: Json | undefined): readonly PersonKind[] {
  const list = value ?? []
  if (!Array.isArray(list) || list.length > PERSON_KINDS.length) {
    throw malformed(`not a list of ${PERSON_KINDS.join(', ')}`, { field: 'is' })
  }
  return list.map((item: Json, n) => {
    const kind = PERSON_KINDS.find((each) => each === item)
    if (kind !== undefined) return kind
    throw malformed(`not one of ${PERSON_KINDS.join(', ')}`, { field: `is/${n}` })
  })
}
