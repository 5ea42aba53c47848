/**
 * Liaison rotation: who is the contact for which peer, until when, and who follows.
 * A term ends only when a successor is named, so that no peer is left without one.
 */
import { type Decision, permit, type Refusal } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import type { PeopleEvent, Span } from './events.ts'
import { isActive, no, overlaps, spanFault, type WhySpan } from './faults.ts'
import { type LiaisonTerm, personOf, type Standing } from './standing.ts'

export type WhyLiaison =
  | WhySpan
  | 'notALiaison'
  | 'ownSuccessor'
  | 'overlapping'
  | 'unknownTerm'
  | 'alreadyEnded'
  | 'noSuccessor'

const YEARS_5_DAYS = 5 * 366
/** A term that ends within this time needs a successor. */
const SUCCESSOR_NOTICE_MS = 30 * DAY_MS

export function setLiaisonTerm(
  standing: Standing,
  command: Omit<LiaisonTerm, 'endedAt'>,
  acting: Acting,
): Decision<readonly PeopleEvent[], WhyLiaison> {
  const { termId, officer, peer, successor, fromAt, untilAt } = command
  const fault =
    liaisonFault(standing, officer) ??
    (successor === null ? undefined : successorFault(standing, officer, successor)) ??
    spanFault(command, acting, YEARS_5_DAYS)
  if (fault) return fault
  const other = standing.terms.some(
    (term) => term.endedAt === null && term.peer === peer && overlaps(term, command),
  )
  if (other) return no('overlapping', 'somebody is liaison for that authority in that time')
  const span: Span = { fromAt, untilAt }
  return permit([{ type: 'liaisonTermSet', termId, officer, peer, successor, ...span }])
}

export function nameSuccessor(
  standing: Standing,
  { termId, successor }: { readonly termId: string; readonly successor: string },
  _acting: Acting,
): Decision<readonly PeopleEvent[], WhyLiaison> {
  const term = openTerm(standing, termId)
  if ('decision' in term) return term
  const fault = successorFault(standing, term.officer, successor)
  return fault ?? permit([{ type: 'liaisonSuccessorNamed', termId, successor }])
}

/**
 * Ends a term; the successor's begins at once and ends a year later.
 * `nextTermId` is the id of that term.
 */
export function rotateLiaison(
  standing: Standing,
  { termId, nextTermId }: { readonly termId: string; readonly nextTermId: string },
  { now }: Acting,
): Decision<readonly PeopleEvent[], WhyLiaison> {
  const term = openTerm(standing, termId)
  if ('decision' in term) return term
  const { officer, peer, successor } = term
  if (successor === null) return no('noSuccessor', 'name who follows first')
  const fault = successorFault(standing, officer, successor)
  if (fault) return fault
  const next = {
    type: 'liaisonTermSet',
    termId: nextTermId,
    officer: successor,
    peer,
    successor: null,
    fromAt: now,
    untilAt: addMs(now, 365 * DAY_MS),
  } as const
  return permit([{ type: 'liaisonTermEnded', termId }, next])
}

/** Open terms that end soon, or have ended, and that nobody follows. */
export function termsWithoutSuccessor(standing: Standing, at: Instant): readonly LiaisonTerm[] {
  return standing.terms.filter(
    (term) =>
      term.endedAt === null &&
      term.untilAt <= addMs(at, SUCCESSOR_NOTICE_MS) &&
      (term.successor === null || !isActive(standing, term.successor)),
  )
}

function openTerm({ terms }: Standing, termId: string): LiaisonTerm | Refusal<WhyLiaison> {
  const term = terms.find((one) => one.termId === termId)
  if (!term) return no('unknownTerm', 'there is no such term')
  return term.endedAt === null ? term : no('alreadyEnded', 'the term has ended')
}

function liaisonFault(standing: Standing, officer: string) {
  const person = personOf(standing, officer)
  if (person?.state === 'active' && person.roles.includes('liaison')) return undefined
  return no('notALiaison', 'that needs an active liaison officer')
}

function successorFault(standing: Standing, officer: string, successor: string) {
  if (officer === successor) return no('ownSuccessor', 'nobody follows themselves')
  return liaisonFault(standing, successor)
}
