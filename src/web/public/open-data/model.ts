/** What programs can fetch: figures made when asked for, advisories, and the log's files. */
import type { Instant } from '../../../base/time.ts'
import type { CsafFile } from '../advisory/model.ts'

export type OpenDataModel = {
  /** These change with the record, so they have no digest. */
  readonly figures: readonly { readonly file: string; readonly mediaType: string }[]
  readonly advisories: readonly (CsafFile & {
    readonly title: string
    readonly publishedAt: Instant
  })[]
  readonly isDemonstration: boolean
}
