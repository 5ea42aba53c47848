/**
 * What waits for an officer as the second person: proposals in cases and the roster of
 * sealing keys. Only what the officer could approve, by the decision that the approval
 * makes; a strong proof, which can be given then, aside.
 */
import type { Instant } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { mayApprove } from '../../core/sealing/roster.ts'
import { accessContext, decideDeskAccess } from '../access.ts'
import { caseStream, foldCaseStream } from '../case-stream.ts'
import type { Kernel } from '../kernel.ts'
import type { CaseOfWork } from '../ports/work.ts'
import { openProposalsIn } from '../proposals.ts'
import { readSealingWork, rosterMoment } from '../sealing-keys.ts'
import { SEALING_STEPS } from '../sealing-steps.ts'

export type WaitingProposal = {
  readonly proposalId: string
  /** Name of the act; `approveSealingRoster` for a roster. */
  readonly act: string
  readonly proposedBy: string
  /** Case time in a case, real time of a roster. */
  readonly expiresAt: Instant
  /** Null for the roster, which is of the authority as a whole. */
  readonly case: CaseOfWork | null
}

/** The next to expire first. */
export async function proposalsFor(
  kernel: Kernel,
  acting: Acting,
): Promise<readonly WaitingProposal[]> {
  const cases = await kernel.desk.records.casesWithProposals()
  const context = await accessContext(kernel)
  const found = await Promise.all(
    cases.map(async (one) => {
      const { caseId } = one
      const { history } = await caseStream(kernel, caseId)
      return openProposalsIn(foldCaseStream(history), { caseId, acting, context })
        .filter(({ isForYou }) => isForYou)
        .map(({ proposalId, act, proposedBy, expiresAt }) => ({
          proposalId,
          act,
          proposedBy,
          expiresAt,
          case: one,
        }))
    }),
  )
  return [...found.flat(), ...(await rosterFor(kernel, acting))].sort((a, b) =>
    a.expiresAt < b.expiresAt ? -1 : 1,
  )
}

async function rosterFor(kernel: Kernel, acting: Acting): Promise<readonly WaitingProposal[]> {
  const { name, group } = SEALING_STEPS.approveRoster
  const access = await decideDeskAccess(kernel, { name, group }, acting)
  if (access.decision === 'refuse') return []
  const { facts, proposal } = await readSealingWork(kernel)
  const moment = await rosterMoment(kernel, proposal, acting)
  const may = mayApprove(facts, proposal, moment, access.value.acting)
  if (may.decision === 'refuse') return []
  const { proposalId, proposedBy, expiresAt } = may.value
  return [{ proposalId, act: name, proposedBy, expiresAt, case: null }]
}
