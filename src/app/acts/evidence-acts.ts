/** Acts on exhibits. */
import { Type } from '@sinclair/typebox'
import type { Json } from '../../base/canonical-json.ts'
import { permit, refuse } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import { acknowledgeExhibit as decideAcknowledgement } from '../../core/evidence/acknowledge.ts'
import { sealExhibit as decideSealing, recordCustody } from '../../core/evidence/decide-evidence.ts'
import { exhibitOf } from '../../core/evidence/evidence.ts'
import { caseAct } from '../act.ts'
import { nameOfCase } from '../joint-case.ts'
import { id, reason } from './fields.ts'

const PARTS_MAX = 5000

/** Takes a transcript into the vault. Every turn gets its own commitment. */
export const sealExhibit = caseAct({
  name: 'sealExhibit',
  topic: 'evidence',
  group: 'handle',
  input: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 200 }),
    mediaType: Type.String({ pattern: '^[a-z]+/[a-z0-9.+-]+$', maxLength: 100 }),
    purpose: reason,
    /** The turns of the transcript, in order; JSON text where it comes from a form. */
    parts: Type.Array(Type.Unknown(), { minItems: 1, maxItems: PARTS_MAX }),
  }),
  before: async ({ kernel, caseId, input }) => {
    const exhibitId = kernel.random.uuidByTime()
    const place = { caseId, exhibitId }
    return { exhibitId, ...(await kernel.exhibits.seal(place, input.parts as Json[])) }
  },
  decide: (state, { name, mediaType, purpose }, acting, sealed) =>
    decideSealing(state.evidence, { name, mediaType, purpose, ...sealed }, acting),
  finish: async ({ kernel }, { exhibitId, partsRoot }) => {
    await kernel.exhibits.settleFile(exhibitId)
    return { exhibitId, partsRoot }
  },
})

/** Opens an exhibit for reading. Every opening is an act of custody, by name and purpose. */
export const openExhibit = caseAct({
  name: 'openExhibit',
  topic: 'evidence',
  group: 'openExhibit',
  stepUp: true,
  reads: ({ exhibitId }) => exhibitId,
  input: Type.Object({ exhibitId: id, purpose: reason }),
  when: ({ evidence }) =>
    evidence.exhibits.length > 0
      ? permit(null)
      : refuse('noExhibit', { rule: 'evidence:exhibit', text: 'this case has no exhibit' }),
  decide: (state, { exhibitId, purpose }, acting) => {
    const exhibit = exhibitOf(state.evidence, exhibitId)
    const digest = exhibit?.digest ?? ''
    return recordCustody(state.evidence, { exhibitId, act: 'opened', purpose, digest }, acting)
  },
  after: ({ kernel, input }) => kernel.exhibits.open(input.exhibitId),
})

/** Accepts what a peer sent, or rejects it with a reason. The peer gets the answer. */
export const acknowledgeExhibit = caseAct({
  name: 'acknowledgeExhibit',
  topic: 'evidence',
  group: 'handle',
  input: Type.Object({
    exhibitId: id,
    answer: Type.Union([Type.Literal('accepted'), Type.Literal('rejected')]),
    /** Of a rejection. */
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
  }),
  when: ({ evidence }) =>
    evidence.exhibits.some(({ origin, acknowledged }) => origin === 'received' && !acknowledged)
      ? permit(null)
      : refuse('noExhibit', {
          rule: 'evidence:arrived',
          text: 'nothing that a peer sent waits for an answer',
        }),
  decide: ({ evidence }, { exhibitId, answer, reason: said = '' }, acting) =>
    decideAcknowledgement(evidence, { exhibitId, answer, reason: said }, acting),
  finish: async ({ unit, stream, state, input }) => {
    const exhibit = exhibitOf(state.evidence, input.exhibitId)
    invariant(exhibit?.from && exhibit.releaseId && exhibit.acknowledged, 'it was answered')
    const { from, releaseId, acknowledged } = exhibit
    const digest = exhibit.file?.digest ?? exhibit.digest
    const { answer, reason: why } = acknowledged
    const release = state.releases.received.find((one) => one.releaseId === releaseId)
    const content = {
      caseId: nameOfCase({ stream, state }),
      releaseId,
      digest,
      answer,
      reason: why,
    }
    await unit.send({
      destination: from,
      type: 'exhibitAnswer',
      objectId: releaseId,
      agreement: release?.agreement.digest ?? null,
      content,
    })
    return { releaseId, answer }
  },
})
