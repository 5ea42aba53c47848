/** Acts that send the case, or part of it, to a peer. */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { caseAct, type Step } from '../act.ts'
import { nameOfCase } from '../joint-case.ts'
import {
  decideRelease,
  type PreparedRelease,
  prepareForRelease,
  type ReleaseDraft,
  type ReleaseReasons,
  recordRefusedRelease,
  sendRelease,
} from '../release-to-peer.ts'
import { id, releaseReasons, rightsReasons } from './fields.ts'

const released = {
  topic: 'release',
  group: 'exchange',
  stepUp: true,
  when: hasPartners,
  decide: (
    state: CaseState,
    _input: unknown,
    acting: Acting,
    prepared: PreparedRelease,
  ): Decision<readonly CaseEvent[]> => decideRelease(state, acting, prepared),
  refused: recordRefusedRelease,
  finish: (step: Step<unknown>, prepared: PreparedRelease) =>
    sendRelease(step, prepared, 'release', { caseId: nameOfCase(step) }),
} as const

const what = {
  recipient: Type.String({ maxLength: 100 }),
  purpose: Type.String({ maxLength: 60 }),
  categories: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 20 }),
}

export const releaseToPeer = caseAct({
  ...released,
  name: 'releaseToPeer',
  proposedOn: 'secondOfficerMissing',
  input: Type.Object({ ...what, ...releaseReasons }),
  prepare: (step) => prepareForRelease(step, draftOf(step.input)),
})

/** What one act releases of each of several cases. A test that was recorded is of one case. */
export const togetherForm = Type.Object({ ...what, ...rightsReasons })

/**
 * One case of several that one act releases something of. What needs a second officer is
 * proposed in its own case, never here.
 */
export const releaseTogether = caseAct({
  ...released,
  name: 'releaseTogether',
  input: Type.Object({
    ...togetherForm.properties,
    together: Type.Object({ actId: id, cases: Type.Integer() }),
  }),
  prepare: (step) => {
    const { together, ...input } = step.input
    return prepareForRelease(step, { ...draftOf(input), together })
  },
})

export function draftOf(
  input: ReleaseReasons & Pick<ReleaseDraft, 'recipient' | 'purpose' | 'categories'>,
): ReleaseDraft {
  const { recipient, purpose, categories, legalBasis } = input
  return { kind: 'case', recipient, purpose, categories, legalBasis, answers: input }
}

export function hasPartners({ disclosure, invitation }: CaseState) {
  if (disclosure.participants.length > 1 || invitation) return permit(null)
  const text = 'nobody else takes part in this case yet'
  return refuse('noPartner', { rule: 'release:partner', text })
}
