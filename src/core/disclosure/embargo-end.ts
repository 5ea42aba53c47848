/**
 * How an embargo ends. Ending removes a constraint; it creates no duty to
 * publish. A party that leaves does not end it for the others.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { type DisclosureState, isUnderEmbargo } from './disclosure-state.ts'
import type { DisclosureEvent, EmbargoChanged, EmbargoEnding } from './events.ts'
import { isReason } from './reason.ts'
import { rules } from './rules.ts'

export type EndEmbargo = {
  readonly reason: 'fixReady' | 'fixDeployed' | 'expired' | 'agreed'
  /** Needed with `agreed`: at least ten characters. */
  readonly explanation?: string
}
export type EndWhy = 'noEmbargoInForce' | 'notBorneOut' | 'explanationMissing'

/** Ends an embargo in force for a reason that the case bears out. */
export function endEmbargo(
  state: DisclosureState,
  { reason, explanation }: EndEmbargo,
  acting: Acting,
): Decision<readonly DisclosureEvent[], EndWhy> {
  if (!isUnderEmbargo(state)) return refuse('noEmbargoInForce', rules.embargoMachine)
  if (reason === 'agreed' && !isReason(explanation)) {
    return refuse('explanationMissing', rules.evidenceNeeded)
  }
  if (!isBorneOut(state, reason, acting)) return refuse('notBorneOut', rules.endBorneOut)
  return permit(teardown(state, reason, explanation), rules.endBorneOut)
}

/** Ends an embargo, or drops a proposal, whose end has come. */
export function expireEmbargo(
  state: DisclosureState,
  _command: Record<never, never>,
  acting: Acting,
): Decision<readonly DisclosureEvent[], 'noEmbargoInForce' | 'notYetDue'> {
  const until = isUnderEmbargo(state) ? state.terms?.until : lastProposedEnd(state)
  if (until === undefined) return refuse('noEmbargoInForce', rules.embargoMachine)
  if (acting.now < until) return refuse('notYetDue', rules.endBorneOut)
  return permit(teardown(state, 'expired'))
}

/**
 * The events that end what there is: an embargo in force is terminated, a
 * proposal falls, each consent is reset. Nothing if there is no embargo.
 */
export function teardown(
  state: DisclosureState,
  why: EmbargoEnding,
  reason?: string,
): readonly DisclosureEvent[] {
  const { embargo } = state
  if (embargo === 'none' || embargo === 'exited') return []
  const told = reason === undefined ? { why } : { why, reason }
  const change: EmbargoChanged =
    embargo === 'proposed'
      ? { type: 'embargoChanged', event: 'reject', from: embargo, to: 'none', ...told }
      : { type: 'embargoChanged', event: 'terminate', from: embargo, to: 'exited', ...told }
  const resets = state.participants
    .filter((participant) => participant.consent !== 'noEmbargo')
    .map(
      ({ id, consent }): DisclosureEvent => ({
        type: 'consentChanged',
        participant: id,
        event: 'reset',
        from: consent,
        to: 'noEmbargo',
      }),
    )
  return [change, ...resets]
}

function isBorneOut(state: DisclosureState, reason: EndEmbargo['reason'], acting: Acting): boolean {
  const vendors = state.participants.map((participant) => participant.vendorState)
  switch (reason) {
    case 'fixReady':
      return vendors.some((vendor) => vendor.includes('F'))
    case 'fixDeployed':
      return vendors.some((vendor) => vendor.includes('D'))
    case 'expired':
      return state.terms !== null && state.terms.until <= acting.now
    case 'agreed':
      return true
  }
}

/** A set of proposals has expired when the last of them has. */
function lastProposedEnd(state: DisclosureState) {
  return state.embargo === 'proposed' ? state.proposals.at(-1)?.until : undefined
}
