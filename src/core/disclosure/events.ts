/** What can happen in a coordinated disclosure, as events of a case's stream. JSON values only. */
import type { Because } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Letter } from './case-state.ts'
import type {
  ConsentState,
  ConsentTrigger,
  EmbargoState,
  EmbargoTrigger,
  PublicLetter,
  ReportState,
  ReportTrigger,
} from './machines.ts'
import type { ReportReopened } from './recognition-events.ts'

/** Roles are assigned, never claimed. A case manager is always a coordinator too. */
export type DisclosureRole =
  | 'finder'
  | 'reporter'
  | 'vendor'
  | 'deployer'
  | 'coordinator'
  | 'observer'
  | 'caseOwner'
  | 'caseManager'
  | 'cveNumberingAuthority'

export type EmbargoTerms = {
  /** Opaque: reveals neither product nor end. */
  readonly embargoId: string
  readonly until: Instant
  /** IANA zone in which people read `until`. */
  readonly zone: string
}

/** Facts after which no embargo may begin, and one that holds ends at once. */
export type PublicGround = 'alreadyPublic' | 'exploitPublic' | 'attacksObserved'

/** Why an embargo ended or a proposal fell. */
export type EmbargoEnding =
  | PublicGround
  | 'fixReady'
  | 'fixDeployed'
  | 'expired'
  | 'rejected'
  | 'agreed'

export type EmbargoRefusalGround = PublicGround | 'fixDeployed' | 'notSought'

export type ReportReceived = {
  readonly type: 'reportReceived'
  readonly participant: string
}
export type ParticipantJoined = {
  readonly type: 'participantJoined'
  /** Node id of an authority, or id of a party. */
  readonly participant: string
  readonly roles: readonly DisclosureRole[]
}
export type ReportStateChanged = {
  readonly type: 'reportStateChanged'
  readonly participant: string
  readonly event: ReportTrigger
  readonly from: ReportState
  readonly to: ReportState
  readonly reason?: string
}
export type EmbargoEndSet = {
  readonly type: 'embargoEndSet'
  readonly until: Instant
  readonly zone: string
  readonly ground: string
  readonly justification?: string
}
export type EmbargoEndRefused = {
  readonly type: 'embargoEndRefused'
  readonly why: EmbargoRefusalGround
  readonly because: readonly Because[]
}
export type EmbargoChanged = {
  readonly type: 'embargoChanged'
  readonly event: EmbargoTrigger
  readonly from: EmbargoState
  readonly to: EmbargoState
  /** Proposed or accepted terms. */
  readonly terms?: EmbargoTerms
  /** Who proposed or accepted them. */
  readonly participant?: string
  readonly why?: EmbargoEnding
  readonly reason?: string
}
export type ConsentChanged = {
  readonly type: 'consentChanged'
  readonly participant: string
  readonly event: ConsentTrigger
  readonly from: ConsentState
  readonly to: ConsentState
  /** With `invite`: when the answer is due. */
  readonly answerBy?: Instant
  /** With `invite`: the shorter window that was asked for and widened. */
  readonly askedBy?: Instant
  /** With `accept`: the terms that were consented to. */
  readonly embargoId?: string
  /** With `accept` and `decline` of a party without a node: what shows its answer. */
  readonly evidence?: string
  /** With `decline`: nobody answered in time, which is not the same as a no. */
  readonly why?: 'timedOut'
}
/** One party leaves. The embargo holds for the others; the leaver says whether it will keep it. */
export type ParticipantLeft = {
  readonly type: 'participantLeft'
  readonly participant: string
  readonly keepsEmbargo: boolean
  readonly reason: string
}
/**
 * At one that takes part: it proposed these terms to the lead. They are open once the lead
 * says so; that it wants them itself counts from then on.
 */
export type TermsProposed = {
  readonly type: 'termsProposed'
  readonly terms: EmbargoTerms
  readonly reason: string
}
export type ProgressChanged = {
  readonly type: 'progressChanged'
  readonly letter: Letter
  /** Whose progress, with V, F and D; who reported it, with P, X and A. */
  readonly participant?: string
  readonly evidence: string
}

/** What a vendor says of one product, the latest word counts. No word is no information. */
export const PRODUCT_STATUSES = [
  'affected',
  'notAffected',
  'fixed',
  'willNotFix',
  'underInvestigation',
] as const
export type ProductStatusWord = (typeof PRODUCT_STATUSES)[number]

/** Why a product is not affected, as CSAF and VEX tell it apart. */
export const PRODUCT_JUSTIFICATIONS = [
  'componentNotPresent',
  'vulnerableCodeNotPresent',
  'vulnerableCodeNotInExecutePath',
  'vulnerableCodeCannotBeControlledByAdversary',
  'inlineMitigationsAlreadyExist',
] as const
export type ProductJustification = (typeof PRODUCT_JUSTIFICATIONS)[number]
export type ProductStatusStated = {
  readonly type: 'productStatusStated'
  readonly participant: string
  readonly product: string
  readonly status: ProductStatusWord
  /** With `notAffected`, where the vendor says it. */
  readonly justification?: ProductJustification
  readonly evidence: string
}

/** What a party without a node says at its own seat: by a link and a code, or with an account. */
export const SEAT_WORDS = [
  'acknowledge',
  'judgeReport',
  'answerEmbargo',
  'proposeTerms',
  'stateProduct',
  'reportProgress',
  'claimFact',
  'commentDraft',
  'leave',
] as const
export type SeatWord = (typeof SEAT_WORDS)[number]

/** Somebody spoke for a participant. The steps that follow are events of their own. */
export type ParticipantSpoke = {
  readonly type: 'participantSpoke'
  readonly spokenId: string
  readonly participant: string
  /** As the case's history calls the person: an account, or a guest. */
  readonly person: string
  readonly word: SeatWord
  readonly text?: string
  /** Of a comment: the draft that was read, by its place in the history. */
  readonly draft?: { readonly trackingId: string; readonly draftedAs: number }
}

/** What a participant says of P, X or A. It is a claim until the lead decides on it. */
export type PublicFactClaimed = {
  readonly type: 'publicFactClaimed'
  readonly claimId: string
  readonly letter: PublicLetter
  readonly participant: string
  readonly evidence: string
}
export type PublicFactDecided = {
  readonly type: 'publicFactDecided'
  readonly claimId: string
  readonly outcome: 'adopted' | 'rejected'
  readonly reason: string
}

export type DisclosureEvent =
  | ReportReceived
  | ParticipantJoined
  | ReportStateChanged
  | ReportReopened
  | EmbargoEndSet
  | EmbargoEndRefused
  | EmbargoChanged
  | ConsentChanged
  | ParticipantLeft
  | TermsProposed
  | ProgressChanged
  | ProductStatusStated
  | ParticipantSpoke
  | PublicFactClaimed
  | PublicFactDecided
