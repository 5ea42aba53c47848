/** What a law gives to people and to those who act in good faith, as data. */
import type { Basis } from './pack.ts'

export const REMEDY_KINDS = [
  'complaint',
  'explanation',
  'human_review',
  'judicial',
  'appeal',
  'compensation',
  'out_of_court',
  'whistleblower',
  'correction',
  'appeal_of_fine',
] as const

export type Remedy = {
  readonly id: string
  readonly kind: (typeof REMEDY_KINDS)[number]
  /** Who has it, in words. */
  readonly who: string
  /** Id of the authority to turn to; `null`: a court, or not said. */
  readonly to: string | null
  readonly text: string
  readonly isBinding: boolean
  readonly basis: Basis
}

export const PROTECTION_KINDS = ['safe_harbour', 'defence', 'presumption'] as const

export type Protection = {
  readonly id: string
  readonly kind: (typeof PROTECTION_KINDS)[number]
  readonly text: string
  readonly basis: Basis
}

/** A number on which a duty depends, e.g. 500 persons. */
export type Threshold = {
  readonly id: string
  readonly value: number
  readonly unit: string
  readonly text: string
  readonly basis: Basis
}
