/**
 * Destroying exhibits: the one decision that everything which destroys goes through. A
 * legal hold on one of them, on what it was made from or on the case refuses all of it.
 *
 * The event says that the key is gone. Whoever appends it destroys the key and the
 * ciphertext in the same act.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type EvidenceEvent, type EvidenceState, type Exhibit, exhibitOf } from './evidence.ts'
import { becauseOfHold, holdsOn } from './legal-holds.ts'
import { withCopies } from './protective-orders.ts'

export type WhyNotDestroyed = 'legalHold' | 'unknownExhibit' | 'purposeMissing'

export type DestroyDecision = Decision<readonly EvidenceEvent[], WhyNotDestroyed>

/** Each of these and every copy made from it, as far as they still exist. */
export function existingWithCopies(
  { exhibits }: Pick<EvidenceState, 'exhibits'>,
  ids: readonly string[],
): readonly Exhibit[] {
  const all = withCopies(exhibits, ids)
  return exhibits.filter(({ exhibitId, isDestroyed }) => all.includes(exhibitId) && !isDestroyed)
}

/** `by`: officer id, or node id where what was approved falls due. */
export function destroyExhibits(
  state: EvidenceState,
  { exhibitIds, purpose }: { readonly exhibitIds: readonly string[]; readonly purpose: string },
  by: string,
): DestroyDecision {
  if (purpose.trim() === '') return no('purposeMissing', 'an act of custody has a purpose')
  const exhibits = exhibitIds.map((id) => exhibitOf(state, id))
  if (exhibits.some((exhibit) => !exhibit)) return no('unknownExhibit', 'there is no such exhibit')
  const holds = new Set([null, ...exhibitIds].flatMap((id) => holdsOn(state, id)))
  if (holds.size > 0) return refuse('legalHold', ...[...holds].map(becauseOfHold))
  const events = exhibits
    .filter((exhibit) => exhibit !== undefined)
    .filter(({ isDestroyed }) => !isDestroyed)
    .map(({ exhibitId, digest }) => {
      const act = 'destroyed' as const
      return { type: 'custodyRecorded', exhibitId, act, by, purpose, digest } as const
    })
  return permit(events)
}

function no(why: WhyNotDestroyed, text: string): Refusal<WhyNotDestroyed> {
  return refuse(why, { rule: `disposal:${why}`, text })
}
