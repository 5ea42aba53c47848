/** What this node has made public in words. It names no officer and no case. */
import type { Instant } from '../../base/time.ts'
import type {
  AdvisoryContent,
  Revision,
  SafetyNoticeContent,
} from '../../core/disclosure/advisory-events.ts'

export type PublicRevision = Revision<AdvisoryContent | SafetyNoticeContent> & {
  readonly at: Instant
}

export type PublicTextRow = {
  readonly trackingId: string
  readonly kind: 'advisory' | 'safetyNotice'
  readonly isWithdrawn: boolean
  readonly publishedAt: Instant
  /** Of the latest version. */
  readonly revisedAt: Instant
  /** At least one, the latest last. */
  readonly revisions: readonly PublicRevision[]
}

export type PublicTexts = {
  /** The 500 that were changed last. */
  all(): Promise<readonly PublicTextRow[]>
  find(trackingId: string): Promise<PublicTextRow | undefined>
}
