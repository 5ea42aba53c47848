/**
 * Conflicts of interest: declared by the person, or by oversight about a person; ended
 * only by somebody else. A declaration is never refused because it is inconvenient.
 */
import { type Decision, permit } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { PeopleEvent } from './events.ts'
import { hasRole, isActive, no } from './faults.ts'
import type { ConflictNote } from './note.ts'
import { personsOf, type Standing, sideOf } from './standing.ts'

export type WhyConflict =
  | 'notYours'
  | 'unknownPerson'
  | 'subjectMissing'
  | 'alreadyDeclared'
  | 'unknownConflict'
  | 'alreadyEnded'
  | 'ownConflict'

export type DeclareConflict = {
  readonly conflictId: string
  readonly officer: string
  readonly declared: Pick<ConflictNote, 'kind' | 'subject' | 'ground'>
  /** Digest of the note that says it. */
  readonly note: string
}

/** `standing` with its notes opened: what is declared twice is seen only then. */
export function declareConflict(
  standing: Standing,
  { conflictId, officer, declared, note }: DeclareConflict,
  acting: Acting,
): Decision<readonly PeopleEvent[], WhyConflict> {
  if (officer !== acting.officer && !hasRole(acting, 'oversight')) {
    return no('notYours', 'everybody declares for themselves; oversight may declare for others')
  }
  if (!isActive(standing, officer)) return no('unknownPerson', 'there is no such active account')
  if (declared.subject.trim() === '') {
    return no('subjectMissing', 'a conflict names the case, the operator or the authority')
  }
  const known = standing.conflicts.some(
    (one) =>
      one.officer === officer &&
      one.endedAt === null &&
      one.opened?.kind === declared.kind &&
      one.opened.subject === declared.subject,
  )
  if (known) return no('alreadyDeclared', 'this conflict is declared already')
  return permit([{ type: 'conflictDeclared', conflictId, officer, note }])
}

export function withdrawConflict(
  { conflicts }: Standing,
  { conflictId, note }: { readonly conflictId: string; readonly note: string },
  acting: Acting,
): Decision<readonly PeopleEvent[], WhyConflict> {
  const conflict = conflicts.find((one) => one.conflictId === conflictId)
  if (!conflict) return no('unknownConflict', 'there is no such declaration')
  if (conflict.endedAt !== null) return no('alreadyEnded', 'the declaration has ended')
  if (personsOf(sideOf(acting)).includes(conflict.officer)) {
    return no('ownConflict', 'somebody else must confirm that a conflict has ended')
  }
  return permit([{ type: 'conflictWithdrawn', conflictId, note }])
}
