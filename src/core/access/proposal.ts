/**
 * Four eyes as an object: what one person proposes and another, never the same,
 * approves or rejects. What is approved is exactly what was proposed: the approval
 * names the digest, and the digest covers the act and its whole input.
 *
 * Who may be the second person is the rule of second-person.ts. That each of them may
 * do the act itself is decided where every act is: decide-access.ts.
 * It belongs to no one kind of stream; whoever folds it says where it stands.
 */
import type { Json } from '../../base/canonical-json.ts'
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import { addMs, type Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { sideOf } from '../people/standing.ts'
import type { AccessDecision } from './decide-access.ts'
import {
  isWaiting,
  PROPOSAL_VALID_MS,
  type Proposed,
  requireOtherSide,
  requireSecondPerson,
  type WhyNoSecondPerson,
} from './second-person.ts'

export type ProposalEvent =
  | {
      readonly type: 'actProposed'
      readonly proposalId: string
      readonly act: string
      readonly input: Json
      /** SHA-256 of the act's name and its input, lower-case hex. */
      readonly digest: string
      readonly expiresAt: Instant
      /** In whose place it was proposed, where that was by a delegation. */
      readonly inPlaceOf: string | null
      /** Why it takes two, where a decision on more than the case says so. */
      readonly because?: readonly Because[]
    }
  | { readonly type: 'proposalApproved'; readonly proposalId: string; readonly digest: string }
  | { readonly type: 'proposalRejected'; readonly proposalId: string; readonly reason: string }
  | { readonly type: 'proposalWithdrawn'; readonly proposalId: string }

export type Proposal = Proposed & {
  readonly proposalId: string
  readonly act: string
  readonly input: Json
  readonly digest: string
  readonly because?: readonly Because[]
  readonly answer: ProposalAnswer | null
}

export type ProposalAnswer = {
  readonly is: 'approved' | 'rejected' | 'withdrawn'
  readonly by: string
  readonly at: Instant
  /** Of a rejection. */
  readonly reason: string | null
}

export type WhyProposal =
  | WhyNoSecondPerson
  | 'unknownProposal'
  | 'alreadyAnswered'
  | 'notTheProposer'
  | 'otherContent'
  | 'proposedAlready'
  | 'reasonMissing'

export type ProposalDecision = Decision<readonly ProposalEvent[], WhyProposal>

type Proposals = readonly Proposal[]

const PROPOSAL_EVENTS: Readonly<Record<ProposalEvent['type'], true>> = {
  actProposed: true,
  proposalApproved: true,
  proposalRejected: true,
  proposalWithdrawn: true,
}

export function isProposalEvent(event: { readonly type: string }): event is ProposalEvent {
  return Object.hasOwn(PROPOSAL_EVENTS, event.type)
}

export function proposeAct(
  proposals: Proposals,
  command: Pick<Proposal, 'proposalId' | 'act' | 'input' | 'digest' | 'because'>,
  acting: Acting,
): ProposalDecision {
  const isWaiting = proposals.some(
    (one) =>
      one.proposalId === command.proposalId ||
      (one.digest === command.digest && stateOfProposal(one, acting.now) === 'waiting'),
  )
  if (isWaiting) return no('proposedAlready', 'this is proposed and waits for a second person')
  const { inPlaceOf } = sideOf(acting)
  const expiresAt = addMs(acting.now, PROPOSAL_VALID_MS)
  return permit([{ type: 'actProposed', ...command, expiresAt, inPlaceOf }], {
    rule: 'fourEyes:proposed',
    text: 'this act needs a second person, who approves exactly what was proposed',
  })
}

/** Whether the one who proposed may do the act now: asked of decide-access.ts. */
export type ProposerMay = (proposal: Proposal) => AccessDecision

/** `digest`: of what the second person was shown, and of what would be done now. */
export function approveProposal(
  proposals: Proposals,
  { proposalId, digest }: { readonly proposalId: string; readonly digest: string },
  acting: Acting,
  may: ProposerMay,
): ProposalDecision {
  const { now } = acting
  const proposal = waiting(proposals, proposalId, now)
  if ('decision' in proposal) return proposal
  const fault = requireSecondPerson(proposal, acting, { now, proposerMay: may(proposal) })
  if (fault) return fault
  if (proposal.digest !== digest) {
    return no('otherContent', 'what is to be approved is not what was proposed')
  }
  return permit([{ type: 'proposalApproved', proposalId, digest }])
}

export function rejectProposal(
  proposals: Proposals,
  { proposalId, reason }: { readonly proposalId: string; readonly reason: string },
  acting: Acting,
): ProposalDecision {
  const proposal = waiting(proposals, proposalId, acting.now)
  if ('decision' in proposal) return proposal
  const same = requireOtherSide(proposal, acting)
  if (same) return same
  if (reason.trim() === '') return no('reasonMissing', 'a rejection gives its reason')
  return permit([{ type: 'proposalRejected', proposalId, reason }])
}

export function withdrawProposal(
  proposals: Proposals,
  { proposalId }: { readonly proposalId: string },
  { officer, now }: Acting,
): ProposalDecision {
  const proposal = waiting(proposals, proposalId, now)
  if ('decision' in proposal) return proposal
  if (proposal.proposedBy !== officer) {
    return no('notTheProposer', 'only the person who proposed withdraws')
  }
  return permit([{ type: 'proposalWithdrawn', proposalId }])
}

export function stateOfProposal({ answer, expiresAt }: Proposal, now: Instant) {
  if (answer) return answer.is
  return isWaiting({ expiresAt }, now) ? 'waiting' : 'expired'
}

export function foldProposals(
  proposals: Proposals,
  { event, at, by }: Recorded<ProposalEvent>,
): Proposals {
  const answered = (is: ProposalAnswer['is'], reason: string | null = null) =>
    changeWhere(
      proposals,
      ({ proposalId }) => proposalId === event.proposalId,
      (one) => ({ ...one, answer: { is, by, at, reason } }),
    )
  switch (event.type) {
    case 'actProposed': {
      const { type: _, ...proposal } = event
      return [...proposals, { ...proposal, proposedBy: by, proposedAt: at, answer: null }]
    }
    case 'proposalApproved':
      return answered('approved')
    case 'proposalRejected':
      return answered('rejected', event.reason)
    case 'proposalWithdrawn':
      return answered('withdrawn')
    default:
      return proposals
  }
}

function waiting(proposals: Proposals, id: string, now: Instant): Proposal | Refusal<WhyProposal> {
  const proposal = proposals.find(({ proposalId }) => proposalId === id)
  if (!proposal) return no('unknownProposal', 'there is no such proposal')
  if (proposal.answer) return no('alreadyAnswered', `the proposal was ${proposal.answer.is}`)
  if (stateOfProposal(proposal, now) === 'expired') {
    return no('proposalExpired', 'the proposal has expired; propose again')
  }
  return proposal
}

function no(why: WhyProposal, text: string): Refusal<WhyProposal> {
  return refuse(why, { rule: `fourEyes:${why}`, text })
}
