/**
 * Passes a period that runs out to a deputy, where its owner is away or silent.
 *
 * The owner is the officer who did the last act of case work. The deputy is whom the
 * owner delegated to, else another handler who is there, else any case officer who
 * is. A period is passed on once to the same person; nobody is passed a case in
 * which they declared a conflict of interest.
 */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { DeadlineEscalated, EscalationGround } from './desk-events.ts'

export type EscalationRule = {
  /** Within so many days of its end a period is passed on. */
  readonly withinDays: number
  /** An owner who did nothing in the case for so many days is silent. */
  readonly silentDays: number
}

export type RunningPeriod = { readonly clock: string; readonly dueAt: Instant }

export type EscalationView = {
  readonly owner: string
  readonly ownerActedAt: Instant
  /** Of this authority still. */
  readonly isOwnerHere: boolean
  readonly isOwnerAbsent: boolean
  /** Who may take over, the fittest first. None of them is absent or in conflict. */
  readonly deputies: readonly string[]
  readonly earlier: readonly Pick<DeadlineEscalated, 'clock' | 'dueAt' | 'deputy'>[]
}

/** `undefined`: nothing to pass on, or nobody to pass it to. */
export function escalateDeadline(
  { clock, dueAt }: RunningPeriod,
  view: EscalationView,
  { withinDays, silentDays }: EscalationRule,
  now: Instant,
): DeadlineEscalated | undefined {
  if (dueAt > addMs(now, withinDays * DAY_MS)) return undefined
  const ground = groundOf(view, addMs(now, -silentDays * DAY_MS))
  if (!ground) return undefined
  const { owner, deputies, earlier } = view
  const before = earlier.filter((one) => one.clock === clock && one.dueAt === dueAt)
  if (before.some(({ deputy }) => deputies.includes(deputy))) return undefined
  const deputy = deputies.find((id) => id !== owner)
  if (deputy === undefined) return undefined
  return { type: 'deadlineEscalated', clock, dueAt, owner, deputy, ground }
}

function groundOf(view: EscalationView, silentSince: Instant): EscalationGround | undefined {
  if (!view.isOwnerHere) return 'left'
  if (view.isOwnerAbsent) return 'absent'
  return view.ownerActedAt < silentSince ? 'silent' : undefined
}
