/** What was erased: the page that stands in the place of a case that is no more. */
import type { Instant } from '../../../base/time.ts'
import type { ErasureGround } from '../../../core/erasure/erasure.ts'
import type { AuthorityName } from '../../parts.ts'

export type ErasuresModel = {
  readonly items: readonly {
    /** Id of the case: nothing else of it is known. */
    readonly caseId: string
    readonly ground: ErasureGround
    readonly law: string
    readonly orderedBy: string
    readonly at: Instant
    readonly proposedBy: string
    readonly approvedBy: string
    readonly events: number
    /** Who got something of it. */
    readonly recipients: readonly AuthorityName[]
  }[]
}
