/** The first page for a reporter: what is promised, what is not, and the ways to report. */
import type { CalendarDate } from '../../../base/time.ts'

export type StartModel = {
  /** Officers' sealing keys that a report is sealed to. */
  readonly recipients: {
    readonly names: readonly string[]
    readonly sha256: string
    readonly since: CalendarDate
  }
  /** Files over this are refused. */
  readonly attachmentSizeMaxBytes: number
}
