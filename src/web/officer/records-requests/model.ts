/**
 * Requests under public-records law that reach into one case, each as the records officer
 * works on it: what was asked and by when, the search, a decision on each item with what
 * stands against giving it out, whom to consult, the answer and what followed. And what
 * peers ask this authority about content of its own.
 */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { ActItem } from '../../parts.ts'
import type { CaseHead } from '../case-law/model.ts'

export type RecordsRequestsModel = {
  readonly case: CaseHead
  readonly requests: readonly RequestRow[]
  readonly asked: readonly AskedRow[]
  readonly acts: readonly ActItem[]
}

export type RequestRow = {
  readonly id: string
  /** The authority's own file, never a name. */
  readonly requester: string
  readonly asked: string
  readonly receivedAt: CalendarDate
  readonly dueAt: Instant
  readonly standing: 'open' | 'overdue' | 'inTime' | 'late'
  /** `citation`: an officer set the day, so it is to be confirmed. */
  readonly basis: { readonly kind: 'clock' | 'citation'; readonly text: string }
  readonly search?: {
    readonly how: string
    readonly at: Instant
    readonly by: string
    readonly found: number
  }
  readonly items: readonly ItemRow[]
  /** Why no answer can be given now; of an answer, why what it gives out may not leave any more. */
  readonly against: readonly Because[]
  readonly answer?: {
    readonly outcome: string
    readonly at: Instant
    readonly by: string
    readonly reason: string
    readonly digest: string
    readonly released: number
  }
  readonly letters: readonly {
    readonly id: string
    readonly at: Instant
    readonly hasPdf: boolean
  }[]
  readonly appeals: readonly {
    readonly body: string
    readonly reference: string
    readonly filedAt: CalendarDate
  }[]
  readonly acts: readonly ActItem[]
}

export type ItemRow = {
  readonly kind: string
  readonly name: string
  readonly state: 'undecided' | 'disclose' | 'partly' | 'withhold'
  readonly copy?: string
  readonly by?: string
  readonly exemption?: {
    readonly ground: string
    readonly citation: string
    readonly source?: string
    readonly reason: string
    readonly harm?: string
    readonly publicInterest?: string
  }
  readonly consultations: readonly {
    readonly originator: string
    readonly askedAt: Instant
    readonly answerBy: Instant
    readonly isByMessage: boolean
    readonly state: 'waiting' | 'silent' | 'consents' | 'objects'
    readonly reason?: string
    readonly answeredAt?: Instant
  }[]
  /** Whose content it holds. */
  readonly originators: readonly string[]
  /** Of what is undecided: what stands against giving it out whole. */
  readonly against: readonly Because[]
  readonly acts: readonly ActItem[]
}

export type AskedRow = {
  readonly id: string
  readonly from: string
  readonly question: string
  readonly receivedAt: Instant
  readonly answerBy: Instant
  readonly releases: readonly string[]
  readonly state: 'waiting' | 'late' | 'consents' | 'objects'
  readonly answer?: { readonly reason: string; readonly at: Instant; readonly by: string }
  readonly acts: readonly ActItem[]
}
