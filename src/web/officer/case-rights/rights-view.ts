/** What every part of the page about rights and records reads of a case. Pure. */
import type { ReadCase } from '../../../app/read-case.ts'
import type { Instant } from '../../../base/time.ts'
import type { Review, SubjectKind } from '../../../core/rights/rights.ts'
import type { Names } from '../case/names.ts'
import type { ReviewRow } from './model.ts'

export type RightsView = {
  readonly read: ReadCase
  readonly names: Names
  /** Titles of disposal classes by their id. */
  readonly classTitle: (classId: string) => string
  readonly now: Instant
  /** Of this authority. */
  readonly zone: string
}

/** The latest review of it. */
export function reviewOf({ state }: ReadCase, kind: SubjectKind, id: string) {
  return state.rights.reviews.findLast(({ subject }) => subject.kind === kind && subject.id === id)
}

export function reviewRow(review: Review, names: Names): ReviewRow {
  const { openedAt, reviewer, outcome, reason, remedy } = review
  const said = [reason, remedy].filter(Boolean).join(' ')
  return {
    openedAt,
    ...(reviewer === null ? {} : { reviewer: names.officer(reviewer) }),
    ...(outcome === null ? {} : { outcome }),
    ...(said === '' ? {} : { reason: said }),
  }
}

export function exhibitNames({ state }: ReadCase, ids: readonly string[]): readonly string[] {
  const named = (id: string) => state.evidence.exhibits.find((one) => one.exhibitId === id)?.name
  return ids.map((id) => named(id) ?? id)
}
