/**
 * Runs the clock of notices that wait: a review of the delay opens, an ended delay becomes
 * work, a notice that nobody sent becomes oversight's work. What happened is in the case,
 * so a second run does nothing again.
 */

import type { CaseEvent } from '../../core/case/case.ts'
import { type CaseState, foldCase } from '../../core/case/case.ts'
import type { Recorded, Role } from '../../core/case/recorded.ts'
import { localDate } from '../../core/desk/local-time.ts'
import { runNoticeTimers, type TimerStep } from '../../core/rights/notice-timers.ts'
import type { Kernel } from '../kernel.ts'
import type { Officer } from '../ports/people.ts'

const TITLES: Readonly<Record<TimerStep, string>> = {
  reviewDue: 'The delay of a notice is under review: say why it still holds, or end it',
  mustTell: 'Tell the affected person: the delay of the notice has ended',
  neverTold: 'An affected person was never told although the delay ended a week ago',
}

const WHO: Readonly<Record<TimerStep, readonly Role[]>> = {
  reviewDue: ['caseOfficer'],
  mustTell: ['caseOfficer'],
  neverTold: ['oversight'],
}

/** @returns how many steps were taken */
export async function runNoticeClock(kernel: Kernel): Promise<number> {
  const caseIds = await kernel.desk.records.casesWithUntold()
  if (caseIds.length === 0) return 0
  const officers = await kernel.people.officers()
  let steps = 0
  for (const caseId of caseIds) steps += await runInCase(kernel, caseId, officers)
  return steps
}

async function runInCase(kernel: Kernel, caseId: string, officers: readonly Officer[]) {
  const { node, random, clocks } = kernel
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') return 0
    const now = clocks.caseNow()
    const state = foldCase(stream.history as readonly Recorded<CaseEvent>[])
    const caseHandlers = state.handlers
    const newReview = () => random.uuidByTime()
    const events = runNoticeTimers(state.rights, { now, caseHandlers }, newReview)
    if (events.length === 0) return 0
    await stream.append(events, node.id)
    const steps = events.flatMap((event) => (event.type === 'noticeTimerRan' ? event.step : []))
    for (const step of steps) {
      for (const { id } of toldOf(state, officers, WHO[step])) {
        await unit.addTask({
          id: random.uuidByTime(),
          caseId,
          title: TITLES[step],
          assignee: id,
          dueOn: localDate(now, node.zone),
          createdBy: id,
          createdAt: now,
        })
      }
    }
    return steps.length
  })
}

const TOLD_MAX = 3

/** Those assigned, or else those who handled the case, each in that order; or else some with the role. */
export function toldOf(
  { access, handlers }: CaseState,
  officers: readonly Officer[],
  roles: readonly Role[],
): readonly Officer[] {
  const able = officers.filter((one) => one.roles.some((role) => roles.includes(role)))
  const among = (ids: readonly string[]) =>
    ids.flatMap((known) => able.find(({ id }) => id === known) ?? [])
  const [first = able] = [among(access.assigned), among(handlers)].filter((some) => some.length > 0)
  return first.slice(0, TOLD_MAX)
}
