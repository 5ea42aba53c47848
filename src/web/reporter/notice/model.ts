/**
 * The page of an affected person: the notice, what left and to whom, the challenge and its
 * review, remedies and how far they are, consent, and letters. All of it opens with the
 * code of the notice, which each form on the page carries on.
 */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { FormModel } from '../../form/form-model.ts'

export type NoticeModel = {
  /** Carried on by the forms of this page. */
  readonly code: string
  /** IANA zone of the times on this page. */
  readonly zone: string
  readonly sentAt: Instant
  readonly about: string
  readonly categories: readonly string[]
  readonly recipients: readonly string[]
  /** Why some recipient is not named for now. */
  readonly withheldBecause?: Because
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
  readonly remedies: readonly PersonRemedy[]
  readonly consents: readonly PersonConsent[]
  readonly messages: readonly {
    readonly isFromPerson: boolean
    readonly text: string
    readonly at: Instant
  }[]
  readonly messageForm: FormModel
  readonly form: FormModel
  /** Why what was just sent was refused. */
  readonly refusedNow?: readonly Because[]
  /** What was just done. */
  readonly done?: 'consent' | 'message'
}

export type PersonRemedy = {
  readonly kind: string
  readonly text: string
  readonly state: 'ordered' | 'late' | 'done'
  readonly dueAt: Instant
  readonly doneAt?: Instant
  readonly proof?: string
  /** In the currency's own form. */
  readonly amount?: string
  readonly reports: readonly { readonly at: Instant; readonly text: string }[]
  readonly steps: readonly {
    readonly recipient: string
    readonly askedAt: Instant | null
    readonly confirmedAt: Instant | null
  }[]
  readonly followUp?: { readonly finding: string; readonly text: string; readonly at: Instant }
  readonly ownData?: {
    readonly remedyId: string
    readonly parts: readonly { readonly category: string; readonly text: string }[]
    readonly withheldParts: readonly {
      readonly category: string
      readonly ground: string
      readonly reason: string
    }[]
    readonly withheld?: string
  }
}

export type PersonConsent = {
  readonly consentId: string
  readonly state: 'asked' | 'given' | 'refused' | 'withdrawn'
  readonly question?: string
  readonly recipients: readonly string[]
  readonly categories: readonly string[]
  readonly at?: Instant
}
