/** This authority leaves a case that another leads. The embargo stands for the others. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { participantOf, stateAfter } from '../../core/disclosure/disclosure-state.ts'
import type { DisclosureEvent } from '../../core/disclosure/events.ts'
import { leaveEmbargo } from '../../core/disclosure/participant.ts'
import { caseAct } from '../act.ts'
import { ledElsewhere, nameOfCase } from '../joint-case.ts'
import { tellLeaving } from '../tell-terms.ts'
import { oneOf } from './coordination-lead.ts'
import { reason } from './fields.ts'

export const leaveCase = caseAct({
  name: 'leaveCase',
  topic: 'disclosure',
  group: 'exchange',
  input: Type.Object({ keepsEmbargo: oneOf(['yes', 'no'] as const), reason }),
  when: (state, { authority }) => {
    if (!ledElsewhere(state, authority)) return refuse('notInvited', nobodyInvited)
    const hasLeft = participantOf(state.disclosure, authority)?.left
    return hasLeft ? refuse('alreadyLeft', leftAlready) : permit(null)
  },
  decide: ({ disclosure }, { keepsEmbargo, reason }, acting) => {
    const participant = acting.authority
    const joined: readonly DisclosureEvent[] = participantOf(disclosure, participant)
      ? []
      : [{ type: 'participantJoined', participant, roles: ['coordinator'] }]
    const next = stateAfter(disclosure, joined, acting.now)
    const command = { participant, keepsEmbargo: keepsEmbargo === 'yes', reason }
    const left = leaveEmbargo(next, command, acting)
    return left.decision === 'refuse' ? left : permit([...joined, ...left.value], ...left.because)
  },
  finish: async (step) => {
    const left = {
      participant: step.kernel.node.id,
      keepsEmbargo: step.input.keepsEmbargo === 'yes',
    }
    await tellLeaving(step, nameOfCase(step), left, [step.state.lead])
    return undefined
  },
})

const nobodyInvited = {
  rule: 'disclosure:invited',
  text: 'nobody invited this authority, so it has nothing to leave',
}
const leftAlready = { rule: 'disclosure:leftOnce', text: 'this authority left the case already' }
