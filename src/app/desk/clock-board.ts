/**
 * The clocks of all cases that an officer may see, as they were last computed, with
 * what the time since then did to them. No date is computed anew here: a page of a
 * case does that, and records it.
 */
import { addMs, type CalendarDate, DAY_MS, type Instant, instantFromMs } from '../../base/time.ts'
import type { CaseForAccess } from '../../core/access/case-access.ts'
import type { Acting } from '../../core/case/recorded.ts'
import type { Clock } from '../../core/law/clock.ts'
import { CLOCK_STATES } from '../../core/law/clock-result.ts'
import type { LawPack } from '../../core/law/pack.ts'
import { listFilter } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import type { CalendarEntry } from '../ports/calendar-files.ts'
import type { ClockRow } from '../ports/registers.ts'

/** How near the date is. `strictPassed`: only the later of both dates is still ahead. */
export const NEARNESS = ['passed', 'strictPassed', 'day', 'week', 'later', 'undated'] as const
export type Nearness = (typeof NEARNESS)[number]

export type BoardClock = ClockRow & { readonly nearness: Nearness }

/** States in which nothing is to be done any more, or not yet. */
const QUIET = ['met', 'satisfied_by', 'not_started', 'not_yet_applicable', 'unknown_clock']

const LIVE = CLOCK_STATES.filter((state) => !QUIET.includes(state))

export type BoardFilter = {
  readonly legalOrder?: string
  readonly state?: string
  /** Also those in which nothing is to be done. */
  readonly isComplete?: boolean
  /** Nothing of a confidential case, whoever asks. */
  readonly isWithoutConfidential?: boolean
}

/**
 * The next date first; undated duties after them, as they ask to act at once. At most 1,000
 * in which something is to be done, and as many others after them.
 */
export async function clockBoard(
  kernel: Kernel,
  acting: Acting,
  filter: BoardFilter = {},
): Promise<readonly BoardClock[]> {
  const { packs } = await kernel.law.context()
  const floors = floorsOf(packs)
  const shown = (row: ClockRow) => onBoard(row, acting.now, floors.has(row.clock))
  const maySee = await listFilter(kernel, acting)
  const isLeftOut = ({ classification }: CaseForAccess) =>
    filter.isWithoutConfidential === true && classification === 'confidential'
  const sees = (resource: CaseForAccess) => !isLeftOut(resource) && maySee(resource)
  const is = (row: ClockRow) => isWanted(shown(row), filter)
  const live = await kernel.registers.clocks(sees, { without: QUIET, is })
  if (filter.isComplete !== true && filter.state === undefined) return live.map(shown)
  const quiet = await kernel.registers.clocks(sees, { without: LIVE, is })
  return [...live, ...quiet].map(shown)
}

/** Of periods that one waits for, or that end by themselves: nobody is late when they have. */
function floorsOf(packs: readonly LawPack[]): ReadonlySet<string> {
  const clocks = packs.flatMap(({ instruments }) => instruments.flatMap((each) => each.clocks))
  const isFloor = ({ kind }: Clock) => kind === 'min' || kind === 'validity'
  return new Set(clocks.filter(isFloor).map(({ id }) => id))
}

function isWanted(row: BoardClock, { legalOrder, state, isComplete }: BoardFilter): boolean {
  if (legalOrder !== undefined && row.legalOrder !== legalOrder) return false
  if (state !== undefined) return row.state === state
  return isComplete === true || !QUIET.includes(row.state)
}

/**
 * A period that was due when computed is overdue once its later date has passed.
 *
 * @param isWaitedFor the end of a hearing, of a retention or of a measure's validity
 */
export function onBoard(row: ClockRow, now: Instant, isWaitedFor = false): BoardClock {
  const nearness = nearnessOf(row, now)
  return {
    ...row,
    nearness,
    state: row.state === 'due' && nearness === 'passed' && !isWaitedFor ? 'overdue' : row.state,
  }
}

function nearnessOf({ state, strictDue, legalDue }: ClockRow, now: Instant): Nearness {
  if (strictDue === null || QUIET.includes(state)) return 'undated'
  const strict = instantOf(strictDue)
  const legal = legalDue === null ? strict : instantOf(legalDue)
  if (legal <= now) return 'passed'
  if (strict <= now) return 'strictPassed'
  if (strict <= addMs(now, DAY_MS)) return 'day'
  return strict <= addMs(now, 7 * DAY_MS) ? 'week' : 'later'
}

export type EntryWords = {
  /** Without the title of the case: a calendar lies on many devices. */
  readonly title: (row: BoardClock) => string
  readonly text: (row: BoardClock) => string
}

/** One entry for each date: the stricter one, on which one's own duty is done. */
export function calendarEntries(
  rows: readonly BoardClock[],
  nodeId: string,
  words: EntryWords,
): readonly CalendarEntry[] {
  return rows.flatMap((row) => {
    if (row.strictDue === null || row.nearness === 'undated') return []
    const uid = `${row.caseId}.${row.clock.replace('/', '.')}@${nodeId}`
    return [{ uid, title: words.title(row), text: words.text(row), on: lastOf(row.strictDue) }]
  })
}

/** The last day in time, where the date is the end of a day; else the moment itself. */
function lastOf(due: string): CalendarEntry['on'] {
  const moment = Temporal.ZonedDateTime.from(due)
  if (!moment.equals(moment.startOfDay())) return { at: instantOf(due) }
  return { day: moment.toPlainDate().subtract({ days: 1 }).toString() as CalendarDate }
}

function instantOf(due: string): Instant {
  return instantFromMs(Temporal.ZonedDateTime.from(due).epochMilliseconds)
}
