/**
 * The shape of a law pack in memory: what one legal order says, as data.
 *
 * A pack promises that every value names its article, its source and how that
 * source was read. It does not promise that the reading is right: that is what
 * the sign-off of two officers is for (sign-off.ts). Packs are read and checked
 * by `wire/law-pack.ts`; everything here may assume that those checks held.
 */
import type { CalendarDate } from '../../base/time.ts'
import type { Condition } from './condition.ts'

/** P: the text of the law was read. S: a secondary source was read. R: recalled only. */
export type EvidenceCode = 'P' | 'S' | 'R'

/** Where a value comes from. Nothing in a pack stands without one. */
export type Basis = {
  /** Article or section, without the name of the instrument, e.g. `73(2)`. */
  readonly article: string
  /** What was read, and where, e.g. "Regulation (EU) 2024/1689, consolidated text (…)". */
  readonly source: string
  readonly evidence: EvidenceCode
  readonly retrievedOn: CalendarDate
  /** A few words of the text as read. `null`: the pack holds no quote for this value. */
  readonly quote: string | null
}

export const PERIOD_UNITS = [
  'minute',
  'hour',
  'calendar_day',
  'business_day',
  'working_day',
  'week',
  'month',
  'year',
] as const
export type PeriodUnit = (typeof PERIOD_UNITS)[number]
export type Period = { readonly count: number; readonly unit: PeriodUnit }

/** Events that the law lets a period run from. A clock names exactly one. */
export const START_EVENTS = [
  'aware',
  'reasonably_aware',
  'causal_link_established',
  'causal_link_suspected',
  'determination_or_reasonable_belief',
  'discovery',
  'assessment_complete',
  'report_received',
  'request_received',
  'draft_received',
  'notification_submitted',
  'remedy_available',
  'ransom_paid',
  'order_received',
  'valid_request_received',
  'notice_sent',
  'incident_handled',
  'measure_adopted',
  'referral_received',
  'safeguard_notified',
  'calendar_year_end',
  'complaint_received',
  'placed_on_market',
] as const
export type StartEvent = (typeof START_EVENTS)[number]

/**
 * `eu1182`: Regulation 1182/71. `unstated`: the pack names no counting rule, so the
 * legal result is the strict one. `national`: a directive; the transposing law counts,
 * and no result binds before an overlay says how.
 */
export const COUNTING_RULES = ['eu1182', 'unstated', 'national'] as const
export type CountingRule = (typeof COUNTING_RULES)[number]

export const INSTRUMENT_STATUSES = [
  'in_force',
  'in_force_not_yet_applicable',
  'in_force_partially',
  'enacted_future',
  'bill_pending',
  'proposal',
  'soft_law',
  'signed_not_in_force',
  'repealed',
  'dead',
  'unknown',
] as const
export type InstrumentStatus = (typeof INSTRUMENT_STATUSES)[number]

/** `max`: act before. `min`: not before. `validity`: ends then. `qualitative`: no number. */
export const CLOCK_KINDS = ['max', 'min', 'validity', 'qualitative'] as const
export type ClockKind = (typeof CLOCK_KINDS)[number]

/** One of the two keys of applicability; `when` narrows it to some facts. */
export type AppliesFrom = {
  readonly date: CalendarDate
  readonly when: Condition | null
  readonly basis: Basis
}

/** Both must be open: the provision applies, and its scope (e.g. "high-risk") exists. */
export type Applicability = {
  readonly provisionFrom: AppliesFrom | null
  readonly scopeFrom: readonly AppliesFrom[]
}

export type Clock = {
  /** `<instrument id>/<clock id>`. */
  readonly id: string
  readonly instrument: string
  readonly stage: string
  /** Role that owes the act, or to which it is owed, in words of the pack. */
  readonly by: string | null
  readonly to: string | null
  readonly kind: ClockKind
  /** `null` only for `qualitative`. */
  readonly period: Period | null
  readonly start: { readonly event: StartEvent; readonly ofClock: string | null } | null
  /** Qualitative duty beside the number, e.g. "without undue delay". */
  readonly plus: string | null
  readonly trigger: { readonly text: string; readonly when: Condition | null } | null
  /** Clocks of one group are one duty: the shortest that is triggered governs. */
  readonly group: string | null
  readonly variants: readonly { readonly when: Condition; readonly period: Period }[]
  readonly onSilence: { readonly effect: string; readonly article: string } | null
  readonly initialIncompleteAllowed: boolean
  readonly counting: CountingRule
  /** False: never more than `advisory`. */
  readonly isBinding: boolean
  readonly applies: Applicability
  readonly note: string | null
  readonly basis: Basis
}

export type Authority = {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly basis: Basis
}

/** If `when` holds, `authority` is competent under the instrument. */
export type CompetenceRule = {
  readonly id: string
  readonly authority: string
  readonly when: Condition
  readonly text: string
  readonly basis: Basis
}

/** A measure that an authority may take; `rung` orders the ladder, 1 is the mildest. */
export type Measure = {
  readonly code: string
  readonly rung: number
  readonly authority: string
  readonly preconditions: readonly string[]
  /** Id of the `min` clock of the hearing that must have run out first. */
  readonly hearing: string | null
  /** Id of the clock that gives the operator time to comply. */
  readonly compliance: string | null
  readonly track: 'administrative' | 'civil' | 'criminal'
  readonly isCourtNeeded: boolean
  readonly basis: Basis
}

export type Instrument = {
  readonly id: string
  readonly name: string
  readonly citation: {
    readonly text: string
    readonly celex: string | null
    readonly eli: string | null
  }
  readonly status: InstrumentStatus
  readonly statusBasis: Basis
  readonly dates: readonly {
    readonly date: string
    readonly what: string
    readonly basis: Basis
  }[]
  readonly scopeWarnings: readonly string[]
  readonly preemptionRisk: {
    readonly level: 'none' | 'pending' | 'enacted'
    readonly switchOffFrom: CalendarDate | null
    readonly note: string
  } | null
  /** Rules under which another regime may stand in for this one's clocks. */
  readonly equivalents: readonly {
    readonly text: string
    readonly clocks: readonly string[]
    readonly basis: Basis
  }[]
  readonly authorities: readonly Authority[]
  readonly competence: readonly CompetenceRule[]
  readonly clocks: readonly Clock[]
  readonly measures: readonly Measure[]
}

/** A place where action is taken: its time zone and its public holidays. */
export type Place = {
  /** IANA name. */
  readonly zone: string
  /** Key of the holiday provider, e.g. `BE` or `GB-ENG`. */
  readonly holidays: string
}

export type PackCalendar = {
  /** The first is the default. */
  readonly places: readonly Place[]
  /** ISO weekdays, Monday is 1. */
  readonly weekend: readonly number[]
  readonly counting: CountingRule
  readonly countingBasis: Basis
  readonly holidaysBasis: Basis
  /** Where the holiday provider is known to be wrong; the pack wins. */
  readonly corrections: readonly {
    readonly holidays: string
    readonly date: CalendarDate
    readonly isHoliday: boolean
    readonly name: string
    readonly basis: Basis
  }[]
}

export type LawPack = {
  readonly id: string
  /** Every change of the law or of its reading is a new version. */
  readonly version: string
  readonly status: 'draft' | 'reviewed' | 'authoritative'
  /** ISO 3166 code or a bloc: `EU`, `GB`, `US-CA`. */
  readonly legalOrder: string
  readonly name: string
  readonly validFrom: CalendarDate
  readonly validTo: CalendarDate | null
  readonly asOf: CalendarDate
  readonly languages: readonly string[]
  /** Codes that count as this legal order, e.g. the Member States. */
  readonly members: readonly string[]
  /** Wider codes that may or may not mean this legal order, e.g. `US` for `US-CA`. */
  readonly within: readonly string[]
  /** The question to ask for each fact that the pack's conditions use. */
  readonly questions: Readonly<Record<string, string>>
  readonly calendar: PackCalendar
  readonly instruments: readonly Instrument[]
  /** SHA-256 of the file, lower-case hex: what officers sign off. */
  readonly digest: string
}

/** What a case stores of the packs it was decided under. */
export type PackRef = { readonly id: string; readonly version: string; readonly digest: string }

export function packRef({ id, version, digest }: LawPack): PackRef {
  return { id, version, digest }
}

/** `undefined` if the pack has no such clock. `clockId` is `<instrument id>/<clock id>`. */
export function findClock(
  pack: LawPack,
  clockId: string,
): { instrument: Instrument; clock: Clock } | undefined {
  for (const instrument of pack.instruments) {
    const clock = instrument.clocks.find(({ id }) => id === clockId)
    if (clock !== undefined) return { instrument, clock }
  }
  return undefined
}

/** The citation shown beside a value: "<article>, <instrument>" plus how it was read. */
export function cite(basis: Basis): string {
  return `${basis.source}, art. ${basis.article} (evidence ${basis.evidence})`
}
