/** What one case shares, as core/access/shared-view.ts made it; the page has nothing else. */
import type { Instant } from '../../../base/time.ts'
import type { SharedView } from '../../../core/access/shared-view.ts'

export type SharedCaseModel = {
  readonly ref: string
  readonly view: SharedView
  /** For an auditor to whom the whole case was shown. */
  readonly wholeCaseId?: string
  /** For a guest, who came by a link. */
  readonly guest?: { readonly linkId: string; readonly until: Instant }
}
