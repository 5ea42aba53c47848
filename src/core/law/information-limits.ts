/**
 * What a law says about evidence and information between authorities, as data:
 * what must be kept, what it may be used for, where it may go, and on which
 * grounds a request for it may be refused.
 */
import type { Basis } from './pack.ts'

export const TRANSFER_DATA = ['personal', 'confidential', 'any'] as const

export const EVIDENCE_RULE_KINDS = [
  'hold',
  'purpose',
  'necessity',
  'originator',
  'third_country',
  'use_limit',
  'block',
  'exemption',
  'access_to_file',
  'secrecy',
] as const

export type EvidenceRule = {
  readonly id: string
  readonly kind: (typeof EVIDENCE_RULE_KINDS)[number]
  readonly text: string
  /** Clocks that count how long it holds. */
  readonly clocks: readonly string[]
  /** Of a `block`: the data that it keeps from authorities of other legal orders. */
  readonly abroad: (typeof TRANSFER_DATA)[number] | null
  readonly isBinding: boolean
  readonly basis: Basis
}

export const TRANSFER_EFFECTS = ['permitted', 'needs_instrument', 'blocked'] as const

/** Whether information may leave this legal order for another. */
export type Transfer = {
  readonly id: string
  /** Codes of legal orders; empty: every other one. */
  readonly to: readonly string[]
  readonly data: (typeof TRANSFER_DATA)[number]
  readonly effect: (typeof TRANSFER_EFFECTS)[number]
  readonly text: string
  readonly isBinding: boolean
  readonly basis: Basis
}

export const REFUSAL_SCOPES = ['info', 'enforcement', 'joint'] as const

export type RefusalGround = {
  readonly id: string
  /** Code of the crosswalk of refusals, e.g. `NOT_NEEDED`. */
  readonly code: string
  readonly appliesTo: (typeof REFUSAL_SCOPES)[number]
  readonly text: string
  readonly basis: Basis
}

/** Whether a report may be filed through this program, or where it must be filed. */
export type Channel = {
  readonly id: string
  /** Id of the authority that the report is owed to. */
  readonly to: string
  /** Clocks it is for; empty: every report to that authority under the instrument. */
  readonly clocks: readonly string[]
  /** `null`: nobody designated this program; file where `where` says. */
  readonly designation: string | null
  readonly where: string
  readonly basis: Basis
}
