/**
 * The people of a node that came back from a backup: suspended before any door opens,
 * and the way back of the first administrator. Not in the demonstration, whose
 * accounts are everybody's.
 */
import { UNCONFIRMED_SETTING } from '../adapters/backup/restore-backup.ts'
import type { Database } from '../adapters/postgres/database.ts'
import type { Kernel } from '../app/kernel.ts'
import { suspendEveryone } from '../app/people/suspend.ts'
import { report } from './report.ts'

/** Once for each restore. One that was cut short is done again by the next start. */
export async function suspendRestored(kernel: Kernel, database: Database): Promise<void> {
  const waiting = await database
    .selectFrom('node_setting')
    .select('key')
    .where('key', '=', UNCONFIRMED_SETTING)
    .executeTakeFirst()
  if (!waiting) return
  if (kernel.node.profile !== 'demo') {
    const accounts = await suspendEveryone(kernel)
    report('restored-accounts-suspended', { accounts })
  }
  await database.deleteFrom('node_setting').where('key', '=', UNCONFIRMED_SETTING).execute()
}
