/** The human page of a CSAF 2.0 advisory. The CSAF file is the record; this only shows it. */
import type { Instant } from '../../../base/time.ts'

export type AdvisoryModel = {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly publishedAt: Instant
  readonly updatedAt: Instant
  readonly version: string
  readonly tlp: string
  readonly isDemonstration: boolean
  readonly products: readonly { readonly name: string; readonly status: string }[]
  readonly harms: readonly { readonly scheme: string; readonly term: string }[]
  readonly remediations: readonly { readonly kind: string; readonly text: string }[]
  readonly notes: readonly { readonly title: string; readonly text: string }[]
  readonly references: readonly { readonly title: string; readonly url: string }[]
  readonly revisions: readonly {
    readonly version: string
    readonly at: Instant
    readonly text: string
  }[]
  readonly csaf: { readonly year: string; readonly file: string; readonly sha256: string }
}
