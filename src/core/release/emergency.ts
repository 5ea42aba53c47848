/**
 * What follows a release in an emergency: a second officer validates it within the hours
 * of the agreement's clause, or it is withdrawn, by that officer at once or by the node
 * when the hours are over.
 *
 * Where the emergency put an independent review afterwards, the validation is that review:
 * only a reviewer gives it. Nobody validates what they prepared, in person or by a
 * delegation, or with a conflict of interest.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { isSameSide, sideOf } from '../people/standing.ts'
import { isConflicted } from './conflicted.ts'
import type { Release, ReleaseEvent, ReleaseState } from './release.ts'

export type EmergencyEvent = {
  readonly type: 'emergencyValidated'
  readonly releaseId: string
  readonly reason: string
}

export type Validation = { readonly at: Instant; readonly by: string; readonly reason: string }

/** What an emergency put afterwards, where the agreement asks for it beforehand. */
export type Waived = 'review' | 'secondOfficer'

export type WhyValidation =
  | 'unknownRelease'
  | 'noEmergency'
  | 'alreadyAnswered'
  | 'samePerson'
  | 'officerConflict'
  | 'notAReviewer'
  | 'reasonMissing'
  | 'hoursOver'

type ValidationDecision = Decision<readonly ReleaseEvent[], WhyValidation>

export type Validate = {
  readonly releaseId: string
  readonly answer: 'validate' | 'withdraw'
  readonly reason: string
}

/** `conflicted`: officers with an open conflict of interest in the matter. */
export function validateEmergency(
  { permitted }: Pick<ReleaseState, 'permitted'>,
  { releaseId, answer, reason }: Validate,
  acting: Acting,
  conflicted: readonly string[],
): ValidationDecision {
  const release = permitted.find((one) => one.releaseId === releaseId)
  if (!release) return no('unknownRelease', 'no permitted release has this id')
  if (!release.emergency?.validateBy)
    return no('noEmergency', 'it was not released in an emergency')
  if (!awaitsValidation(release)) {
    return no('alreadyAnswered', 'it was validated or withdrawn already')
  }
  const bar = personBar(release, acting, conflicted)
  if (bar) return bar
  if (reason.trim() === '') return no('reasonMissing', 'a second officer gives reasons')
  if (answer === 'withdraw') {
    const cause = 'emergencyNotValidated' as const
    const withdrawn = { type: 'releaseWithdrawn', releaseId, cause, reason } as const
    return permit([withdrawn, ...reviewed(release, `withdrawn by a second officer: ${reason}`)])
  }
  if (isOverdue(release, acting.now)) {
    return no('hoursOver', 'the hours for a validation are over: it is withdrawn')
  }
  const discharged = reviewed(release, `validated by a second officer: ${reason}`)
  return permit([{ type: 'emergencyValidated', releaseId, reason }, ...discharged])
}

/** The answer is the review that the release owed, whichever way it went. */
function reviewed({ releaseId, duties }: Release, proof: string): readonly ReleaseEvent[] {
  return duties
    .filter(({ kind, dischargedAt }) => kind === 'postReview' && dischargedAt === null)
    .map(({ dutyId }) => {
      const evidence = { kind: 'text' } as const
      return { type: 'dutyDischarged', releaseId, dutyId, proof, evidence }
    })
}

function personBar(
  { preparedBy, preparedInPlaceOf, emergency }: Release,
  acting: Acting,
  conflicted: readonly string[],
): Refusal<WhyValidation> | undefined {
  const first = { officer: preparedBy, inPlaceOf: preparedInPlaceOf ?? null }
  if (isSameSide(first, sideOf(acting))) {
    return no('samePerson', 'whoever released in the emergency does not validate it')
  }
  if (isConflicted(sideOf(acting), conflicted)) {
    return no('officerConflict', 'the officer declared a conflict of interest in this case')
  }
  if (emergency?.waives?.includes('review') && !acting.roles.includes('reviewer')) {
    return no('notAReviewer', 'the review that was put afterwards is given by a reviewer')
  }
  return undefined
}

/** Released in an emergency, and neither validated nor withdrawn. */
export function awaitsValidation({ emergency, validation, withdrawn }: Release): boolean {
  return Boolean(emergency?.validateBy) && validation === null && withdrawn === null
}

export function isOverdue({ emergency }: Pick<Release, 'emergency'>, now: Instant): boolean {
  const until = emergency?.validateBy
  return until !== null && until !== undefined && now >= until
}

/** Those whose hours are over at `now`: each is withdrawn with these words. */
export function overdueEmergencies(
  { permitted }: Pick<ReleaseState, 'permitted'>,
  now: Instant,
): readonly Release[] {
  return permitted.filter((release) => awaitsValidation(release) && isOverdue(release, now))
}

export const NOT_VALIDATED = 'no second officer validated it within the hours of the agreement'

export function foldEmergency(
  state: ReleaseState,
  { event, at, by }: Pick<Recorded<EmergencyEvent>, 'event' | 'at' | 'by'>,
): ReleaseState {
  const { releaseId, reason } = event
  const isIt = (release: Release) => release.releaseId === releaseId
  const validation = { at, by, reason }
  return {
    ...state,
    permitted: changeWhere(state.permitted, isIt, (it) => ({ ...it, validation })),
  }
}

function no(why: WhyValidation, text: string): Refusal<WhyValidation> {
  return refuse(why, { rule: `emergency:${why}`, text })
}
