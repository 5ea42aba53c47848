/**
 * The duty roster: shifts, and the hand-over from one to the next. The duty is with
 * whoever accepted it last, until the next person accepts: a plan alone hands
 * nothing over.
 */
import { type Decision, permit } from '../../base/decision.ts'
import { addMs, HOUR_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import type { PeopleEvent, Span } from './events.ts'
import { isActive, no, overlaps, spanFault, type WhySpan } from './faults.ts'
import { absenceOf, dutyAt, isWithin, personOf, type Shift, type Standing } from './standing.ts'

export type WhyDuty =
  | WhySpan
  | 'unknownPerson'
  | 'notForDuty'
  | 'overlapping'
  | 'absent'
  | 'unknownShift'
  | 'shiftStarted'
  | 'notOnDuty'
  | 'tooEarly'
  | 'alreadyOffered'
  | 'alreadyAccepted'
  | 'notHandedOver'
  | 'shiftOver'
  | 'notYourShift'

type DutyDecision = Decision<readonly PeopleEvent[], WhyDuty>

const SHIFT_DAYS_MAX = 7
/** A hand-over is for the shift that comes, not for next week. */
const HAND_OVER_EARLY_MS = 4 * HOUR_MS

export function planShift(
  standing: Standing,
  command: { readonly shiftId: string; readonly officer: string } & Span,
  acting: Acting,
): DutyDecision {
  const { shiftId, officer, fromAt, untilAt } = command
  if (!isActive(standing, officer)) return no('unknownPerson', 'there is no such active account')
  const roles = personOf(standing, officer)?.roles ?? []
  if (!roles.some((role) => role === 'caseOfficer' || role === 'liaison')) {
    return no('notForDuty', 'on duty are case officers and liaison officers: they must act')
  }
  const fault = spanFault(command, acting, SHIFT_DAYS_MAX)
  if (fault) return fault
  const open = standing.shifts.filter(({ state }) => state !== 'cancelled')
  if (open.some((shift) => overlaps(shift, command))) {
    return no('overlapping', 'another shift covers part of that time')
  }
  const isAway = standing.absences.some(
    (one) => one.officer === officer && one.endedAt === null && overlaps(one, command),
  )
  if (isAway) return no('absent', 'the person is absent in that time')
  return permit([{ type: 'shiftPlanned', shiftId, officer, fromAt, untilAt }])
}

export function cancelShift(
  standing: Standing,
  { shiftId }: { readonly shiftId: string },
  _acting: Acting,
): DutyDecision {
  const shift = shiftOf(standing, shiftId)
  if (!shift) return no('unknownShift', 'there is no such shift')
  if (shift.state === 'accepted') {
    return no('alreadyAccepted', 'the duty was accepted; hand it over instead')
  }
  return permit([{ type: 'shiftCancelled', shiftId }])
}

/** The one on duty offers it to the person of a shift. Where nobody is on duty, nobody need offer. */
export function handOverDuty(
  standing: Standing,
  { shiftId }: { readonly shiftId: string },
  acting: Acting,
): DutyDecision {
  const shift = shiftOf(standing, shiftId)
  if (!shift) return no('unknownShift', 'there is no such shift')
  const { onDuty } = dutyAt(standing, acting.now)
  if (onDuty?.officer !== acting.officer) {
    return no('notOnDuty', 'only the person on duty hands it over')
  }
  if (shift.state === 'accepted') return no('alreadyAccepted', 'that shift has been accepted')
  if (shift.state === 'offered')
    return no('alreadyOffered', 'it is offered and waits for an answer')
  if (shift.untilAt <= acting.now) return no('shiftOver', 'that shift is over')
  if (addMs(acting.now, HAND_OVER_EARLY_MS) < shift.fromAt) {
    return no('tooEarly', 'a shift is handed over at most four hours before it begins')
  }
  return permit([{ type: 'dutyHandedOver', shiftId, from: acting.officer }])
}

/** By the person of the shift: after it was offered, or at its time if nobody is on duty. */
export function acceptDuty(
  standing: Standing,
  { shiftId }: { readonly shiftId: string },
  acting: Acting,
): DutyDecision {
  const shift = shiftOf(standing, shiftId)
  if (!shift) return no('unknownShift', 'there is no such shift')
  if (shift.officer !== acting.officer) return no('notYourShift', 'the shift is somebody else’s')
  if (shift.state === 'accepted') return no('alreadyAccepted', 'that shift has been accepted')
  if (shift.untilAt <= acting.now) return no('shiftOver', 'that shift is over')
  if (absenceOf(standing, acting.officer, acting.now)) {
    return no('absent', 'you are recorded as absent; end the absence first')
  }
  const { onDuty } = dutyAt(standing, acting.now)
  const isUnheld = onDuty === undefined && isWithin(shift, acting.now)
  if (shift.state !== 'offered' && !isUnheld && onDuty?.officer !== acting.officer) {
    return no('notHandedOver', 'whoever is on duty has not handed it over yet')
  }
  return permit([{ type: 'dutyAccepted', shiftId, officer: acting.officer }])
}

export type RosterGap = Span & { readonly why: 'noShift' | 'personAbsent' }

/** Times between `from` and `until` for which nobody is planned, or only somebody who is away. */
export function rosterGaps(
  standing: Standing,
  from: Instant,
  until: Instant,
): readonly RosterGap[] {
  const shifts = standing.shifts
    .filter((shift) => shift.state !== 'cancelled' && isActive(standing, shift.officer))
    .filter((shift) => overlaps(shift, { fromAt: from, untilAt: until }))
    .sort((a, b) => (a.fromAt < b.fromAt ? -1 : 1))
  const gaps: RosterGap[] = []
  let covered = from
  for (const shift of shifts) {
    if (shift.fromAt > covered)
      gaps.push({ fromAt: covered, untilAt: shift.fromAt, why: 'noShift' })
    gaps.push(...awayDuring(standing, shift, from, until))
    if (shift.untilAt > covered) covered = shift.untilAt
  }
  if (covered < until) gaps.push({ fromAt: covered, untilAt: until, why: 'noShift' })
  return gaps
}

function awayDuring(
  { absences }: Standing,
  shift: Shift,
  from: Instant,
  until: Instant,
): readonly RosterGap[] {
  return absences
    .filter((one) => one.officer === shift.officer && one.endedAt === null && overlaps(one, shift))
    .map((one) => ({
      fromAt: latest(one.fromAt, shift.fromAt, from),
      untilAt: earliest(one.untilAt, shift.untilAt, until),
      why: 'personAbsent' as const,
    }))
    .filter(({ fromAt, untilAt }) => fromAt < untilAt)
}

const latest = (...all: readonly Instant[]): Instant => all.reduce((a, b) => (a > b ? a : b))
const earliest = (...all: readonly Instant[]): Instant => all.reduce((a, b) => (a < b ? a : b))

function shiftOf({ shifts }: Standing, shiftId: string): Shift | undefined {
  return shifts.find((shift) => shift.shiftId === shiftId && shift.state !== 'cancelled')
}
