/** What everybody would read once a draft is published, or a text withdrawn: shown before. */
import { type Decision, permit } from '../base/decision.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Revision } from '../core/disclosure/advisory-events.ts'
import {
  draftVersion,
  type PublicContent,
  type WhyNoVersion,
  withdrawal,
} from '../core/disclosure/advisory-steps.ts'
import type { Sight } from './act.ts'
import {
  type AdvisoryDraftAsked,
  type NoticeDraftAsked,
  noticeOf,
} from './acts/advisory-draft-acts.ts'
import {
  type AdvisoryAsked,
  contentOf,
  draftNamed,
  firstRevision,
} from './acts/publication-acts.ts'
import type { PublicRevision } from './ports/public-texts.ts'
import { creditedContent, withCredits } from './recognition-facts.ts'

export type PublicTextPreview = {
  readonly trackingId: string
  readonly revisions: readonly (Omit<PublicRevision, 'at'> & Partial<Pick<PublicRevision, 'at'>>)[]
}

type Previewed = Decision<{ readonly publicText: PublicTextPreview }>

/** The id is drawn when it is done. */
const NO_ID = '–'

export const publicTextPreviews = {
  publishAdvisory: async ({ state, input }: Sight<AdvisoryAsked>): Promise<Previewed> =>
    shown(state, NO_ID, permit(withCredits(state, firstRevision(input)))),
  draftAdvisory: async ({ state, input }: Sight<AdvisoryDraftAsked>): Promise<Previewed> =>
    drafted(state, input, creditedContent(state, contentOf(input))),
  draftSafetyNotice: async ({ state, input }: Sight<NoticeDraftAsked>): Promise<Previewed> =>
    drafted(state, input, noticeOf(input)),
  publishDraft: async ({ state, input }: Sight<{ readonly draft: string }>): Promise<Previewed> => {
    const named = draftNamed(state, input.draft)
    if (named.decision === 'refuse') return named
    const { trackingId, revision } = named.value
    return shown(state, trackingId, permit(withCredits(state, revision)))
  },
  withdrawPublication: async ({ state, input }: Sight<Withdrawing>): Promise<Previewed> => {
    const { trackingId, changeSummary: summary } = input
    return shown(state, trackingId, withdrawal(state, { trackingId, summary }))
  },
}

type Withdrawing = { readonly trackingId: string; readonly changeSummary: string }

function drafted(
  state: CaseState,
  { trackingId, change, changeSummary }: AdvisoryDraftAsked | NoticeDraftAsked,
  content: PublicContent,
): Previewed {
  const id = trackingId || NO_ID
  const asked = { trackingId: id, kind: change, summary: changeSummary, content }
  const decision = draftVersion(state, asked)
  if (decision.decision === 'refuse') return decision
  const [event] = decision.value
  return event ? shown(state, id, permit(event.revision)) : permitNothing(id)
}

const permitNothing = (trackingId: string): Previewed =>
  permit({ publicText: { trackingId, revisions: [] } })

function shown(
  { publications, safetyNotices }: CaseState,
  trackingId: string,
  next: Decision<Revision<PublicContent>, WhyNoVersion>,
): Previewed {
  if (next.decision === 'refuse') return next
  const before = [...publications, ...safetyNotices].find((one) => one.trackingId === trackingId)
  const revisions = [...(before?.revisions ?? []), next.value]
  return permit({ publicText: { trackingId, revisions } })
}
