/** Import in three steps: the file, what its columns are with a trial run, and what came in. */
import type { Because } from '../../../base/decision.ts'

export type FaultRow = {
  readonly row: number
  /** Number of the column or its name; absent: the whole row. */
  readonly column?: string
  readonly why: string
}

export type ImportModel = {
  readonly formToken: string
  readonly refused?: readonly Because[]
  /** Of the file as such, or of rows by the trial run. */
  readonly faults: readonly FaultRow[]
  readonly mapping?: {
    readonly draftId: string
    readonly kind: string
    readonly rows: number
    readonly columns: readonly string[]
    readonly fields: readonly {
      readonly field: string
      readonly isRequired: boolean
      readonly column: string
    }[]
    /** After a trial run without a fault. */
    readonly trial?: { readonly fresh: number; readonly known: number }
  }
  readonly done?: {
    readonly added: number
    readonly known: number
    readonly refused: number
    /** The row at which it stopped. */
    readonly stoppedAt?: number
  }
}
