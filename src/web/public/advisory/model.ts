/** The human page of a CSAF 2.0 advisory. The CSAF file is the record; this only shows it. */
import type { Instant } from '../../../base/time.ts'
import type { PublicTextModel } from '../public-text.ts'

/** Where the machine-readable file is, and the digest that the case recorded. */
export type CsafFile = {
  readonly year: string
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** A file of the CSAF provider, with its digests and the place of its signature. */
export type SignedFile = CsafFile & {
  readonly version: '2.0' | '2.1'
  readonly form: 'advisory' | 'vex'
  readonly sha512: string
}

export type ServedFiles = {
  /** Empty while they are not signed yet. */
  readonly files: readonly SignedFile[]
  /** Of the key in use; null before there is one. */
  readonly keyFingerprint: string | null
}

export type AdvisoryModel = {
  readonly text: PublicTextModel
  readonly publishedAt: Instant
  readonly updatedAt: Instant
  readonly version: string
  readonly tlp: string
  readonly isDemonstration: boolean
  readonly products: readonly { readonly name: string; readonly status: string }[]
  /** Of the report or the flaw, by the system that gave them. */
  readonly identifiers: readonly { readonly system: string; readonly text: string }[]
  readonly notes: readonly { readonly title: string; readonly text: string }[]
  readonly references: readonly { readonly title: string; readonly url: string }[]
  readonly csaf: CsafFile
  readonly served: ServedFiles
}
