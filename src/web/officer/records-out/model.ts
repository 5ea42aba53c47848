/** A case as files for other systems: what each would say, and what it has no room for. */
import type { Because } from '../../../base/decision.ts'
import type { NotWritten } from '../../../wire/outputs/not-written.ts'
import type { RecordFormat } from '../../../wire/outputs/record-out.ts'
import type { CaseHead } from '../case-law/model.ts'

export type RecordsOutModel = {
  readonly case: CaseHead
  readonly records: readonly RecordItem[]
}

export type RecordItem =
  | {
      readonly format: RecordFormat
      readonly isThere: true
      readonly from: 'advisory' | 'record'
      readonly notCarried: readonly NotWritten[]
      /** How many more there are than are shown. */
      readonly more: number
    }
  | {
      readonly format: RecordFormat
      readonly isThere: false
      readonly because: readonly Because[]
    }
