/** What is served of CSAF documents, and the part that makes it: only the node itself signs. */
import type { Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import type { CsafVersion } from '../../wire/csaf-advisory.ts'

export type CsafKey = {
  /** Lower-case hex. */
  readonly fingerprint: string
  /** ASCII armour. */
  readonly publicKey: string
  readonly madeAt: Instant
}

export type CsafEntry = {
  readonly version: CsafVersion
  readonly trackingId: string
  readonly fileName: string
  /** Of the first release: the folder. */
  readonly year: string
  readonly title: string
  readonly summary: string
  readonly initialAt: Instant
  readonly currentAt: Instant
}

export type CsafFile = CsafEntry & {
  /** Canonical JSON. */
  readonly content: string
  /** Lower-case hex. */
  readonly sha256: string
  readonly sha512: string
  /** OpenPGP, detached, ASCII armour. */
  readonly signature: string
}

export type CsafProvider = {
  /** The key in use first. Empty until the node has made or been given one. */
  keys(): Promise<readonly CsafKey[]>
  /** Those changed last first; the first 10,000. */
  entries(version: CsafVersion): Promise<readonly CsafEntry[]>
  file(version: CsafVersion, year: string, fileName: string): Promise<CsafFile | undefined>
  /** All documents made from one publication; none while they are not signed yet. */
  ofPublication(trackingId: string): Promise<readonly CsafFile[]>
}

export type Unserved = {
  readonly trackingId: string
  readonly document: Json
  /** Tells versions of it apart. */
  readonly check: string
}

export type CsafPress = {
  /** What was published and is not served yet as it is, under the key in use. */
  unserved(): Promise<readonly Unserved[]>
  /** Hashes, signs and keeps all documents of one publication, in one step. */
  keep(
    source: Unserved,
    documents: readonly { readonly version: CsafVersion; readonly document: Json }[],
  ): Promise<void>
}
