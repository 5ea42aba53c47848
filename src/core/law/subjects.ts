/**
 * What entries are for, so that duties, powers and remedies of different regimes
 * can be put side by side. An ordering for comparison; it follows the stages and
 * measure codes of the vocabulary and adds no law.
 */
import type { Clock, ClockStage } from './clock.ts'
import type { Remedy } from './remedies.ts'

/** Duties of operators. Clocks of authorities among themselves are none. */
const DUTY_OF_STAGE: Readonly<Partial<Record<ClockStage, string>>> = {
  early_warning: 'incident_report',
  notification: 'incident_report',
  initial_report: 'incident_report',
  supplement: 'incident_report',
  intermediate: 'incident_report',
  final_report: 'incident_report',
  data_subject_notice: 'notice_to_persons',
  public_notice: 'notice_to_persons',
  evidence_hold: 'evidence_hold',
  corrective_action: 'corrective_action',
  takedown: 'takedown',
  production_order: 'production_order',
}

const AUTHORITIES: ReadonlySet<string> = new Set([
  'authority',
  'market_surveillance_authority',
  'ai_office',
  'lead_dpa',
  'concerned_dpa',
  'dsc_establishment',
  'dsc_destination',
  'edpb',
  'commission',
  'board',
  'court',
  'csirt',
  'nis_authority',
  'issuing_authority',
  'enforcing_authority',
])

/** `undefined`: not a duty of an operator. */
export function dutyClassOf({ stage, by }: Pick<Clock, 'stage' | 'by'>): string | undefined {
  return by !== null && AUTHORITIES.has(by) ? undefined : DUTY_OF_STAGE[stage]
}

/** Measures that packs can list, by what they are for. */
const POWER_CLASSES = {
  learn: [
    'information_request',
    'on_site_inspection',
    'source_code_access',
    'dataset_access',
    'model_access_api',
    'audit_order',
    'retention_order',
  ],
  order: [
    'corrective_order',
    'compliance_order',
    'commitments_binding',
    'label_or_user_warning',
    'erasure_order',
    'injunction',
    'non_monetary_measure',
  ],
  stop: [
    'interim_measure',
    'restrict_market',
    'withdraw',
    'recall',
    'disable',
    'suspend_system',
    'suspend_testing',
    'processing_ban',
    'suspend_data_flows',
    'database_suspension',
    'business_suspension',
    'licence_revocation',
    'access_restriction_court',
    'business_disruption_order',
  ],
  penalise: [
    'administrative_fine',
    'civil_penalty',
    'periodic_penalty',
    'confiscation_of_gains',
    'algorithmic_disgorgement',
  ],
  other: [
    'warning',
    'reprimand',
    'naming',
    'public_statement',
    'publication_of_infringement',
    'criminal_referral',
    'consumer_redress',
    'cost_recovery',
    'asset_freeze',
  ],
} as const
export type PowerClass = keyof typeof POWER_CLASSES

export const MEASURE_CODES = Object.values(POWER_CLASSES).flat()

const CLASS_OF_POWER: ReadonlyMap<string, PowerClass> = new Map(
  Object.entries(POWER_CLASSES).flatMap(([name, codes]) =>
    codes.map((code) => [code, name as PowerClass] as const),
  ),
)

export function powerClassOf(measure: string): PowerClass {
  return CLASS_OF_POWER.get(measure) ?? 'other'
}

const REMEDY_CLASS: Readonly<Record<Remedy['kind'], string>> = {
  complaint: 'complain',
  out_of_court: 'complain',
  explanation: 'explain_or_correct',
  human_review: 'explain_or_correct',
  correction: 'explain_or_correct',
  judicial: 'sue',
  compensation: 'sue',
  appeal: 'of_operators',
  appeal_of_fine: 'of_operators',
  whistleblower: 'of_reporters',
}

/** Remedies against an authority's act are of those who are subject to it, not of people harmed. */
const OF_OPERATORS =
  /^(?:operators?|providers?|deployers?|controllers?|undertakings?|compan(?:y|ies)|firms?|downstream|addressees?|platforms?|respondents?)\b/i

export function remedyClassOf({ kind, who }: Pick<Remedy, 'kind' | 'who'>): string {
  return OF_OPERATORS.test(who) ? 'of_operators' : REMEDY_CLASS[kind]
}
