/**
 * The shape of a clock in a law pack: a duty with a period, or without a number.
 *
 * Data only. When it is due is computed from events (due-date.ts, clock-state.ts);
 * a clock holds no date.
 */
import type { CalendarDate } from '../../base/time.ts'
import type { Condition } from './condition.ts'
import type { Basis } from './pack.ts'

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

/** What a clock is for, in one word that all packs share. */
export const CLOCK_STAGES = [
  'early_warning',
  'notification',
  'initial_report',
  'supplement',
  'intermediate',
  'final_report',
  'data_subject_notice',
  'public_notice',
  'evidence_hold',
  'corrective_action',
  'takedown',
  'production_order',
  'internal_escalation',
  'information_request',
  'assessment_window',
  'cure_period',
  'authority_action',
  'peer_notification',
  'mutual_assistance_reply',
  'objection_window',
  'dispute_resolution',
  'provisional_measure_validity',
] as const
export type ClockStage = (typeof CLOCK_STAGES)[number]

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
  'use_started',
  'log_recorded',
] as const
export type StartEvent = (typeof START_EVENTS)[number]

/**
 * `eu1182`: Regulation 1182/71. `unstated`: the pack names no counting rule, so the
 * legal result is the strict one. `national`: a directive; the transposing law counts,
 * and no result binds before an overlay says how. The others are laws of a State.
 * What each rule does, and by which article: counting-rules.ts.
 */
export const COUNTING_RULES = ['eu1182', 'us_ca', 'us_co', 'us_ny', 'unstated', 'national'] as const
export type CountingRule = (typeof COUNTING_RULES)[number]

/**
 * `max`: act before. `min`: not before. `validity`: ends then. `recurring`: act each time the
 * period ends, counted from its start. `qualitative`: no number.
 */
export const CLOCK_KINDS = ['max', 'min', 'validity', 'recurring', 'qualitative'] as const
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

/** A longer period that the law allows under a condition, recorded as `extended`. */
export type Extension = {
  readonly period: Period
  /** How often. */
  readonly times: number
  readonly condition: string
  readonly basis: Basis
}

/** A time that does not count, between the marks `suspended` and `resumed`. */
export type Pause = {
  readonly kind: 'tolling' | 'suspension'
  readonly cause: string
  /** `resume`: the rest runs on. `restart`: it runs anew. `confirm`: the text does not say. */
  readonly after: 'resume' | 'restart' | 'confirm'
  readonly basis: Basis
}

export type Clock = {
  /** `<instrument id>/<clock id>`. */
  readonly id: string
  readonly instrument: string
  readonly stage: ClockStage
  /** Role that owes the act, or to which it is owed, in words of the pack. */
  readonly by: string | null
  readonly to: string | null
  /** Other recipients by facts: the first whose condition holds; none: `to`. */
  readonly routes: readonly {
    readonly when: Condition
    readonly to: string
    readonly basis: Basis
  }[]
  readonly kind: ClockKind
  /** `null` only for `qualitative`. */
  readonly period: Period | null
  /** `ofClock` narrows the event to that of one clock, e.g. the notification of it. */
  readonly start: { readonly event: StartEvent; readonly ofClock: string | null } | null
  /** Id of the clock from whose end this one counts backwards; then there is no `start`. */
  readonly backwardsFrom: string | null
  /** Qualitative duty beside the number, e.g. "without undue delay". */
  readonly plus: string | null
  readonly trigger: { readonly text: string; readonly when: Condition | null } | null
  /** Clocks of one group are one duty: the shortest that is triggered governs. */
  readonly group: string | null
  /** `basis`: `null` where the clock's own basis holds for it. */
  readonly variants: readonly {
    readonly when: Condition
    readonly period: Period
    readonly basis: Basis | null
  }[]
  readonly extension: Extension | null
  readonly pauses: readonly Pause[]
  readonly onSilence: {
    readonly effect: string
    readonly article: string
    readonly isReceiptNeeded: boolean
  } | null
  readonly initialIncompleteAllowed: boolean
  readonly counting: CountingRule
  /** False: never more than `advisory`. */
  readonly isBinding: boolean
  readonly applies: Applicability
  readonly note: string | null
  readonly basis: Basis
}
