/** Who takes part in a disclosure. Joining a case and consenting to its embargo are two acts. */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { type DisclosureState, participantOf } from './disclosure-state.ts'
import type { DisclosureEvent, DisclosureRole } from './events.ts'
import { destination } from './machine.ts'
import { consentMachine } from './machines.ts'
import { isReason } from './reason.ts'
import { rules } from './rules.ts'

export type AddParticipant = {
  readonly participant: string
  readonly roles: readonly DisclosureRole[]
}

/** Names a participant, or gives one further roles. A vendor that joins what is public is aware. */
export function addParticipant(
  state: DisclosureState,
  { participant, roles }: AddParticipant,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], never> {
  const joined: DisclosureEvent = {
    type: 'participantJoined',
    participant,
    roles: withCoordinator(roles),
  }
  const isAware = participantOf(state, participant)?.vendorState.startsWith('V') ?? false
  const isPublic = state.publicState.startsWith('P')
  if (!roles.includes('vendor') || isAware || !isPublic) return permit([joined])
  const evidence = 'the public was aware when the vendor joined'
  return permit(
    [joined, { type: 'progressChanged', letter: 'V', participant, evidence }],
    rules.publicMeansVendor,
  )
}

/**
 * What the lead says of another participant, at one that it invited: that it takes part, and
 * which embargo it accepted. What is known already changes nothing.
 */
export function participantTold(
  state: DisclosureState,
  { participant, embargoId }: { readonly participant: string; readonly embargoId: string | null },
): readonly DisclosureEvent[] {
  const known = participantOf(state, participant)
  const joined: DisclosureEvent = {
    type: 'participantJoined',
    participant,
    roles: ['coordinator'],
  }
  const from = known?.consent ?? 'noEmbargo'
  const to = destination(consentMachine, from, 'accept')
  const isOurs = embargoId !== null && embargoId === state.terms?.embargoId
  const consented: readonly DisclosureEvent[] =
    isOurs && to ? [{ type: 'consentChanged', participant, event: 'accept', from, to }] : []
  return [...(known ? [] : [joined]), ...consented]
}

/** A case manager always is a coordinator too. */
export function withCoordinator(roles: readonly DisclosureRole[]): readonly DisclosureRole[] {
  const needsRole = roles.includes('caseManager') && !roles.includes('coordinator')
  return needsRole ? [...roles, 'coordinator'] : roles
}

export type LeaveEmbargo = {
  readonly participant: string
  /** Whether the leaver said that it will keep the embargo all the same. */
  readonly keepsEmbargo: boolean
  readonly reason: string
}

/** Records that one party leaves. The embargo stands; the leaver gets nothing more. */
export function leaveEmbargo(
  state: DisclosureState,
  { participant, keepsEmbargo, reason }: LeaveEmbargo,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], 'unknownParticipant' | 'alreadyLeft' | 'reasonMissing'> {
  const known = participantOf(state, participant)
  if (known === undefined) return refuse('unknownParticipant', rules.known)
  if (known.left !== null) return refuse('alreadyLeft', rules.leavingIsNotEnding)
  if (!isReason(reason)) return refuse('reasonMissing', rules.evidenceNeeded)
  const left: DisclosureEvent = { type: 'participantLeft', participant, keepsEmbargo, reason }
  const { consent: from } = known
  if (from === 'noEmbargo') return permit([left], rules.leavingIsNotEnding)
  const reset: DisclosureEvent = {
    type: 'consentChanged',
    participant,
    event: 'reset',
    from,
    to: 'noEmbargo',
  }
  return permit([left, reset], rules.leavingIsNotEnding)
}
