/** Acts that send the case, or part of it, to a peer. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import { caseAct } from '../act.ts'
import { nameOfCase } from '../joint-case.ts'
import {
  decideRelease,
  prepareForRelease,
  recordRefusedRelease,
  sendRelease,
} from '../release-to-peer.ts'
import { releaseReasons } from './fields.ts'

export const releaseToPeer = caseAct({
  name: 'releaseToPeer',
  topic: 'release',
  group: 'exchange',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  input: Type.Object({
    recipient: Type.String({ maxLength: 100 }),
    purpose: Type.String({ maxLength: 60 }),
    categories: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 20 }),
    ...releaseReasons,
  }),
  when: hasPartners,
  prepare: (step) => {
    const { recipient, purpose, categories, legalBasis } = step.input
    const draft = { kind: 'case', recipient, purpose, categories, legalBasis } as const
    return prepareForRelease(step, { ...draft, answers: step.input })
  },
  decide: (state, _input, acting, prepared) => decideRelease(state, acting, prepared),
  refused: recordRefusedRelease,
  finish: (step, prepared) => sendRelease(step, prepared, 'release', { caseId: nameOfCase(step) }),
})

export function hasPartners({ disclosure, invitation }: CaseState) {
  if (disclosure.participants.length > 1 || invitation) return permit(null)
  const text = 'nobody else takes part in this case yet'
  return refuse('noPartner', { rule: 'release:partner', text })
}
