/**
 * What a law pack must hold beyond its form: ids that are unique and resolve,
 * clocks that can be computed, marks that match, quotes that hold their numbers.
 */
import type { ComityError } from '../base/errors.ts'
import { type Condition, factsOf } from '../core/law/condition.ts'
import type { Basis, Clock, Instrument, LawPack, Period } from '../core/law/pack.ts'

/** Makes the error for a path in the file. */
type Fail = (path: string, reason: string, message: string) => ComityError

/** @throws ComityError `malformed` made by `fail(path, reason, message)` */
export function requireSoundPack(pack: LawPack, fail: Fail): void {
  if (pack.validTo !== null && pack.validTo <= pack.validFrom) {
    throw fail('/validTo', 'validity', 'validity ends before it begins')
  }
  if (pack.id !== `law.${pack.legalOrder.toLowerCase()}`) {
    throw fail('/pack', 'pack-id', 'the id is not that of the legal order')
  }
  requireUnique(pack.instruments, '/instruments', fail)
  const clocks = pack.instruments.flatMap((instrument) => instrument.clocks)
  for (const [n, instrument] of pack.instruments.entries()) {
    requireSoundInstrument(pack, instrument, clocks, `/instruments/${n}`, fail)
  }
  requireNoCycle(pack, clocks, fail)
}

function requireSoundInstrument(
  pack: LawPack,
  instrument: Instrument,
  clocks: readonly Clock[],
  at: string,
  fail: Fail,
): void {
  requireUnique(instrument.authorities, `${at}/authorities`, fail)
  requireUnique(instrument.competence, `${at}/competence`, fail)
  requireUnique(instrument.clocks, `${at}/clocks`, fail)
  const authorities = new Set(
    pack.instruments.flatMap((each) => each.authorities.map(({ id }) => id)),
  )
  for (const [n, rule] of instrument.competence.entries()) {
    const path = `${at}/competence/${n}`
    if (!authorities.has(rule.authority)) {
      throw fail(`${path}/authority`, 'unknown-authority', 'no such authority in the pack')
    }
    requireKnownFacts(pack, rule.when, `${path}/when`, fail)
  }
  for (const [n, measure] of instrument.measures.entries()) {
    const path = `${at}/measures/${n}`
    if (!authorities.has(measure.authority)) {
      throw fail(`${path}/authority`, 'unknown-authority', 'no such authority in the pack')
    }
    const hearing = clocks.find(({ id }) => id === measure.hearing)
    if (measure.hearing !== null && hearing?.kind !== 'min') {
      throw fail(`${path}/hearing`, 'unknown-clock', 'no such clock of kind min in the pack')
    }
    if (measure.compliance !== null && !clocks.some(({ id }) => id === measure.compliance)) {
      throw fail(`${path}/compliance`, 'unknown-clock', 'no such clock in the pack')
    }
  }
  for (const [n, { clocks: ids }] of instrument.equivalents.entries()) {
    if (!ids.every((id) => clocks.some((clock) => clock.id === id))) {
      throw fail(`${at}/equivalents/${n}/clocks`, 'unknown-clock', 'no such clock in the pack')
    }
  }
  for (const [n, clock] of instrument.clocks.entries()) {
    requireSoundClock(pack, clock, clocks, `${at}/clocks/${n}`, fail)
  }
}

function requireSoundClock(
  pack: LawPack,
  clock: Clock,
  clocks: readonly Clock[],
  at: string,
  fail: Fail,
): void {
  const { kind, period, start, basis } = clock
  if ((kind === 'qualitative') !== (period === null)) {
    throw fail(`${at}/period`, 'period', 'a clock has a period unless it is qualitative')
  }
  if (period !== null && start === null) {
    throw fail(`${at}/start`, 'no-start', 'a period needs the event that it runs from')
  }
  if (start?.ofClock && !clocks.some(({ id }) => id === start.ofClock)) {
    throw fail(`${at}/start/ofClock`, 'unknown-clock', 'no such clock in the pack')
  }
  if (basis.evidence === 'R' && clock.isBinding) {
    throw fail(`${at}/binding`, 'unverified-binding', 'a recalled entry must say binding: false')
  }
  if (basis.evidence !== 'P' && basis.quote !== null) {
    throw fail(`${at}/basis/quote`, 'quote-unread', 'only a text that was read can be quoted')
  }
  if (period !== null && !holdsNumber(basis, period)) {
    throw fail(`${at}/basis/quote`, 'quote-number', 'the quote does not hold the number')
  }
  const conditions = [
    clock.trigger?.when,
    ...clock.variants.map(({ when }) => when),
    ...clock.applies.scopeFrom.map(({ when }) => when),
  ]
  for (const condition of conditions) {
    if (condition) requireKnownFacts(pack, condition, at, fail)
  }
}

const SMALL = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

/** True without a quote; with one it must say the count, in digits or as a word, and the unit. */
function holdsNumber({ quote }: Basis, { count, unit }: Period): boolean {
  if (quote === null) return true
  const noun = unit.replace('calendar_', '').replace('_', '[ -]')
  const number = SMALL[count] === undefined ? `${count}` : `(?:${count}|${SMALL[count]})`
  return new RegExp(`\\b${number}[ -]${noun}s?\\b`, 'i').test(quote)
}

function requireKnownFacts(pack: LawPack, condition: Condition, at: string, fail: Fail): void {
  const unknown = factsOf(condition).find((fact) => !Object.hasOwn(pack.questions, fact))
  if (unknown !== undefined) {
    throw fail(at, 'unknown-fact', `the pack has no question for the fact ${unknown}`)
  }
}

function requireUnique(items: readonly { readonly id: string }[], at: string, fail: Fail): void {
  const seen = new Set<string>()
  for (const [n, { id }] of items.entries()) {
    if (seen.has(id)) throw fail(`${at}/${n}/id`, 'duplicate-id', 'this id stands twice')
    seen.add(id)
  }
}

/** Follows each chain of starts to its end; one that returns to itself never starts. */
function requireNoCycle(pack: LawPack, clocks: readonly Clock[], fail: Fail): void {
  const next = new Map(clocks.map(({ id, start }) => [id, start?.ofClock ?? null]))
  for (const { id } of clocks) {
    const seen = new Set<string>()
    for (let at: string | null = id; at !== null; at = next.get(at) ?? null) {
      if (seen.has(at)) {
        const path = pathOf(pack, at)
        throw fail(`${path}/start/ofClock`, 'cycle', 'clocks start from each other')
      }
      seen.add(at)
    }
  }
}

function pathOf(pack: LawPack, clockId: string): string {
  for (const [n, { clocks }] of pack.instruments.entries()) {
    const m = clocks.findIndex(({ id }) => id === clockId)
    if (m >= 0) return `/instruments/${n}/clocks/${m}`
  }
  return ''
}
