/** A notice to an affected person, and the form to challenge what it tells. */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { FormModel } from '../../form/form-model.ts'
import type { LawSource } from '../../parts.ts'

export type NoticeModel = {
  readonly sentAt: Instant
  readonly about: string
  readonly categories: readonly string[]
  readonly recipients: readonly string[]
  readonly purpose: string
  readonly legalBasis: LawSource
  readonly delayedBecause?: Because
  readonly challengeBy?: CalendarDate
  readonly form: FormModel
}
