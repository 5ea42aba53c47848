/** What outside says of the documents of an agreement or a case: time stamps, signature files. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { FormModel } from '../../form/form-model.ts'

export type AttestedModel = {
  readonly title: string
  /** Absent: the page is of an agreement. */
  readonly caseId?: string
  readonly documents: readonly {
    readonly id: string
    readonly name: string
    /** Of the bytes that `file` gives: what a signature or a stamp is over. */
    readonly sha256: string
    readonly file: string
    readonly stamps: readonly { readonly at: Instant; readonly authority: string }[]
    readonly signatures: readonly {
      readonly file: string
      readonly sha256: string
      readonly signerFunction: string
      readonly checkedBy: string
      readonly checkedHow: string
      readonly at: Instant
    }[]
  }[]
  /** Of an agreement; on an order they are acts of the case. */
  readonly forms: readonly FormModel[]
  readonly refusedNow?: readonly Because[]
}
