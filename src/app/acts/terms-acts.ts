/** This authority takes part in a case that another leads, and wants other embargo terms. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { instant } from '../../base/time.ts'
import { participantOf } from '../../core/disclosure/disclosure-state.ts'
import { wishForTerms } from '../../core/disclosure/embargo-start.ts'
import { caseAct } from '../act.ts'
import { ledElsewhere } from '../joint-case.ts'
import { tellProposal } from '../tell-terms.ts'
import { reason } from './fields.ts'

/** Told to the lead, which opens it for everybody or refuses it by the rules. */
export const proposeTerms = caseAct({
  name: 'proposeTerms',
  topic: 'disclosure',
  group: 'exchange',
  input: Type.Object({
    until: Type.String({ maxLength: 30 }),
    zone: Type.String({ maxLength: 60 }),
    reason,
  }),
  when: (state, { authority }) => {
    if (!ledElsewhere(state, authority)) return refuse('notInvited', ofAnother)
    const hasLeft = participantOf(state.disclosure, authority)?.left
    return hasLeft ? refuse('hasLeft', leftAlready) : permit(null)
  },
  prepare: async ({ kernel }) => kernel.random.uuid(),
  decide: ({ disclosure }, { until, zone, reason }, acting, embargoId) => {
    const end = instant(until, 'until')
    const participant = acting.authority
    const wish = { participant, embargoId, until: end, zone, justification: reason }
    return wishForTerms(disclosure, wish, acting)
  },
  finish: async (step, embargoId) => {
    const { until, zone, reason } = step.input
    await tellProposal(step, { embargoId, until: instant(until, 'until'), zone }, reason)
    return { embargoId }
  },
})

const ofAnother = {
  rule: 'disclosure:termsToTheLead',
  text: 'terms are proposed to another authority that leads the case; whoever leads proposes them to all',
}
const leftAlready = { rule: 'disclosure:leftOnce', text: 'this authority left the case already' }
