/** What the acts of the lead of a disclosure share: who leads, who speaks for itself, who left. */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { participantOf } from '../../core/disclosure/disclosure-state.ts'
import type { Kernel } from '../kernel.ts'
import { onlyTheLead } from './coordination-reasons.ts'
import { hasReport } from './triage-acts.ts'

export const party = Type.String({ maxLength: 100, pattern: '^\\S(.*\\S)?$' })
export const oneOf = <T extends string>(words: readonly T[]) =>
  Type.Union(words.map((word) => Type.Literal(word)))

export const common = { topic: 'disclosure', group: 'disclose' } as const

/** One writer of a case's embargo and roles: the authority that leads it. */
export function leads(state: CaseState, acting: Acting): Decision<null> {
  // Whoever took the lead over has what was released to it; the report stays where it came in.
  const report = state.tookLead ? permit(null) : hasReport(state)
  if (report.decision === 'refuse') return report
  return state.lead === acting.authority ? permit(null) : refuse('notTheLead', onlyTheLead)
}

export async function speaker(
  kernel: Kernel,
  participant: string,
): Promise<{ readonly isPeer: boolean }> {
  return { isPeer: isPeerHere(kernel, participant) }
}

export function isPeerHere({ node, peers }: Kernel, id: string): boolean {
  return id !== node.id && peers.find(id) !== undefined
}

export function hasLeft(disclosure: CaseState['disclosure'], id: string): boolean {
  return (participantOf(disclosure, id)?.left ?? null) !== null
}
