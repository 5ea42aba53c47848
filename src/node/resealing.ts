/** After a rotation of the column key: moves the columns while the node works. */
import type { AtRest } from '../adapters/keys/at-rest.ts'
import { resealColumns } from '../adapters/postgres/column-keys/reseal-columns.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { report, reportFault } from './report.ts'

/** @param formerKeys how many former keys the node still holds */
export function startResealing(database: Database, atRest: AtRest, formerKeys: number) {
  let isStopped = false
  const done = formerKeys === 0 ? Promise.resolve() : reseal()
  async function reseal(): Promise<void> {
    try {
      const { seen, resealed } = await resealColumns(database, atRest, () => isStopped)
      if (!isStopped) report('columns-resealed', { seen, resealed })
    } catch (error) {
      reportFault('columns-not-resealed', error)
    }
  }
  return {
    async stop() {
      isStopped = true
      await done
    },
  }
}
