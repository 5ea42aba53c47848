/** There is something to release: named categories that the record holds, and a legal basis. */
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault } from './check.ts'

export function contentFaults(
  _basis: ReleaseBasis,
  _document: object,
  { categories, record, legalBasis }: PrepareRelease,
): readonly Fault[] {
  const absent = categories.filter((id) => !Object.hasOwn(record, id))
  if (categories.length > 0 && absent.length === 0 && legalBasis.trim() !== '') return []
  const text =
    categories.length === 0
      ? 'a release names at least one category'
      : absent.length > 0
        ? `the case record holds nothing for ${absent.join(', ')}`
        : 'a release names its legal basis'
  return [fault('nothingToRelease', { rule: 'release:content', text })]
}
