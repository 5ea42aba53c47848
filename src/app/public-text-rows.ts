/** What a case has made public, as rows for everybody: texts and days, and nobody's name. */
import {
  type AdvisoriesState,
  isWithdrawn,
  type Publication,
  type SafetyNotice,
} from '../core/disclosure/advisories.ts'
import type { PublicContent } from '../core/disclosure/advisory-steps.ts'
import type { PublicTextRow } from './ports/public-texts.ts'

/** `named`: who agrees to be named at this moment. A name that was taken back is in no version. */
export function publicTextRows(
  { publications, safetyNotices }: AdvisoriesState,
  named?: string,
): readonly PublicTextRow[] {
  return [...publications, ...safetyNotices].map((one) => rowOf(one, named))
}

function rowOf(published: Publication | SafetyNotice, named: string | undefined): PublicTextRow {
  const { trackingId, publishedAt } = published
  const revisions = published.revisions.map(({ number, kind, summary, content, at }) => ({
    ...{ number, kind, summary, at },
    content: namingOnly(content, named),
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

function namingOnly(content: PublicContent, named: string | undefined): PublicContent {
  if (content.is !== 'advisory' || !content.credits) return content
  const { credits, ...text } = content
  const kept = credits.filter(({ name }) => name === named)
  return kept.length > 0 ? { ...text, credits: kept } : text
}
