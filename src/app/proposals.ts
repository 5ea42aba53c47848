/**
 * Answering a proposal: a second person approves, which does the act; or rejects it;
 * or the one who proposed withdraws. The events are those of whoever answers.
 *
 * What is open is read here too, with the answers that the reader may give: pages, the
 * interface, the work list and notices show nothing else.
 */
import type { Json } from '../base/canonical-json.ts'
import { type Because, type Decision, permit, type Refusal, refuse } from '../base/decision.ts'
import type { Instant } from '../base/time.ts'
import {
  approveProposal as decideApproval,
  rejectProposal as decideRejection,
  withdrawProposal as decideWithdrawal,
  type Proposal,
  type ProposalDecision,
  stateOfProposal,
} from '../core/access/proposal.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { type Asking, askingAbout, decideOnCase, proposerMayIn } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import { findCaseAct } from './acts.ts'
import { caseStream, foldCaseStream, noSuchCase } from './case-stream.ts'
import type { Kernel } from './kernel.ts'

export type OpenProposal = {
  readonly proposalId: string
  readonly act: string
  readonly input: Json
  /** What is approved is exactly this. */
  readonly digest: string
  readonly proposedBy: string
  readonly inPlaceOf: string | null
  readonly proposedAt: Instant
  readonly expiresAt: Instant
  /** Why it takes two persons as the case stands now. */
  readonly because: readonly Because[]
  readonly approve: Decision<null>
  readonly reject: Decision<null>
  readonly withdraw: Decision<null>
  /** Whether the reader could be the second person, a fresh proof of who it is aside. */
  readonly isForYou: boolean
}

/** Those that wait, each with the decisions that its answers will make. */
export function openProposalsIn(
  state: CaseState,
  asking: Omit<Asking, 'timeStamps'>,
): readonly OpenProposal[] {
  return state.access.proposals
    .filter((one) => stateOfProposal(one, asking.acting.now) === 'waiting')
    .flatMap((one) => openProposal(state, asking, one) ?? [])
}

function openProposal(
  state: CaseState,
  asking: Omit<Asking, 'timeStamps'>,
  { answer: _, ...proposal }: Proposal,
): OpenProposal | undefined {
  const act = findCaseAct(proposal.act)
  if (!act) return undefined
  const { proposals } = state.access
  const { action } = act
  const may = proposerMayIn(state, action, asking)
  const command = { ...proposal, reason: 'asked beforehand' }
  const asked = (
    decide: (effective: Acting) => ProposalDecision,
    isProved = false,
  ): Decision<null> => {
    const wanted = isProved ? { name: action.name, group: action.group } : action
    const access = decideOnCase(state, wanted, asking)
    if (access.decision === 'refuse') return access
    const decision = decide(access.value.acting)
    return decision.decision === 'refuse' ? decision : permit(null, ...decision.because)
  }
  const approve = (who: Acting) => decideApproval(proposals, command, who, may)
  const why = act.secondPerson(state)
  return {
    ...proposal,
    because: why ? [why] : (proposal.because ?? []),
    approve: asked(approve),
    reject: asked((who) => decideRejection(proposals, command, who)),
    withdraw: asked((who) => decideWithdrawal(proposals, command, who)),
    isForYou: asked(approve, true).decision === 'permit',
  }
}

type Place = { readonly caseId: string; readonly proposalId: string }

/** `digest`: of the proposal as the second person was shown it. */
export async function approveProposal(
  kernel: Kernel,
  { caseId, proposalId, digest }: Place & { readonly digest: string },
  acting: Acting,
): Promise<Decision<ActDone>> {
  const { history } = await caseStream(kernel, caseId)
  const proposal = proposalIn(foldCaseStream(history).access.proposals, proposalId)
  const act = proposal && findCaseAct(proposal.act)
  if (!act) return noSuchProposal()
  return act.run(kernel, caseId, {
    input: proposal.input,
    acting,
    approves: { proposalId, digest },
  })
}

/** Only somebody who could do the act itself rejects it. */
export function rejectProposal(
  kernel: Kernel,
  { caseId, ...command }: Place & { readonly reason: string },
  acting: Acting,
): Promise<Decision<ActDone>> {
  return answer(kernel, caseId, command.proposalId, acting, (proposals, effective) =>
    decideRejection(proposals, command, effective),
  )
}

export function withdrawProposal(
  kernel: Kernel,
  { caseId, ...command }: Place,
  acting: Acting,
): Promise<Decision<ActDone>> {
  return answer(kernel, caseId, command.proposalId, acting, (proposals, effective) =>
    decideWithdrawal(proposals, command, effective),
  )
}

async function answer(
  kernel: Kernel,
  caseId: string,
  proposalId: string,
  acting: Acting,
  decide: (proposals: readonly Proposal[], effective: Acting) => ProposalDecision,
): Promise<Decision<ActDone>> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') throw noSuchCase()
    const state = foldCaseStream(stream.history)
    const proposal = proposalIn(state.access.proposals, proposalId)
    const act = proposal && findCaseAct(proposal.act)
    if (!act) return noSuchProposal()
    const asking = await askingAbout(kernel, caseId, acting)
    const access = decideOnCase(state, act.action, asking)
    if (access.decision === 'refuse') return access
    const decision = decide(state.access.proposals, access.value.acting)
    if (decision.decision === 'refuse') return decision
    await stream.append(decision.value, acting.officer)
    return permit(actDone(stream, decision.value), ...decision.because)
  })
}

function proposalIn(proposals: readonly Proposal[], id: string): Proposal | undefined {
  return proposals.find(({ proposalId }) => proposalId === id)
}

function noSuchProposal(): Refusal {
  return refuse('unknownProposal', {
    rule: 'fourEyes:unknownProposal',
    text: 'there is no such proposal',
  })
}
