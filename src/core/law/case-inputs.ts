/**
 * What is kept of a case so that versions of the law can be compared for it without
 * reading its stream: facts, events, and under which version each clock was computed.
 */
import type { LawState } from './case-law.ts'
import type { ClockEvent } from './clock-events.ts'
import type { Facts } from './condition.ts'
import type { Comparison, LawEffect } from './effect.ts'
import { keptRefs } from './kept-versions.ts'
import type { PackRef } from './pack.ts'

export type CaseLaw = {
  readonly facts: Facts
  readonly events: readonly ClockEvent[]
  /** Every version that something was computed under. */
  readonly refs: readonly PackRef[]
  /** Clock ids by the place of their version in `refs`. */
  readonly clocks: readonly (readonly string[])[]
  /** Places in `refs` of the versions that competence was assessed under. */
  readonly assessed: readonly number[]
}

export function caseLawOf(law: LawState): CaseLaw {
  const refs = keptRefs(law)
  const digests = new Set(law.competence?.packs.map(({ digest }) => digest))
  return {
    facts: law.facts,
    // What shows that an event happened is not needed for counting.
    events: law.events.map((event) => ({ ...event, evidence: '' })),
    refs,
    clocks: refs.map(({ digest }) =>
      Object.keys(law.under)
        .filter((clock) => law.under[clock]?.digest === digest)
        .sort(),
    ),
    assessed: refs.flatMap(({ digest }, n) => (digests.has(digest) ? [n] : [])),
  }
}

/** Gives the comparison of a kept version with the newer one; `undefined`: it is not loaded. */
export type CompareFrom = (kept: PackRef) => Comparison | 'same' | undefined

/** What a newer version of `pack` would change for the case. `lost`: nothing to compare with. */
export function effectOnCase(
  { facts, events, refs, clocks, assessed }: CaseLaw,
  pack: string,
  compareFrom: CompareFrom,
): readonly LawEffect[] | 'lost' {
  const found: LawEffect[] = []
  for (const [n, kept] of refs.entries()) {
    if (kept.id !== pack) continue
    const comparison = compareFrom(kept)
    if (comparison === undefined) return 'lost'
    if (comparison === 'same') continue
    const own = clocks[n] ?? []
    found.push(
      ...comparison.effectOn({ facts, events, clocks: own, isAssessed: assessed.includes(n) }),
    )
  }
  return found
}
