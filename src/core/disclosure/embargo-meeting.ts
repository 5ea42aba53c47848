/**
 * Where terms of several sources meet: a sender's proposal and a receiver's published
 * default, a report sent on while a proposal is open, cases merged, a case split.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { answerInvitation } from './consent.ts'
import {
  type DisclosureState,
  isUnderEmbargo,
  participantOf,
  stateAfter,
} from './disclosure-state.ts'
import { type ProposeEmbargo, proposeEmbargo } from './embargo-start.ts'
import type { DisclosureEvent, EmbargoTerms } from './events.ts'
import { joinByReport } from './report-joining.ts'
import { rules } from './rules.ts'

export type Terms = Omit<ProposeEmbargo, 'participant'>
export type MeetTerms = {
  readonly sender: string
  readonly receiver: string
  readonly proposal?: Terms
  /** What the receiver published as its default. */
  readonly byDefault?: Terms
}

/**
 * The sender's proposal meets the receiver's default. With a default there is an embargo
 * at once: the default if the sender is silent, else the shorter of the two, and the
 * longer one is a revision. A proposal alone waits for its answer; without either there
 * is no embargo.
 */
export function meetTerms(
  state: DisclosureState,
  { sender, receiver, proposal, byDefault }: MeetTerms,
  acting: Acting,
): Decision<readonly DisclosureEvent[]> {
  if (proposal === undefined && byDefault === undefined) return permit([], rules.notSought)
  const steps: Deciding[] = []
  if (byDefault)
    steps.push((s) => proposeEmbargo(s, { participant: receiver, ...byDefault }, acting))
  if (proposal) steps.push((s) => proposeEmbargo(s, { participant: sender, ...proposal }, acting))
  if (byDefault) {
    const isDefaultFirst = proposal === undefined || byDefault.until <= proposal.until
    const { embargoId } = isDefaultFirst ? byDefault : proposal
    const participant = isDefaultFirst ? sender : receiver
    steps.push((s) => answerInvitation(s, { participant, answer: 'accept', embargoId }, acting))
  }
  const met = inTurn(state, steps, acting)
  return met.decision === 'permit' ? permit(met.value, rules.defaultIsProposal) : met
}

type Deciding = (state: DisclosureState) => Decision<readonly DisclosureEvent[]>

function inTurn(
  state: DisclosureState,
  steps: readonly Deciding[],
  acting: Acting,
): Decision<readonly DisclosureEvent[]> {
  const events: DisclosureEvent[] = []
  for (const step of steps) {
    const decision = step(stateAfter(state, events, acting.now))
    if (decision.decision === 'refuse') return decision
    events.push(...decision.value)
  }
  return permit(events)
}

export type SendReport = { readonly sender: string; readonly receiver: string }

/**
 * A participant sends the report on to another. It accepted the report itself; with that
 * it accepts the open proposal that ends first, whoever made it; under an embargo the
 * receiver has consented before.
 */
export function sendReport(
  state: DisclosureState,
  { sender, receiver }: SendReport,
  acting: Acting,
): Decision<
  readonly DisclosureEvent[],
  'unknownParticipant' | 'senderNotAccepted' | 'alreadyReceived' | 'consentMissing'
> {
  const from = participantOf(state, sender)
  if (from === undefined || participantOf(state, receiver) === undefined) {
    return refuse('unknownParticipant', rules.known)
  }
  if (from.reportState !== 'accepted') return refuse('senderNotAccepted', rules.senderAccepted)
  const accepted = openProposalAccepted(state, sender, acting)
  const next = stateAfter(state, accepted, acting.now)
  const to = participantOf(next, receiver)
  if (to === undefined || to.reportState !== 'start') {
    return refuse('alreadyReceived', rules.reportMachine)
  }
  const isFree = next.embargo === 'none' || next.embargo === 'exited'
  if (to.left !== null || !(isFree || to.consentedTo.length > 0)) {
    return refuse('consentMissing', rules.contentAfterConsent)
  }
  return permit([...accepted, ...joinByReport(to)], rules.submittingAccepts)
}

function openProposalAccepted(
  state: DisclosureState,
  sender: string,
  acting: Acting,
): readonly DisclosureEvent[] {
  const first = state.embargo === 'proposed' ? state.proposals[0] : undefined
  if (first === undefined) return []
  const { embargoId } = first
  const yes = answerInvitation(state, { participant: sender, answer: 'accept', embargoId }, acting)
  return yes.decision === 'permit' ? yes.value : []
}

/**
 * Another case with an embargo in force is merged into this one: without a new agreement
 * the earlier accepted end applies. Who consented to the later end is held to less by
 * it, so consents stand.
 */
export function mergeEmbargo(
  state: DisclosureState,
  terms: EmbargoTerms,
  acting: Acting,
): Decision<readonly DisclosureEvent[], 'embargoOver' | 'endNotInFuture' | 'alreadyPublic'> {
  if (state.publicState !== 'pxa') return refuse('alreadyPublic', rules.alreadyPublic)
  if (state.embargo === 'exited') return refuse('embargoOver', rules.embargoOver)
  if (terms.until <= acting.now) return refuse('endNotInFuture', rules.endInFuture)
  const isLater = isUnderEmbargo(state) && state.terms !== null && state.terms.until <= terms.until
  if (isLater) return permit([], rules.mergeEarliest)
  const from = state.embargo
  const open = from === 'active' || from === 'revise' ? 'revise' : 'proposed'
  return permit(
    [
      { type: 'embargoChanged', event: 'propose', from, to: open, terms },
      { type: 'embargoChanged', event: 'accept', from: open, to: 'active', terms },
    ],
    rules.mergeEarliest,
  )
}

/** Of a split case: who leads the other parts, and who of them was told of which terms. */
export type Siblings = {
  readonly inherited: EmbargoTerms
  readonly leads: readonly string[]
  /** By embargo id. */
  readonly told: ReadonlyMap<string, readonly string[]>
}

/** Why terms may not take effect yet: they end before the inherited ones and a sibling was not told. */
export function siblingsBar(
  { inherited, leads, told }: Siblings,
  terms: EmbargoTerms,
): Refusal<'siblingsNotTold'> | undefined {
  if (terms.until >= inherited.until) return undefined
  const knows = told.get(terms.embargoId) ?? []
  const missing = leads.filter((lead) => !knows.includes(lead))
  return missing.length === 0 ? undefined : refuse('siblingsNotTold', rules.siblingsFirst)
}
