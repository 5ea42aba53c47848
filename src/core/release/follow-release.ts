/**
 * After the decision: sending a release, a peer's receipt, receiving one, and
 * discharging duties. The agreement is asked again at each step where information
 * moves; duties are owed whether it is still in force or not.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type AgreementState, requireInForce } from '../agreement/agreement.ts'
import { partyOf } from '../agreement/document.ts'
import type { Acting } from '../case/recorded.ts'
import {
  permittedRelease,
  type ReceiptStatus,
  type ReleaseEvent,
  type ReleaseState,
  type TrackedDuty,
} from './release.ts'

export type WhyFollow =
  | 'unknownRelease'
  | 'alreadySent'
  | 'notSent'
  | 'agreementNotInForce'
  | 'anotherAgreement'
  | 'senderNotParty'
  | 'alreadyReceived'
  | 'viewExceedsCategories'
  | 'unknownDuty'
  | 'alreadyDischarged'
  | 'proofMissing'

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
  const force = requireInForce(state.agreement, now)
  if (force.decision === 'refuse') return force
  const { document, ref } = force.value
  const { id, version, digest } = command.agreement
  if (id !== ref.id || version !== ref.version || digest !== ref.digest) {
    return no('anotherAgreement', 'the release names another text of the agreement')
  }
  if (!partyOf(document, command.from) || command.from === authority) {
    return no('senderNotParty', `${command.from} cannot release to us under this agreement`)
  }
  const known = state.releases.received.some(({ releaseId }) => releaseId === command.releaseId)
  if (known) return no('alreadyReceived', 'the release was received before')
  const extra = Object.keys(command.view).filter((id) => !command.categories.includes(id))
  if (extra.length > 0) return no('viewExceedsCategories', 'the content exceeds what was named')
  return permit([{ type: 'releaseReceived', ...command }])
}

export function dischargeDuty(
  state: ReleaseState,
  command: { readonly releaseId: string; readonly dutyId: string; readonly proof: string },
  _acting: Acting,
): FollowDecision {
  const { releaseId, dutyId, proof } = command
  const releases = [...state.permitted, ...state.received]
  const release = releases.find((candidate) => candidate.releaseId === releaseId)
  if (!release) return no('unknownRelease', 'there is no such release')
  const duty = release.duties.find((candidate) => candidate.dutyId === dutyId)
  if (!duty) return no('unknownDuty', 'the release carries no such duty')
  if (duty.dischargedAt !== null) return no('alreadyDischarged', 'the duty is discharged')
  if (proof.trim() === '') return no('proofMissing', 'a duty is discharged with its proof')
  return permit([{ type: 'dutyDischarged', releaseId, dutyId, proof }])
}

/** Duties not yet discharged, with the release they travel with. */
export function openDuties(
  state: ReleaseState,
): readonly (TrackedDuty & { readonly releaseId: string })[] {
  return [...state.permitted, ...state.received].flatMap(({ releaseId, duties }) =>
    duties
      .filter(({ dischargedAt }) => dischargedAt === null)
      .map((duty) => ({ ...duty, releaseId })),
  )
}

function no(why: WhyFollow, text: string): Refusal<WhyFollow> {
  return refuse(why, { rule: `release:${why}`, text })
}
