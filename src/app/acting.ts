/** Who acts, at the case time of this moment. */
import type { Acting } from '../core/case/recorded.ts'
import type { Kernel } from './kernel.ts'
import type { Officer } from './ports/people.ts'

/** A peer, and this node itself where no officer acts, go by their node id and have no role. */
export function actingAs({ id, roles }: Pick<Officer, 'id' | 'roles'>, kernel: Kernel): Acting {
  return { officer: id, roles, authority: kernel.node.id, now: kernel.clocks.caseNow() }
}
