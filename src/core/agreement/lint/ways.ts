/**
 * What can leave under an agreement at all: every party to every other, by clause and
 * category, at any time while the agreement runs and whatever the case is.
 *
 * It asks less than a release does (no rights test, no review, no condition), so what is
 * no way here can never be released.
 */
import { utcDateOf } from '../../../base/time.ts'
import { type ClauseOf, isUnderstood } from '../clause.ts'
import type { AgreementDocument, AgreementParty, TransferInstrument } from '../document.ts'

export type Way = {
  readonly from: AgreementParty
  readonly to: AgreementParty
  readonly category: string
  readonly clause: ClauseOf<'permitRelease'>
  /** What bars it all the time; `null`: nothing does. */
  readonly bar: {
    readonly by: 'clause' | 'instrument' | 'notReleasable'
    readonly id: string
  } | null
}

export function permitsOf(document: AgreementDocument): readonly ClauseOf<'permitRelease'>[] {
  return document.clauses.filter(
    (clause): clause is ClauseOf<'permitRelease'> =>
      clause.kind === 'permitRelease' && isUnderstood(clause),
  )
}

const WAYS_MAX = 100_000

/** Ask first: a text with a hundred parties and clauses has more ways than anybody reads. */
export function areWaysFew(document: AgreementDocument): boolean {
  const { length } = document.parties
  const each = permitsOf(document).map(
    ({ categories, purposes, releaseKinds, between }) =>
      categories.length *
      purposes.length *
      releaseKinds.length *
      Math.min(between?.length ?? Number.POSITIVE_INFINITY, length * length),
  )
  return each.reduce((sum, ways) => sum + ways, 0) <= WAYS_MAX
}

export function waysOf(document: AgreementDocument): readonly Way[] {
  const ways: Way[] = []
  const barOf = barReader(document)
  for (const clause of permitsOf(document)) {
    for (const { from, to } of directionsOf(document, clause)) {
      for (const category of clause.categories) {
        ways.push({ from, to, category, clause, bar: barOf(from, to, category) })
      }
    }
  }
  return ways
}

/** Instruments of the direction that serve the category on some day of the agreement. */
export function instrumentsFor(
  document: AgreementDocument,
  from: string,
  to: string,
  category: string,
): readonly TransferInstrument[] {
  const [first, end] = [utcDateOf(document.validFromAt), utcDateOf(document.sunsetAt)]
  return document.transferInstruments.filter(
    (instrument) =>
      instrument.from === from &&
      instrument.to === to &&
      (instrument.categories?.includes(category) ?? true) &&
      instrument.authorisedOn <= end &&
      (instrument.validUntil ?? end) >= first,
  )
}

function directionsOf({ parties }: AgreementDocument, { between }: ClauseOf<'permitRelease'>) {
  const byNode = new Map(parties.map((party) => [party.node, party]))
  if (between === undefined) {
    return parties.flatMap((from) =>
      parties.filter((to) => to.node !== from.node).map((to) => ({ from, to })),
    )
  }
  return between.flatMap((way) => {
    const [from, to] = [byNode.get(way.from), byNode.get(way.to)]
    return from && to && from !== to ? [{ from, to }] : []
  })
}

/** What bars a category between two legal orders; the same for all parties of them. */
function barReader(document: AgreementDocument) {
  const known = new Map<string, Way['bar']>()
  return (from: AgreementParty, to: AgreementParty, category: string): Way['bar'] => {
    const key = [from.legalOrder, to.legalOrder, category].join(' ')
    const bar = known.has(key) ? known.get(key) : barOf(document, from, to, category)
    known.set(key, bar ?? null)
    return bar ?? null
  }
}

function barOf(
  document: AgreementDocument,
  from: AgreementParty,
  to: AgreementParty,
  id: string,
): Way['bar'] {
  const category = document.categories.find((each) => each.id === id)
  if (!category?.releasable) return { by: 'notReleasable', id }
  const exempted = document.clauses.flatMap((clause) =>
    clause.kind === 'exempt' && clause.until > document.validFromAt ? clause.clauses : [],
  )
  const forbidding = document.clauses.find(
    (clause) =>
      clause.kind === 'forbidRelease' &&
      clause.categories.includes(id) &&
      (clause.to?.includes(to.legalOrder) ?? true) &&
      !exempted.includes(clause.id),
  )
  if (forbidding) return { by: 'clause', id: forbidding.id }
  const guard = document.clauses.find(({ kind }) => kind === 'requireTransferInstrument')
  if (!guard || !category.personal || from.legalOrder === to.legalOrder) return null
  const serving = instrumentsFor(document, from.legalOrder, to.legalOrder, id)
  return serving.length === 0 ? { by: 'instrument', id: guard.id } : null
}
