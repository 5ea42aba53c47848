/** The people of this authority and what an administrator has to see to. */
import { findPeopleAct } from '../../../app/people/people-acts.ts'
import { INVITE } from '../../../app/sign-in/enrol.ts'
import { invariant } from '../../../base/errors.ts'
import { addMs, DAY_MS } from '../../../base/time.ts'
import { rosterGaps } from '../../../core/people/duty.ts'
import { termsWithoutSuccessor } from '../../../core/people/liaison.ts'
import { absenceOf, dutyAt } from '../../../core/people/standing.ts'
import type { PeopleSight } from '../people-routes.ts'
import type { PeopleModel } from './model.ts'
import { type PeopleControl, peopleControl } from './parts.ts'

/** How far ahead the roster is looked at for gaps. */
const GAPS_AHEAD_MS = 7 * DAY_MS

export async function peopleModel(
  sight: PeopleSight,
  isOpenToReader: boolean,
): Promise<PeopleModel> {
  const { standing, names, turn } = sight
  const { now } = turn.acting
  const until = addMs(now, GAPS_AHEAD_MS)
  const duty = dutyAt(standing, now).onDuty?.officer
  const wanting = termsWithoutSuccessor(standing, now).map(({ termId }) => termId)
  const people = standing.people
    // Whoever has not come yet stands with the invitations.
    .filter(({ state }) => state !== 'invited')
    .map(({ officer, roles, state }) => ({
      id: officer,
      name: names.officer(officer),
      roles,
      state,
      isAbsent: state === 'active' && absenceOf(standing, officer, now) !== undefined,
      isOnDuty: officer === duty,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const terms = standing.terms
    .filter(({ endedAt }) => endedAt === null)
    .map(async ({ termId, officer, peer, successor, fromAt, untilAt }) => ({
      fromAt,
      untilAt,
      officer: names.officer(officer),
      ...(peer === null ? {} : { peer: names.authority(peer).name }),
      ...(successor === null ? {} : { successor: names.officer(successor) }),
      isWanting: wanting.includes(termId),
      controls: await Promise.all([
        open(sight, 'nameSuccessor', termId),
        asked(sight, 'rotateLiaison', { termId, confirmed: true }, termId),
      ]),
    }))
  return {
    people,
    isOpenToReader,
    // The way there; a fresh proof is asked for at the form itself.
    mayInvite: turn.may({ ...INVITE, stepUp: false }).decision === 'permit',
    controls: ['setLiaisonTerm', 'declareConflictOf'].map((act) => open(sight, act)),
    gaps: rosterGaps(standing, now, until),
    terms: await Promise.all(terms),
    lookedUntil: until,
  }
}

/** Of an act that still needs input: only access is known. */
export function open({ turn }: PeopleSight, name: string, about?: string): PeopleControl {
  const act = findPeopleAct(name)
  invariant(act, 'the act is there')
  return peopleControl(turn.lang, name, turn.may({ ...act.action, stepUp: false }), about)
}

/** Of an act whose input is known: what it would answer now. */
export async function asked(
  { turn, standing }: PeopleSight,
  name: string,
  input: object,
  about: string,
): Promise<PeopleControl> {
  const act = findPeopleAct(name)
  invariant(act, 'the act is there')
  const decision = await act.ask(turn.kit.kernel, standing, input, turn.acting)
  return peopleControl(turn.lang, name, decision, about)
}
