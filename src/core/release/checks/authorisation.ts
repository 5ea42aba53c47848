/** A court, or another body outside the authority, authorised what a clause says it must. */
import type { AgreementDocument } from '../../agreement/document.ts'
import type { Acting } from '../../case/recorded.ts'
import { authorisationGaps } from '../../rights/authorisations.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault, guardedBy } from './check.ts'

export function authorisationFaults(
  { rights }: ReleaseBasis,
  document: AgreementDocument,
  { recipient, categories }: PrepareRelease,
  { now }: Acting,
): readonly Fault[] {
  const { guarded, because } = guardedBy(document, 'requireAuthorisation', categories)
  const gaps = authorisationGaps(rights.authorisations, { recipient, required: guarded }, now)
  return gaps.length === 0 ? [] : [fault('authorisationMissing', ...because, ...gaps)]
}
