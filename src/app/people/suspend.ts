/**
 * After a restore nobody is taken at the backup's word: which accounts were ended,
 * which roles and passkeys were taken since, it cannot tell. Everybody who could act
 * is suspended, on record, until somebody vouches for them.
 */
import { suspendAll } from '../../core/people/accounts.ts'
import type { Kernel } from '../kernel.ts'
import { standingFrom } from './standing.ts'

/** Doing it again suspends nobody twice. @returns how many were suspended */
export async function suspendEveryone(kernel: Kernel): Promise<number> {
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.authorityStreamId)
    if (!stream) return 0
    const events = suspendAll(await standingFrom(kernel, stream.history))
    if (events.length > 0) await stream.append(events, kernel.node.id)
    return events.length
  })
}
