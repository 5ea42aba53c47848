/** The duty roster as everybody of the authority sees it. */
import { addMs, DAY_MS } from '../../../base/time.ts'
import { rosterGaps } from '../../../core/people/duty.ts'
import { dutyAt } from '../../../core/people/standing.ts'
import { asked, open } from '../people/presenter.ts'
import type { PeopleSight } from '../people-routes.ts'
import type { DutyModel } from './model.ts'

const GAPS_AHEAD_MS = 7 * DAY_MS

export async function dutyModel(sight: PeopleSight): Promise<DutyModel> {
  const { standing, names, turn } = sight
  const { now } = turn.acting
  const { onDuty, isHandOverDue } = dutyAt(standing, now)
  const coming = standing.shifts
    .filter((shift) => shift.state !== 'cancelled' && shift.untilAt > now)
    .sort((a, b) => (a.fromAt < b.fromAt ? -1 : 1))
  return {
    ...(onDuty ? { onDuty: names.officer(onDuty.officer) } : {}),
    isHandOverDue,
    shifts: await Promise.all(
      coming.map(async ({ shiftId, officer, state, fromAt, untilAt }) => ({
        officer: names.officer(officer),
        state,
        fromAt,
        untilAt,
        controls: state === 'accepted' ? [] : await shiftControls(sight, shiftId),
      })),
    ),
    gaps: rosterGaps(standing, now, addMs(now, GAPS_AHEAD_MS)),
    controls: [open(sight, 'planShift')],
  }
}

async function shiftControls(sight: PeopleSight, shiftId: string) {
  return [
    await asked(sight, 'handOverDuty', { shiftId }, shiftId),
    await asked(sight, 'acceptDuty', { shiftId }, shiftId),
    await asked(sight, 'cancelShift', { shiftId, confirmed: true }, shiftId),
  ]
}
