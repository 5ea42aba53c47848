/**
 * Destroys, on its day, what two persons approved: the key and the ciphertext of each
 * exhibit, in the transaction that records it. A legal hold, a need of the case or oversight
 * keeps it; the next run asks again. Done again it changes nothing.
 *
 * It also finishes what a crash or a restore left: an exhibit, or what a peer showed, that
 * the history says is destroyed and whose key is there again.
 */
import type { CaseEvent } from '../core/case/case.ts'
import { caseNeeds } from '../core/case/case-need.ts'
import { destroyExhibits } from '../core/evidence/destroy.ts'
import { appraisalOf, dueForDestruction } from '../core/evidence/retention.ts'
import { destroyWithHandOvers } from './hand-over-file.ts'
import type { Kernel } from './kernel.ts'
import { watchedNow } from './oversight/watched-now.ts'
import type { Unit } from './ports/streams.ts'
import { caseStateOf } from './receive-message.ts'

/** Returns how many exhibits were destroyed. */
export async function disposeOfExhibits(kernel: Kernel): Promise<number> {
  const now = kernel.clocks.caseNow()
  const { due, left } = await kernel.registers.exhibitsToDestroy(now)
  for (const exhibitId of left) await kernel.exhibits.destroy(exhibitId)
  for (const view of await kernel.registers.viewsToDestroy()) {
    await kernel.receivedViews.destroy(view)
  }
  let destroyed = 0
  for (const caseId of due) {
    destroyed += await kernel.streams.transact((unit) => disposeIn(kernel, unit, caseId))
  }
  return destroyed
}

async function disposeIn(kernel: Kernel, unit: Unit, caseId: string): Promise<number> {
  const stream = await unit.open(caseId)
  const state = caseStateOf(stream)
  if (!stream || !state || caseNeeds(state).length > 0) return 0
  if ((await watchedNow(kernel, unit, caseId)).length > 0) return 0
  const { evidence } = state
  const by = kernel.node.id
  const events: CaseEvent[] = []
  for (const { exhibitId } of dueForDestruction(evidence, kernel.clocks.caseNow())) {
    const purpose = `disposal: ${appraisalOf(evidence, exhibitId)?.reason ?? ''}`
    const decided = destroyExhibits(evidence, { exhibitIds: [exhibitId], purpose }, by)
    if (decided.decision === 'refuse') continue
    await destroyWithHandOvers(kernel, state, exhibitId)
    events.push(...decided.value)
  }
  if (events.length > 0) await stream.append(events, by)
  return events.length
}
