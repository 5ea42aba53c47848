/**
 * The law part of a case: facts, findings of competence, clock events and clocks.
 *
 * Each computation is an event with its inputs and the packs it used, so that a
 * decided case keeps the version of the law it was decided under. Nothing here
 * chooses an authority or sends a report.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { type Instant, msOf, utcDateOf } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { type HolidaysOf, isZone } from './calendar.ts'
import { type ClockEvent, isClockEventName, mustNameClock } from './clock-events.ts'
import type { ClockResult } from './clock-result.ts'
import { type ClockInput, evaluateClock } from './clock-state.ts'
import { assessCompetence, type Finding } from './competence.ts'
import type { Facts } from './condition.ts'
import { findClock, type LawPack, type PackRef, packRef } from './pack.ts'
import type { SignOffs } from './sign-off.ts'

export type LawEvent =
  | { readonly type: 'factsRecorded'; readonly facts: Facts }
  | {
      readonly type: 'competenceAssessed'
      readonly findings: readonly Finding[]
      readonly packs: readonly PackRef[]
    }
  | ({ readonly type: 'clockEventRecorded' } & ClockEvent)
  | {
      readonly type: 'clocksComputed'
      readonly results: readonly ClockResult[]
      readonly packs: readonly PackRef[]
    }

export type LawState = {
  readonly facts: Facts
  readonly events: readonly ClockEvent[]
  /** `null` until the first assessment. */
  readonly competence: {
    readonly findings: readonly Finding[]
    readonly packs: readonly PackRef[]
    readonly at: Instant
  } | null
  /** The last computation of each clock, by clock id. */
  readonly clocks: Readonly<Record<string, ClockResult>>
  /** The version of the law that each was computed under, by clock id. */
  readonly under: Readonly<Record<string, PackRef>>
}

export const noLaw: LawState = { facts: {}, events: [], competence: null, clocks: {}, under: {} }

/** What the decisions read besides the case: the packs in use and their sign-offs. */
export type LawContext = {
  /** One version of each pack: the one in use today. */
  readonly packs: readonly LawPack[]
  /** Every version that is loaded; without it, those in use are all. */
  readonly versions?: readonly LawPack[]
  readonly signOffs: SignOffs
  readonly holidaysOf: HolidaysOf
}

/** Later facts replace earlier ones of the same name; the stream keeps both. */
export function recordFacts(
  state: LawState,
  command: { readonly facts: Facts },
  _acting: Acting,
): Decision<readonly LawEvent[], 'nothingNew'> {
  const changed = Object.entries(command.facts).filter(
    ([name, value]) => value !== undefined && !isSame(state.facts[name], value),
  )
  if (changed.length === 0) {
    return refuse('nothingNew', { rule: 'law:facts', text: 'These facts are recorded already.' })
  }
  return permit([{ type: 'factsRecorded', facts: Object.fromEntries(changed) }])
}

export function assessCaseCompetence(
  state: LawState,
  _command: Record<never, never>,
  acting: Acting,
  { packs }: LawContext,
): Decision<readonly LawEvent[], 'noFacts'> {
  if (Object.keys(state.facts).length === 0) {
    return refuse('noFacts', { rule: 'law:facts', text: 'No facts are recorded yet.' })
  }
  const findings = assessCompetence(packs, state.facts, utcDateOf(acting.now))
  return permit([{ type: 'competenceAssessed', findings, packs: packs.map(packRef) }])
}

export type ClockEventWhy =
  | 'unknownEvent'
  | 'unknownClock'
  | 'unknown-zone'
  | 'inTheFuture'
  | 'alreadyRecorded'
  | 'noEvidence'

export function recordClockEvent(
  state: LawState,
  command: Omit<ClockEvent, 'event'> & { readonly event: string },
  acting: Acting,
  { packs }: LawContext,
): Decision<readonly LawEvent[], ClockEventWhy> {
  const { event, clock, at, zone, evidence } = command
  if (!isClockEventName(event)) {
    return no('unknownEvent', 'No clock of the packs runs from an event of this name.')
  }
  if (clock === null && mustNameClock(event)) {
    return no('unknownClock', 'This event must name its clock.')
  }
  if (clock !== null && packs.every((pack) => findClock(pack, clock) === undefined)) {
    return no('unknownClock', 'No pack has a clock of this id.')
  }
  if (!isZone(zone)) return no('unknown-zone', 'There is no time zone of this name.')
  if (evidence.trim() === '') return no('noEvidence', 'An event needs something that shows it.')
  if (msOf(at) > msOf(acting.now)) return no('inTheFuture', 'The event has not happened yet.')
  if (state.events.some((e) => e.event === event && e.clock === clock && e.at === at)) {
    return no('alreadyRecorded', 'This event is recorded already.')
  }
  return permit([{ type: 'clockEventRecorded', event, clock, at, zone, evidence }])
}

/**
 * Computes clocks anew. An id that no pack has gives `unknown_clock`.
 *
 * `zone` is the place of one authority; clocks of other legal orders keep their own.
 */
export function computeClocks(
  state: LawState,
  command: { readonly clocks: readonly string[]; readonly zone?: string },
  acting: Acting,
  { packs, signOffs, holidaysOf }: LawContext,
): Decision<readonly LawEvent[], 'noClocks' | 'noPacks' | 'unknown-zone'> {
  const [anyPack] = packs
  if (anyPack === undefined) return no('noPacks', 'No law pack is loaded.')
  if (command.clocks.length === 0) return no('noClocks', 'No clock was asked for.')
  if (command.zone !== undefined && !packs.some((pack) => hasPlace(pack, command.zone))) {
    return no('unknown-zone', 'No pack has a calendar for this time zone.')
  }
  const { events, facts } = state
  const input: ClockInput = { events, facts, now: acting.now, signOffs, holidaysOf }
  const results = command.clocks.map((clockId) => {
    const owner = packs.find((pack) => findClock(pack, clockId) !== undefined)
    const pack = owner ?? anyPack
    const zone = command.zone
    const place = zone !== undefined && hasPlace(pack, zone) ? { zone } : {}
    return evaluateClock(pack, clockId, { ...input, ...place })
  })
  return permit([{ type: 'clocksComputed', results, packs: packs.map(packRef) }])
}

export function foldLaw(state: LawState, { event, at }: Recorded<LawEvent>): LawState {
  switch (event.type) {
    case 'factsRecorded':
      return { ...state, facts: { ...state.facts, ...event.facts } }
    case 'competenceAssessed': {
      const { findings, packs } = event
      return { ...state, competence: { findings, packs, at } }
    }
    case 'clockEventRecorded': {
      const { type: _, ...clockEvent } = event
      return { ...state, events: [...state.events, clockEvent] }
    }
    case 'clocksComputed': {
      const computed = Object.fromEntries(event.results.map((result) => [result.clock, result]))
      const under = { ...state.under, ...underOf(event.results, event.packs) }
      return { ...state, clocks: { ...state.clocks, ...computed }, under }
    }
    default:
      // The case's stream holds events of other areas too.
      return state
  }
}

function underOf(results: readonly ClockResult[], packs: readonly PackRef[]) {
  const known = results.flatMap(({ clock, legalOrder, state }) => {
    const pack = packs.find(({ id }) => id === packIdOf(legalOrder))
    return pack === undefined || state === 'unknown_clock' ? [] : [[clock, pack] as const]
  })
  return Object.fromEntries(known)
}

/** As the checks of packs ask of every id. */
export function packIdOf(legalOrder: string): string {
  return `law.${legalOrder.toLowerCase()}`
}

function hasPlace(pack: LawPack, zone: string | undefined): boolean {
  return pack.calendar.places.some((place) => place.zone === zone)
}

function no<Why extends string>(why: Why, text: string) {
  return refuse(why, { rule: `law:${why}`, text })
}

function isSame(a: Facts[string], b: Facts[string]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
