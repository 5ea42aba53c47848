/** The duty roster as everybody of the authority sees it. */
import { listContacts } from '../../../app/people/contacts.ts'
import { addMs, DAY_MS } from '../../../base/time.ts'
import { rosterGaps } from '../../../core/people/duty.ts'
import { dutyAt } from '../../../core/people/standing.ts'
import { asked, open } from '../people/presenter.ts'
import type { PeopleSight } from '../people-routes.ts'
import type { DutyModel } from './model.ts'

const GAPS_AHEAD_MS = 7 * DAY_MS

export type EmergencyForm = Pick<DutyModel, 'form' | 'refusedNow'>

export async function dutyModel(sight: PeopleSight, shown: EmergencyForm): Promise<DutyModel> {
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
    emergency: await emergencyContacts(sight),
    ...shown,
  }
}

async function emergencyContacts({ turn, names }: PeopleSight): Promise<DutyModel['emergency']> {
  const { kernel } = turn.kit
  const nodes = [kernel.node.id, ...kernel.peers.all().map(({ id }) => id)]
  const contacts = await listContacts(kernel)
  return nodes.flatMap((node) => {
    const found = contacts.find(({ contact }) => contact.node === node)?.contact
    if (!found?.phone || !found.hours) return []
    const { phone, hours, mail } = found
    return [{ name: names.authority(node).name, phone, hours, ...(mail === null ? {} : { mail }) }]
  })
}

async function shiftControls(sight: PeopleSight, shiftId: string) {
  return [
    await asked(sight, 'handOverDuty', { shiftId }, shiftId),
    await asked(sight, 'acceptDuty', { shiftId }, shiftId),
    await asked(sight, 'cancelShift', { shiftId, confirmed: true }, shiftId),
  ]
}
