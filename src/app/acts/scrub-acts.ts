/** A scrubbed copy of a file: made in a worker, sealed like any file, tied to its original. */
import { Type } from '@sinclair/typebox'
import { type Refusal, refuse } from '../../base/decision.ts'
import { exhibitOf } from '../../core/evidence/evidence.ts'
import { scrubExhibit as decideScrub, scrubbedCopyOf } from '../../core/evidence/scrub.ts'
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
    const source = exhibitOf(state.evidence, input.exhibitId)
    const isDone = scrubbedCopyOf(state.evidence, input.exhibitId) !== undefined
    if (!source?.file || source.isDestroyed || source.scrub || isDone) return undefined
    const bytes = await fileBytes(kernel, source.exhibitId, source.file.sizeBytes)
    const scrubbed = await kernel.pages.scrub(bytes)
    if ('refused' in scrubbed) return scrubbed
    const copyId = kernel.random.uuidByTime()
    const place = { caseId, exhibitId: copyId }
    const seal = await kernel.exhibits.takeFile(place, once(scrubbed.bytes))
    return { copyId, seal, mediaType: scrubbed.mediaType, scrub: scrubbed.scrub }
  },
  decide: (state, { exhibitId, purpose }, acting, prepared) => {
    if (prepared && 'refused' in prepared) return unscrubbed(prepared.refused)
    const source = exhibitOf(state.evidence, exhibitId)
    if (!source) return unknownExhibit
    const facts = prepared ?? NOTHING_MADE
    const { digest, sizeBytes, plaintext } = facts.seal
    const command = {
      ...{ exhibitId: facts.copyId, name: `${source.name} (scrubbed)`, digest, sizeBytes },
      ...{ mediaType: facts.mediaType, file: plaintext, parts: 1, partsRoot: plaintext.digest },
      ...{ derivedFrom: exhibitId, scrub: facts.scrub, purpose },
    }
    return decideScrub(state.evidence, command, acting)
  },
  finish: async ({ kernel }, prepared) => {
    if (!prepared || 'refused' in prepared) return undefined
    await kernel.exhibits.settleFile(prepared.copyId)
    return { exhibitId: prepared.copyId }
  },
})

/** The decision says why nothing was made. */
const NOTHING_MADE = {
  ...{ copyId: '', mediaType: '' },
  seal: { digest: '', sizeBytes: 0, plaintext: { digest: '', sizeBytes: 0 } },
  scrub: { tool: '', version: '', input: { digest: '', sizeBytes: 0 }, removed: [] },
}

async function* once(bytes: Uint8Array) {
  yield bytes
}

const unknownExhibit = refuse('unknownExhibit', {
  rule: 'evidence:unknownExhibit',
  text: 'there is no such exhibit',
})

function unscrubbed(why: WhyNoPages): Refusal {
  return refuse(why, { rule: `evidence:${why}`, text: WHY_NO_PAGES[why] })
}
