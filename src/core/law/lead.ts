/**
 * Who leads where several authorities are competent under one instrument: the
 * one-stop shop, exclusive competence, the main establishment, the place of the
 * incident.
 *
 * Nothing is guessed. Where the facts leave it open, the answer is the question;
 * where two claim to lead, it names the clock of the dispute and who decides it,
 * if the pack has them. No rule here ranks authorities of different legal orders:
 * that is for their agreement (see `coordinationAcross`).
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import type { Period } from './clock.ts'
import { type Finding, findingsUnder, type OpenQuestion, questionFor } from './competence.ts'
import { evaluate, type Facts } from './condition.ts'
import { entryStanding, isUsable } from './entry-standing.ts'
import { cite, findClock, type Instrument, type LawPack, type LeadRule } from './pack.ts'

/** `sole`: only one is competent. `shared`: several are, and no rule of lead is met. */
export type LeadOutcome = 'leads' | 'sole' | 'shared' | 'disputed' | 'open'

export type Dispute = {
  readonly clock: string
  /** Who decides, in the words of the pack. */
  readonly decidedBy: string | null
  readonly period: Period | null
  readonly startsWith: string | null
  readonly source: string
}

export type LeadFinding = {
  readonly legalOrder: string
  readonly instrument: string
  readonly outcome: LeadOutcome
  /** Set for `leads` and `sole`. */
  readonly authority: string | null
  /** Member of the legal order whose authority it is, where a rule looks to a place. */
  readonly place: string | null
  readonly rule: LeadRule['rule'] | null
  /** Authorities, or places, that claim or may claim to lead. */
  readonly claims: readonly string[]
  /** How it is settled: one for each claiming rule that names a procedure. */
  readonly disputes: readonly Dispute[]
  readonly because: readonly Because[]
  readonly openQuestions: readonly OpenQuestion[]
}

type Judged = { readonly rule: LeadRule; readonly answer: 'yes' | 'open' } & Grounds
type Grounds = { readonly because: Because; readonly openQuestions: readonly OpenQuestion[] }
type Asked = {
  readonly pack: LawPack
  readonly instrument: Instrument
  readonly facts: Facts
  readonly on: CalendarDate
  readonly competent: readonly Finding[]
  /** Authorities for which the pack has a rule of competence at all. */
  readonly ruled: ReadonlySet<string>
}

/** One finding for each instrument under which somebody is, or may be, competent. */
export function assessLead(
  packs: readonly LawPack[],
  findings: readonly Finding[],
  { facts, on }: { readonly facts: Facts; readonly on: CalendarDate },
): readonly LeadFinding[] {
  const ruled = new Set(findings.map(({ authority }) => authority))
  return packs.flatMap((pack) =>
    pack.instruments.flatMap((instrument) => {
      const competent = findingsUnder(findings, instrument.id).filter(
        (each) => each.competent !== 'no',
      )
      if (competent.length === 0) return []
      return [leadUnder({ pack, instrument, facts, on, competent, ruled })]
    }),
  )
}

function leadUnder(asked: Asked): LeadFinding {
  const judged = asked.instrument.lead.flatMap((rule) => judge(asked, rule) ?? [])
  const claimed = judged.filter(({ rule, answer }) => answer === 'yes' && rule.rule !== 'agreement')
  const exclusive = claimed.filter(({ rule }) => rule.rule === 'exclusive')
  const claims = exclusive.length > 0 ? exclusive : claimed
  const open = judged.filter(({ rule, answer }) => answer === 'open' && rule.rule !== 'agreement')
  const contenders = new Set(claims.map(({ rule }) => rule.authority))
  if (contenders.size > 1) return disputed(asked, claims, [...contenders])
  const [claim] = claims
  if (claim === undefined) return withoutRule(asked, open)
  const rivals = open.filter(
    ({ rule }) =>
      rule.authority !== claim.rule.authority &&
      (exclusive.length === 0 || rule.rule === 'exclusive'),
  )
  return rivals.length > 0 ? openLead(asked, [claim, ...rivals]) : placed(asked, claim)
}

/** `undefined`: the rule is not met, is no law now, or speaks of an authority without competence. */
function judge({ pack, instrument, facts, on, competent, ruled }: Asked, rule: LeadRule) {
  const standing = entryStanding(instrument, rule, on)
  if (standing.state === 'not_law' || standing.state === 'not_yet') return undefined
  // A lead that is competent only as the lead has no rule of its own: whoever is competent counts.
  const isOwn = ruled.has(rule.authority)
  const finding = bestOf(
    competent.filter(({ authority }) => !isOwn || authority === rule.authority),
  )
  if (finding === undefined) return undefined
  const { answer, missing } = evaluate(rule.when, facts, pack)
  if (answer === 'no') return undefined
  const openQuestions = [
    ...missing.map((fact) => questionFor(pack, fact)),
    ...(finding.competent === 'open' ? finding.openQuestions : []),
    ...(isUsable(standing) ? [] : [{ fact: rule.id, text: RECALLED }]),
  ]
  const because = { rule: `law:${rule.id}`, text: rule.text, source: cite(rule.basis) }
  const isOpen = openQuestions.length > 0
  return { rule, answer: isOpen ? 'open' : 'yes', because, openQuestions } satisfies Judged
}

const RECALLED = 'The rule is recalled only: does the text of the law say so?'

function bestOf(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ competent }) => competent === 'yes') ?? findings[0]
}

/** The authority leads; a rule that looks to a place must also know the place. */
function placed(asked: Asked, { rule, because }: Judged): LeadFinding {
  const { pack, facts } = asked
  const found = { ...blank(asked), authority: rule.authority, rule: rule.rule, because: [because] }
  const fact = PLACE_FACT[rule.rule]
  if (fact === undefined || pack.members.length === 0) return { ...found, outcome: 'leads' }
  const claims = placesIn(pack, facts['leadClaimedBy'])
  if (claims.length > 1) return disputed(asked, [{ rule, because }], claims)
  const places = placesIn(
    pack,
    facts[fact] ?? (fact === 'incidentIn' ? facts['harmIn'] : undefined),
  )
  if (places.length > 1 && rule.rule === 'place_of_incident') {
    return { ...found, outcome: 'shared', authority: null, claims: places }
  }
  if (places.length > 1) return disputed(asked, [{ rule, because }], places)
  const [place] = places
  if (place === undefined) {
    const openQuestions = [questionFor(pack, fact)]
    return { ...found, outcome: 'open', authority: null, claims: [rule.authority], openQuestions }
  }
  return { ...found, outcome: 'leads', place }
}

/** Which fact names the place that a rule looks to. */
const PLACE_FACT: Partial<Record<LeadRule['rule'], string>> = {
  one_stop_shop: 'mainEstablishmentIn',
  main_establishment: 'mainEstablishmentIn',
  place_of_incident: 'incidentIn',
}

function placesIn({ members }: LawPack, value: Facts[string]): readonly string[] {
  const places: readonly string[] = Array.isArray(value) ? value : [String(value ?? '')]
  return [...new Set(places)].filter((place) => members.includes(place))
}

function disputed(
  asked: Asked,
  rules: readonly Pick<Judged, 'rule' | 'because'>[],
  claims: readonly string[],
): LeadFinding {
  const text = `More than one claims to lead: ${claims.join(', ')}.`
  return {
    ...blank(asked),
    outcome: 'disputed',
    claims,
    disputes: rules.flatMap(({ rule }) => disputeOf(asked.pack, rule.dispute) ?? []),
    because: [...rules.map(({ because }) => because), { rule: 'law:lead-disputed', text }],
  }
}

function disputeOf(pack: LawPack, clockId: string | null): Dispute | undefined {
  const clock = clockId === null ? undefined : findClock(pack, clockId)?.clock
  if (clock === undefined) return undefined
  return {
    clock: clock.id,
    decidedBy: clock.by,
    period: clock.period,
    startsWith: clock.start?.event ?? null,
    source: cite(clock.basis),
  }
}

function openLead(asked: Asked, judged: readonly Judged[]): LeadFinding {
  const questions = judged.flatMap(({ openQuestions }) => openQuestions)
  return {
    ...blank(asked),
    outcome: 'open',
    claims: [...new Set(judged.map(({ rule }) => rule.authority))],
    because: judged.map(({ because }) => because),
    openQuestions: [...new Map(questions.map((each) => [each.fact, each])).values()],
  }
}

/** No rule of lead is met: one alone needs none; several act side by side. */
function withoutRule(asked: Asked, open: readonly Judged[]): LeadFinding {
  if (open.length > 0) return openLead(asked, open)
  const sure = asked.competent.filter(({ competent }) => competent === 'yes')
  const authorities = [...new Set(sure.map(({ authority }) => authority))]
  const undecided = asked.competent.filter(({ competent }) => competent === 'open')
  const places = linkedPlaces(asked)
  const isShared = authorities.length > 1 || (authorities.length === 1 && places.length > 1)
  if (undecided.length > 0 && !isShared) {
    const openQuestions = undecided.flatMap((finding) => finding.openQuestions)
    const claims = [...new Set(asked.competent.map(({ authority }) => authority))]
    return { ...blank(asked), outcome: 'open', claims, openQuestions }
  }
  const [only] = authorities
  if (only !== undefined && !isShared) {
    const text = 'No authority of another kind is competent under this instrument.'
    const because = [{ rule: 'law:sole', text }]
    return { ...blank(asked), outcome: 'sole', authority: only, place: places[0] ?? null, because }
  }
  const claims = authorities.length === 1 ? places : authorities
  const text = 'The pack names no rule of lead that these facts meet: each acts for itself.'
  const because = [{ rule: 'law:no-lead', text }]
  return { ...blank(asked), outcome: 'shared', claims, because }
}

/** Members of the legal order that the facts link to the system. */
function linkedPlaces({ pack, facts }: Asked): readonly string[] {
  return [...new Set(['offeredIn', 'usedIn', 'harmIn'].flatMap((f) => placesIn(pack, facts[f])))]
}

function blank({ pack, instrument }: Asked): Omit<LeadFinding, 'outcome'> {
  return {
    legalOrder: pack.legalOrder,
    instrument: instrument.id,
    authority: null,
    place: null,
    rule: null,
    claims: [],
    disputes: [],
    because: [],
    openQuestions: [],
  }
}

/** `null` while at most one legal order has a competent authority. */
export function coordinationAcross(findings: readonly Finding[]) {
  const competent = findings.filter(({ competent }) => competent === 'yes')
  const legalOrders = [...new Set(competent.map(({ legalOrder }) => legalOrder))]
  if (legalOrders.length < 2) return null
  const text =
    'No instrument of these packs ranks authorities of different legal orders. Who coordinates is for their agreement.'
  return { legalOrders, because: { rule: 'law:no-lead-across', text } }
}
