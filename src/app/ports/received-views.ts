/**
 * What releases of peers showed of their case records, each under a key of its own. The
 * history holds a salted commitment; when the key is destroyed the content is gone, and
 * whoever kept a copy of content and salt can still show what the commitment was to.
 */
import type { ReleaseView } from '../../core/release/release.ts'

export type ReceivedViewPlace = { readonly caseId: string; readonly releaseId: string }

export type ReceivedViews = {
  /** Kept again it takes the place of what was kept before. Returns the commitment, hex. */
  keep(place: ReceivedViewPlace, view: ReleaseView): Promise<string>
  /** `undefined` once it is destroyed, or if it never was here. */
  read(releaseId: string): Promise<ReleaseView | undefined>
  /** Destroys key, salt and ciphertext. What is destroyed already stays so. */
  destroy(releaseId: string): Promise<void>
}
