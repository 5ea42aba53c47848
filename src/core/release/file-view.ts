/** What the view of a release says of a file whose bytes follow it. */
import type { Json } from '../../base/canonical-json.ts'
import { invariant } from '../../base/errors.ts'
import type { Exhibit, FileFacts } from '../evidence/evidence.ts'
import type { ReleaseView } from './release.ts'

/** Category of files in the agreements. */
export const FILE_CATEGORY = 'exhibitFile'

export function fileShown({ name, mediaType, file }: Exhibit): Json {
  invariant(file, 'a file has its digest')
  return { name, mediaType, ...file }
}

/** The plaintext of the file that follows; undefined: none does. */
export function fileFollowing(view: ReleaseView | null): FileFacts | undefined {
  const shown = view?.[FILE_CATEGORY] as Partial<FileFacts> | undefined
  if (typeof shown?.digest !== 'string' || typeof shown.sizeBytes !== 'number') return undefined
  return { digest: shown.digest, sizeBytes: shown.sizeBytes }
}
