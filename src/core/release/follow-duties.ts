/**
 * Decisions on duties: discharging one's own, answering the other side's, and breach.
 * Whoever owes discharges; whoever is owed accepts or contests; the day that passes
 * without a discharge is a breach on both sides, each by its own clock.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { isLasting } from '../agreement/clause.ts'
import type { Acting } from '../case/recorded.ts'
import type { DutyKind, ReceivedRelease, Release, ReleaseState } from './release.ts'
import { DELETION_DUTY } from './retraction.ts'
import {
  type DutyAnswer,
  type DutyEvent,
  type DutyEvidence,
  type DutyState,
  dutyState,
  type TrackedDuty,
} from './tracked-duty.ts'

export type WhyDuty =
  | 'unknownRelease'
  | 'unknownDuty'
  | 'notOwedByUs'
  | 'notOwedToUs'
  | 'alreadyDischarged'
  | 'notDischarged'
  | 'alreadyAnswered'
  | 'alreadyBreached'
  | 'proofMissing'
  | 'wrongProof'
  | 'reasonMissing'
  | 'stillHeld'
  | 'notReviewed'

export type DutyDecision = Decision<readonly DutyEvent[], WhyDuty>

export type DutyRef = { readonly releaseId: string; readonly dutyId: string }

type EitherRelease = Release | ReceivedRelease

/** How long the other side waits beyond the day: a discharge may be on its way. A house rule. */
export const BREACH_GRACE_MS = DAY_MS

/** Kinds that are discharged by destroying what was received. */
export const DELETING: readonly DutyKind[] = ['deleteBy', 'returnBy']

export function releaseWith(state: ReleaseState, releaseId: string): EitherRelease | undefined {
  return [...state.permitted, ...state.received].find((one) => one.releaseId === releaseId)
}

export function otherSideOf(release: EitherRelease): string {
  return 'from' in release ? release.from : release.recipient
}

type Found = { readonly release: EitherRelease; readonly duty: TrackedDuty }

export function findDuty(
  state: ReleaseState,
  { releaseId, dutyId }: DutyRef,
): Found | Refusal<WhyDuty> {
  const release = releaseWith(state, releaseId)
  if (!release) return no('unknownRelease', 'there is no such release')
  const duty = release.duties.find((one) => one.dutyId === dutyId)
  return duty ? { release, duty } : no('unknownDuty', 'the release carries no such duty')
}

export type Discharge = DutyRef & { readonly proof: string; readonly evidence: DutyEvidence }

/** `evidence` names things of this case; that they exist, the caller has looked up. */
export function dischargeDuty(
  state: ReleaseState,
  command: Discharge,
  { authority }: Acting,
): DutyDecision {
  const found = findDuty(state, command)
  if ('decision' in found) return found
  const { duty, release } = found
  if (duty.owedBy !== authority) {
    return no('notOwedByUs', 'only the authority that owes a duty discharges it')
  }
  if (duty.dischargedAt !== null) return no('alreadyDischarged', 'the duty is discharged')
  if (command.proof.trim() === '') return no('proofMissing', 'a duty is discharged with its proof')
  const { releaseId, dutyId, proof, evidence } = command
  if (evidence.kind !== EVIDENCE_OF[duty.kind]) {
    return no('wrongProof', `this duty is shown by: ${EVIDENCE_OF[duty.kind]}`)
  }
  if (duty.kind === 'postReview' && !isReviewed(release)) {
    return no('notReviewed', 'the review itself discharges it: a second officer validates it')
  }
  if (isLasting(duty.kind) && isHeld(release)) {
    return no('stillHeld', 'this duty lasts as long as the information is held')
  }
  return permit([{ type: 'dutyDischarged', releaseId, dutyId, proof, evidence }])
}

/** What shows that a duty of this kind is done. */
export const EVIDENCE_OF: Readonly<Record<DutyKind, DutyEvidence['kind']>> = {
  deleteBy: 'deletion',
  returnBy: 'return',
  notifyPerson: 'notice',
  notifySender: 'text',
  reportUse: 'text',
  noOnwardTransfer: 'text',
  noJudicialUse: 'text',
  postReview: 'text',
}

/** Asked where the other side contested a discharge: the review is on record then. */
function isReviewed(release: EitherRelease): boolean {
  return !('from' in release) && release.validation !== null
}

function isHeld(release: EitherRelease): boolean {
  return !('from' in release) || release.destroyedAt === null
}

/** What the other side says it has done; heard twice it is recorded once. */
export function receiveDischarge(
  state: ReleaseState,
  command: Discharge & { readonly from: string },
  _acting: Acting,
): DutyDecision {
  const found = dutyOfOther(state, command)
  if ('decision' in found) return found
  const { duty } = found
  if (duty.dischargedAt !== null) return permit([])
  const { releaseId, dutyId, from, proof, evidence } = command
  if (evidence.kind !== EVIDENCE_OF[duty.kind]) {
    return no('wrongProof', `this duty is shown by: ${EVIDENCE_OF[duty.kind]}`)
  }
  if (dutyId === DELETION_DUTY)
    return no('wrongProof', 'its deletion is confirmed under the signature of who had it')
  return permit([{ type: 'dutyDischargeReceived', releaseId, dutyId, from, proof, evidence }])
}

export type AnswerDischarge = DutyRef & { readonly answer: DutyAnswer; readonly reason: string }

export function answerDischarge(
  state: ReleaseState,
  command: AnswerDischarge,
  { authority }: Acting,
): DutyDecision {
  const found = findDuty(state, command)
  if ('decision' in found) return found
  const { duty } = found
  if (duty.owedBy === authority) return no('notOwedToUs', 'nobody accepts an own discharge')
  if (duty.discharge === null) return no('notDischarged', 'the duty is not discharged yet')
  if (duty.answer) return no('alreadyAnswered', `the discharge was ${duty.answer.answer}`)
  const { releaseId, dutyId, answer, reason } = command
  if (reason.trim() === '') return no('reasonMissing', 'an answer gives its reason')
  return permit([{ type: 'dutyDischargeAnswered', releaseId, dutyId, answer, reason }])
}

export function receiveAnswer(
  state: ReleaseState,
  command: AnswerDischarge & { readonly from: string },
  { authority }: Acting,
): DutyDecision {
  const found = findDuty(state, command)
  if ('decision' in found) return found
  const { release, duty } = found
  const { releaseId, dutyId, from, answer, reason } = command
  if (otherSideOf(release) !== from || duty.owedBy !== authority) {
    return no('notOwedToUs', 'this duty is not owed to that authority')
  }
  if (duty.discharge === null) return no('notDischarged', 'the duty is not discharged yet')
  if (duty.answer) return permit([])
  return permit([{ type: 'dutyAnswerReceived', releaseId, dutyId, from, answer, reason }])
}

/** Duties whose day has passed without a discharge. We are in breach on the day itself. */
export function overdueDuties(
  state: ReleaseState,
  { authority, now }: Pick<Acting, 'authority' | 'now'>,
): readonly Extract<DutyEvent, { type: 'dutyBreached' }>[] {
  return [...state.permitted, ...state.received].flatMap((release) =>
    dutiesThatCount(release, authority).flatMap((duty) => {
      const { releaseId } = release
      const last = duty.dueAt && lastMoment(duty.dueAt, duty.owedBy === authority)
      if (!last || now < last || duty.dischargedAt !== null || duty.breach) return []
      const reason = `not discharged by ${duty.dueAt}`
      return [
        {
          type: 'dutyBreached',
          ...{ releaseId, dutyId: duty.dutyId, ground: 'overdue', reason, reportedBy: authority },
        } as const,
      ]
    }),
  )
}

/** Of what was stopped before it left nobody else has anything, and owes nothing. */
function dutiesThatCount(release: EitherRelease, authority: string): readonly TrackedDuty[] {
  const neverLeft = !('from' in release) && release.stopped !== null
  return neverLeft ? release.duties.filter(({ owedBy }) => owedBy === authority) : release.duties
}

function lastMoment(dueAt: Instant, isOurs: boolean): Instant {
  return isOurs ? dueAt : addMs(dueAt, BREACH_GRACE_MS)
}

/** A breach that no day shows: used in court, passed on. By whoever knows of it, of either side. */
export function reportBreach(
  state: ReleaseState,
  command: DutyRef & { readonly reason: string },
  { authority }: Acting,
): DutyDecision {
  const found = findDuty(state, command)
  if ('decision' in found) return found
  if (found.duty.breach) return no('alreadyBreached', 'the breach is recorded')
  const { releaseId, dutyId, reason } = command
  if (reason.trim() === '') return no('reasonMissing', 'say what happened')
  return permit([
    { type: 'dutyBreached', releaseId, dutyId, ground: 'reported', reason, reportedBy: authority },
  ])
}

/** The other side's word that a duty is breached, recorded as its word. */
export function receiveBreach(
  state: ReleaseState,
  command: Omit<Extract<DutyEvent, { type: 'dutyBreached' }>, 'type' | 'reportedBy'> & {
    readonly from: string
  },
  _acting: Acting,
): DutyDecision {
  const found = findDuty(state, command)
  if ('decision' in found) return found
  const { releaseId, dutyId, ground, reason, from } = command
  if (otherSideOf(found.release) !== from) {
    return no('notOwedToUs', 'this duty is not one between us')
  }
  if (found.duty.breach) return permit([])
  return permit([{ type: 'dutyBreached', releaseId, dutyId, ground, reason, reportedBy: from }])
}

/** As `dutyState`; a lasting duty ends when what it is about was deleted. */
export function standingOf(release: EitherRelease, duty: TrackedDuty): DutyState {
  const state = dutyState(duty)
  const isDeleted =
    ('from' in release && release.destroyedAt !== null) ||
    release.duties.some(
      ({ kind, dischargedAt }) => DELETING.includes(kind) && dischargedAt !== null,
    )
  return state === 'lasting' && isDeleted ? 'ended' : state
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

function dutyOfOther(
  state: ReleaseState,
  command: DutyRef & { readonly from: string },
): Found | Refusal<WhyDuty> {
  const found = findDuty(state, command)
  if ('decision' in found) return found
  const isTheirs = otherSideOf(found.release) === command.from && found.duty.owedBy === command.from
  return isTheirs ? found : no('notOwedToUs', 'this duty is not owed by that authority')
}

function no(why: WhyDuty, text: string): Refusal<WhyDuty> {
  return refuse(why, { rule: `duty:${why}`, text })
}
