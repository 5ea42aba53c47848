/** Who acts, at the case time of this moment. */
import type { Acting } from '../core/case/recorded.ts'
import type { Kernel } from './kernel.ts'
import type { Officer, SignedInOfficer } from './ports/people.ts'

/** A peer, and this node itself where no officer acts, go by their node id and have no role. */
export function actingAs(
  who: Pick<Officer, 'id' | 'roles'> & Partial<Pick<SignedInOfficer, 'session'>>,
  kernel: Kernel,
): Acting {
  const steppedUpAt = who.session?.steppedUpAt
  return {
    officer: who.id,
    roles: who.roles,
    authority: kernel.node.id,
    now: kernel.clocks.caseNow(),
    ...(steppedUpAt ? { steppedUpAt } : {}),
  }
}
