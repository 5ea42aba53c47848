/** What an overlay must hold to fit the pack that it is laid over. */
import { factsOf } from '../core/law/condition.ts'
import type { LawOverlay, OverlayInstrument } from '../core/law/overlay.ts'
import type { Basis, Instrument, LawPack } from '../core/law/pack.ts'
import type { Known } from './law-pack-checks.ts'
import type { Fail } from './law-pack-error.ts'
import { saysPeriod } from './law-quote.ts'
import { requireSoundTier } from './law-tier-checks.ts'

/** @throws ComityError `malformed` made by `fail` */
export function requireFit(pack: LawPack, overlay: LawOverlay, fail: Fail): void {
  if (overlay.pack !== pack.id) throw fail('/pack', 'other-pack', 'it is for another pack')
  const isMember = pack.members.includes(overlay.code)
  if (isMember === overlay.isFictional) {
    const message = overlay.isFictional
      ? 'a real member of the pack has this code'
      : 'no member of the pack has this code'
    throw fail('/code', 'unknown-member', message)
  }
  const known = knownIn(pack, overlay, fail)
  requireDesignations(overlay, known, fail)
  const seen = new Set<string>()
  for (const [n, own] of overlay.instruments.entries()) {
    const at = `/instruments/${n}`
    if (seen.has(own.id)) throw fail(`${at}/id`, 'duplicate-id', 'this id stands twice')
    seen.add(own.id)
    const instrument = pack.instruments.find(({ id }) => id === own.id)
    if (instrument === undefined) {
      throw fail(`${at}/id`, 'unknown-instrument', 'no such instrument in the pack')
    }
    requireOwn(own, instrument, known, at, fail)
  }
  for (const [at, { quote }] of basesOf(overlay)) {
    if (quote !== null && overlay.isFictional) {
      throw fail(`${at}/quote`, 'invented-quote', 'an invented law has no words to quote')
    }
  }
}

function knownIn(pack: LawPack, overlay: LawOverlay, fail: Fail): Known {
  const clocks = pack.instruments.flatMap((one) => one.clocks)
  const tiers = [...pack.instruments, ...overlay.instruments].flatMap((one) => one.sanctions)
  const authorities = pack.instruments.flatMap((one) => one.authorities)
  const twice = Object.keys(overlay.questions).find((fact) => Object.hasOwn(pack.questions, fact))
  if (twice !== undefined) {
    throw fail(`/questions/${twice}`, 'duplicate-id', 'the pack asks for this fact already')
  }
  return {
    questions: { ...pack.questions, ...overlay.questions },
    clocks: new Map(clocks.map((clock) => [clock.id, clock])),
    tiers: new Set(tiers.map(({ id }) => id)),
    authorities: new Set(authorities.map(({ id }) => id)),
  }
}

function requireDesignations({ designations }: LawOverlay, known: Known, fail: Fail): void {
  const complete = new Set<string>()
  for (const [n, { authority, when }] of designations.entries()) {
    const at = `/authorities/${n}`
    if (!known.authorities.has(authority)) {
      throw fail(`${at}/id`, 'unknown-authority', 'no such authority in the pack')
    }
    if (complete.has(authority)) {
      const message = 'an earlier entry names the body for every case already'
      throw fail(at, 'never-reached', message)
    }
    if (when === null) complete.add(authority)
    else requireFacts(when, known, `${at}/when`, fail)
  }
}

function requireOwn(
  own: OverlayInstrument,
  instrument: Instrument,
  known: Known,
  at: string,
  fail: Fail,
): void {
  for (const [n, { to, clocks }] of own.channels.entries()) {
    const path = `${at}/channels/${n}`
    if (!known.authorities.has(to)) {
      throw fail(`${path}/to`, 'unknown-authority', 'no such authority in the pack')
    }
    if (!clocks.every((id) => known.clocks.has(id))) {
      throw fail(`${path}/clocks`, 'unknown-clock', 'no such clock in the pack')
    }
  }
  for (const [n, tier] of own.sanctions.entries()) {
    const path = `${at}/sanctions/${n}`
    requireSoundTier(tier, known, path, fail)
    const replaced = instrument.sanctions.find(({ id }) => id === tier.id)
    if (replaced !== undefined && !replaced.isFloorOfCap) {
      const message = 'the pack sets this maximum itself and leaves national law no room'
      throw fail(`${path}/id`, 'no-room', message)
    }
    if (tier.basis.evidence === 'R' && tier.isBinding) {
      throw fail(
        `${path}/binding`,
        'unverified-binding',
        'a recalled entry must say binding: false',
      )
    }
    for (const when of [tier.when, tier.percentWhen]) {
      if (when !== null) requireFacts(when, known, path, fail)
    }
  }
  requireTransposition(own, instrument, `${at}/transposition`, fail)
}

function requireTransposition(
  { transposition }: OverlayInstrument,
  { clocks }: Instrument,
  at: string,
  fail: Fail,
): void {
  if (transposition === null) return
  if (clocks.every(({ counting }) => counting !== 'national')) {
    throw fail(at, 'not-a-directive', 'the pack counts this instrument itself')
  }
  for (const [n, own] of transposition.clocks.entries()) {
    const path = `${at}/clocks/${n}`
    const clock = clocks.find(({ id }) => id === own.id)
    if (clock === undefined) {
      throw fail(`${path}/id`, 'unknown-clock', 'no such clock in the instrument')
    }
    if (own.period !== null && clock.period === null) {
      throw fail(`${path}/period`, 'period', 'the clock of the pack has no number')
    }
    if (own.basis.evidence === 'R' && clock.isBinding) {
      throw fail(`${path}/basis`, 'unverified-binding', 'a recalled entry cannot set a clock')
    }
    const period = own.period ?? clock.period
    if (period !== null && !saysPeriod(own.basis, period)) {
      throw fail(`${path}/basis/quote`, 'quote-number', 'the quote does not hold the number')
    }
  }
}

function requireFacts(
  condition: Parameters<typeof factsOf>[0],
  { questions }: Known,
  at: string,
  fail: Fail,
): void {
  const unknown = factsOf(condition).find((fact) => !Object.hasOwn(questions, fact))
  if (unknown === undefined) return
  throw fail(at, 'unknown-fact', `no question asks for the fact ${unknown}`)
}

function basesOf(overlay: LawOverlay): (readonly [string, Basis])[] {
  const { calendar, designations, instruments } = overlay
  return [
    ['/calendar/basis', calendar.basis],
    ...calendar.corrections.map(({ basis }, n) => [`/calendar/days/${n}/basis`, basis] as const),
    ...designations.map(({ basis }, n) => [`/authorities/${n}/basis`, basis] as const),
    ...instruments.flatMap(({ channels, sanctions, transposition }, n) => {
      const at = `/instruments/${n}`
      return [
        ...channels.map(({ basis }, m) => [`${at}/channels/${m}/basis`, basis] as const),
        ...sanctions.map(({ basis }, m) => [`${at}/sanctions/${m}/basis`, basis] as const),
        ...(transposition === null
          ? []
          : [
              [`${at}/transposition/basis`, transposition.basis] as const,
              ...transposition.clocks.map(
                ({ basis }, m) => [`${at}/transposition/clocks/${m}/basis`, basis] as const,
              ),
            ]),
      ]
    }),
  ]
}
