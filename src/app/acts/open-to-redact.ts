/**
 * Opens an exhibit for an officer who marks what is to be hidden, or compares a copy with
 * its original: an act of custody each time. Not in the list of acts: the pages for
 * redacting run it.
 */
import { Type } from '@sinclair/typebox'
import { refuse } from '../../base/decision.ts'
import { recordCustody } from '../../core/evidence/decide-evidence.ts'
import { exhibitOf } from '../../core/evidence/evidence.ts'
import { originalBar, purposeOfOpening } from '../../core/evidence/scrub.ts'
import type { RedactedRecord } from '../../proof/redacted-record.ts'
import { caseAct } from '../act.ts'
import { type PagePicture, WHY_NO_PAGES } from '../ports/pages.ts'
import { mayHoldPages, pageSource, pagesIn } from '../redaction/page-source.ts'
import { id, reason } from './fields.ts'
import { whyOriginal } from './file-acts.ts'

export type OpenedToRedact =
  | { readonly record: RedactedRecord }
  | { readonly pages: readonly Pick<PagePicture, 'png'>[] }
  | { readonly undrawn: string }

export const openToRedact = caseAct({
  name: 'openToRedact',
  topic: 'evidence',
  group: 'openExhibit',
  stepUp: true,
  reads: ({ exhibitId }) => exhibitId,
  input: Type.Object({ exhibitId: id, purpose: reason, whyOriginal }),
  decide: ({ evidence }, { exhibitId, purpose, whyOriginal: why = '' }, acting) => {
    const exhibit = exhibitOf(evidence, exhibitId)
    if (exhibit?.file && !mayHoldPages(exhibit)) {
      return refuse('notPages', { rule: 'evidence:notPages', text: WHY_NO_PAGES.notPages })
    }
    const bar = originalBar(evidence, exhibitId, why)
    if (bar) return bar
    const seen = exhibit?.file ? 'previewed' : 'opened'
    const said = purposeOfOpening(evidence, { exhibitId, purpose, whyOriginal: why })
    const act = { exhibitId, act: seen, purpose: said, digest: exhibit?.digest ?? '' } as const
    return recordCustody(evidence, act, acting)
  },
  after: async ({ kernel, state, input }): Promise<OpenedToRedact> => {
    const exhibit = exhibitOf(state.evidence, input.exhibitId)
    if (exhibit && mayHoldPages(exhibit)) {
      const source = await pageSource(kernel, state, input.exhibitId)
      const drawn = source && (await kernel.pages.draw(source.bytes))
      if (drawn && 'refused' in drawn) return { undrawn: WHY_NO_PAGES[drawn.refused] }
      if (drawn) return { pages: drawn.pages }
    }
    const record = await kernel.exhibits.open(input.exhibitId)
    if (!exhibit?.transform) return { record }
    return { pages: pagesIn(record).map((png) => ({ png: new Uint8Array(png) })) }
  },
})
