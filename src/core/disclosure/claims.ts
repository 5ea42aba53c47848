/**
 * Claims about the public facts: that the public knows, that an exploit is public, that
 * attacks were observed. A participant's claim is held, with its evidence, and changes
 * nothing. If the lead adopts it, it is recorded as a fact, and what follows from the fact
 * follows in the same decision, the end of an embargo included. Who decided is on record.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { type DisclosureState, type FactClaim, participantOf } from './disclosure-state.ts'
import type { DisclosureEvent } from './events.ts'
import { destination } from './machine.ts'
import { type PublicLetter, publicMachine } from './machines.ts'
import { recordProgress } from './progress.ts'
import { isReason } from './reason.ts'
import { noStep, rules } from './rules.ts'

const HELD_MAX = 100

export type ClaimFact = {
  readonly claimId: string
  readonly letter: PublicLetter
  readonly participant: string
  /** What the claim rests on, at least ten characters. */
  readonly evidence: string
}
export type ClaimWhy =
  | 'unknownParticipant'
  | 'hasLeft'
  | 'evidenceMissing'
  | 'alreadySet'
  | 'claimedAlready'
  | 'tooManyClaims'

export function claimFact(
  state: DisclosureState,
  { claimId, letter, participant, evidence }: ClaimFact,
  _acting: Acting,
): Decision<readonly DisclosureEvent[], ClaimWhy> {
  const by = participantOf(state, participant)
  if (by === undefined) return refuse('unknownParticipant', rules.known)
  if (by.left !== null) return refuse('hasLeft', rules.leftSaysNothing)
  if (!isReason(evidence)) return refuse('evidenceMissing', rules.evidenceNeeded)
  if (isSet(state, letter)) {
    return refuse('alreadySet', noStep(rules.caseMachine, state.publicState, letter))
  }
  const held = heldClaims(state)
  if (held.some((one) => one.participant === participant && one.letter === letter)) {
    return refuse('claimedAlready', rules.claimOnce)
  }
  if (held.length >= HELD_MAX) return refuse('tooManyClaims', rules.claimsLimit)
  const claimed = { type: 'publicFactClaimed', claimId, letter, participant, evidence } as const
  return permit([claimed], rules.claimsAreHeld)
}

export type DecideClaim = {
  readonly claimId: string
  readonly outcome: 'adopted' | 'rejected'
  readonly reason: string
}

/** Of a fact that holds already, adopting a further claim only closes the claim. */
export function decideClaim(
  state: DisclosureState,
  { claimId, outcome, reason }: DecideClaim,
  acting: Acting,
): Decision<readonly DisclosureEvent[]> {
  const claim = heldClaims(state).find((one) => one.claimId === claimId)
  if (claim === undefined) return refuse('noSuchClaim', rules.claimOpen)
  if (!isReason(reason)) return refuse('reasonMissing', rules.evidenceNeeded)
  const decided = { type: 'publicFactDecided', claimId, outcome, reason } as const
  if (outcome === 'rejected' || isSet(state, claim.letter)) {
    return permit([decided], rules.claimsAreHeld)
  }
  const { letter, participant, evidence } = claim
  const fact = recordProgress(state, { letter, participant, evidence }, acting)
  return fact.decision === 'refuse'
    ? fact
    : permit([decided, ...fact.value], rules.claimsAreHeld, ...fact.because)
}

export function heldClaims({ claims }: DisclosureState): readonly FactClaim[] {
  return claims.filter(({ decided }) => decided === null)
}

function isSet({ publicState }: DisclosureState, letter: PublicLetter): boolean {
  return destination(publicMachine, publicState, letter) === undefined
}
