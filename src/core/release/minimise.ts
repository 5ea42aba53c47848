/** The minimised view: of a case record, the named categories and nothing else. */
import type { Json } from '../../base/canonical-json.ts'
import { invariant } from '../../base/errors.ts'
import type { ReleaseView } from './release.ts'

/** `categories` must have been permitted; each must be in the record. */
export function minimise(
  record: { readonly [category: string]: Json },
  categories: readonly string[],
): ReleaseView {
  const kept = [...new Set(categories)].map((category) => {
    invariant(Object.hasOwn(record, category), 'a released category has content')
    return [category, record[category] as Json] as const
  })
  return Object.fromEntries(kept)
}
