/** What the node does by the clock for files between nodes: fetching, and watching what leaves. */
import type { Kernel } from '../app/kernel.ts'
import { fileTurns } from '../app/travel/fetch-files.ts'
import { watchLeavingFiles } from '../app/travel/lend-files.ts'
import { SECOND_MS } from '../base/time.ts'
import type { Job } from './jobs.ts'
import { reportFault } from './report.ts'

/** `federation`: of the door at which peers fetch, which keeps what lies there for them. */
export function fileJobs(own: Kernel, federation: Kernel): readonly Job[] {
  const turns = fileTurns(own, (error) => reportFault('job-failed', error, { job: 'files-coming' }))
  return [
    {
      ...{ name: 'files-coming', intervalMs: SECOND_MS },
      run: turns.begin,
      ended: turns.ended,
    },
    {
      name: 'files-leaving',
      intervalMs: 15 * SECOND_MS,
      run: () => watchLeavingFiles(federation),
    },
  ]
}
