/**
 * Fines of other authorities against the operator, as this authority was told of them:
 * by a participant of the case, or by an authority outside.
 */
import { permit } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { KnownFine } from '../law/prior-fines.ts'
import { type EnforcementDecision, no } from './climb-ladder.ts'
import type { EnforcementState } from './enforcement.ts'

/** A fine that is known already is recorded again with what has changed. */
export function recordOtherFine(
  state: EnforcementState,
  command: KnownFine & { readonly isKnown: boolean },
  _acting: Acting,
): EnforcementDecision {
  const { isKnown, ...fine } = command
  if (state.operator === null) return no('noOperator', 'no operator is named yet')
  if (isKnown && !state.otherFines.some(({ fineId }) => fineId === fine.fineId)) {
    return no('unknownFine', 'no fine of another has this id')
  }
  if (fine.authority.trim() === '' || fine.source.trim() === '') {
    return no('reasonMissing', 'a fine of another needs its authority and how it is known')
  }
  if ((fine.amountMinor === null) !== (fine.currency === null)) {
    return no('amountFaulty', 'an amount needs its currency, and a currency its amount')
  }
  return permit([{ type: 'otherFineRecorded', ...fine }])
}
