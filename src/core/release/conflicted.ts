/** Whether one side of a decision is held by somebody who declared a conflict of interest. */
import { personsOf, type Side } from '../people/standing.ts'

/** `conflicted`: officers with an open conflict in the matter. Who is stood in for counts too. */
export function isConflicted(side: Side, conflicted: readonly string[]): boolean {
  return personsOf(side).some((one) => conflicted.includes(one))
}
