/** Events of a case that belong to no single area. */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { EmbargoTerms } from '../disclosure/events.ts'

export type CaseKind = 'disclosure' | 'enforcement' | 'assistance'

export type CaseOpened = {
  readonly type: 'caseOpened'
  readonly title: string
  readonly kinds: readonly CaseKind[]
  /** Node id of the case lead, whose stream carries the shared states of the embargo. */
  readonly lead: string
  /** The lead's own id of the case, where the lead is a peer. */
  readonly leadCaseId: string | null
  /** Calendar date of filing, where a filing led to the case: its clocks run from there. */
  readonly filedOn: CalendarDate | null
}

/** A peer asks this authority to take part. What it carries is a release of kind stub. */
export type InvitationReceived = {
  readonly type: 'invitationReceived'
  readonly from: string
  readonly releaseId: string
  /** Null where there is no embargo to consent to. */
  readonly terms: EmbargoTerms | null
  readonly answerBy: Instant
}

/** The lead told how the embargo stands, and may have asked for an answer. */
export type EmbargoTermsReceived = {
  readonly type: 'embargoTermsReceived'
  readonly from: string
  readonly intent: 'propose' | 'revise' | 'join' | 'reject'
  /** What is to be answered now, or what stands. */
  readonly terms: EmbargoTerms
  readonly answerBy: Instant | null
  readonly isAsked: boolean
}

export type InvitationAnswered = {
  readonly type: 'invitationAnswered'
  readonly answer: 'accept' | 'decline'
  readonly reason: string
}

/** A lawful no that an officer met. Shown with its reasons, counted, open to challenge. */
export type ActRefused = {
  readonly type: 'actRefused'
  readonly act: string
  readonly why: string
  readonly because: readonly Because[]
}

/** Why somebody may learn who reported. */
export const CONTACT_BASES = ['reporterAgreed', 'legalDuty', 'protectReporter'] as const
export type ContactBasis = (typeof CONTACT_BASES)[number]

/**
 * The sealed contact was handed to two officers, one of each group, who open it together.
 * Events of before name one officer, who still needed a second person, and no basis.
 */
export type ContactTakenOut = {
  readonly type: 'contactTakenOut'
  readonly filingId: string
  readonly ground: string
  readonly basis?: ContactBasis
  /** Who asked for it; the other is who acts. */
  readonly proposedBy?: string
  /** Null: the mailbox tells the reporter. */
  readonly notToldBecause?: string | null
}

export type EvidencePackageMade = {
  readonly type: 'evidencePackageMade'
  /** SHA-256 of the archive, lower-case hex. */
  readonly digest: string
  readonly sizeBytes: number
}

export type CaseOwnEvent =
  | CaseOpened
  | InvitationReceived
  | InvitationAnswered
  | EmbargoTermsReceived
  | ActRefused
  | ContactTakenOut
  | EvidencePackageMade
