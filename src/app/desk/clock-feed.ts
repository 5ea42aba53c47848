/**
 * The board of clocks for calendar programs, which bring a password of its own and no
 * session. Whether the account is in use, which roles it has and which cases it may see is
 * asked anew each time, of the same functions as everywhere. A calendar lies with
 * whoever runs it: confidential cases are left out.
 *
 * What it does not do: what a calendar program has fetched stays there.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { type DeskAction, decideDeskAccess } from '../access.ts'
import { actingAs } from '../acting.ts'
import type { Kernel } from '../kernel.ts'
import { type BoardClock, clockBoard } from './clock-board.ts'

/** It works without anybody at a browser: one that was left open must not be enough. */
export const MAKE_CALENDAR_PASSWORD = {
  name: 'makeCalendarPassword',
  group: 'workspace',
  stepUp: true,
} as const

const READ_CLOCK_FEED: DeskAction = { name: 'readClockFeed', group: 'workspace' }

/** The password, which is shown once and is nowhere else. */
export async function makeCalendarPassword(
  kernel: Kernel,
  acting: Acting,
): Promise<Decision<string>> {
  const access = await decideDeskAccess(kernel, MAKE_CALENDAR_PASSWORD, acting)
  if (access.decision === 'refuse') return access
  const password = await kernel.signIn.calendar.make(acting.officer)
  if (password !== undefined) return permit(password, ...access.because)
  const text = 'the account is not in use'
  return refuse('notInOffice', { rule: 'access:notInOffice', text })
}

export type FeedAsked = {
  /** As the program says it. */
  readonly officer: string
  readonly password: string
  /** The address that the door saw. */
  readonly from: string | undefined
}

export type ClockFeed = { readonly clocks: readonly BoardClock[]; readonly now: Instant }

/** An unknown account, one that may not, and a wrong password are one answer. */
export async function clockFeed(
  kernel: Kernel,
  { officer, password, from }: FeedAsked,
): Promise<ClockFeed | 'wrong' | 'tooManyTries'> {
  const { calendar } = kernel.signIn
  const one = { from, at: officer }
  if (!(await calendar.tries.mayTry(one))) return 'tooManyTries'
  const acting = await actingBy(kernel, officer, password)
  if (!acting) {
    calendar.tries.failed(one)
    return 'wrong'
  }
  await calendar.markUsed(officer, today(kernel))
  const clocks = await clockBoard(kernel, acting, { isWithoutConfidential: true })
  return { clocks, now: acting.now }
}

async function actingBy(
  kernel: Kernel,
  officerId: string,
  password: string,
): Promise<Acting | undefined> {
  const isRight = await kernel.signIn.calendar.isRight(officerId, password)
  const officer = isRight ? await kernel.people.officer(officerId) : undefined
  if (!officer) return undefined
  const acting = actingAs(officer, kernel)
  const access = await decideDeskAccess(kernel, READ_CLOCK_FEED, acting)
  return access.decision === 'permit' ? acting : undefined
}

/** Of real time, in the authority's zone. */
function today({ clocks, node }: Kernel): CalendarDate {
  const now = Temporal.Instant.from(clocks.wireNow()).toZonedDateTimeISO(node.zone)
  return now.toPlainDate().toString() as CalendarDate
}
