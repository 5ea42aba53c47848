/** What was erased: the page that stands in the place of a case that is no more. */
import type { Instant } from '../../../base/time.ts'
import type { ErasureGround } from '../../../core/erasure/erasure.ts'
import type { AuthorityName } from '../../parts.ts'

export const ASKED_STATES = ['open', 'overdue', 'byLetter', 'done', 'partial', 'refused'] as const
export type AskedState = (typeof ASKED_STATES)[number]

export type ErasuresModel = {
  /** Asked and neither done nor kept on a ground. */
  readonly open: number
  readonly overdue: number
  /** Since when the oldest of them is asked. */
  readonly oldestAt?: Instant
  readonly items: readonly {
    readonly erasureId: string
    /** Id of the case: nothing else of it is known. */
    readonly caseId: string
    readonly ground: ErasureGround
    readonly law: string
    readonly orderedBy: string
    readonly at: Instant
    readonly proposedBy: string
    readonly approvedBy: string
    readonly events: number
    /** Who got something of it, and what became of that there. */
    readonly asked: readonly {
      readonly releaseId: string
      readonly recipient: AuthorityName
      readonly state: AskedState
      readonly dueAt?: Instant
      readonly answeredAt?: Instant
      readonly ground?: 'legalHold' | 'ownDuty'
      readonly law?: string
      /** Place of its answer in its own log, and by how many witnesses. */
      readonly receipt?: {
        readonly origin: string
        readonly leafIndex: number
        readonly witnesses: number
      }
    }[]
  }[]
}
