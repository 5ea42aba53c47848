/**
 * Who leads a case, and how the lead goes from one authority to another: it is offered, and it
 * passes when the other accepts. One authority writes the embargo at any time. What passes is
 * the lead alone: no report, no reporter, no mailbox; whoever relays for a reporter goes on.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../case/case.ts'
import { mayReceiveContent } from './consent.ts'
import { participantOf } from './disclosure-state.ts'
import type { DisclosureEvent } from './events.ts'
import { isReason } from './reason.ts'
import { rules } from './rules.ts'

export type LeadEvent =
  | {
      readonly type: 'leadOffered'
      readonly from: string
      readonly to: string
      /** The release by which the offer left, or came. */
      readonly releaseId: string
    }
  | {
      readonly type: 'leadOfferAnswered'
      readonly answer: 'accept' | 'refuse'
      /** Stays with the one that answers. */
      readonly reason?: string
    }
  | {
      readonly type: 'leadPassed'
      readonly from: string
      readonly to: string
      /** This authority leads from now on. */
      readonly isHere: boolean
    }

export type LeadState = {
  readonly lead: string
  /** Not answered yet. */
  readonly leadOffer: { readonly from: string; readonly to: string } | null
  /** Node ids, the first one first. */
  readonly formerLeads: readonly string[]
  /** Another led the case before, and passed it to this authority. */
  readonly tookLead: boolean
}

export function isLeadEvent(event: { readonly type: string }): event is LeadEvent {
  return ['leadOffered', 'leadOfferAnswered', 'leadPassed'].includes(event.type)
}

export function foldLead<State extends LeadState>(state: State, event: LeadEvent): State {
  switch (event.type) {
    case 'leadOffered':
      return { ...state, leadOffer: { from: event.from, to: event.to } }
    case 'leadOfferAnswered':
      return { ...state, leadOffer: null }
    case 'leadPassed': {
      const formerLeads = [...state.formerLeads, event.from]
      return { ...state, lead: event.to, formerLeads, tookLead: event.isHere, leadOffer: null }
    }
  }
}

/** This authority leads the case: from the beginning, or since another passed it here. */
export function isLedHere({
  leadCaseId,
  formerLeads,
  tookLead,
}: LeadState & Pick<CaseState, 'leadCaseId'>): boolean {
  return tookLead || (leadCaseId === null && formerLeads.length === 0)
}

/** To an authority that takes part, has the report, and agreed to the embargo if there is one. */
export function offerLead(
  state: CaseState,
  {
    from,
    to,
    releaseId,
  }: { readonly from: string; readonly to: string; readonly releaseId: string },
): Decision<readonly LeadEvent[]> {
  if (state.lead !== from) return refuse('notTheLead', leadOffers)
  if (to === from) return refuse('ownAuthority', otherLeads)
  if (state.leadOffer !== null) return refuse('offeredAlready', offeredOnce)
  const known = participantOf(state.disclosure, to)
  if (!known || known.left !== null) return refuse('notInCase', rules.known)
  const content = mayReceiveContent(state.disclosure, to)
  if (content.decision === 'refuse') return content
  return permit([{ type: 'leadOffered', from, to, releaseId }], oneLead)
}

/** At the one to which it was offered. */
export function answerLead(
  state: CaseState,
  {
    self,
    answer,
    reason,
  }: { readonly self: string; readonly answer: 'accept' | 'refuse'; readonly reason: string },
): Decision<readonly (LeadEvent | DisclosureEvent)[]> {
  const { leadOffer } = state
  if (leadOffer?.to !== self) return refuse('nothingOffered', nothingOffered)
  if (!isReason(reason)) return refuse('reasonMissing', rules.evidenceNeeded)
  const answered = { type: 'leadOfferAnswered', answer, reason } as const
  if (answer === 'refuse') return permit([answered])
  const left = leftBar(state, self)
  return left ?? permit([answered, ...passed(leadOffer, true)], oneLead)
}

/** At the one that offered it, by the word of the other. */
export function leadAnswered(
  { leadOffer, disclosure }: LeadState & Pick<CaseState, 'disclosure'>,
  { by, answer }: { readonly by: string; readonly answer: 'accept' | 'refuse' },
): Decision<readonly (LeadEvent | DisclosureEvent)[]> {
  if (leadOffer?.to !== by) return refuse('nothingOffered', nothingOffered)
  const answered = { type: 'leadOfferAnswered', answer } as const
  if (answer === 'refuse') return permit([answered])
  return leftBar({ disclosure }, by) ?? permit([answered, ...passed(leadOffer, false)])
}

/** Who left after the offer came takes no lead by an old offer; its leaving came before its yes. */
function leftBar({ disclosure }: Pick<CaseState, 'disclosure'>, id: string) {
  const known = participantOf(disclosure, id)
  return known?.left ? refuse('hasLeft', rules.leftTakesNoStep) : undefined
}

export function passed(
  { from, to }: { readonly from: string; readonly to: string },
  isHere: boolean,
): readonly (LeadEvent | DisclosureEvent)[] {
  return [
    { type: 'leadPassed', from, to, isHere },
    {
      type: 'participantJoined',
      participant: to,
      roles: ['caseOwner', 'caseManager', 'coordinator'],
    },
  ]
}

const leadOffers = {
  rule: 'disclosure.leadOffers',
  text: 'Only the authority that leads the case offers the lead to another.',
}
const otherLeads = {
  rule: 'disclosure.otherLeads',
  text: 'The lead is offered to another authority.',
}
const offeredOnce = {
  rule: 'disclosure.leadOfferedOnce',
  text: 'The lead was offered, and the offer is not answered yet.',
}
const nothingOffered = {
  rule: 'disclosure.leadOffered',
  text: 'The lead of this case was not offered, or the offer was answered.',
}
const oneLead = {
  rule: 'disclosure.oneLead',
  text: 'One authority writes the embargo of a case at any time; the lead passes when the other accepts.',
}
