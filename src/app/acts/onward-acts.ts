/**
 * Passing on what a peer's release showed of its case, to a third authority. It is decided as
 * every release is; that the originator consented, where its marking or its duties ask for
 * that, is one of the checks. Nothing of our own record goes along.
 *
 * What was shown stands in no event of ours: it is read from where it is kept under a key of
 * its own, and goes from there into the message.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import { FILE_CATEGORY } from '../../core/release/file-view.ts'
import { isConsented, withdrawOnward } from '../../core/release/onward.ts'
import type { ReleaseView } from '../../core/release/release.ts'
import { retractionOf } from '../../core/release/retraction.ts'
import { caseAct, type Sight } from '../act.ts'
import { nameOfCase } from '../joint-case.ts'
import {
  decideRelease,
  prepareForRelease,
  type ReleaseDraft,
  type ReleaseReasons,
  recordRefusedRelease,
  sendRelease,
} from '../release-to-peer.ts'
import { takeConsentBack } from '../take-consent-back.ts'
import { id, reason, releaseReasons } from './fields.ts'
import { hasPartners } from './release-acts.ts'

export const passOnRelease = caseAct({
  name: 'passOnRelease',
  topic: 'release',
  group: 'exchange',
  stepUp: true,
  proposedOn: 'secondOfficerMissing',
  input: Type.Object({
    /** The release that brought it here. */
    releaseId: id,
    recipient: Type.String({ maxLength: 100 }),
    purpose: Type.String({ maxLength: 60 }),
    categories: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 20 }),
    ...releaseReasons,
  }),
  when: mayPassOn,
  prepare: async (step) => prepareForRelease(step, await passedOnDraft(step)),
  decide: (state, _input, acting, prepared) => decideRelease(state, acting, prepared),
  refused: recordRefusedRelease,
  finish: (step, prepared) => sendRelease(step, prepared, 'release', { caseId: nameOfCase(step) }),
})

/** What has not left is refused from then on, what has is called back at whoever got it. */
export const withdrawOnwardConsent = caseAct({
  name: 'withdrawOnwardConsent',
  topic: 'release',
  group: 'exchange',
  stepUp: true,
  input: Type.Object({ requestId: id, reason }),
  when: ({ releases }) =>
    releases.onward.some((one) => one.side === 'originator' && isConsented(one))
      ? permit(null)
      : refuse('notConsented', {
          rule: 'onward:consented',
          text: 'nobody may pass anything on by a consent of this authority',
        }),
  decide: (state, input) => withdrawOnward(state.releases, input),
  finish: async (step) => {
    await takeConsentBack(step, step.input.requestId)
    return undefined
  },
})

export type PassOnAsked = ReleaseReasons & {
  readonly releaseId: string
  readonly recipient: string
  readonly purpose: string
  readonly categories: readonly string[]
}

/** As the form has it, for the act and for its preview. */
export async function passedOnDraft({
  kernel,
  caseId,
  state,
  input,
}: Pick<Sight<PassOnAsked>, 'kernel' | 'caseId' | 'state' | 'input'>): Promise<ReleaseDraft> {
  const { releaseId, recipient, purpose, categories, legalBasis } = input
  const held = state.releases.received.find((one) => one.releaseId === releaseId)
  const kept = held?.viewCommitment !== undefined && held.destroyedAt === null
  const view = kept ? await kernel.receivedViews.read({ caseId, releaseId }) : held?.view
  return {
    ...{ kind: 'case', recipient, purpose, categories, legalBasis, answers: input },
    ...{ passesOn: releaseId, record: withoutExhibits(view ?? {}) },
  }
}

/** An exhibit goes on as that exhibit, with its custody; here is only what a record showed. */
const OF_EXHIBITS: readonly string[] = [FILE_CATEGORY, 'exhibitTranscript']

function withoutExhibits(view: ReleaseView): ReleaseView {
  return Object.fromEntries(Object.entries(view).filter(([id]) => !OF_EXHIBITS.includes(id)))
}

function mayPassOn(state: CaseState): Decision<null> {
  const partners = hasPartners(state)
  if (partners.decision === 'refuse') return partners
  const { releases } = state
  const isHere = releases.received.some(
    ({ releaseId, from, destroyedAt }) =>
      destroyedAt === null && !retractionOf(releases, releaseId, from),
  )
  const text = 'nothing that a peer showed is held in this case'
  return isHere ? permit(null) : refuse('nothingHeld', { rule: 'onward:held', text })
}
