/**
 * Whether oversight is done with a case. Until then nothing of it is destroyed for good:
 * those who are watched must not decide, by erasing it, what is seen.
 */
import type { Because } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Draw, OversightState } from './oversight.ts'

/** After its round of the beacon: a draw that nobody holds does not keep cases for ever. */
const HELD_WITHIN_MS = 30 * DAY_MS

/** Empty: oversight has nothing open about it. */
export function watchedBy(state: OversightState, caseId: string, now: Instant): readonly Because[] {
  const { inspections, draws, recommendations } = state
  const facts: readonly (readonly [boolean, string])[] = [
    [
      inspections.some(({ caseIds, finding }) => finding === null && caseIds.includes(caseId)),
      'an inspection by oversight is open on it',
    ],
    [draws.some((draw) => isDrawn(state, draw, caseId, now)), 'oversight draws from it'],
    [
      recommendations.some((one) => one.caseId === caseId && one.assessment === null),
      'oversight has not assessed what was done about its recommendation',
    ],
  ]
  return facts.filter(([isSo]) => isSo).map(([, text]) => ({ rule: 'oversight:watches', text }))
}

/** It may still be picked, or was picked and nobody of oversight has looked at it since. */
function isDrawn(
  { looks }: OversightState,
  { list, held, beacon }: Draw,
  caseId: string,
  now: Instant,
): boolean {
  const isIt = (place: string | undefined) => place?.split('/')[0] === caseId
  if (!held) return list.some(isIt) && now < addMs(beacon.appearsAt, HELD_WITHIN_MS)
  const isPicked = held.picked.some((index) => isIt(list[index]))
  return isPicked && !looks.some((look) => look.caseId === caseId && look.at >= held.at)
}
