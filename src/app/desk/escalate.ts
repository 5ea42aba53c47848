/** Passes periods that run out to deputies, where their owners are away or silent. */
import { addMs, DAY_MS } from '../../base/time.ts'
import type { AccessContext } from '../../core/access/decide-access.ts'
import { type CaseEvent, foldCase } from '../../core/case/case.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import { type EscalationView, escalateDeadline } from '../../core/desk/escalate-deadline.ts'
import { absenceOf, holds } from '../../core/people/standing.ts'
import { accessContext, decideOnCase } from '../access.ts'
import { actingAs } from '../acting.ts'
import type { Kernel } from '../kernel.ts'
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
  const [context, officers] = await Promise.all([accessContext(kernel), kernel.people.officers()])
  let passed = 0
  for (const caseId of caseIds) {
    const periods = running.filter((one) => one.caseId === caseId)
    passed += await kernel.streams.transact(async (unit) => {
      const stream = await unit.open(caseId)
      if (stream?.kind !== 'case') return 0
      const history = stream.history as readonly Recorded<CaseEvent>[]
      const view = viewOf(kernel, caseId, history, { context, officers })
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

type Staffing = { readonly context: AccessContext; readonly officers: readonly Officer[] }

/** Nobody gets a period who could not work on the case. */
const TAKE_OVER = { name: 'takeOver', group: 'handle' } as const

function viewOf(
  kernel: Kernel,
  caseId: string,
  history: readonly Recorded<CaseEvent>[],
  { context, officers }: Staffing,
): EscalationView | undefined {
  const { standing } = context
  const now = kernel.clocks.caseNow()
  const state = foldCase(history)
  const last = history.findLast(
    ({ by }) => state.handlers.includes(by) && by.length === UUID_LENGTH,
  )
  if (!last) return undefined
  const isAble = (one: Officer) => {
    const acting = actingAs(one, kernel)
    const access = decideOnCase(state, TAKE_OVER, { caseId, acting, context })
    return one.id !== last.by && access.decision === 'permit'
  }
  const able = officers.filter(isAble)
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

/** At once, to whoever left an address: to be passed a period is urgent by itself. */
async function tell(kernel: Kernel, deputy: string): Promise<void> {
  const preference = await kernel.desk.notices.preference(deputy)
  if (!preference) return
  const nothing = {
    tasks: 0,
    deadlines: 0,
    reviews: 0,
    messages: 0,
    proposals: 0,
    duties: 0,
    dues: 0,
    reports: 0,
  }
  const mail = noticeMail(kernel, preference, { ...nothing, urgent: 1 }, 'urgent')
  await kernel.desk.notices.queue({ ...mail, sendAt: kernel.clocks.wireNow() }, {})
}
