/**
 * Whether a report of a kind may be filed with this program, or where it must be filed: only
 * what law packs and the overlay of a Member State say. Where they say nothing, nobody is
 * named: the authority itself has to tell.
 *
 * It does not decide who must report; facts decide that, and nobody is asked for them here.
 */
import type { CalendarDate } from '../../base/time.ts'
import type { Clock, Period, StartEvent } from './clock.ts'
import type { Channel } from './information-limits.ts'
import type { Basis, Instrument, LawPack } from './pack.ts'

export type RouteStanding =
  /** An act designates this program as channel. */
  | 'official'
  /** The law says where, and nobody designated this program. */
  | 'elsewhere'
  /** The law names a body and says no more. */
  | 'named'

export type ReportRoute = {
  /** `<instrument>/<channel or remedy>`, e.g. `eu.ai_act/incident_report`. */
  readonly id: string
  /** Name of the instrument. */
  readonly law: string
  readonly authority: string | null
  readonly standing: RouteStanding
  readonly designation: string | null
  readonly where: string | null
  readonly basis: Basis
  /** Duties of whoever reports, with their periods. */
  readonly periods: readonly RoutePeriod[]
  /** The first day of the duty, if it is still to come. */
  readonly from: CalendarDate | null
}

export type RoutePeriod = {
  readonly period: Period | null
  readonly start: StartEvent | null
  readonly plus: string | null
  readonly basis: Basis
}

export type LegalKind = 'seriousIncident' | 'misconduct' | 'complaint'

/** @param today decides what is still to come */
export function reportRoutes(
  pack: LawPack,
  kind: LegalKind,
  today: CalendarDate,
): readonly ReportRoute[] {
  const inForce = pack.instruments.filter(({ status }) => IN_FORCE.has(status))
  const routesOf = { seriousIncident: dutyRoutes, misconduct, complaint }[kind]
  return inForce.flatMap((instrument) => routesOf(instrument, today))
}

const IN_FORCE: ReadonlySet<string> = new Set([
  'in_force',
  'in_force_partially',
  'in_force_not_yet_applicable',
])

/** What a company reports to an authority about something that happened. */
const REPORT_STAGES: ReadonlySet<string> = new Set([
  'early_warning',
  'notification',
  'initial_report',
  'intermediate',
  'final_report',
])
const BY_AUTHORITY = /authority|commission|department|coordinator|dsc/i

function dutyRoutes(instrument: Instrument, today: CalendarDate): ReportRoute[] {
  if (instrument.matter === 'other') return []
  return instrument.channels.flatMap((channel) => {
    const duties = instrument.clocks.filter(
      (clock) => channel.clocks.includes(clock.id) && isDuty(clock),
    )
    return duties.length === 0 ? [] : [routeBy(instrument, channel, duties, today)]
  })
}

function isDuty({ stage, by }: Clock): boolean {
  return REPORT_STAGES.has(stage) && by !== null && !BY_AUTHORITY.test(by)
}

function misconduct(instrument: Instrument, today: CalendarDate): ReportRoute[] {
  if (instrument.matter !== 'whistleblowing') return []
  return instrument.channels.map((channel) => routeBy(instrument, channel, [], today))
}

function complaint(instrument: Instrument): ReportRoute[] {
  return instrument.remedies
    .filter(
      ({ kind, to, isBinding }) => kind === 'complaint' && isBinding && nameOf(instrument, to),
    )
    .map(({ id, to, text, basis }) => ({
      id: `${instrument.id}/${id}`,
      law: instrument.name,
      authority: nameOf(instrument, to),
      standing: 'named' as const,
      designation: null,
      where: text,
      basis,
      periods: [],
      from: null,
    }))
}

function routeBy(
  instrument: Instrument,
  { id, to, designation, where, basis }: Channel,
  duties: readonly Clock[],
  today: CalendarDate,
): ReportRoute {
  return {
    id: `${instrument.id}/${id}`,
    law: instrument.name,
    authority: nameOf(instrument, to),
    standing: designation === null ? 'elsewhere' : 'official',
    designation,
    where: designation === null ? where : null,
    basis,
    periods: duties.map(({ period, start, plus, basis: own }) => ({
      period,
      start: start?.event ?? null,
      plus,
      basis: own,
    })),
    from: firstDayToCome(duties, today),
  }
}

/** Null if one of the duties holds already, or no day is known. */
function firstDayToCome(duties: readonly Clock[], today: CalendarDate): CalendarDate | null {
  const days = duties.map(({ applies: { provisionFrom, scopeFrom } }) => {
    const scopes = scopeFrom.map(({ date }) => date).sort()
    const [earliest] = scopes
    const starts = [provisionFrom?.date, earliest].filter((day) => day !== undefined).sort()
    return starts.at(-1)
  })
  const toCome = days.filter((day) => day !== undefined && day > today).sort()
  return toCome.length === days.length ? (toCome[0] ?? null) : null
}

function nameOf({ authorities }: Instrument, id: string | null): string | null {
  return authorities.find((authority) => authority.id === id)?.name ?? null
}
