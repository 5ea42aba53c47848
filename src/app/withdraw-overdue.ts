/**
 * The hours of an emergency are over and no second officer has validated: the release is
 * withdrawn by the node itself. Run again and again; each run finds what is overdue at
 * case time, also of the time when the node was down, and finds nothing twice.
 */
import { NOT_VALIDATED, overdueEmergencies } from '../core/release/emergency.ts'
import { actingAs } from './acting.ts'
import { foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import { retractReleases } from './retract.ts'

/** @returns how many releases were withdrawn */
export async function withdrawOverdue(kernel: Kernel): Promise<number> {
  const caseIds = await kernel.registers.overdueEmergencies(kernel.clocks.caseNow())
  let withdrawn = 0
  for (const caseId of caseIds) withdrawn += await withdrawIn(kernel, caseId)
  return withdrawn
}

async function withdrawIn(kernel: Kernel, caseId: string): Promise<number> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') return 0
    const state = foldCaseStream(stream.history)
    const acting = actingAs({ id: kernel.node.id, roles: [] }, kernel)
    // Asked of the stream, not of the list: somebody may have validated meanwhile.
    const overdue = overdueEmergencies(state.releases, acting.now)
    const releaseIds = overdue.map(({ releaseId }) => releaseId)
    const command = { releaseIds, cause: 'emergencyNotValidated', reason: NOT_VALIDATED } as const
    return (await retractReleases({ kernel, unit, stream }, state, command, acting)).length
  })
}
