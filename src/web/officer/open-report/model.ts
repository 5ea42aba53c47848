/**
 * Opening a sealed report in the officer's browser. The identity is read there
 * and is never sent; opening is recorded when the officer admits or declines.
 */
import type { CalendarDate } from '../../../base/time.ts'
import type { FormModel } from '../../form/form-model.ts'

export type OpenReportModel = {
  readonly filing: {
    readonly id: string
    readonly filedOn: CalendarDate
    readonly level: string
    readonly sealedSizeBytes: number
    readonly sha256: string
    readonly recipients: readonly string[]
  }
  /** The admit form; the script fills the fields whose names the report uses. */
  readonly form: FormModel
}
