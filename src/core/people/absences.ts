/** Absences: from when to when somebody is away. Never why. */
import { type Decision, permit } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { PeopleEvent, Span } from './events.ts'
import { hasRole, isActive, no, overlaps, spanFault, type WhySpan } from './faults.ts'
import type { Standing } from './standing.ts'

export type WhyAbsence =
  | WhySpan
  | 'notYours'
  | 'unknownPerson'
  | 'overlapping'
  | 'unknownAbsence'
  | 'alreadyEnded'

const DAYS_MAX = 366

export function setAbsence(
  standing: Standing,
  command: { readonly absenceId: string; readonly officer: string } & Span,
  acting: Acting,
): Decision<readonly PeopleEvent[], WhyAbsence> {
  const { officer } = command
  const bar = notYours(officer, acting)
  if (bar) return bar
  if (!isActive(standing, officer)) return no('unknownPerson', 'there is no such active account')
  const fault = spanFault(command, acting, DAYS_MAX)
  if (fault) return fault
  const other = standing.absences.some(
    (one) => one.officer === officer && one.endedAt === null && overlaps(one, command),
  )
  if (other) return no('overlapping', 'an absence is set for part of that time; end it first')
  const { absenceId, fromAt, untilAt } = command
  return permit([{ type: 'absenceSet', absenceId, officer, fromAt, untilAt }])
}

export function endAbsence(
  { absences }: Standing,
  { absenceId }: { readonly absenceId: string },
  acting: Acting,
): Decision<readonly PeopleEvent[], WhyAbsence> {
  const absence = absences.find((one) => one.absenceId === absenceId)
  if (!absence) return no('unknownAbsence', 'there is no such absence')
  const bar = notYours(absence.officer, acting)
  if (bar) return bar
  if (absence.endedAt !== null || absence.untilAt <= acting.now) {
    return no('alreadyEnded', 'the absence has ended')
  }
  return permit([{ type: 'absenceEnded', absenceId }])
}

/** Who falls ill sets nothing, so an administrator may. */
function notYours(officer: string, acting: Acting) {
  if (officer === acting.officer || hasRole(acting, 'administrator')) return undefined
  return no('notYours', 'this is for the person itself or an administrator')
}
