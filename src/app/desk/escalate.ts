/** Passes periods that run out to deputies, where their owners are away or silent. */
import { addMs, DAY_MS } from '../../base/time.ts'
import { type CaseEvent, type CaseState, foldCase } from '../../core/case/case.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import { type EscalationView, escalateDeadline } from '../../core/desk/escalate-deadline.ts'
import { absenceOf, conflictIn, holds, type Standing } from '../../core/people/standing.ts'
import type { Kernel } from '../kernel.ts'
import { readStanding } from '../people/standing.ts'
import type { Officer } from '../ports/people.ts'
import { noticeMail } from './notices.ts'

/** Returns how many periods were passed on. */
export async function escalateDeadlines(kernel: Kernel): Promise<number> {
  const rule = kernel.desk.rules?.escalation
  if (!rule) return 0
  const until = addMs(kernel.clocks.caseNow(), rule.withinDays * DAY_MS)
  const running = await kernel.desk.records.deadlinesUntil(until)
  const caseIds = [...new Set(running.map(({ caseId }) => caseId))]
  if (caseIds.length === 0) return 0
  const [standing, officers] = await Promise.all([readStanding(kernel), kernel.people.officers()])
  let passed = 0
  for (const caseId of caseIds) {
    const periods = running.filter((one) => one.caseId === caseId)
    passed += await kernel.streams.transact(async (unit) => {
      const stream = await unit.open(caseId)
      if (stream?.kind !== 'case') return 0
      const history = stream.history as readonly Recorded<CaseEvent>[]
      const view = viewOf(kernel, caseId, history, { standing, officers })
      if (!view) return 0
      const now = kernel.clocks.caseNow()
      const events = periods.flatMap((period) => escalateDeadline(period, view, rule, now) ?? [])
      if (events.length === 0) return 0
      await stream.append(events, kernel.node.id)
      for (const deputy of new Set(events.map((event) => event.deputy))) await tell(kernel, deputy)
      return events.length
    })
  }
  return passed
}

type Staffing = { readonly standing: Standing; readonly officers: readonly Officer[] }

function viewOf(
  { clocks }: Kernel,
  caseId: string,
  history: readonly Recorded<CaseEvent>[],
  { standing, officers }: Staffing,
): EscalationView | undefined {
  const now = clocks.caseNow()
  const state = foldCase(history)
  const last = history.findLast(
    ({ by }) => state.handlers.includes(by) && by.length === UUID_LENGTH,
  )
  if (!last) return undefined
  const matter = matterOf(caseId, state)
  const isFree = ({ id }: Officer) =>
    id !== last.by && !absenceOf(standing, id, now) && !conflictIn(standing, id, matter)
  const able = officers.filter((one) => one.roles.includes('caseOfficer') && isFree(one))
  const delegates = standing.delegations
    .filter((one) => one.from === last.by && holds(one, now))
    .map(({ to }) => to)
  const rank = ({ id }: Officer) =>
    delegates.includes(id) ? 0 : state.handlers.includes(id) ? 1 : 2
  return {
    owner: last.by,
    ownerActedAt: last.at,
    isOwnerHere: officers.some(({ id }) => id === last.by),
    isOwnerAbsent: absenceOf(standing, last.by, now) !== undefined,
    deputies: able.sort((a, b) => rank(a) - rank(b)).map(({ id }) => id),
    earlier: state.desk.escalations,
  }
}

/** Officers have UUIDs; peers and the node itself have names. */
const UUID_LENGTH = 36

function matterOf(caseId: string, { enforcement, disclosure }: CaseState) {
  return {
    caseId,
    operators: enforcement.operator ? [enforcement.operator.name] : [],
    authorities: disclosure.participants.map(({ id }) => id),
  }
}

/** At once, to whoever left an address: to be passed a period is urgent by itself. */
async function tell(kernel: Kernel, deputy: string): Promise<void> {
  const preference = await kernel.desk.notices.preference(deputy)
  if (!preference) return
  const nothing = { tasks: 0, deadlines: 0, reviews: 0, messages: 0, reports: 0 }
  const mail = noticeMail(kernel, preference, { ...nothing, urgent: 1 }, 'urgent')
  await kernel.desk.notices.queue({ ...mail, sendAt: kernel.clocks.wireNow() }, {})
}
