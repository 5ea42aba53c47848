/** What waits for one officer, across cases. The same lists make the page and the notices. */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { localDate } from '../../core/desk/local-time.ts'
import { listFilter } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import type { DueRow } from '../ports/registers.ts'
import type { OpenDeadline, OpenDuty, OpenTask, Waiting, WorkCounts } from '../ports/work.ts'
import { REMIND_AHEAD_MS } from './duty-board.ts'
import { proposalsFor, type WaitingProposal } from './waiting-proposals.ts'

export type WorkList = {
  readonly tasks: readonly OpenTask[]
  readonly deadlines: readonly OpenDeadline[]
  readonly waiting: readonly Waiting[]
  readonly proposals: readonly WaitingProposal[]
  /** Ours that are due within two weeks or late; of others, discharges that wait for an answer. */
  readonly duties: readonly OpenDuty[]
  /** What else falls due within two weeks, or is late. */
  readonly dues: readonly DueRow[]
}

/** Without the cases that the officer may not see. */
export async function workListOf(kernel: Kernel, acting: Acting): Promise<WorkList> {
  const { officer } = acting
  const { records } = kernel.desk
  const hidden = new Set(await kernel.registers.hiddenCases(await listFilter(kernel, acting)))
  const isSeen = ({ caseId }: { readonly caseId: string }) => !hidden.has(caseId)
  const until = addMs(acting.now, REMIND_AHEAD_MS)
  const [tasks, deadlines, waiting, proposals, duties, dues] = await Promise.all([
    records.openTasksFor(officer),
    records.deadlinesFor(officer),
    records.waitingFor(officer),
    proposalsFor(kernel, acting),
    records.dutiesFor(officer, until),
    records.duesFor(officer, until),
  ])
  return {
    tasks: tasks.filter(isSeen),
    deadlines: deadlines.filter(isSeen),
    waiting: waiting.filter(isSeen),
    proposals,
    duties: duties.filter(isSeen),
    dues: dues.filter(isSeen),
  }
}

export function countWork(list: WorkList, now: Instant, zone: string): WorkCounts {
  const reviews = list.waiting.filter(({ what }) => what === 'review').length
  return {
    tasks: list.tasks.length,
    deadlines: list.deadlines.length,
    reviews,
    messages: list.waiting.length - reviews,
    proposals: list.proposals.length,
    duties: list.duties.length,
    dues: list.dues.length,
    urgent: urgentWork(list, now, zone).length,
  }
}

/**
 * Names of what is due within a day or late, or expires by then: ids, so that a change can be
 * told. What was near and is late now is a change: who was told before is told again.
 */
export function urgentWork(list: WorkList, now: Instant, zone: string): readonly string[] {
  const soon = addMs(now, DAY_MS)
  const tomorrow = localDate(soon, zone)
  const tasks = list.tasks.filter(({ dueOn }) => dueOn !== null && dueOn <= tomorrow)
  const deadlines = list.deadlines.filter(({ dueAt }) => dueAt <= soon)
  const proposals = list.proposals.filter(({ expiresAt }) => expiresAt <= soon)
  const duties = list.duties.filter(
    ({ dueAt, state }) => state !== 'discharged' && dueAt !== null && dueAt <= soon,
  )
  const dues = list.dues.filter(({ dueAt }) => dueAt <= soon)
  const late = (dueAt: Instant | null) => (dueAt !== null && dueAt <= now ? ' late' : '')
  return [
    ...dues.map(({ kind, subjectId, dueAt }) => `${kind} ${subjectId} ${dueAt}${late(dueAt)}`),
    ...duties.map((one) => `${one.releaseId} ${one.dutyId} ${one.dueAt}${late(one.dueAt)}`),
    ...proposals.map(({ proposalId }) => proposalId),
    ...tasks.map(({ id }) => id),
    ...deadlines.map(({ caseId, clock, dueAt }) => `${caseId} ${clock} ${dueAt}`),
  ].sort()
}
