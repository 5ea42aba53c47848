/** The reader's own place among the people. */

import { asked, open } from '../people/presenter.ts'
import type { PeopleSight } from '../people-routes.ts'
import { delegationRows } from '../person/presenter.ts'
import type { MyStandingModel } from './model.ts'

export async function myStandingModel(sight: PeopleSight): Promise<MyStandingModel> {
  const { standing, turn } = sight
  const { officer, now } = turn.acting
  const isOwn = (one: { readonly officer: string }) => one.officer === officer
  return {
    conflicts: standing.conflicts.filter(isOwn).flatMap(({ opened, declaredAt, endedAt }) => {
      if (opened === null) return []
      return [{ ...opened, declaredAt, ...(endedAt === null ? {} : { endedAt }) }]
    }),
    absences: await Promise.all(
      standing.absences
        .filter((one) => isOwn(one) && one.endedAt === null && one.untilAt > now)
        .map(async ({ absenceId, fromAt, untilAt }) => {
          const end = await asked(sight, 'endAbsence', { absenceId }, absenceId)
          return { fromAt, untilAt, end }
        }),
    ),
    given: await delegationRows(sight, officer, ['from']),
    got: await delegationRows(sight, officer, ['to']),
    shifts: await Promise.all(
      standing.shifts
        .filter((one) => isOwn(one) && one.state !== 'cancelled' && one.untilAt > now)
        .map(async ({ shiftId, fromAt, untilAt, state }) => ({
          fromAt,
          untilAt,
          state,
          controls:
            state === 'accepted' ? [] : [await asked(sight, 'acceptDuty', { shiftId }, shiftId)],
        })),
    ),
    controls: ['declareConflict', 'setAbsence', 'giveDelegation'].map((act) => open(sight, act)),
  }
}
