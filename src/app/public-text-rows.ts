/** What a case has made public, as rows for everybody: texts and days, and nobody's name. */
import {
  type AdvisoriesState,
  isWithdrawn,
  type Publication,
  type SafetyNotice,
} from '../core/disclosure/advisories.ts'
import type { PublicTextRow } from './ports/public-texts.ts'

export function publicTextRows({
  publications,
  safetyNotices,
}: AdvisoriesState): readonly PublicTextRow[] {
  return [...publications, ...safetyNotices].map(rowOf)
}

function rowOf(published: Publication | SafetyNotice): PublicTextRow {
  const { trackingId, publishedAt } = published
  const revisions = published.revisions.map(({ number, kind, summary, content, at }) => ({
    ...{ number, kind, summary, content, at },
  }))
  const last = revisions.at(-1)
  return {
    trackingId,
    kind: last?.content.is ?? 'advisory',
    isWithdrawn: isWithdrawn(published),
    publishedAt,
    revisedAt: last?.at ?? publishedAt,
    revisions,
  }
}
