/**
 * The duties of all releases that an officer may see, ours and the other side's, with what
 * the time did to them. `due`: within two weeks, which is when reminders begin.
 */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { listFilter } from '../access.ts'
import type { Kernel } from '../kernel.ts'
import type { DutyRow } from '../ports/registers.ts'

export const REMIND_AHEAD_MS = 14 * DAY_MS

export const DUTY_STANDINGS = [
  'overdue',
  'breached',
  'due',
  'contested',
  'open',
  'lasting',
  'discharged',
  'accepted',
  'ended',
] as const
export type DutyStanding = (typeof DUTY_STANDINGS)[number]

export const DUTY_SIDES = ['owedByUs', 'owedToUs'] as const
export type DutySide = (typeof DUTY_SIDES)[number]

export type BoardDuty = Omit<DutyRow, 'state'> & { readonly state: DutyStanding }

export type DutyFilter = { readonly side?: DutySide; readonly state?: DutyStanding }

/** At most 1,000, the next day first. */
export async function dutyBoard(
  kernel: Kernel,
  acting: Acting,
  filter: DutyFilter = {},
): Promise<readonly BoardDuty[]> {
  const shown = (row: DutyRow) => ({ ...row, state: dutyStanding(row, acting.now) })
  const rows = await kernel.registers.duties(
    await listFilter(kernel, acting),
    (row) =>
      (filter.side === undefined || filter.side === sideOfDuty(row)) &&
      (filter.state === undefined || filter.state === shown(row).state),
  )
  return rows.map(shown)
}

export const sideOfDuty = ({ isOwedByUs }: Pick<DutyRow, 'isOwedByUs'>): DutySide =>
  isOwedByUs ? 'owedByUs' : 'owedToUs'

export function dutyStanding(
  { state, dueAt }: Pick<DutyRow, 'state' | 'dueAt'>,
  now: Instant,
): DutyStanding {
  const known = DUTY_STANDINGS.find((one) => one === state) ?? 'open'
  if (dueAt === null || (known !== 'open' && known !== 'contested')) return known
  if (dueAt <= now) return 'overdue'
  return dueAt <= addMs(now, REMIND_AHEAD_MS) && known === 'open' ? 'due' : known
}
