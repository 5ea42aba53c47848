/**
 * Releases in a case's history: what was decided, sent, received by a peer, and
 * which duties are still open. Permits and refusals are both recorded.
 *
 * The same fold serves the node that releases and the node that receives: duties
 * name the node that owes them.
 */

import type { Json } from '../../base/canonical-json.ts'
import type { Because } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { AgreementRef } from '../agreement/agreement.ts'
import type { AgreedDutyKind, ReleaseKind } from '../agreement/clause.ts'
import type { Recorded } from '../case/recorded.ts'
import type { Handling } from './basis.ts'
import { type EmergencyEvent, foldEmergency, type Validation, type Waived } from './emergency.ts'
import { foldOnward, isOnwardEvent, type Onward, type OnwardEvent } from './onward.ts'
import {
  DELETION_DUTY,
  foldRetraction,
  isRetractionEvent,
  type Retraction,
  type RetractionEvent,
  type Withdrawal,
} from './retraction.ts'
import {
  type DutyEvent,
  foldDuty,
  isDutyEvent,
  openDuty,
  type TrackedDuty,
} from './tracked-duty.ts'

export type DutyKind = AgreedDutyKind | 'postReview'

export type Duty = {
  /** The id of the clause; unique within a release. */
  readonly dutyId: string
  readonly kind: DutyKind
  readonly text: string
  /** Node id. */
  readonly owedBy: string
  /** null: lasts as long as the information is held. */
  readonly dueAt: Instant | null
}

/** Category to content; only what was permitted. */
export type ReleaseView = { readonly [category: string]: Json }

export type WhyRelease =
  | 'alreadyDecided'
  | 'agreementNotInForce'
  | 'nothingToRelease'
  | 'unknownConstraint'
  | 'policyFailed'
  | 'officerNotAuthorised'
  | 'recipientNotParty'
  | 'purposeNotCovered'
  | 'categoryNotReleasable'
  | 'conditionNotMet'
  | 'clauseNotInEffect'
  | 'lawBlocks'
  | 'noTransferInstrument'
  | 'orderForbids'
  | 'handlingForbids'
  | 'originatorConsentMissing'
  | 'contentRetracted'
  | 'exhibitRejected'
  | 'embargoConsentMissing'
  | 'recipientLeft'
  | 'reportNotReceived'
  | 'claimStands'
  | 'rightsTestMissing'
  | 'rightsTestFailed'
  | 'consentMissing'
  | 'authorisationMissing'
  | 'noEmergency'
  | 'reviewMissing'
  | 'secondOfficerMissing'
  | 'officerConflict'
  | 'reviewerConflict'

/** One act of an officer that released something of several cases, each decided by itself. */
export type Together = {
  readonly actId: string
  /** How many, this one included. */
  readonly cases: number
}

export type ReleaseDecided = {
  readonly type: 'releaseDecided'
  readonly releaseId: string
  readonly kind: ReleaseKind
  readonly recipient: string
  /** null only in a refusal where there is no agreement at all. */
  readonly agreement: AgreementRef | null
  /** SHA-256 of the compiled policies, lower-case hex. */
  readonly policyDigest: string
  readonly purpose: string
  readonly legalBasis: string
  readonly categories: readonly string[]
  /** Id of the recorded rights test. */
  readonly rightsTest: string | null
  readonly emergency: {
    readonly threat: string
    readonly reason: string
    /** Until then a second officer validates it, or it is withdrawn. */
    readonly validateBy?: Instant | null
    /** What the agreement asks for beforehand and the emergency put afterwards. */
    readonly waives?: readonly Waived[]
  } | null
  readonly decision: 'permit' | 'refuse'
  readonly why: WhyRelease | null
  readonly because: readonly Because[]
  readonly duties: readonly Duty[]
  readonly view: ReleaseView | null
  readonly preparedBy: string
  /** In whose place it was prepared, where that was by a delegation. */
  readonly preparedInPlaceOf?: string
  readonly reviewedBy: string | null
  /** Who approved it, where it takes two; `preparedBy` proposed it. */
  readonly secondOfficer?: string
  /** How it is marked; of a permit since there are labels. */
  readonly handling?: Handling
  /** The exhibit that leaves, if one does. */
  readonly exhibitId?: string
  /** Where one act decided on several cases. */
  readonly together?: Together
  /**
   * The release of a peer whose content goes on. The view is empty then: what a peer showed
   * is kept under a key of its own alone (`received_view`), so that it can be destroyed.
   */
  readonly passesOn?: string
}

export type WhyStopped = WhyRelease | 'withdrawn' | 'anotherAgreement'

export type ReceiptStatus = 'applied' | 'duplicate' | 'held' | 'rejected' | 'expired'

export type ReleaseEvent =
  | ReleaseDecided
  | { readonly type: 'releaseSent'; readonly releaseId: string; readonly messageId: string }
  | {
      readonly type: 'releaseReceiptReceived'
      readonly releaseId: string
      readonly status: ReceiptStatus
      readonly reasons: readonly string[]
    }
  | {
      readonly type: 'releaseReceived'
      readonly releaseId: string
      readonly kind: ReleaseKind
      /** Node id of the authority that released. */
      readonly from: string
      readonly agreement: AgreementRef
      readonly purpose: string
      readonly legalBasis: string
      readonly categories: readonly string[]
      readonly duties: readonly Duty[]
      /** Empty where it is kept apart, under a key of its own that can be destroyed. */
      readonly view: ReleaseView
      readonly handling?: Handling
      /** Salted digest of a view that is kept apart, lower-case hex. */
      readonly viewCommitment?: string
    }
  | DutyEvent
  | {
      /** It was permitted and waited to leave; then something stood against it. It never left. */
      readonly type: 'releaseStopped'
      readonly releaseId: string
      readonly why: WhyStopped
      readonly because: readonly Because[]
    }
  | RetractionEvent
  | EmergencyEvent
  | OnwardEvent

export type Release = Omit<ReleaseDecided, 'type' | 'duties'> & {
  readonly decidedAt: Instant
  readonly sentAt: Instant | null
  readonly messageId: string | null
  readonly receipt: { readonly status: ReceiptStatus; readonly reasons: readonly string[] } | null
  readonly duties: readonly TrackedDuty[]
  readonly withdrawn: Withdrawal | null
  readonly validation: Validation | null
  readonly stopped: { readonly why: WhyStopped; readonly at: Instant } | null
}

export type ReceivedRelease = Omit<
  Extract<ReleaseEvent, { type: 'releaseReceived' }>,
  'type' | 'duties'
> & {
  readonly receivedAt: Instant
  readonly duties: readonly TrackedDuty[]
  /** When what was shown of the case record was destroyed. */
  readonly destroyedAt: Instant | null
}

export type ReleaseState = {
  /** Permitted here; at most one for each release id. */
  readonly permitted: readonly Release[]
  /** Refused here; one id may be refused several times before it is permitted. */
  readonly refused: readonly Release[]
  readonly received: readonly ReceivedRelease[]
  /** Of releases of peers, also of those that have not come. */
  readonly retractions: readonly Retraction[]
  /** Questions whether something may be passed on. */
  readonly onward: readonly Onward[]
}

export const noReleases: ReleaseState = {
  permitted: [],
  refused: [],
  received: [],
  retractions: [],
  onward: [],
}

type OwnEvent = Exclude<ReleaseEvent, RetractionEvent | EmergencyEvent | OnwardEvent>

const RELEASE_EVENTS: Readonly<Record<OwnEvent['type'] | EmergencyEvent['type'], true>> = {
  releaseDecided: true,
  releaseSent: true,
  releaseReceiptReceived: true,
  releaseReceived: true,
  dutyDischarged: true,
  dutyDischargeReceived: true,
  dutyDischargeAnswered: true,
  dutyAnswerReceived: true,
  dutyBreached: true,
  receivedViewDestroyed: true,
  releaseStopped: true,
  emergencyValidated: true,
}

export function isReleaseEvent(event: { readonly type: string }): event is ReleaseEvent {
  return (
    Object.hasOwn(RELEASE_EVENTS, event.type) || isRetractionEvent(event) || isOnwardEvent(event)
  )
}

export function foldRelease(state: ReleaseState, recorded: Recorded<ReleaseEvent>): ReleaseState {
  const { event, at, by } = recorded
  if (isRetractionEvent(event)) return foldRetraction(state, { event, at, by })
  if (isOnwardEvent(event)) return foldOnward(state, { event, at })
  switch (event.type) {
    case 'emergencyValidated':
      return foldEmergency(state, { event, at, by })
    case 'releaseStopped': {
      const { releaseId, why } = event
      return changePermitted(state, releaseId, (it) => ({
        ...it,
        stopped: { why, at },
        // Nobody has anything of it.
        duties: it.duties.filter(({ dutyId }) => dutyId !== DELETION_DUTY),
      }))
    }
    case 'releaseDecided': {
      const release = releaseFrom(event, at)
      return event.decision === 'permit'
        ? { ...state, permitted: [...state.permitted, release] }
        : { ...state, refused: [...state.refused, release] }
    }
    case 'releaseSent': {
      const { releaseId, messageId } = event
      return changePermitted(state, releaseId, (it) => ({ ...it, sentAt: at, messageId }))
    }
    case 'releaseReceiptReceived': {
      const { releaseId, status, reasons } = event
      return changePermitted(state, releaseId, (it) => ({ ...it, receipt: { status, reasons } }))
    }
    case 'releaseReceived': {
      const { type: _, duties, ...rest } = event
      const kept = { receivedAt: at, destroyedAt: null, duties: duties.map(openDuty) }
      const received = { ...rest, ...kept }
      return { ...state, received: [...state.received, received] }
    }
    case 'receivedViewDestroyed':
      return changeReceived(state, event.releaseId, (it) => ({
        ...it,
        view: {},
        destroyedAt: at,
      }))
    default:
      return isDutyEvent(event) ? changeDuty(state, { ...recorded, event }) : state
  }
}

function changeDuty(state: ReleaseState, recorded: Recorded<DutyEvent>): ReleaseState {
  const { event } = recorded
  if (!('dutyId' in event)) return state
  const { releaseId, dutyId } = event
  const change = <T extends { readonly duties: readonly TrackedDuty[] }>(it: T): T => ({
    ...it,
    duties: changeWhere(
      it.duties,
      (duty) => duty.dutyId === dutyId,
      (duty) => foldDuty(duty, recorded),
    ),
  })
  return changeReceived(changePermitted(state, releaseId, change), releaseId, change)
}

/** The permitted release of that id, sent or not. */
export function permittedRelease(state: ReleaseState, releaseId: string): Release | undefined {
  return state.permitted.find((release) => release.releaseId === releaseId)
}

function releaseFrom(event: ReleaseDecided, at: Instant): Release {
  const { type: _, duties, ...rest } = event
  const notSent = { sentAt: null, messageId: null, receipt: null }
  const asDecided = { withdrawn: null, validation: null, stopped: null }
  return { ...rest, ...notSent, ...asDecided, decidedAt: at, duties: duties.map(openDuty) }
}

function changePermitted(
  state: ReleaseState,
  releaseId: string,
  change: (release: Release) => Release,
): ReleaseState {
  const isIt = (release: Release) => release.releaseId === releaseId
  return { ...state, permitted: changeWhere(state.permitted, isIt, change) }
}

function changeReceived(
  state: ReleaseState,
  releaseId: string,
  change: (release: ReceivedRelease) => ReceivedRelease,
): ReleaseState {
  const isIt = (release: ReceivedRelease) => release.releaseId === releaseId
  return { ...state, received: changeWhere(state.received, isIt, change) }
}
