/**
 * Somebody is treated badly because of a report: whoever has the case gets a task, and a
 * clock runs until the reporter is told what is done. The period is this software's own
 * proposal, no law's: seven days.
 */
import { addMs, DAY_MS } from '../base/time.ts'
import type { DeskEvent } from '../core/desk/desk-events.ts'
import { readingTasks, toldOf } from './answer-shared.ts'
import { foldCaseStream, noSuchCase } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { Unit } from './ports/streams.ts'

const PROTECTION_MS = 7 * DAY_MS
const TITLE = 'Protect a reporter: a follow-up says that somebody is treated badly for the report'

/** In the transaction that keeps the follow-up, or that admits its report. */
export async function startProtection(
  kernel: Kernel,
  unit: Unit,
  caseId: string,
  messageIds: readonly string[],
): Promise<void> {
  const stream = await unit.open(caseId)
  if (stream?.kind !== 'case') throw noSuchCase()
  const state = foldCaseStream(stream.history)
  const known = new Set(state.desk.retaliations.map(({ messageId }) => messageId))
  const now = kernel.clocks.caseNow()
  const events = messageIds
    .filter((messageId) => !known.has(messageId))
    .map((messageId): DeskEvent => {
      return { type: 'retaliationReported', messageId, dueAt: addMs(now, PROTECTION_MS) }
    })
  if (events.length === 0) return
  // With the intake's own entries, so that the log does not tell when a reporter wrote.
  await stream.append(events, kernel.node.id, 'intake')
  const told = toldOf(state, await kernel.people.officers())
  for (const task of readingTasks(kernel, caseId, told, now, TITLE)) await unit.addTask(task)
}
