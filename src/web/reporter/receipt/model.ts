/** After filing: the code, shown this once, and the proof that the report was filed. */
import type { CalendarDate } from '../../../base/time.ts'
import type { FileRow } from '../../parts.ts'
import type { ReporterClock } from '../status/model.ts'

export type ReceiptModel = {
  /** Six groups of four symbols. */
  readonly code: string
  /** Of an organisation that filed by name: what it can show beside the receipt. */
  readonly statement?: string
  readonly filedOn: CalendarDate
  readonly level: string
  readonly commitment: string
  readonly files: readonly FileRow[]
  readonly clocks: readonly ReporterClock[]
  readonly escalation?: { readonly body: string; readonly address: string }
}
