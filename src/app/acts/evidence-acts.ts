/** Acts on exhibits. */
import { Type } from '@sinclair/typebox'
import type { Json } from '../../base/canonical-json.ts'
import { permit, refuse } from '../../base/decision.ts'
import { sealExhibit as decideSealing, recordCustody } from '../../core/evidence/decide-evidence.ts'
import { exhibitOf } from '../../core/evidence/evidence.ts'
import { caseAct } from '../act.ts'
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
  finish: async (_step, { exhibitId, partsRoot }) => ({ exhibitId, partsRoot }),
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
