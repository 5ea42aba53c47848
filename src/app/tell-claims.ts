/**
 * Claims about public facts between nodes: to the lead, in words that an officer wrote for it,
 * and back what became of it. A claim that arrives changes nothing but that it is there.
 */
import { claimFact } from '../core/disclosure/claims.ts'
import type { FactClaim } from '../core/disclosure/disclosure-state.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import type { Step } from './act.ts'
import { caseLedHere, isInvited, nameOfCase } from './joint-case.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from './receive-message.ts'
import { agreementWith } from './release-basis.ts'

type Telling = Pick<Step<unknown>, 'kernel' | 'unit' | 'stream' | 'state'>
type Claim = Pick<FactClaim, 'claimId' | 'letter' | 'evidence'>

export async function tellClaim(
  { kernel, unit, stream, state }: Telling,
  { claimId, letter, evidence }: Claim,
): Promise<void> {
  const caseId = nameOfCase({ stream, state })
  await unit.send({
    destination: state.lead,
    type: 'factClaim',
    objectId: caseId,
    agreement: (await agreementWith(kernel, state.lead)).digest,
    content: { caseId, claimId, letter, evidence },
  })
}

export async function receiveClaim(
  { kernel, unit, origin, acting }: Receiving,
  { caseId, ...claim }: ContentOf<'factClaim'>,
): Promise<MessageOutcome> {
  const stream = await caseLedHere(unit, origin, caseId)
  const state = caseStateOf(stream)
  const isLed = state?.lead === kernel.node.id && isInvited(state, origin)
  if (!stream || !state || !isLed) {
    return rejected('disclosure:participant', 'object-owner')
  }
  if (state.disclosure.claims.some(({ claimId }) => claimId === claim.claimId)) {
    return rejected('disclosure.claimOnce', 'marking')
  }
  const claimed = claimFact(state.disclosure, { ...claim, participant: origin }, acting)
  const outcome = await applyTo(stream, origin, claimed)
  return outcome.decision === 'applied' ? { decision: 'held' } : outcome
}

/** To a participant with a node; others hear it from the officers. */
export async function tellDecision(
  { kernel, unit, stream, state }: Telling,
  { participant, claimId, decided }: FactClaim,
): Promise<void> {
  if (!decided || !isInvited(state, participant) || !kernel.peers.find(participant)) return
  await unit.send({
    destination: participant,
    type: 'factClaimDecided',
    objectId: nameOfCase({ stream, state }),
    agreement: (await agreementWith(kernel, participant)).digest,
    content: { caseId: nameOfCase({ stream, state }), claimId, outcome: decided.outcome },
  })
}

/** Of an own claim, from the lead. The fact itself comes with the end of the embargo. */
export async function receiveDecision(
  { kernel, unit, origin }: Receiving,
  { caseId, claimId, outcome }: ContentOf<'factClaimDecided'>,
): Promise<MessageOutcome> {
  const stream = await unit.openLinked(origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state || state.lead !== origin) return rejected('disclosure:lead', 'object-owner')
  const claim = state.disclosure.claims.find((one) => one.claimId === claimId)
  if (!claim || claim.participant !== kernel.node.id) {
    return rejected('disclosure.claimOpen', 'missing-reference')
  }
  if (claim.decided) return { decision: 'applied' }
  const reason = 'decided by the lead of the case'
  const value = [{ type: 'publicFactDecided', claimId, outcome, reason } as const]
  return applyTo(stream, origin, { decision: 'permit', value, because: [] })
}
