/** The list of what was erased, in the node's folder: kept up to date, and obeyed at each start. */
import { join } from 'node:path'
import {
  addToErasureList,
  ERASURE_LIST,
  erasuresIn,
  readErasureList,
} from '../adapters/backup/erasure-list.ts'
import type { AtRest } from '../adapters/keys/at-rest.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { eraseAgain } from '../app/erasure/erase-again.ts'
import type { Kernel } from '../app/kernel.ts'
import { MINUTE_MS } from '../base/time.ts'
import type { Job } from './jobs.ts'
import { report } from './report.ts'

type Parts = {
  readonly folder: string
  readonly atRest: AtRest
  /** Of the owner. */
  readonly database: Database
}

/** Before any door opens. Once a restore is caught up it finds nothing to do. */
export async function eraseWhatIsListed(kernel: Kernel, { folder, atRest }: Parts): Promise<void> {
  const listed = await readErasureList(join(folder, ERASURE_LIST), atRest)
  const cases = await eraseAgain(kernel, listed)
  if (cases > 0) report('erased-again', { cases })
}

export function erasureListJob({ folder, atRest, database }: Parts): Job {
  return {
    name: 'erasure-list',
    intervalMs: MINUTE_MS,
    run: async () => {
      const events = await erasuresIn(database, atRest)
      await addToErasureList(join(folder, ERASURE_LIST), atRest, events)
    },
  }
}
