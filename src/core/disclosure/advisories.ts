/** What a case has made public and what it drafts, folded from its events. */
import type { Json } from '../../base/canonical-json.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type {
  AdvisoryContent,
  AdvisoryDrafted,
  AdvisoryEvent,
  Revision,
  SafetyNoticeContent,
} from './advisory-events.ts'

export type PublishedRevision<Content> = Revision<Content> & {
  readonly at: Instant
  /** Officer id. */
  readonly by: string
}

type Versions<Content> = {
  readonly trackingId: string
  /** Of the first version. */
  readonly publishedAt: Instant
  /** At least one, the latest last. */
  readonly revisions: readonly PublishedRevision<Content>[]
}

/** `digest` and `document` are those of the latest version. */
export type Publication = Versions<AdvisoryContent> & {
  readonly digest: string
  readonly document: Json
}

export type SafetyNotice = Versions<SafetyNoticeContent>

export type AdvisoryDraft = Pick<AdvisoryDrafted, 'trackingId' | 'revision'> & {
  readonly draftedAt: Instant
  readonly draftedBy: string
  /** Its place in the case's history, which tells it from any other draft. */
  readonly draftedAs: number
}

export type AdvisoriesState = {
  readonly publications: readonly Publication[]
  readonly safetyNotices: readonly SafetyNotice[]
  /** What was drafted and is neither published nor dropped: one for each tracking id. */
  readonly advisoryDrafts: readonly AdvisoryDraft[]
}

export const noAdvisories: AdvisoriesState = {
  publications: [],
  safetyNotices: [],
  advisoryDrafts: [],
}

export function foldAdvisories(
  { publications, safetyNotices, advisoryDrafts }: AdvisoriesState,
  { event, at, by, version }: Recorded<AdvisoryEvent>,
): AdvisoriesState {
  const { trackingId } = event
  const others = advisoryDrafts.filter((draft) => draft.trackingId !== trackingId)
  switch (event.type) {
    case 'advisoryDrafted': {
      const { revision } = event
      const draft = {
        ...{ trackingId, revision, draftedAt: at, draftedBy: by },
        draftedAs: version,
      }
      return { publications, safetyNotices, advisoryDrafts: [...others, draft] }
    }
    case 'advisoryDraftDropped':
      return { publications, safetyNotices, advisoryDrafts: others }
    case 'advisoryPublished': {
      const { digest, document, revision } = event
      const versions = withRevision(publications, trackingId, { ...revision, at, by })
      const latest = changeWhere(versions, isOf(trackingId), (one) => ({
        ...one,
        digest,
        document,
      })) as readonly Publication[]
      return { publications: latest, safetyNotices, advisoryDrafts: others }
    }
    case 'safetyNoticePublished': {
      const versions = withRevision(safetyNotices, trackingId, { ...event.revision, at, by })
      return { publications, safetyNotices: versions, advisoryDrafts: others }
    }
  }
}

export function isWithdrawn({ revisions }: Publication | SafetyNotice): boolean {
  return revisions.at(-1)?.kind === 'withdrawal'
}

const isOf = (id: string) => (one: { readonly trackingId: string }) => one.trackingId === id

function withRevision<Content>(
  list: readonly Versions<Content>[],
  trackingId: string,
  revision: PublishedRevision<Content>,
): readonly Versions<Content>[] {
  if (!list.some(isOf(trackingId))) {
    return [...list, { trackingId, publishedAt: revision.at, revisions: [revision] }]
  }
  return changeWhere(list, isOf(trackingId), (one) => ({
    ...one,
    revisions: [...one.revisions, revision],
  }))
}
