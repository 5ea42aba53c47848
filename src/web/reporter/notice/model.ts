/** A notice to an affected person, and the form to challenge what it tells. */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { FormModel } from '../../form/form-model.ts'

export type NoticeModel = {
  readonly sentAt: Instant
  readonly about: string
  readonly categories: readonly string[]
  readonly recipients: readonly string[]
  readonly purpose: string
  /** As the officers who released the data named it. */
  readonly legalBasis: string
  readonly delayedBecause?: Because
  readonly challengeBy?: CalendarDate
  /** Reviews of earlier challenges, and what came of them. */
  readonly reviews: readonly {
    readonly openedAt: Instant
    readonly state: string
    readonly reason?: string
    readonly remedy?: string
  }[]
  readonly form: FormModel
}
