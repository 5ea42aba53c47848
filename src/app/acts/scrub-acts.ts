/** A scrubbed copy of a file: made in a worker, sealed like any file, tied to its original. */
import { Type } from '@sinclair/typebox'
import { type Refusal, refuse } from '../../base/decision.ts'
import { scrubExhibit as decideScrub, sourceOfScrub } from '../../core/evidence/scrub.ts'
import { caseAct } from '../act.ts'
import { WHY_NO_PAGES, type WhyNoPages } from '../ports/pages.ts'
import { fileBytes } from '../redaction/page-source.ts'
import { id, reason } from './fields.ts'

export const scrubExhibit = caseAct({
  name: 'scrubExhibit',
  topic: 'evidence',
  group: 'handle',
  reads: ({ exhibitId }) => exhibitId,
  input: Type.Object({ exhibitId: id, purpose: reason }),
  when: ({ evidence }) =>
    evidence.exhibits.some(({ file, isDestroyed, scrub }) => file && !isDestroyed && !scrub)
      ? { decision: 'permit', value: null, because: [] }
      : refuse('noFile', { rule: 'evidence:noFile', text: 'this case has no file' }),
  before: async ({ kernel, caseId, state, input }) => {
    const source = sourceOfScrub(state.evidence, input)
    if ('decision' in source) return undefined
    const bytes = await fileBytes(kernel, source.exhibitId, source.file.sizeBytes)
    const scrubbed = await kernel.pages.scrub(bytes)
    if ('refused' in scrubbed) return scrubbed
    const copyId = kernel.random.uuidByTime()
    const place = { caseId, exhibitId: copyId }
    const { plaintext, ...sealed } = await kernel.exhibits.takeFile(place, once(scrubbed.bytes))
    const { mediaType, scrub } = scrubbed
    const whole = { file: plaintext, parts: 1, partsRoot: plaintext.digest }
    return { exhibitId: copyId, mediaType, ...sealed, ...whole, scrub }
  },
  decide: (state, input, acting, prepared) =>
    prepared && 'refused' in prepared
      ? unscrubbed(prepared.refused)
      : decideScrub(state.evidence, input, prepared, acting),
  finish: async ({ kernel }, prepared) => {
    if (!prepared || 'refused' in prepared) return undefined
    await kernel.exhibits.settleFile(prepared.exhibitId)
    return { exhibitId: prepared.exhibitId }
  },
  discard: async (kernel, made) => {
    if (made && !('refused' in made)) await kernel.exhibits.dropFile(made.exhibitId)
  },
})

async function* once(bytes: Uint8Array) {
  yield bytes
}

function unscrubbed(why: WhyNoPages): Refusal {
  return refuse(why, { rule: `evidence:${why}`, text: WHY_NO_PAGES[why] })
}
