/**
 * Claims about public facts: made here about a case that another leads, recorded by the lead
 * for a party without a node, and decided by the lead alone.
 */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { claimFact, decideClaim, heldClaims } from '../../core/disclosure/claims.ts'
import { isUnderEmbargo } from '../../core/disclosure/disclosure-state.ts'
import { publicLetters } from '../../core/disclosure/machines.ts'
import { caseAct } from '../act.ts'
import { ledElsewhere } from '../joint-case.ts'
import { tellClaim, tellDecision } from '../tell-claims.ts'
import { common, leads, oneOf, party, speaker } from './coordination-lead.ts'
import { ownAct, ownAnswer } from './coordination-reasons.ts'
import { tellEnd } from './disclosure-acts.ts'
import { reason } from './fields.ts'

const letter = oneOf(publicLetters)

/** At one that takes part: its own observation, told to the lead, which decides. */
export const claimPublicFact = caseAct({
  name: 'claimPublicFact',
  topic: 'disclosure',
  group: 'exchange',
  input: Type.Object({ letter, evidence: reason }),
  when: (state, { authority }) =>
    ledElsewhere(state, authority) ? permit(null) : refuse('notInvited', ofAnother),
  prepare: async ({ kernel }) => ({ claimId: kernel.random.uuid() }),
  decide: ({ disclosure }, input, acting, { claimId }) =>
    claimFact(disclosure, { ...input, claimId, participant: acting.authority }, acting),
  finish: async (step, { claimId }) => {
    await tellClaim(step, { claimId, ...step.input })
    return { claimId }
  },
})

export const recordFactClaim = caseAct({
  ...common,
  name: 'recordFactClaim',
  input: Type.Object({ participant: party, letter, evidence: reason }),
  when: leads,
  prepare: async ({ kernel, input }) => ({
    ...(await speaker(kernel, input.participant)),
    claimId: kernel.random.uuid(),
  }),
  decide: ({ disclosure }, input, acting, { isPeer, claimId }) => {
    if (isPeer) return ownAnswer
    if (input.participant === acting.authority) return refuse('ownAuthority', ownAct)
    return claimFact(disclosure, { ...input, claimId }, acting)
  },
  finish: async (_step, { claimId }) => ({ claimId }),
})

export const decideFactClaim = caseAct({
  ...common,
  name: 'decideFactClaim',
  input: Type.Object({
    claimId: Type.String({ minLength: 1, maxLength: 100 }),
    outcome: oneOf(['adopted', 'rejected'] as const),
    reason,
  }),
  when: (state, acting) => {
    const is = leads(state, acting)
    if (is.decision === 'refuse') return is
    return heldClaims(state.disclosure).length > 0 ? permit(null) : refuse('noClaim', nothingHeld)
  },
  prepare: async ({ state: { disclosure } }) => ({
    hadEmbargo: isUnderEmbargo(disclosure) || disclosure.embargo === 'proposed',
  }),
  decide: ({ disclosure }, input, acting) => decideClaim(disclosure, input, acting),
  finish: async (step, { hadEmbargo }) => {
    const { claims, embargo } = step.state.disclosure
    const claim = claims.find(({ claimId }) => claimId === step.input.claimId)
    if (!claim) return undefined
    await tellDecision(step, claim)
    const hasEnded = embargo === 'none' || embargo === 'exited'
    if (hadEmbargo && hasEnded) await tellEnd(step, ENDINGS[claim.letter])
    return undefined
  },
})

export const ENDINGS = { P: 'alreadyPublic', X: 'exploitPublic', A: 'attacksObserved' } as const

const ofAnother = {
  rule: 'disclosure:claimToTheLead',
  text: 'a claim goes to another authority that leads the case; whoever leads records the fact',
}
const nothingHeld = { rule: 'disclosure:nothingHeld', text: 'no claim waits for a decision' }
