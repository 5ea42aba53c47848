/**
 * What a law pack must hold beyond its form: ids that are unique and resolve,
 * marks that match, facts that have a question, clocks and tiers that can be computed.
 */
import type { Applicability, Clock } from '../core/law/clock.ts'
import { type Condition, factsOf } from '../core/law/condition.ts'
import type { Instrument, LawPack } from '../core/law/pack.ts'
import { requireNoCycle, requireSoundClock } from './law-clock-checks.ts'
import { INSTRUMENT_AT } from './law-instrument.ts'
import type { Fail } from './law-pack-error.ts'
import { saysCount } from './law-quote.ts'
import { requireSoundTier } from './law-tier-checks.ts'

/** Makes errors in the head of the pack and in the file of each instrument. */
export type PackFails = { readonly head: Fail; readonly ofInstrument: readonly Fail[] }

/** What the entries of a pack may name. */
export type Known = {
  readonly questions: Readonly<Record<string, string>>
  readonly clocks: ReadonlyMap<string, Clock>
  readonly tiers: ReadonlySet<string>
  readonly authorities: ReadonlySet<string>
}

/** @throws ComityError `malformed` made by `fails` */
export function requireSoundPack(pack: LawPack, fails: PackFails): void {
  const { head } = fails
  if (pack.validTo !== null && pack.validTo <= pack.validFrom) {
    throw head('/validTo', 'validity', 'validity ends before it begins')
  }
  if (pack.id !== `law.${pack.legalOrder.toLowerCase()}`) {
    throw head('/pack', 'pack-id', 'the id is not that of the legal order')
  }
  const known = knownIn(pack)
  const seen = new Set<string>()
  for (const [n, instrument] of pack.instruments.entries()) {
    const fail = fails.ofInstrument[n] ?? head
    if (seen.has(instrument.id)) {
      throw fail(`${INSTRUMENT_AT}/id`, 'duplicate-id', 'two instruments have this id')
    }
    seen.add(instrument.id)
    requireSoundInstrument(instrument, known, fail)
  }
  requireNoCycle(pack, known.clocks, fails)
}

function knownIn({ questions, instruments }: LawPack): Known {
  const clocks = instruments.flatMap((instrument) => instrument.clocks)
  const tiers = instruments.flatMap((instrument) => instrument.sanctions)
  const authorities = instruments.flatMap((instrument) => instrument.authorities)
  return {
    questions,
    clocks: new Map(clocks.map((clock) => [clock.id, clock])),
    tiers: new Set(tiers.map(({ id }) => id)),
    authorities: new Set(authorities.map(({ id }) => id)),
  }
}

function requireSoundInstrument(instrument: Instrument, known: Known, fail: Fail): void {
  requireUniqueIds(instrument, fail)
  requireKnownAuthorities(instrument, known, fail)
  requireKnownClocks(instrument, known, fail)
  requireMarks(instrument, fail)
  for (const [at, condition] of conditionsOf(instrument)) {
    requireKnownFacts(condition, known, at, fail)
  }
  for (const [n, clock] of instrument.clocks.entries()) {
    requireSoundClock(clock, known, `${INSTRUMENT_AT}/clocks/${n}`, fail)
  }
  for (const [n, tier] of instrument.sanctions.entries()) {
    requireSoundTier(tier, known, `${INSTRUMENT_AT}/sanctions/${n}`, fail)
  }
  requireQuotedCounts(instrument, fail)
  const { fining } = instrument
  if (fining?.priorFines.some((factor) => !fining.factors.includes(factor))) {
    const at = `${INSTRUMENT_AT}/fining/priorFines`
    throw fail(at, 'unknown-factor', 'this factor is not among the factors')
  }
}

/** Of a power of ten, a text without superscripts says the ten only. */
const EXPONENT = 'power_of_ten_operations'

function requireQuotedCounts({ thresholds, limitation }: Instrument, fail: Fail): void {
  const counts = thresholds.flatMap(({ basis, value, unit }, n) =>
    unit === EXPONENT ? [] : [{ at: `thresholds/${n}`, basis, value }],
  )
  if (limitation !== null) {
    counts.push({ at: 'limitation', basis: limitation.basis, value: limitation.years })
  }
  for (const { at, basis, value } of counts) {
    if (Number.isInteger(value) ? saysCount(basis, value) : basis.quote === null) continue
    const path = `${INSTRUMENT_AT}/${at}/basis/quote`
    throw fail(path, 'quote-number', 'the quote does not hold the number')
  }
}

const LISTS_WITH_IDS = [
  'authorities',
  'channels',
  'competence',
  'lead',
  'reach',
  'definitions',
  'clocks',
  'sanctions',
  'evidenceRules',
  'transfers',
  'refusalGrounds',
  'remedies',
  'protections',
  'thresholds',
] as const

function requireUniqueIds(instrument: Instrument, fail: Fail): void {
  for (const list of LISTS_WITH_IDS) {
    const seen = new Set<string>()
    for (const [n, { id }] of instrument[list].entries()) {
      if (seen.has(id)) {
        throw fail(`${INSTRUMENT_AT}/${list}/${n}/id`, 'duplicate-id', 'this id stands twice')
      }
      seen.add(id)
    }
  }
}

function requireKnownAuthorities(instrument: Instrument, { authorities }: Known, fail: Fail): void {
  const { competence, lead, measures, channels, remedies } = instrument
  const named = [
    ...competence.map(({ authority }, n) => [`competence/${n}/authority`, authority] as const),
    ...lead.map(({ authority }, n) => [`lead/${n}/authority`, authority] as const),
    ...measures.map(({ authority }, n) => [`measures/${n}/authority`, authority] as const),
    ...channels.map(({ to }, n) => [`channels/${n}/to`, to] as const),
    ...remedies.map(({ to }, n) => [`remedies/${n}/to`, to] as const),
  ]
  for (const [at, id] of named) {
    if (id === null || authorities.has(id)) continue
    const path = `${INSTRUMENT_AT}/${at}`
    throw fail(path, 'unknown-authority', 'no such authority in the pack')
  }
}

function requireKnownClocks(instrument: Instrument, { clocks }: Known, fail: Fail): void {
  const { equivalents, measures, lead, channels, evidenceRules } = instrument
  const lists = { equivalents, channels, evidenceRules }
  const named = [
    ...measures.map(({ compliance }, n) => [`measures/${n}/compliance`, compliance] as const),
    ...measures.map(({ validity }, n) => [`measures/${n}/validity`, validity] as const),
    ...lead.map(({ dispute }, n) => [`lead/${n}/dispute`, dispute] as const),
    ...Object.entries(lists).flatMap(([list, items]) =>
      items.flatMap((item, n) => item.clocks.map((id) => [`${list}/${n}/clocks`, id] as const)),
    ),
  ]
  for (const [at, id] of named) {
    if (id === null || clocks.has(id)) continue
    throw fail(`${INSTRUMENT_AT}/${at}`, 'unknown-clock', 'no such clock in the pack')
  }
  for (const [n, { hearing }] of measures.entries()) {
    if (hearing === null || clocks.get(hearing)?.kind === 'min') continue
    const at = `${INSTRUMENT_AT}/measures/${n}/hearing`
    throw fail(at, 'unknown-clock', 'no such clock of kind min in the pack')
  }
}

/** A recalled entry must not bind. */
function requireMarks(instrument: Instrument, fail: Fail): void {
  const { clocks, sanctions, evidenceRules, transfers, remedies } = instrument
  const lists = { clocks, sanctions, evidenceRules, transfers, remedies }
  for (const [list, items] of Object.entries(lists)) {
    for (const [n, { basis, isBinding }] of items.entries()) {
      const at = `${INSTRUMENT_AT}/${list}/${n}`
      if (basis.evidence === 'R' && isBinding) {
        const message = 'a recalled entry must say binding: false'
        throw fail(`${at}/binding`, 'unverified-binding', message)
      }
    }
  }
}

function conditionsOf(instrument: Instrument): (readonly [string, Condition])[] {
  const { competence, lead, reach, measures, sanctions, clocks } = instrument
  const own = { competence, lead, reach, measures, sanctions }
  const found: (readonly [string, Condition | null | undefined])[] = [
    ...Object.entries(own).flatMap(([list, items]) =>
      items.map(({ when }, n) => [`${INSTRUMENT_AT}/${list}/${n}/when`, when] as const),
    ),
    ...(instrument.fining?.bars ?? []).map(
      ({ when }, n) => [`${INSTRUMENT_AT}/fining/bars/${n}/when`, when] as const,
    ),
    ...sanctions.map(
      ({ percentWhen }, n) => [`${INSTRUMENT_AT}/sanctions/${n}/percentWhen`, percentWhen] as const,
    ),
    ...whensOf(instrument.applies).map((when) => [`${INSTRUMENT_AT}/applies`, when] as const),
    ...clocks.flatMap((clock, n) =>
      [
        clock.trigger?.when,
        ...clock.variants.map(({ when }) => when),
        ...clock.routes.map(({ when }) => when),
        ...whensOf(clock.applies),
      ].map((when) => [`${INSTRUMENT_AT}/clocks/${n}`, when] as const),
    ),
  ]
  return found.flatMap(([at, when]) => (when ? [[at, when] as const] : []))
}

function whensOf({ provisionFrom, scopeFrom }: Applicability): readonly (Condition | null)[] {
  return [provisionFrom?.when ?? null, ...scopeFrom.map(({ when }) => when)]
}

function requireKnownFacts(condition: Condition, { questions }: Known, at: string, fail: Fail) {
  const unknown = factsOf(condition).find((fact) => !Object.hasOwn(questions, fact))
  if (unknown !== undefined) {
    throw fail(at, 'unknown-fact', `the pack has no question for the fact ${unknown}`)
  }
}
