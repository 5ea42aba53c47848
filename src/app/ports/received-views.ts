/**
 * What releases of peers showed of their case records, each under a key of its own. The
 * history holds a salted commitment; when the key is destroyed the content is gone, and
 * whoever kept a copy of content and salt can still show what the commitment was to.
 *
 * A peer chooses the ids of its releases, and may choose that of another peer: each call
 * says in which case, and reaches nothing of another one.
 */
import type { ReleaseView } from '../../core/release/release.ts'

export type ReceivedViewPlace = { readonly caseId: string; readonly releaseId: string }

export type ReceivedViews = {
  /**
   * Kept again in the same case it takes the place of what was kept before. Returns the
   * commitment, hex.
   *
   * @throws ComityError `malformed` if another case has a release of this id, or it is destroyed
   */
  keep(place: ReceivedViewPlace, view: ReleaseView): Promise<string>
  /** `undefined` once it is destroyed, or if it never was in this case. */
  read(place: ReceivedViewPlace): Promise<ReleaseView | undefined>
  /** Destroys key, salt and ciphertext, in this case only. What is destroyed already stays so. */
  destroy(place: ReceivedViewPlace): Promise<void>
}
