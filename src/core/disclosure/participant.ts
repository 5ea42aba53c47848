/** Who takes part in a disclosure. Joining a case and consenting to its embargo are two acts. */
import { type Decision, permit } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { DisclosureState } from './disclosure-state.ts'
import type { DisclosureEvent, DisclosureRole } from './events.ts'

export type AddParticipant = {
  readonly participant: string
  readonly roles: readonly DisclosureRole[]
}

/** Names a participant, or gives one further roles. Never refused. */
export function addParticipant(
  _state: DisclosureState,
  { participant, roles }: AddParticipant,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], never> {
  return permit([{ type: 'participantJoined', participant, roles: withCoordinator(roles) }])
}

/** A case manager always is a coordinator too. */
export function withCoordinator(roles: readonly DisclosureRole[]): readonly DisclosureRole[] {
  const needsRole = roles.includes('caseManager') && !roles.includes('coordinator')
  return needsRole ? [...roles, 'coordinator'] : roles
}
