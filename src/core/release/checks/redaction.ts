/** A redacted copy leaves only as somebody other than its maker has found it in order. */
import { exhibitOf } from '../../evidence/evidence.ts'
import { redactionBar } from '../../evidence/review-redaction.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault } from './check.ts'

export function redactionFaults(
  { evidence }: ReleaseBasis,
  _document: object,
  { exhibitId }: PrepareRelease,
): readonly Fault[] {
  const exhibit = exhibitId === undefined ? undefined : exhibitOf(evidence, exhibitId)
  const text = exhibit && redactionBar(exhibit)
  return text ? [fault('reviewMissing', { rule: 'release:redactionReview', text })] : []
}
