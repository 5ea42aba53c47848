/** A gap that the packs leave on the facts of one scenario, as data with its articles. */
import type { OpenQuestion } from './competence.ts'
import type { CellEntry } from './gap-matrix.ts'
import type { Basis, Matter } from './pack.ts'

/**
 * `noAuthority`: people or systems are touched there, and nobody is competent.
 * `sanctionTooLow`: below the yardstick that the question states.
 * `conflictingClocks`: one event, and duties that fall far apart or exclude each other.
 */
export const GAP_TYPES = [
  'noAuthority',
  'noDuty',
  'noPower',
  'noDataPath',
  'noRemedy',
  'sanctionTooLow',
  'conflictingClocks',
] as const
export type GapType = (typeof GAP_TYPES)[number]

/** An article that a gap rests on: what is there, or what another legal order has. */
export type CitedEntry = { readonly legalOrder: string; readonly id: string; readonly basis: Basis }

export type Gap = {
  /** `<type>/<legal orders>/<matter>/<subject>`: the same gap has the same id. */
  readonly id: string
  readonly type: GapType
  /** Where the gap is; from and to for `noDataPath`. */
  readonly legalOrders: readonly string[]
  readonly matter: Matter
  /** What is missing, e.g. `incident_report`, `stop`, `sue`, `personal`. */
  readonly subject: string
  readonly text: string
  readonly articles: readonly CitedEntry[]
  /** What comes near and does not count: a bill, later law, an entry recalled only. */
  readonly near: readonly CellEntry[]
}

/** What may be a gap, if the answers to these questions leave it. */
export type UndecidedGap = Pick<Gap, 'id' | 'type' | 'legalOrders' | 'matter' | 'subject'> & {
  readonly openQuestions: readonly OpenQuestion[]
}

export type Gaps = { readonly gaps: readonly Gap[]; readonly undecided: readonly UndecidedGap[] }

export function gapId(
  type: GapType,
  legalOrders: readonly string[],
  matter: Matter,
  subject: string,
): string {
  return [type, legalOrders.join('>'), matter, subject].join('/')
}

/** Questions once each, in the order in which they first come up. */
export function eachOnce(questions: readonly OpenQuestion[]): readonly OpenQuestion[] {
  return [...new Map(questions.map((question) => [question.fact, question])).values()]
}
