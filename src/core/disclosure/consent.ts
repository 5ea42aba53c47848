/**
 * Invitations to an embargo and their answers. Silence is recorded as a decline
 * that says it was silence; a late yes to terms that still stand is a yes.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, HOUR_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import {
  type DisclosureState,
  type Participant,
  participantOf,
  stateAfter,
} from './disclosure-state.ts'
import { lapsesOf } from './embargo-start.ts'
import type { ConsentChanged, DisclosureEvent, DisclosureRole, EmbargoTerms } from './events.ts'
import { destination } from './machine.ts'
import { consentMachine } from './machines.ts'
import { withCoordinator } from './participant.ts'
import { joinByReport } from './report-joining.ts'
import { noStep, rules } from './rules.ts'

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
  if (to === undefined) {
    return refuse('stepNotInMachine', noStep(rules.consentMachine, from, 'invite'))
  }
  const earliest = addMs(acting.now, ANSWER_WINDOW_MIN_MS)
  const asked = answerBy ?? addMs(acting.now, ANSWER_WINDOW_MS)
  const due = asked < earliest ? earliest : asked
  const joining: DisclosureEvent[] =
    known === undefined
      ? [{ type: 'participantJoined', participant, roles: withCoordinator(roles) }]
      : []
  const widened = asked < earliest ? { askedBy: asked } : {}
  const invite: ConsentChanged = {
    type: 'consentChanged',
    participant,
    event: 'invite',
    from,
    to,
    answerBy: due,
    ...widened,
  }
  return permit([...joining, invite], rules.answerWindow)
}

export type AnswerInvitation = {
  readonly participant: string
  readonly answer: 'accept' | 'decline'
  /** The terms that are answered: an answer to other terms is no consent. */
  readonly embargoId: string
}
export type AnswerWhy = 'unknownParticipant' | 'otherTerms' | 'shorterFirst' | 'stepNotInMachine'

/**
 * Accepting a proposal puts it in force and makes the longer ones revisions; accepting
 * terms that are in force binds the one who accepts. Either yes is also the moment at
 * which a party that had no report gets it. Declining speaks for the decliner only.
 */
export function answerInvitation(
  state: DisclosureState,
  { participant, answer, embargoId }: AnswerInvitation,
  acting: Acting,
): Decision<readonly DisclosureEvent[], AnswerWhy> {
  const known = participantOf(state, participant)
  if (known === undefined) return refuse('unknownParticipant', rules.known)
  if (state.embargo === 'none' || state.embargo === 'exited') return permit([], rules.embargoGone)
  const proposed = state.proposals.find((terms) => terms.embargoId === embargoId)
  const isInForce = state.terms?.embargoId === embargoId
  if (proposed === undefined && !isInForce) return refuse('otherTerms', rules.termsNamed)

  const consent =
    answer === 'accept' ? acceptance(known, embargoId) : step(known, known.consent, 'decline')
  if (consent === undefined) {
    return refuse('stepNotInMachine', noStep(rules.consentMachine, known.consent, answer))
  }
  if (answer === 'decline') return permit(consent, rules.ownConsent)
  const joining = joinByReport(known)
  if (proposed === undefined) return permit([...consent, ...joining], rules.ownConsent)
  if (state.proposals[0] !== proposed) return refuse('shorterFirst', rules.shortestFirst)
  const events = [...adoption(state, proposed, participant), ...consent, ...joining]
  return permit([...events, ...revisionsLeft(state, events, acting)], rules.ownConsent)
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

/**
 * May the report's content go to this participant, as far as the disclosure is concerned?
 * It takes a party that has the report, has not left and consented, if there is an embargo.
 */
export function mayReceiveContent(
  state: DisclosureState,
  participant: string,
): Decision<true, 'consentMissing' | 'reportNotReceived'> {
  const because: Because = rules.contentAfterConsent
  const known = participantOf(state, participant)
  const isFree = state.embargo === 'none' || state.embargo === 'exited'
  if (known === undefined || known.left !== null || !(isFree || known.consent === 'signatory')) {
    return refuse('consentMissing', because)
  }
  return known.reportState === 'start'
    ? refuse('reportNotReceived', because)
    : permit(true, because)
}

/** A late yes of one whose silence was recorded passes through a fresh invitation. */
function acceptance(
  participant: Participant,
  embargoId: string,
): readonly ConsentChanged[] | undefined {
  const yes = (from: Participant['consent']) =>
    step(participant, from, 'accept')?.map((change) => ({ ...change, embargoId }))
  if (isSignatoryOfOther(participant, embargoId)) return []
  if (participant.consent !== 'declined') return yes(participant.consent)
  if (!participant.isTimedOut) return undefined
  return [...(step(participant, 'declined', 'invite') ?? []), ...(yes('invited') ?? [])]
}

/** Who proposed other terms has signed already; its yes to these is no step of its machine. */
function isSignatoryOfOther({ consent, consentedTo }: Participant, embargoId: string): boolean {
  return consent === 'signatory' && consentedTo.length > 0 && !consentedTo.includes(embargoId)
}

function step(
  { id }: Participant,
  from: Participant['consent'],
  event: ConsentChanged['event'],
): readonly ConsentChanged[] | undefined {
  const to = destination(consentMachine, from, event)
  return to && [{ type: 'consentChanged', participant: id, event, from, to }]
}

function adoption(
  state: DisclosureState,
  terms: EmbargoTerms,
  participant: string,
): readonly DisclosureEvent[] {
  const from = state.embargo
  return [{ type: 'embargoChanged', event: 'accept', from, to: 'active', terms, participant }]
}

/** The longer proposals stay open as revisions, and consents lapse as with any revision. */
function revisionsLeft(
  state: DisclosureState,
  adopted: readonly DisclosureEvent[],
  acting: Acting,
): readonly DisclosureEvent[] {
  const rest = state.proposals.slice(1)
  if (rest.length === 0) return []
  const proposals = rest.map(
    (terms, index): DisclosureEvent => ({
      type: 'embargoChanged',
      event: 'propose',
      from: index === 0 ? 'active' : 'revise',
      to: 'revise',
      terms,
    }),
  )
  return [...proposals, ...lapsesOf(stateAfter(state, adopted, acting.now))]
}
