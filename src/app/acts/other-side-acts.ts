/** Answers of the authority to the other side: to claims, to offers, on the way of an appeal. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { calendarDate } from '../../base/time.ts'
import { recordAppealPeriod as decidePeriod } from '../../core/rights/appeal-period.ts'
import {
  APPEAL_OUTCOMES,
  APPEAL_STEPS,
  type Appealed,
  answerCommitment as decideOffer,
  followAppeal as decideStep,
} from '../../core/rights/appeals.ts'
import { decideClaim as decideOnClaim } from '../../core/rights/claims.ts'
import { caseAct } from '../act.ts'
import { appealableDecisions } from '../open-to-other-side.ts'
import { id, reason } from './fields.ts'

const ofOthers = { topic: 'rights', group: 'handle' } as const

export const decideClaim = caseAct({
  name: 'decideClaim',
  ...ofOthers,
  input: Type.Object({
    claimId: id,
    outcome: Type.Union([Type.Literal('accepted'), Type.Literal('rejected')]),
    reason,
  }),
  when: ({ rights }) =>
    rights.claims.some(({ outcome }) => outcome === null)
      ? permit(null)
      : refuse('noClaim', { rule: 'claim:open', text: 'no claim waits for a decision' }),
  decide: (state, input, acting) => decideOnClaim(state.rights.claims, input, acting),
})

export const answerCommitment = caseAct({
  name: 'answerCommitment',
  ...ofOthers,
  input: Type.Object({
    commitmentId: id,
    answer: Type.Union([Type.Literal('accepted'), Type.Literal('rejected')]),
    reason,
  }),
  when: ({ rights }) =>
    rights.commitments.some(({ answer }) => answer === null)
      ? permit(null)
      : refuse('noOffer', { rule: 'otherSide:offer', text: 'no offer waits for an answer' }),
  decide: (state, input, acting) => decideOffer(state.rights.commitments, input, acting),
})

const decided = /^(measure|claim):/

export const recordAppealPeriod = caseAct({
  name: 'recordAppealPeriod',
  ...ofOthers,
  input: Type.Object({
    /** `<kind>:<id>` of the decision. */
    against: Type.String({ maxLength: 60 }),
    untilOn: Type.String({ maxLength: 10 }),
    source: Type.String({ minLength: 1, maxLength: 1000 }),
  }),
  when: (state) =>
    appealableDecisions(state).length > 0
      ? permit(null)
      : refuse('noDecision', { rule: 'otherSide:decision', text: 'no decision can be appealed' }),
  decide: (state, { against, untilOn, source }) => {
    const [kind = '', named = ''] = decided.test(against) ? against.split(':') : []
    return decidePeriod(appealableDecisions(state), {
      against: { kind, id: named } as Appealed,
      untilOn: calendarDate(untilOn, 'untilOn'),
      source,
    })
  },
})

export const followAppeal = caseAct({
  name: 'followAppeal',
  ...ofOthers,
  input: Type.Object({
    appealId: id,
    step: Type.Union(APPEAL_STEPS.map((step) => Type.Literal(step))),
    outcome: Type.Optional(Type.Union(APPEAL_OUTCOMES.map((one) => Type.Literal(one)))),
    text: reason,
  }),
  when: ({ rights }) =>
    rights.appeals.some(({ isClosed }) => !isClosed)
      ? permit(null)
      : refuse('noAppeal', { rule: 'otherSide:appeal', text: 'no appeal is open' }),
  decide: (state, { outcome, ...input }, acting) =>
    decideStep(state.rights.appeals, { ...input, outcome: outcome ?? null }, acting),
})
