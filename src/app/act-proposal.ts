/**
 * The second person of an act on a case: a first one proposes exactly this input, another
 * one approves what they were shown. Events or refusals; the caller appends them.
 */
import { toHex } from '../base/bytes.ts'
import { canonicalBytes, type Json } from '../base/canonical-json.ts'
import { type Because, type Decision, permit } from '../base/decision.ts'
import { approveProposal, type ProposerMay, proposeAct } from '../core/access/proposal.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { Side } from '../core/people/standing.ts'
import type { Kernel } from './kernel.ts'

/** The proposal of another person that a call approves, as the caller was shown it. */
export type Approves = { readonly proposalId: string; readonly digest: string }

/** Undefined where the act needs no second person; else the events of proposing or approving it. */
export function secondPerson(
  kernel: Kernel,
  { access }: CaseState,
  asked: {
    readonly name: string
    readonly input: unknown
    readonly acting: Acting
    /** Why it takes two; undefined: it does not. */
    readonly why: Because | undefined
    readonly approves: Approves | undefined
    readonly proposerMay: ProposerMay
  },
): Decision<readonly CaseEvent[]> | undefined {
  const { name, acting, why, approves, proposerMay } = asked
  const input = asked.input as Json
  if (approves) {
    // Both: what the second person was shown, and what would be done now.
    const shown = approves.digest === proposalDigest(kernel, name, input) ? approves.digest : ''
    return approveProposal(access.proposals, { ...approves, digest: shown }, acting, proposerMay)
  }
  if (!why) return undefined
  const proposed = proposeInput(kernel, { access }, { act: name, input }, acting)
  return proposed.decision === 'refuse'
    ? proposed
    : permit(proposed.value, ...proposed.because, why)
}

/** `because`: what the decision found beforehand, where it asked for the second person itself. */
export function proposeInput(
  kernel: Kernel,
  { access }: Pick<CaseState, 'access'>,
  what: { readonly act: string; readonly input: Json; readonly because?: readonly Because[] },
  acting: Acting,
): Decision<readonly CaseEvent[]> {
  const digest = proposalDigest(kernel, what.act, what.input)
  const proposalId = kernel.random.uuid()
  return proposeAct(access.proposals, { proposalId, ...what, digest }, acting)
}

/** Who proposed what this call approves. */
export function proposerOf(
  { access }: CaseState,
  { approves }: { readonly approves?: Approves },
): Side | null {
  const found = access.proposals.find(({ proposalId }) => proposalId === approves?.proposalId)
  return found ? { officer: found.proposedBy, inPlaceOf: found.inPlaceOf } : null
}

function proposalDigest({ primitives }: Kernel, act: string, input: Json): string {
  return toHex(primitives.sha256(canonicalBytes({ act, input })))
}
