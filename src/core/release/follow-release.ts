/**
 * After the decision: sending a release, a peer's receipt, receiving one. The agreement
 * is asked again at each step where information moves; duties (follow-duties.ts) are owed
 * whether it is still in force or not.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type AgreementState, requireInForce, requireNamed } from '../agreement/agreement.ts'
import { type AgreementDocument, partyOf } from '../agreement/document.ts'
import type { Acting } from '../case/recorded.ts'
import { isPassedOn } from './duties.ts'
import {
  type Duty,
  permittedRelease,
  type ReceiptStatus,
  type ReleaseEvent,
  type ReleaseState,
} from './release.ts'
import { retractionOf } from './retraction.ts'

export type WhyFollow =
  | 'unknownRelease'
  | 'alreadySent'
  | 'notSent'
  | 'agreementNotInForce'
  | 'anotherAgreement'
  | 'senderNotParty'
  | 'alreadyReceived'
  | 'retractedBefore'
  | 'withdrawn'
  | 'viewExceedsCategories'
  | 'dutiesNotAgreed'

export type FollowDecision = Decision<readonly ReleaseEvent[], WhyFollow>

/** An agreement that ended between decision and sending stops the release. */
export function sendRelease(
  state: { readonly releases: ReleaseState; readonly agreement: AgreementState },
  { releaseId, messageId }: { readonly releaseId: string; readonly messageId: string },
  { now }: Acting,
): FollowDecision {
  const release = permittedRelease(state.releases, releaseId)
  if (!release) return no('unknownRelease', 'no permitted release has this id')
  if (release.sentAt !== null) return no('alreadySent', 'the release was sent')
  if (release.withdrawn) return no('withdrawn', 'the release was called back')
  const force = requireInForce(state.agreement, now)
  if (force.decision === 'refuse') return force
  if (release.agreement?.digest !== force.value.ref.digest) {
    return no('anotherAgreement', 'the release was decided under another text')
  }
  return permit([{ type: 'releaseSent', releaseId, messageId }])
}

/** The peer's signed receipt, verified by the caller. */
export function recordReleaseReceipt(
  state: ReleaseState,
  command: {
    readonly releaseId: string
    readonly status: ReceiptStatus
    readonly reasons: readonly string[]
  },
  _acting: Acting,
): FollowDecision {
  const { releaseId, status, reasons } = command
  const release = permittedRelease(state, releaseId)
  if (!release) return no('unknownRelease', 'no permitted release has this id')
  if (release.sentAt === null) return no('notSent', 'the release was not sent')
  return permit([{ type: 'releaseReceiptReceived', releaseId, status, reasons }])
}

export type ReceiveRelease = Omit<Extract<ReleaseEvent, { type: 'releaseReceived' }>, 'type'>

/** A release from a peer under an agreement that binds both. */
export function receiveRelease(
  state: { readonly releases: ReleaseState; readonly agreement: AgreementState },
  command: ReceiveRelease,
  { now, authority }: Acting,
): FollowDecision {
  const force = requireNamed(state.agreement, command.agreement, now)
  if (force.decision === 'refuse') return force
  const { document } = force.value
  const areParties = partyOf(document, command.from) && partyOf(document, authority)
  if (!areParties || command.from === authority) {
    return no('senderNotParty', `${command.from} cannot release to us under this agreement`)
  }
  const known = state.releases.received.some(({ releaseId }) => releaseId === command.releaseId)
  if (known) return no('alreadyReceived', 'the release was received before')
  if (retractionOf(state.releases, command.releaseId, command.from)) {
    return no('retractedBefore', 'the release was called back before it came')
  }
  const extra = Object.keys(command.view).filter((id) => !command.categories.includes(id))
  if (extra.length > 0) return no('viewExceedsCategories', 'the content exceeds what was named')
  const ids = new Set(command.duties.map(({ dutyId }) => dutyId))
  const isOurs = ({ owedBy }: Duty) => [command.from, authority].includes(owedBy)
  const isAgreed = command.duties.every(
    (duty) => isOurs(duty) && (isKnownDuty(document, duty) || isPassedOn(duty, authority)),
  )
  if (!isAgreed || ids.size < command.duties.length) {
    return no('dutiesNotAgreed', 'it brings duties that the agreement does not know')
  }
  return permit([{ type: 'releaseReceived', ...command }])
}

/** Of a clause or of a marking. */
function isKnownDuty(
  { clauses, emergencyClause }: AgreementDocument,
  { dutyId, kind }: Duty,
): boolean {
  if (kind === 'postReview') return dutyId === emergencyClause?.clause
  return (
    dutyId === `marking:${kind}` ||
    clauses.some((one) => one.kind === 'duty' && one.id === dutyId && one.duty.kind === kind)
  )
}

function no(why: WhyFollow, text: string): Refusal<WhyFollow> {
  return refuse(why, { rule: `release:${why}`, text })
}
