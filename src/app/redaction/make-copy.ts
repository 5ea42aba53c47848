/**
 * A copy without what is asked to be hidden, with the words that it would still tell: looked
 * for in the copy, in its name and in the reasons that travel beside it. Of a copy that will
 * be refused nothing is kept.
 */
import type { Exhibit, Redaction } from '../../core/evidence/evidence.ts'
import type { Kernel } from '../kernel.ts'
import type { ExhibitPlace, RedactedExhibit } from '../ports/exhibits.ts'
import type { RedactionAsk } from './place-asks.ts'

export type CopyAsk = {
  readonly source: Exhibit
  readonly asks: readonly RedactionAsk[]
  /** Why words may stay that the copy still shows; empty: they may not. */
  readonly leftReason: string
  readonly place: ExhibitPlace
}

export async function makeCopy(
  { exhibits }: Pick<Kernel, 'exhibits'>,
  { source, asks, leftReason, place }: CopyAsk,
): Promise<RedactedExhibit | { readonly notThere: number }> {
  const beside = [...besideOf(source.name), ...reasonsBeside(asks, source.redactions)]
  const redaction = { asks, beside }
  const seen = await exhibits.redact(source.exhibitId, redaction, null)
  if ('notThere' in seen) return seen
  if (seen.leftovers.length > 0 && leftReason.trim() === '') return seen
  return exhibits.redact(source.exhibitId, redaction, place)
}

export const besideOf = (name: string) => [{ place: 'name of the exhibit', text: name }]

/** The reasons for whole parts: they travel with the copy and stand nowhere in it. */
function reasonsBeside(asks: readonly RedactionAsk[], earlier: readonly Redaction[]) {
  const whole = [
    ...asks.filter(({ path }) => path === undefined),
    ...earlier.filter(({ at }) => at === undefined),
  ]
  return whole.map(({ part, reason: text }) => ({ place: `reason at ${part + 1}`, text }))
}

/** Places of hidden words, each once. */
export function leftIn({ leftovers }: Pick<RedactedExhibit, 'leftovers'>): readonly string[] {
  return [...new Set(leftovers.map(({ place }) => place))]
}
