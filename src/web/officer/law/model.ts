/** Law packs of this node: each version, who signed it off, and where it is reviewed. */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate } from '../../../base/time.ts'

export type OfficerLawModel = {
  readonly packs: readonly {
    readonly id: string
    readonly title: string
    readonly jurisdiction: string
    readonly version: string
    readonly validFrom: CalendarDate
    readonly isInUse: boolean
    readonly sha256: string
    readonly signers: readonly { readonly name: string; readonly simulated: boolean }[]
    /** Why this officer cannot sign it; left out where it can. */
    readonly because?: readonly Because[]
  }[]
}
