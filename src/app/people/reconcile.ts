/**
 * Makes the accounts say what the authority stream says: a stop between the event and
 * what follows it leaves neither an open account of a leaver nor roles that were taken.
 * Whoever was being confirmed at that moment comes back with no means of signing in.
 */
import type { Kernel } from '../kernel.ts'
import { standingFrom } from './standing.ts'

export async function reconcileAccounts(kernel: Kernel): Promise<void> {
  const stream = await kernel.streams.read(kernel.authorityStreamId)
  if (!stream) return
  const { people } = await standingFrom(kernel, stream.history)
  const accounts = new Map((await kernel.staff.everyone()).map((one) => [one.id, one]))
  for (const { officer, state, roles, leaving } of people) {
    const account = accounts.get(officer)
    if (!account) continue
    const isSuspended = state === 'suspended' || (state === 'leaving' && leaving?.wasSuspended)
    if (isSuspended) await kernel.staff.suspend(officer)
    if (state === 'active') await kernel.staff.confirm(officer, [])
    if (state === 'leaving' || state === 'left') await kernel.staff.close(officer)
    if (state === 'left') await kernel.staff.destroySigningKey(officer)
    if (state === 'active' && roles.join() !== account.roles.join()) {
      await kernel.staff.setRoles(officer, roles)
    }
  }
}
