/** Acts around a release that cannot wait: releasing in an emergency, and validating it. */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { CaseEvent, CaseState } from '../../core/case/case.ts'
import { EMERGENCY_THREATS } from '../../core/release/basis.ts'
import {
  awaitsValidation,
  validateEmergency as decideValidation,
} from '../../core/release/emergency.ts'
import { permittedRelease } from '../../core/release/release.ts'
import type { TrackedDuty } from '../../core/release/tracked-duty.ts'
import { caseAct } from '../act.ts'
import { foldCaseStream } from '../case-stream.ts'
import { tellOfDuty } from '../follow-duties.ts'
import { nameOfCase } from '../joint-case.ts'
import { conflictedIn } from '../release-basis.ts'
import {
  decideRelease,
  prepareForRelease,
  recordRefusedRelease,
  sendRelease,
} from '../release-to-peer.ts'
import { type InCase, tellRecipient } from '../retract.ts'
import { id, reason, rightsReasons } from './fields.ts'
import { hasPartners } from './release-acts.ts'

/** Waives review and second officer beforehand, and nothing else; both follow, or it is withdrawn. */
export const releaseInEmergency = caseAct({
  name: 'releaseInEmergency',
  topic: 'release',
  group: 'exchange',
  stepUp: true,
  input: Type.Object({
    recipient: Type.String({ maxLength: 100 }),
    purpose: Type.String({ maxLength: 60 }),
    categories: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 20 }),
    threat: Type.Union(EMERGENCY_THREATS.map((threat) => Type.Literal(threat))),
    reason,
    ...rightsReasons,
  }),
  when: hasPartners,
  prepare: (step) => {
    const { recipient, purpose, categories, legalBasis, threat, reason } = step.input
    const draft = { kind: 'case', recipient, purpose, categories, legalBasis } as const
    const emergency = { threat, reason }
    return prepareForRelease(step, { ...draft, emergency, answers: step.input })
  },
  decide: (state, _input, acting, prepared) => decideRelease(state, acting, prepared),
  refused: recordRefusedRelease,
  finish: (step, prepared) => sendRelease(step, prepared, 'release', { caseId: nameOfCase(step) }),
})

/** A second officer says that the emergency was one, or has the release withdrawn at once. */
export const validateEmergency = caseAct({
  name: 'validateEmergency',
  topic: 'release',
  group: 'validateEmergency',
  stepUp: true,
  input: Type.Object({
    releaseId: id,
    answer: Type.Union([Type.Literal('validate'), Type.Literal('withdraw')]),
    reason,
  }),
  when: hasUnvalidated,
  prepare: ({ kernel, caseId, state, input }) => {
    const recipient = permittedRelease(state.releases, input.releaseId)?.recipient ?? ''
    return conflictedIn(kernel, state, caseId, recipient)
  },
  decide: (state, input, acting, conflicted): Decision<readonly CaseEvent[]> =>
    decideValidation(state.releases, input, acting, conflicted),
  finish: async ({ kernel, unit, stream, state, input: { releaseId } }) => {
    const place = { kernel, unit, stream }
    const cause = permittedRelease(state.releases, releaseId)?.withdrawn?.cause
    if (cause) await tellRecipient(place, state, releaseId, cause)
    await tellOfReview(place, releaseId)
    return undefined
  },
})

/** Or else the other side, which has the same duty in its list, counts it as missed. */
async function tellOfReview(place: InCase, releaseId: string): Promise<void> {
  const state = foldCaseStream(place.stream.history)
  const release = permittedRelease(state.releases, releaseId)
  if (!release || release.sentAt === null || release.stopped) return
  const isReview = ({ kind, discharge }: TrackedDuty) => kind === 'postReview' && discharge !== null
  for (const { dutyId } of release.duties.filter(isReview)) {
    await tellOfDuty({ ...place, state }, { releaseId, dutyId }, 'dutyDischarge')
  }
}

function hasUnvalidated({ releases }: CaseState): Decision<null> {
  if (releases.permitted.some(awaitsValidation)) return permit(null)
  const text = 'no release in an emergency waits for a second officer'
  return refuse('nothingToValidate', { rule: 'emergency:open', text })
}
