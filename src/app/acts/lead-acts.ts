/** The lead of a case is offered to another authority, which accepts or refuses it. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { answerLead as decideAnswer, offerLead as decideOffer } from '../../core/disclosure/lead.ts'
import { caseAct } from '../act.ts'
import { coordinationStub } from '../case-record.ts'
import { isInvited, nameOfCase } from '../joint-case.ts'
import { tellLeadAnswer } from '../pass-lead.ts'
import { decideRelease, prepareForRelease, sendRelease } from '../release-to-peer.ts'
import { leads, oneOf } from './coordination-lead.ts'
import { peersAreInvited } from './coordination-reasons.ts'
import { reason, rightsReasons } from './fields.ts'

/** What passes is the stub that every invitation carries; content goes on by releases of its own. */
export const offerLead = caseAct({
  name: 'offerLead',
  topic: 'disclosure',
  group: 'exchange',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  input: Type.Object({ peer: Type.String({ maxLength: 100 }), ...rightsReasons }),
  when: leads,
  prepare: async (step) => {
    const { input, state } = step
    const release = await prepareForRelease(step, {
      kind: 'stub',
      recipient: input.peer,
      purpose: 'coordinatedDisclosure',
      legalBasis: input.legalBasis,
      categories: ['coordinationStub'],
      answers: input,
      record: { coordinationStub: coordinationStub(state) },
    })
    return { release }
  },
  decide: (state, { peer }, acting, { release }) => {
    const { releaseId } = release.command
    if (!isInvited(state, peer) && peer !== acting.authority) {
      return refuse('invitedByMessage', peersAreInvited)
    }
    const offered = decideOffer(state, { from: acting.authority, to: peer, releaseId })
    if (offered.decision === 'refuse') return offered
    const released = decideRelease(state, acting, release)
    if (released.decision === 'refuse') return released
    return permit([...released.value, ...offered.value], ...released.because, ...offered.because)
  },
  finish: (step, { release }) =>
    sendRelease(step, release, 'leadOffer', { caseId: nameOfCase(step) }),
})

export const answerLead = caseAct({
  name: 'answerLead',
  topic: 'disclosure',
  group: 'exchange',
  stepUp: true,
  input: Type.Object({ answer: oneOf(['accept', 'refuse'] as const), reason }),
  when: ({ leadOffer }, { authority }) =>
    leadOffer?.to === authority ? permit(null) : refuse('nothingOffered', nothingOffered),
  prepare: async ({ state }) => state.leadOffer?.from ?? '',
  decide: (state, input, acting) => decideAnswer(state, { ...input, self: acting.authority }),
  finish: async (step, former) => {
    await tellLeadAnswer(step, former, step.input.answer)
    return undefined
  },
})

const nothingOffered = {
  rule: 'disclosure:leadOffered',
  text: 'nobody offers this authority the lead of the case',
}
