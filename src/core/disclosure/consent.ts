/**
 * Invitations to an embargo and their answers. Silence is recorded as a decline
 * that says it was silence; a late yes to terms that still stand is a yes.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, HOUR_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { type DisclosureState, type Participant, participantOf } from './disclosure-state.ts'
import type { ConsentChanged, DisclosureEvent, DisclosureRole, EmbargoTerms } from './events.ts'
import { destination } from './machine.ts'
import { consentMachine } from './machines.ts'
import { withCoordinator } from './participant.ts'
import { rules } from './rules.ts'

const ANSWER_WINDOW_MS = 7 * DAY_MS
const ANSWER_WINDOW_MIN_MS = 72 * HOUR_MS

export type InviteParticipant = {
  readonly participant: string
  readonly roles: readonly DisclosureRole[]
  /** When the answer is due; a window under 72 hours is widened to 72 hours. */
  readonly answerBy?: Instant
}

/** Invites to the embargo that is proposed or in force. Carries no content of the report. */
export function inviteParticipant(
  state: DisclosureState,
  { participant, roles, answerBy }: InviteParticipant,
  acting: Acting,
): Decision<readonly DisclosureEvent[], 'nothingToJoin' | 'stepNotInMachine'> {
  if (state.embargo === 'none' || state.embargo === 'exited') {
    return refuse('nothingToJoin', rules.somethingToJoin)
  }
  const known = participantOf(state, participant)
  const from = known?.consent ?? 'noEmbargo'
  const to = destination(consentMachine, from, 'invite')
  if (to === undefined) return refuse('stepNotInMachine', rules.consentMachine)
  const earliest = addMs(acting.now, ANSWER_WINDOW_MIN_MS)
  const asked = answerBy ?? addMs(acting.now, ANSWER_WINDOW_MS)
  const due = asked < earliest ? earliest : asked
  const joining: DisclosureEvent[] =
    known === undefined
      ? [{ type: 'participantJoined', participant, roles: withCoordinator(roles) }]
      : []
  return permit(
    [...joining, { type: 'consentChanged', participant, event: 'invite', from, to, answerBy: due }],
    rules.answerWindow,
  )
}

export type AnswerInvitation = {
  readonly participant: string
  readonly answer: 'accept' | 'decline'
  /** The terms that are answered: an answer to other terms is no consent. */
  readonly embargoId: string
}
export type AnswerWhy = 'unknownParticipant' | 'otherTerms' | 'shorterFirst' | 'stepNotInMachine'

/**
 * Accepting a proposal puts it in force and drops the longer ones; accepting terms
 * that are in force binds the one who accepts. Declining speaks for the decliner only.
 */
export function answerInvitation(
  state: DisclosureState,
  { participant, answer, embargoId }: AnswerInvitation,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], AnswerWhy> {
  const known = participantOf(state, participant)
  if (known === undefined) return refuse('unknownParticipant', rules.known)
  if (state.embargo === 'none' || state.embargo === 'exited') return permit([], rules.embargoGone)
  const proposed = state.proposals.find((terms) => terms.embargoId === embargoId)
  const isInForce = state.terms?.embargoId === embargoId
  if (proposed === undefined && !isInForce) return refuse('otherTerms', rules.termsNamed)

  const consent = answer === 'accept' ? acceptance(known) : step(known, known.consent, 'decline')
  if (consent === undefined) return refuse('stepNotInMachine', rules.consentMachine)
  if (answer === 'decline' || proposed === undefined) return permit(consent, rules.ownConsent)
  if (state.proposals[0] !== proposed) return refuse('shorterFirst', rules.shortestFirst)
  return permit([...adoption(state, proposed), ...consent], rules.ownConsent)
}

/** Records silence after the answer was due. Permits with no events if nobody is late. */
export function expireInvitations(
  state: DisclosureState,
  _command: Record<never, never>,
  acting: Acting,
): Decision<readonly DisclosureEvent[], never> {
  const late = state.participants.filter(
    ({ consent, answerBy }) => consent === 'invited' && answerBy !== null && answerBy <= acting.now,
  )
  const declines = late.map(
    ({ id }): ConsentChanged => ({
      type: 'consentChanged',
      participant: id,
      event: 'decline',
      from: 'invited',
      to: 'declined',
      why: 'timedOut',
    }),
  )
  return permit(declines, rules.answerWindow)
}

/** May the report's content go to this participant, as far as the embargo is concerned? */
export function mayReceiveContent(
  state: DisclosureState,
  participant: string,
): Decision<true, 'consentMissing'> {
  const isFree = state.embargo === 'none' || state.embargo === 'exited'
  const because: Because = rules.contentAfterConsent
  if (isFree || participantOf(state, participant)?.consent === 'signatory') {
    return permit(true, because)
  }
  return refuse('consentMissing', because)
}

/** A late yes of one whose silence was recorded passes through a fresh invitation. */
function acceptance(participant: Participant): readonly ConsentChanged[] | undefined {
  if (participant.consent !== 'declined') return step(participant, participant.consent, 'accept')
  if (!participant.isTimedOut) return undefined
  const invited = step(participant, 'declined', 'invite') ?? []
  return [...invited, ...(step(participant, 'invited', 'accept') ?? [])]
}

function step(
  { id }: Participant,
  from: Participant['consent'],
  event: ConsentChanged['event'],
): readonly ConsentChanged[] | undefined {
  const to = destination(consentMachine, from, event)
  return to && [{ type: 'consentChanged', participant: id, event, from, to }]
}

function adoption(state: DisclosureState, terms: EmbargoTerms): readonly DisclosureEvent[] {
  const from = state.embargo
  return [{ type: 'embargoChanged', event: 'accept', from, to: 'active', terms }]
}
