/**
 * Answering a proposal: a second person approves, which does the act; or rejects it;
 * or the one who proposed withdraws. The events are those of whoever answers.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import {
  rejectProposal as decideRejection,
  withdrawProposal as decideWithdrawal,
  type Proposal,
  type ProposalDecision,
} from '../core/access/proposal.ts'
import type { Acting } from '../core/case/recorded.ts'
import { askingAbout, decideOnCase } from './access.ts'
import { type ActDone, actDone } from './act.ts'
import { findCaseAct } from './acts.ts'
import { caseStream, foldCaseStream, noSuchCase } from './case-stream.ts'
import type { Kernel } from './kernel.ts'

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

function noSuchProposal(): Decision<ActDone> {
  return refuse('unknownProposal', {
    rule: 'fourEyes:unknownProposal',
    text: 'there is no such proposal',
  })
}
