/**
 * What one Member State adds to a law pack: which body it designated, its penalties, its
 * days off, its channels, and how its law counts the periods of a directive.
 *
 * An overlay and a pack make a pack: everything that reads packs reads the result. It has
 * a version and a digest of its own, so officers who sign it sign both at once. It is read
 * and checked by `wire/law-overlay.ts`; everything here may assume that it fits the pack.
 */
import type { CalendarDate } from '../../base/time.ts'
import type { AppliesFrom, Clock, CountingRule, Period } from './clock.ts'
import { type Condition, evaluate, type Facts } from './condition.ts'
import type { Channel } from './information-limits.ts'
import type { Authority, Basis, Instrument, LawPack, PackCalendar, Place } from './pack.ts'
import type { SanctionTier } from './sanction-tier.ts'

/** The body that a Member State named for an authority of the pack. */
export type Designation = {
  /** Id of the authority in the pack, e.g. `eu.msa`. */
  readonly authority: string
  readonly name: string
  /** `null`: in every case; otherwise only under these facts. */
  readonly when: Condition | null
  readonly basis: Basis
}

/** How national law took over a directive: who reads it counts by national law. */
export type Transposition = {
  /** The national act, as it is cited. */
  readonly law: string
  readonly counting: CountingRule
  readonly appliesFrom: AppliesFrom | null
  /** Clocks that the national act sets itself; `period` is `null` where it is the directive's. */
  readonly clocks: readonly {
    readonly id: string
    readonly period: Period | null
    readonly basis: Basis
  }[]
  readonly basis: Basis
}

export type OverlayInstrument = {
  readonly id: string
  /** One with the id of a channel of the pack stands in its place. */
  readonly channels: readonly Channel[]
  /** National tiers. One with the id of a tier of the pack stands in its place. */
  readonly sanctions: readonly SanctionTier[]
  readonly transposition: Transposition | null
}

export type LawOverlay = {
  /** `<pack id>.<code>`, e.g. `law.eu.xm`. */
  readonly id: string
  readonly pack: string
  /** ISO 3166 code; of a fictional State one that ISO leaves to users, e.g. `XM`. */
  readonly code: string
  readonly name: string
  readonly isFictional: boolean
  readonly version: string
  readonly status: LawPack['status']
  readonly validFrom: CalendarDate
  readonly validTo: CalendarDate | null
  readonly asOf: CalendarDate
  readonly languages: readonly string[]
  readonly questions: LawPack['questions']
  readonly calendar: {
    readonly place: Place
    readonly weekend: readonly number[] | null
    readonly corrections: PackCalendar['corrections']
    readonly basis: Basis
  }
  readonly designations: readonly Designation[]
  readonly instruments: readonly OverlayInstrument[]
  /** As its path is printed for the digest, e.g. `overlays/xm.yaml`. */
  readonly file: string
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string
}

/** What a pack keeps of the overlay that it was made with. */
export type AppliedOverlay = Pick<
  LawOverlay,
  'id' | 'code' | 'name' | 'version' | 'sha256' | 'isFictional' | 'designations'
>

/** An overlay holds for the versions of its pack that begin while it is valid. */
export function holdsFor(overlay: LawOverlay, pack: LawPack): boolean {
  const { validFrom, validTo } = overlay
  const hasBegun = validFrom <= pack.validFrom
  return pack.id === overlay.pack && hasBegun && (validTo === null || pack.validFrom < validTo)
}

/** @param digest of the pack's and the overlay's files together: what officers sign off */
export function applyOverlay(pack: LawPack, overlay: LawOverlay, digest: string): LawPack {
  const { id, code, name, version, sha256, isFictional, designations } = overlay
  return {
    ...pack,
    version: `${pack.version}+${code.toLowerCase()}.${version}`,
    status: lesserOf(pack.status, overlay.status),
    name: `${pack.name}; with ${name}`,
    languages: overlay.languages,
    members: pack.members.includes(code) ? pack.members : [...pack.members, code],
    questions: { ...pack.questions, ...overlay.questions },
    calendar: calendarOf(pack.calendar, overlay),
    instruments: pack.instruments.map((instrument) => instrumentOf(instrument, overlay)),
    digest,
    overlay: { id, code, name, version, sha256, isFictional, designations },
  }
}

export type Designated =
  | { readonly name: string; readonly basis: Basis }
  /** Facts that must be known before anybody can say. */
  | { readonly missing: readonly string[] }

/**
 * The body designated for an authority of the pack under these facts: the first whose
 * condition holds.
 *
 * @returns `undefined` if the overlay names none, or there is no overlay
 */
export function designatedFor(
  pack: LawPack,
  authority: string,
  facts: Facts,
): Designated | undefined {
  const own = pack.overlay?.designations.filter((one) => one.authority === authority) ?? []
  for (const { name, when, basis } of own) {
    if (when === null) return { name, basis }
    const { answer, missing } = evaluate(when, facts, pack)
    if (answer === 'yes') return { name, basis }
    if (answer === 'unknown') return { missing }
  }
  return undefined
}

/** Its own place is the default, and the only one in its zone. */
function calendarOf(calendar: PackCalendar, { calendar: own }: LawOverlay): PackCalendar {
  const { place, weekend, corrections, basis } = own
  const others = calendar.places.filter(({ zone }) => zone !== place.zone)
  return {
    ...calendar,
    places: [place, ...others],
    weekend: weekend ?? calendar.weekend,
    corrections: [...calendar.corrections, ...corrections],
    holidaysBasis: basis,
  }
}

function instrumentOf(instrument: Instrument, overlay: LawOverlay): Instrument {
  const { designations, instruments } = overlay
  const authorities = instrument.authorities.map((one) => named(one, designations))
  const own = instruments.find(({ id }) => id === instrument.id)
  if (own === undefined) return { ...instrument, authorities }
  const { transposition } = own
  return {
    ...instrument,
    authorities,
    channels: withOwn(instrument.channels, own.channels),
    clocks:
      transposition === null
        ? instrument.clocks
        : instrument.clocks.map((clock) => transposed(clock, transposition)),
    sanctions: withOwn(instrument.sanctions, own.sanctions),
  }
}

/** An entry of the overlay with the id of one of the pack stands in its place. */
function withOwn<T extends { readonly id: string }>(all: readonly T[], own: readonly T[]) {
  const added = own.filter(({ id }) => all.every((one) => one.id !== id))
  return [...all.map((one) => own.find(({ id }) => id === one.id) ?? one), ...added]
}

/** Only a designation for every case gives an authority its name; others need facts. */
function named(authority: Authority, designations: readonly Designation[]): Authority {
  const own = designations.filter((one) => one.authority === authority.id)
  const [first] = own
  if (first === undefined || first.when !== null) return authority
  return { ...authority, name: first.name, basis: first.basis }
}

/** National law counts; where it sets the clock itself, its text is what was read. */
function transposed(clock: Clock, { law, counting, appliesFrom, clocks }: Transposition): Clock {
  if (clock.counting !== 'national') return clock
  const own = clocks.find(({ id }) => id === clock.id)
  return {
    ...clock,
    counting,
    applies: {
      ...clock.applies,
      provisionFrom: appliesFrom ?? clock.applies.provisionFrom,
    },
    note: clock.note === null ? `As in ${law}.` : `${clock.note} As in ${law}.`,
    ...(own === undefined ? {} : { period: own.period ?? clock.period, basis: own.basis }),
  }
}

const STATUSES = ['draft', 'reviewed', 'authoritative'] as const

function lesserOf(a: LawPack['status'], b: LawPack['status']): LawPack['status'] {
  return STATUSES.indexOf(a) < STATUSES.indexOf(b) ? a : b
}
