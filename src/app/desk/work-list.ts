/** What waits for one officer, across cases. The same lists make the page and the notices. */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { localDate } from '../../core/desk/local-time.ts'
import type { Kernel } from '../kernel.ts'
import type { OpenDeadline, OpenTask, Waiting, WorkCounts } from '../ports/work.ts'

export type WorkList = {
  readonly tasks: readonly OpenTask[]
  readonly deadlines: readonly OpenDeadline[]
  readonly waiting: readonly Waiting[]
}

/** `now`: case time. */
export async function workListOf(
  { desk }: Pick<Kernel, 'desk'>,
  officer: string,
): Promise<WorkList> {
  const { records } = desk
  const [tasks, deadlines, waiting] = await Promise.all([
    records.openTasksFor(officer),
    records.deadlinesFor(officer),
    records.waitingFor(officer),
  ])
  return { tasks, deadlines, waiting }
}

export function countWork(list: WorkList, now: Instant, zone: string): WorkCounts {
  const soon = addMs(now, DAY_MS)
  const tomorrow = localDate(soon, zone)
  const urgentTasks = list.tasks.filter(({ dueOn }) => dueOn !== null && dueOn <= tomorrow)
  const urgentDeadlines = list.deadlines.filter(({ dueAt }) => dueAt <= soon)
  const reviews = list.waiting.filter(({ what }) => what === 'review').length
  return {
    tasks: list.tasks.length,
    deadlines: list.deadlines.length,
    reviews,
    messages: list.waiting.length - reviews,
    urgent: urgentTasks.length + urgentDeadlines.length,
  }
}
