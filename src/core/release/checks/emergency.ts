/**
 * An emergency is claimed under the emergency clause of the agreement, with its threat
 * and a reason, or not at all. What it waives is in review.ts and second-officer.ts.
 */
import type { AgreementDocument } from '../../agreement/document.ts'
import type { PrepareRelease } from '../basis.ts'
import type { Waived } from '../emergency.ts'
import { type Fault, fault, guardedBy } from './check.ts'

export function emergencyFaults(
  _basis: object,
  document: AgreementDocument,
  command: PrepareRelease,
): readonly Fault[] {
  if (command.emergency === null || isEmergency(document, command)) return []
  const text =
    document.emergencyClause === null
      ? 'the agreement has no emergency clause: release it in the ordinary way'
      : 'an emergency is claimed with a reason'
  return [fault('noEmergency', { rule: 'release:emergency', text })]
}

/** Claimed with a reason, under an agreement that has an emergency clause. */
export function isEmergency(
  { emergencyClause }: AgreementDocument,
  { emergency }: Pick<PrepareRelease, 'emergency'>,
): boolean {
  return emergencyClause !== null && Boolean(emergency?.reason.trim())
}

/** What an emergency puts afterwards, of what the agreement asks for beforehand. */
export function waivedBy(
  document: AgreementDocument,
  categories: readonly string[],
): readonly Waived[] {
  const needsReview = reviewedCategories(document, categories).length > 0
  const needsTwo = guardedBy(document, 'requireSecondOfficer', categories).guarded.length > 0
  return [
    ...(needsReview ? (['review'] as const) : []),
    ...(needsTwo ? (['secondOfficer'] as const) : []),
  ]
}

/** A category that the agreement does not list needs a review too. */
export function reviewedCategories(
  document: AgreementDocument,
  ids: readonly string[],
): readonly string[] {
  const free = document.categories.filter((category) => !category.reviewRequired)
  return ids.filter((id) => !free.some((category) => category.id === id))
}
