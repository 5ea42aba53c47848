/**
 * The six events of a vulnerability's life. What others claim about P, X or A is
 * a claim until an officer of the leading authority records it with evidence: one
 * participant's word alone must not end an embargo.
 */
import { type Because, type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { caseStateAfter, isVendorLetter, type Letter } from './case-state.ts'
import { caseStateOf, type DisclosureState, participantOf, stateAfter } from './disclosure-state.ts'
import { teardown } from './embargo-end.ts'
import type { DisclosureEvent, ProgressChanged } from './events.ts'
import { destination } from './machine.ts'
import { type PublicLetter, publicMachine, type VendorLetter } from './machines.ts'
import { isReason } from './reason.ts'
import { noStep, rules } from './rules.ts'

export type RecordProgress = {
  readonly letter: Letter
  /** Whose step it is (V, F, D), or who reported it (P, X, A). */
  readonly participant?: string
  /** What the fact rests on, at least ten characters. */
  readonly evidence: string
}
export type ProgressWhy =
  | 'evidenceMissing'
  | 'alreadySet'
  | 'unknownParticipant'
  | 'notTheirStep'
  | 'reportNotAccepted'
  | 'stepNotInMachine'

/**
 * Records one of the six events. P, X or A ends an embargo in the same decision;
 * events come in the order progress, embargo, consent. X while the public is not
 * aware brings P, and P brings V for each vendor that was not aware.
 */
export function recordProgress(
  state: DisclosureState,
  command: RecordProgress,
  acting: Acting,
): Decision<readonly DisclosureEvent[], ProgressWhy> {
  const { letter, participant, evidence } = command
  if (!isReason(evidence)) return refuse('evidenceMissing', rules.evidenceNeeded)
  if (participant !== undefined && participantOf(state, participant) === undefined) {
    return refuse('unknownParticipant', rules.known)
  }
  if (isVendorLetter(letter)) return vendorStep(state, { ...command, letter })
  if (destination(publicMachine, state.publicState, letter) === undefined) {
    return refuse('alreadySet', noStep(rules.caseMachine, state.publicState, letter))
  }
  const progress = publicStep(state, letter, evidence, participant)
  const ended = teardown(stateAfter(state, progress, acting.now), groundOf(letter))
  return permit([...progress, ...ended], ...becauseOf(progress, ended))
}

/** P, X or A with what must follow it in the same step. The embargo is the caller's. */
export function publicStep(
  state: DisclosureState,
  letter: PublicLetter,
  evidence: string,
  reportedBy?: string,
): readonly ProgressChanged[] {
  const by = reportedBy === undefined ? {} : { participant: reportedBy }
  const steps: ProgressChanged[] = [{ type: 'progressChanged', letter, ...by, evidence }]
  const isNowPublic = letter !== 'A' && state.publicState.startsWith('p')
  if (!isNowPublic) return steps
  if (letter === 'X') steps.push({ type: 'progressChanged', letter: 'P', ...by, evidence })
  for (const vendor of state.participants) {
    if (!vendor.roles.includes('vendor') || vendor.vendorState !== 'vfd') continue
    steps.push({ type: 'progressChanged', letter: 'V', participant: vendor.id, evidence })
  }
  return steps
}

function vendorStep(
  state: DisclosureState,
  { letter, participant, evidence }: RecordProgress & { readonly letter: VendorLetter },
): Decision<readonly DisclosureEvent[], ProgressWhy> {
  const vendor = participant === undefined ? undefined : participantOf(state, participant)
  if (vendor === undefined) return refuse('unknownParticipant', rules.known)
  const needed = letter === 'D' ? (['vendor', 'deployer'] as const) : (['vendor'] as const)
  if (!needed.every((role) => vendor.roles.includes(role))) {
    return refuse('notTheirStep', rules.ownProgress)
  }
  if (vendor.vendorState.includes(letter)) {
    return refuse('alreadySet', noStep(rules.caseMachine, vendor.vendorState, letter))
  }
  if (caseStateAfter(caseStateOf(state, vendor), letter) === undefined) {
    return refuse('stepNotInMachine', noStep(rules.caseMachine, vendor.vendorState, letter))
  }
  const hasTakenItOn = ['accepted', 'deferred', 'closed'].includes(vendor.reportState)
  if (letter !== 'V' && !hasTakenItOn) return refuse('reportNotAccepted', rules.fixNeedsAcceptance)
  return permit([{ type: 'progressChanged', letter, participant: vendor.id, evidence }])
}

function groundOf(letter: PublicLetter) {
  const grounds = { P: 'alreadyPublic', X: 'exploitPublic', A: 'attacksObserved' } as const
  return grounds[letter]
}

function becauseOf(
  progress: readonly ProgressChanged[],
  ended: readonly DisclosureEvent[],
): readonly Because[] {
  const [first, ...implied] = progress.map((step) => step.letter)
  return [
    ...(first === 'X' && implied.includes('P') ? [rules.exploitMeansPublic] : []),
    ...(implied.includes('V') ? [rules.publicMeansVendor] : []),
    ...(ended.length > 0 ? [rules.publicEndsEmbargo] : []),
  ]
}
