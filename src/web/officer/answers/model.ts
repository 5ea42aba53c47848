/** What people from outside said to a case on its page, for its officers. */
import type { CalendarDate, Instant } from '../../../base/time.ts'

export type AnswersModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  /** The newest first. */
  readonly answers: readonly {
    readonly statementId: string
    readonly by: string
    readonly capacity: string
    readonly kind: 'hearing' | 'report' | 'notice'
    readonly filedAt: Instant
    readonly text: string
    readonly acknowledges: boolean
    readonly fixOn?: CalendarDate
    readonly sha256: string
  }[]
}
