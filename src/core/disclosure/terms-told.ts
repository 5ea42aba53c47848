/**
 * What the lead of a case tells of its embargo, and what that means at one that takes part:
 * the lead alone writes the embargo, so the copy here follows it step by step through the
 * same machines. What one is asked it answers itself (consent.ts); nothing here consents.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { inviteParticipant } from './consent.ts'
import {
  type DisclosureState,
  isUnderEmbargo,
  participantOf,
  stateAfter,
} from './disclosure-state.ts'
import { lapsesOf, publicBar, rejectProposal } from './embargo-start.ts'
import type { DisclosureEvent, EmbargoTerms } from './events.ts'
import { destination } from './machine.ts'
import { consentMachine, type EmbargoTrigger, embargoMachine } from './machines.ts'
import { noStep, rules } from './rules.ts'

/** `join`: to be asked about terms that are in force. `reject`: open revisions fell. */
export const TERMS_INTENTS = ['propose', 'revise', 'join', 'reject'] as const
export type TermsIntent = (typeof TERMS_INTENTS)[number]

export type TermsTold = {
  readonly intent: TermsIntent
  readonly inForce: EmbargoTerms | null
  /** Every open proposal, the earliest end first. */
  readonly proposals: readonly EmbargoTerms[]
  /** The terms that bind the lead, or that it proposed itself. */
  readonly leadTo: string | null
  /** Until when an answer is asked for; null: none is. */
  readonly answerBy: Instant | null
}

type Parties = { readonly lead: string; readonly self: string }

/** Of the embargo as it stands at the lead now, to one of its participants. */
export function tellTerms(
  state: DisclosureState,
  parties: { readonly lead: string; readonly to: string },
  intent: TermsIntent,
): TermsTold {
  const lead = participantOf(state, parties.lead)
  const to = participantOf(state, parties.to)
  const inForce = isUnderEmbargo(state) ? state.terms : null
  const stands = [...(inForce ? [inForce] : []), ...state.proposals]
  const isStanding = (id: string) => stands.some(({ embargoId }) => embargoId === id)
  const leadTo = lead?.consent === 'signatory' ? lead.consentedTo.findLast(isStanding) : undefined
  return {
    intent,
    inForce,
    proposals: state.proposals,
    leadTo: leadTo ?? null,
    answerBy: to?.consent === 'invited' ? to.answerBy : null,
  }
}

export type TermsWhy =
  | 'alreadyPublic'
  | 'exploitPublic'
  | 'attacksObserved'
  | 'embargoOver'
  | 'intentMismatch'

/** At one that takes part. What it knows already changes nothing. */
export function takeTerms(
  state: DisclosureState,
  { lead, self, ...told }: TermsTold & Parties,
  acting: Acting,
): Decision<readonly DisclosureEvent[], TermsWhy> {
  const bar = told.intent === 'reject' ? undefined : publicBar(state)
  if (bar) return bar
  if (state.embargo === 'exited') return refuse('embargoOver', rules.embargoOver)
  if (!fits(told)) return refuse('intentMismatch', mismatch(state, told))
  const steps = [
    (now: DisclosureState) => joinOf(now, lead),
    (now: DisclosureState) => inForceNow(now, told.inForce),
    (now: DisclosureState) =>
      told.intent === 'reject' ? rejected(now, acting) : openNow(now, told.proposals),
    (now: DisclosureState) => ownWish(now, self, state),
    (now: DisclosureState) => consentOfLead(now, lead, told.leadTo),
    (now: DisclosureState) => askedHere(now, self, told, acting),
  ]
  const events: DisclosureEvent[] = []
  for (const step of steps) events.push(...step(stateAfter(state, events, acting.now)))
  return permit(events, rules.ownConsent)
}

/** The words of the message agree with each other; a reader that infers may infer wrongly. */
function fits({ intent, inForce, proposals }: TermsTold): boolean {
  switch (intent) {
    case 'propose':
      return inForce === null && proposals.length > 0
    case 'revise':
      return inForce !== null && proposals.length > 0
    case 'join':
    case 'reject':
      return inForce !== null && proposals.length === 0
  }
}

function mismatch(state: DisclosureState, { intent }: TermsTold) {
  return noStep(rules.embargoMachine, state.embargo, intent)
}

function joinOf(state: DisclosureState, lead: string): readonly DisclosureEvent[] {
  if (participantOf(state, lead)) return []
  return [{ type: 'participantJoined', participant: lead, roles: ['coordinator', 'caseOwner'] }]
}

/** Moves the copy on until these terms are in force; none in force at the lead: nothing. */
function inForceNow(
  state: DisclosureState,
  terms: EmbargoTerms | null,
): readonly DisclosureEvent[] {
  if (!terms || (isUnderEmbargo(state) && state.terms?.embargoId === terms.embargoId)) return []
  const isOpen = state.embargo === 'proposed' || state.embargo === 'revise'
  const proposed = isOpen ? [] : openNow(state, [terms])
  const from = isOpen ? state.embargo : state.embargo === 'none' ? 'proposed' : 'revise'
  return [...proposed, { type: 'embargoChanged', event: 'accept', from, to: 'active', terms }]
}

/** Each proposal that is not open here yet; the first revision makes every consent lapse. */
function openNow(
  state: DisclosureState,
  proposals: readonly EmbargoTerms[],
): readonly DisclosureEvent[] {
  const isKnown = ({ embargoId }: EmbargoTerms) =>
    state.proposals.some((one) => one.embargoId === embargoId)
  let from = state.embargo
  const events: DisclosureEvent[] = []
  for (const terms of proposals) {
    const to = stepOf(from, 'propose')
    if (isKnown(terms) || to === undefined) continue
    events.push({ type: 'embargoChanged', event: 'propose', from, to, terms })
    if (from === 'active') events.push(...lapsesOf(state))
    from = to
  }
  return events
}

function stepOf(from: DisclosureState['embargo'], trigger: EmbargoTrigger) {
  return destination(embargoMachine, from, trigger)
}

function rejected(state: DisclosureState, acting: Acting): readonly DisclosureEvent[] {
  if (state.embargo !== 'revise') return []
  const decided = rejectProposal(state, { reason: 'rejected by the lead of the case' }, acting)
  return decided.decision === 'permit' ? decided.value : []
}

/** Whoever proposed terms says yes to them, from when the lead has them open. */
function ownWish(
  state: DisclosureState,
  self: string,
  before: DisclosureState,
): readonly DisclosureEvent[] {
  const isNew = ({ embargoId }: EmbargoTerms) =>
    state.proposedHere.includes(embargoId) &&
    !before.proposals.some((one) => one.embargoId === embargoId)
  const own = state.proposals.findLast(isNew)
  const from = participantOf(state, self)?.consent ?? 'noEmbargo'
  const to = destination(consentMachine, from, 'accept')
  if (own === undefined || to === undefined) return []
  const joined: readonly DisclosureEvent[] = participantOf(state, self)
    ? []
    : [{ type: 'participantJoined', participant: self, roles: ['coordinator'] }]
  const { embargoId } = own
  return [
    ...joined,
    { type: 'consentChanged', participant: self, event: 'accept', from, to, embargoId },
  ]
}

/** The lead speaks for itself; what another consented to is told by `participants`. */
function consentOfLead(
  state: DisclosureState,
  lead: string,
  embargoId: string | null,
): readonly DisclosureEvent[] {
  const from = participantOf(state, lead)?.consent ?? 'noEmbargo'
  const to = destination(consentMachine, from, 'accept')
  if (embargoId === null || to === undefined) return []
  return [{ type: 'consentChanged', participant: lead, event: 'accept', from, to, embargoId }]
}

/** Asked for an answer, by the time that the lead named, or the shortest that is allowed. */
function askedHere(
  state: DisclosureState,
  self: string,
  { answerBy }: TermsTold,
  acting: Acting,
): readonly DisclosureEvent[] {
  if (answerBy === null) return []
  const roles = participantOf(state, self)?.roles ?? (['coordinator'] as const)
  const invited = inviteParticipant(state, { participant: self, roles, answerBy }, acting)
  return invited.decision === 'permit' ? invited.value : []
}
