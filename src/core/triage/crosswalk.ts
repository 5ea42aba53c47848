/**
 * Crosswalks between the common lexicon and the term lists of others, both ways.
 *
 * A crosswalk is data with source, version and evidence. Mapping never makes a term
 * more exact than it was: a counterpart that says more than the term is a candidate
 * for a person to choose, and whatever finds no way is listed as lost.
 */

/** How their term stands to ours: the same, nearly the same, wider, narrower. */
export type Relation = 'exact' | 'close' | 'broad' | 'narrow'

export type CrosswalkRow = {
  readonly ours: string
  readonly theirs: string
  readonly relation: Relation
}

export type Crosswalk = {
  readonly scheme: string
  readonly title: string
  readonly version: string
  readonly source: string
  /** P primary text read, S secondary source. */
  readonly evidence: 'P' | 'S'
  /** Whether `terms` is the whole list of the source, or a selection. */
  readonly isWhole: boolean
  /** What goes lost whatever the term, in words. */
  readonly notes: readonly string[]
  readonly terms: readonly { readonly id: string; readonly label: string }[]
  readonly rows: readonly CrosswalkRow[]
}

export type MappedTerm = {
  readonly from: string
  readonly to: string
  /** Not `exact`: the meaning moved a little (`close`), or detail went lost. */
  readonly relation: Relation
}

export type LostTerm = {
  readonly id: string
  readonly why: 'noCounterpart' | 'onlyMoreExact'
  /** What a person may choose instead; each says more than the term did. */
  readonly candidates: readonly string[]
}

export type Mapping = { readonly mapped: readonly MappedTerm[]; readonly lost: readonly LostTerm[] }

/** From the lexicon to the other list. */
export function mapOut({ rows }: Crosswalk, ours: readonly string[]): Mapping {
  return mapping(ours, (id) =>
    rows
      .filter((row) => row.ours === id)
      .map(({ theirs, relation }) => ({ to: theirs, relation, gain: relation === 'narrow' })),
  )
}

/** From the other list to the lexicon. */
export function mapIn({ rows }: Crosswalk, theirs: readonly string[]): Mapping {
  return mapping(theirs, (id) =>
    rows
      .filter((row) => row.theirs === id)
      .map(({ ours, relation }) => ({ to: ours, relation, gain: relation === 'broad' })),
  )
}

/** Terms of either list that no row lets through, in that direction. */
export function neverMapped(
  crosswalk: Crosswalk,
  lexicon: readonly string[],
): { readonly out: readonly string[]; readonly in: readonly string[] } {
  return {
    out: mapOut(crosswalk, lexicon).lost.map(({ id }) => id),
    in: mapIn(
      crosswalk,
      crosswalk.terms.map(({ id }) => id),
    ).lost.map(({ id }) => id),
  }
}

type Way = {
  readonly to: string
  readonly relation: Relation
  /** It would say more than was said. */
  readonly gain: boolean
}

function mapping(ids: readonly string[], waysOf: (id: string) => readonly Way[]): Mapping {
  const mapped: MappedTerm[] = []
  const lost: LostTerm[] = []
  for (const id of new Set(ids)) {
    const ways = waysOf(id)
    const safe = ways.filter(({ gain }) => !gain)
    const best = Math.min(...safe.map(rankOf))
    for (const way of safe) {
      if (rankOf(way) === best) mapped.push({ from: id, to: way.to, relation: way.relation })
    }
    if (safe.length > 0) continue
    const candidates = ways.map(({ to }) => to)
    lost.push({ id, why: ways.length > 0 ? 'onlyMoreExact' : 'noCounterpart', candidates })
  }
  return { mapped, lost }
}

/** The same before less of the same before nearly the same. */
function rankOf({ relation }: Way): number {
  if (relation === 'exact') return 0
  return relation === 'close' ? 2 : 1
}
