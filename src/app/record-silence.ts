/**
 * The time to answer about an embargo is over: whoever said nothing is recorded as silent,
 * which is not a no, and a late yes to terms that still stand counts. Only at the authority
 * that leads. Run again and again; each run finds what is due at case time, also of the
 * time when the node was down, and finds nothing twice.
 */
import { expireInvitations } from '../core/disclosure/consent.ts'
import { actingAs } from './acting.ts'
import { foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'

/** @returns how many parties were silent */
export async function recordSilences(kernel: Kernel): Promise<number> {
  const { registers, clocks, node } = kernel
  const caseIds = await registers.silentInvitations(node.id, clocks.caseNow())
  let silent = 0
  for (const caseId of caseIds) silent += await silentIn(kernel, caseId)
  return silent
}

async function silentIn(kernel: Kernel, caseId: string): Promise<number> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') return 0
    const { disclosure, lead } = foldCaseStream(stream.history)
    const acting = actingAs({ id: kernel.node.id, roles: [] }, kernel)
    if (lead !== kernel.node.id) return 0
    // Asked of the stream, not of the list: somebody may have answered meanwhile.
    const late = expireInvitations(disclosure, {}, acting)
    if (late.decision === 'refuse' || late.value.length === 0) return 0
    await stream.append(late.value, kernel.node.id)
    return late.value.length
  })
}
