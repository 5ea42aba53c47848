/**
 * What a newer version of a law pack would change for one case: clock by clock and
 * authority by authority, computed under both versions at the same moment.
 *
 * Nothing is changed by it. A case keeps the version that its clocks were computed
 * under until an officer computes them anew. The newer version is taken as if it had
 * the sign-offs of the older one: otherwise every date would seem to be in doubt.
 */
import { type CalendarDate, type Instant, utcDateOf } from '../../base/time.ts'
import type { HolidaysOf } from './calendar.ts'
import type { Clock } from './clock.ts'
import { type ClockEvent, startOf } from './clock-events.ts'
import type { ClockState } from './clock-result.ts'
import { type ClockInput, evaluateClock } from './clock-state.ts'
import { assessCompetence, type Finding } from './competence.ts'
import { evaluate, type Facts } from './condition.ts'
import { findClock, type Instrument, type LawPack, packRef } from './pack.ts'
import type { SignOffs } from './sign-off.ts'

/** What a case holds that its clocks and its competence follow from. */
export type LawInputs = {
  readonly facts: Facts
  readonly events: readonly ClockEvent[]
  /** Clocks that were computed for the case, of any pack. */
  readonly clocks: readonly string[]
  /** Whether competence was assessed. */
  readonly isAssessed: boolean
}

export const EFFECT_KINDS = [
  'earlier',
  'later',
  'newDate',
  'dateGone',
  'newState',
  'newClock',
  'clockGone',
  'competence',
] as const
export type EffectKind = (typeof EFFECT_KINDS)[number]

export type ClockEffect = {
  readonly kind: Exclude<EffectKind, 'competence'>
  readonly clock: string
  readonly before: ClockSide | null
  readonly after: ClockSide | null
}
export type ClockSide = {
  readonly state: ClockState
  readonly strictDue: string | null
  readonly legalDue: string | null
}

export type CompetenceEffect = {
  readonly kind: 'competence'
  readonly instrument: string
  readonly authority: string
  /** `none`: that version has no rule about it. */
  readonly before: Finding['competent'] | 'none'
  readonly after: Finding['competent'] | 'none'
}

export type LawEffect = ClockEffect | CompetenceEffect

export type Comparing = {
  readonly older: LawPack
  readonly newer: LawPack
  readonly signOffs: SignOffs
  readonly holidaysOf: HolidaysOf
  readonly now: Instant
}

/** What is the same for every case, worked out once. */
export type Comparison = {
  effectOn(inputs: LawInputs): readonly LawEffect[]
}

/** Compares two versions of one pack; clocks whose rule is the same are not computed. */
export function comparePacks(comparing: Comparing): Comparison {
  const { older, newer } = comparing
  const frame: Frame = {
    ...comparing,
    signOffs: asSignedLike(comparing),
    touched: touchedClocks(older, newer),
    added: newer.instruments
      .flatMap(({ clocks }) => clocks)
      .filter(({ id }) => findClock(older, id) === undefined),
    isCompetenceTouched: !isSame(competenceOf(older), competenceOf(newer)),
  }
  return {
    effectOn: (inputs) => [
      ...clockEffects(frame, inputs),
      ...(frame.isCompetenceTouched && inputs.isAssessed
        ? competenceEffects(frame, inputs.facts)
        : []),
    ],
  }
}

type Frame = Comparing & {
  /** Ids of the clocks whose result may differ. */
  readonly touched: ReadonlySet<string>
  /** Clocks that the older version does not have. */
  readonly added: readonly Clock[]
  readonly isCompetenceTouched: boolean
}

function clockEffects(frame: Frame, inputs: LawInputs): readonly ClockEffect[] {
  const { older, newer, touched, added, signOffs, holidaysOf, now } = frame
  const { events, facts, clocks } = inputs
  const input: ClockInput = { events, facts, now, signOffs, holidaysOf }
  const own = clocks.filter((id) => touched.has(id))
  const begun = added.filter((clock) => !clocks.includes(clock.id) && hasBegun(newer, clock, input))
  return [...own, ...begun.map(({ id }) => id)].flatMap((clock) => {
    const before = sideOf(older, clock, input)
    const after = sideOf(newer, clock, input)
    const kind = kindOf(before, after)
    return kind === undefined ? [] : [{ kind, clock, before, after }]
  })
}

/** A clock that the case did not ask for counts only if what starts it is recorded. */
function hasBegun(newer: LawPack, clock: Clock, { events, facts }: ClockInput): boolean {
  if (startOf(clock, events) === null) return false
  const when = clock.trigger?.when ?? null
  return when === null || evaluate(when, facts, newer).answer === 'yes'
}

function sideOf(pack: LawPack, clock: string, input: ClockInput): ClockSide | null {
  const { state, strictDue, legalDue } = evaluateClock(pack, clock, input)
  return state === 'unknown_clock' ? null : { state, strictDue, legalDue }
}

function kindOf(
  before: ClockSide | null,
  after: ClockSide | null,
): ClockEffect['kind'] | undefined {
  if (before === null) return after === null ? undefined : 'newClock'
  if (after === null) return 'clockGone'
  const was = before.legalDue ?? before.strictDue
  const is = after.legalDue ?? after.strictDue
  if (was === null && is !== null) return 'newDate'
  if (was !== null && is === null) return 'dateGone'
  if (isSame(before, after)) return undefined
  if (was === is && before.strictDue === after.strictDue) return 'newState'
  return momentOf(after.strictDue ?? is) < momentOf(before.strictDue ?? was) ? 'earlier' : 'later'
}

function momentOf(zoned: string | null): number {
  return zoned === null ? 0 : Temporal.ZonedDateTime.from(zoned).epochMilliseconds
}

/** One verdict for each authority under each instrument: yes before open before no. */
function competenceEffects(
  { older, newer, now }: Comparing,
  facts: Facts,
): readonly CompetenceEffect[] {
  const before = verdicts(older, facts, utcDateOf(now))
  const after = verdicts(newer, facts, utcDateOf(now))
  const keys = [...new Set([...before.keys(), ...after.keys()])]
  return keys.flatMap((key) => {
    const was = before.get(key) ?? 'none'
    const is = after.get(key) ?? 'none'
    const [instrument = '', authority = ''] = key.split(' ')
    const isNothing =
      was === is || (was === 'none' && is === 'no') || (was === 'no' && is === 'none')
    return isNothing
      ? []
      : [{ kind: 'competence' as const, instrument, authority, before: was, after: is }]
  })
}

const STRENGTH = ['no', 'open', 'yes'] as const

function verdicts(
  pack: LawPack,
  facts: Facts,
  on: CalendarDate,
): ReadonlyMap<string, Finding['competent']> {
  const found = new Map<string, Finding['competent']>()
  for (const { instrument, authority, competent } of assessCompetence([pack], facts, on)) {
    const key = `${instrument} ${authority}`
    const best = found.get(key) ?? 'no'
    found.set(key, STRENGTH.indexOf(competent) > STRENGTH.indexOf(best) ? competent : best)
  }
  return found
}

/** Clocks whose result may differ between the versions, of both. */
function touchedClocks(older: LawPack, newer: LawPack): ReadonlySet<string> {
  const before = rulesOf(older)
  const after = rulesOf(newer)
  const isFrameSame = isSame(frameOf(older), frameOf(newer))
  const all = [...new Set([...before.keys(), ...after.keys()])]
  return new Set(all.filter((id) => !isFrameSame || before.get(id) !== after.get(id)))
}

/** What every clock of a pack is counted and judged with. */
function frameOf({ calendar, legalOrder, members, within }: LawPack) {
  return { calendar, legalOrder, members, within }
}

/** All that the result of a clock follows from inside its instrument, as one text. */
function rulesOf(pack: LawPack): ReadonlyMap<string, string> {
  return new Map(
    pack.instruments.flatMap((instrument) => {
      const frame = textOf(instrumentFrame(instrument))
      // A clock may start from another's end or notification: those count with it.
      return instrument.clocks.map((clock) => [clock.id, `${frame} ${chainText(pack, clock.id)}`])
    }),
  )
}

function instrumentFrame({ status, statusBasis, preemptionRisk, equivalents }: Instrument) {
  return { status, statusBasis, preemptionRisk, equivalents }
}

/** Text of a clock and of every clock that it names. Packs have no cycle of them. */
function chainText(pack: LawPack, id: string): string {
  const clock = findClock(pack, id)?.clock
  if (clock === undefined) return ''
  const names = Object.entries(clock).flatMap(([key, value]) =>
    key === 'backwardsFrom' && typeof value === 'string' ? [value] : [],
  )
  const next = names.map((name) => chainText(pack, name))
  return `${textOf(clock)} ${next.join(' ')}`
}

function competenceOf(pack: LawPack) {
  const { legalOrder, members, within } = pack
  const rules = pack.instruments.map(({ id, status, statusBasis, authorities, competence }) => ({
    id,
    status,
    statusBasis,
    authorities,
    competence,
  }))
  return { legalOrder, members, within, rules }
}

/** The newer version with the sign-offs of the older one, besides its own. */
function asSignedLike({ older, newer, signOffs }: Comparing): SignOffs {
  const was = packRef(older)
  const ref = packRef(newer)
  const copies = signOffs.signOffs
    .filter(
      (one) => one.pack === was.id && one.version === was.version && one.digest === was.digest,
    )
    .map((one) => ({ ...one, pack: ref.id, version: ref.version, digest: ref.digest }))
  return { signOffs: [...signOffs.signOffs, ...copies] }
}

function isSame(a: unknown, b: unknown): boolean {
  return textOf(a) === textOf(b)
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each))
}
