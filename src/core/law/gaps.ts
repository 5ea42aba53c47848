/**
 * Gaps: what a set of legal orders leaves open on the facts of one scenario, each
 * typed, with its articles, and with a clause that the parties could negotiate.
 *
 * A gap is what the packs do not hold. That the law itself has a gap is for a
 * lawyer to say; what the facts leave undecided is a question, never a gap.
 */

import { clockConflicts } from './clock-conflicts.ts'
import type { RuledFinding } from './competence.ts'
import type { DataPath } from './data-paths.ts'
import { type Gap, type Gaps, gapId, type UndecidedGap } from './gap.ts'
import type { MatrixColumn } from './gap-matrix.ts'
import { competentMatters, mattersBroughtUp } from './matters.ts'
import { missingEntries } from './missing-entries.ts'
import { type SuggestedClause, suggestClauses } from './suggested-clauses.ts'
import { type MeasuredInput, sanctionsTooLow, type Yardstick } from './yardstick.ts'

export type GapReport = Gaps & { readonly clauses: readonly SuggestedClause[] }

export type GapInput = Omit<MeasuredInput, 'matters'> & {
  readonly findings: readonly RuledFinding[]
  readonly paths: readonly DataPath[]
  /** Without one, no sanction is called too low. */
  readonly yardstick: Yardstick | null
}

export function findGaps(input: GapInput): GapReport {
  const { columns, paths, yardstick } = input
  const missing = missingEntries(input)
  const moves = pathGaps(columns, paths)
  const measured =
    yardstick === null
      ? { gaps: [], undecided: [] }
      : sanctionsTooLow({ ...input, matters: mattersToMeasure(input) }, yardstick)
  const gaps = [...missing.gaps, ...moves.gaps, ...measured.gaps, ...clockConflicts(input)]
  const competentIn = columns.filter(({ competent }) => competent === 'yes')
  return {
    gaps,
    undecided: [...missing.undecided, ...moves.undecided, ...measured.undecided],
    clauses: suggestClauses(
      gaps,
      competentIn.map(({ legalOrder }) => legalOrder),
    ),
  }
}

function mattersToMeasure({ packs, findings, facts }: GapInput): MeasuredInput['matters'] {
  const broughtUp = mattersBroughtUp(packs, findings, facts)
  const competent = [...competentMatters(packs, findings)]
  return new Map(
    competent.map(([order, matters]) => [
      order,
      matters.filter((each) => broughtUp.includes(each)),
    ]),
  )
}

/**
 * Between legal orders that both touch the case and have somebody to send or receive: one
 * for each sender, kind of data and effect, with all the receivers.
 */
function pathGaps(columns: readonly MatrixColumn[], paths: readonly DataPath[]): Gaps {
  const ends = new Set(
    columns
      .filter(({ linked, competent }) => linked === 'yes' && competent === 'yes')
      .map(({ legalOrder }) => legalOrder),
  )
  const between = paths.filter(
    ({ from, to, effect }) => effect !== 'permitted' && ends.has(from) && ends.has(to),
  )
  const groups = Map.groupBy(between, ({ from, data, effect }) => `${from}/${data}_${effect}`)
  const gaps: Gap[] = []
  const undecided: UndecidedGap[] = []
  for (const [first, ...more] of groups.values()) {
    if (first === undefined) continue
    const group = [first, ...more]
    if (first.effect === 'open')
      undecided.push({ ...pathGap(first, group), openQuestions: asked(group) })
    else gaps.push({ ...pathGap(first, group), ...described(first, group), near: [] })
  }
  return { gaps, undecided }
}

function pathGap({ from, data, effect }: DataPath, group: readonly DataPath[]) {
  const subject = `${data}_${effect}`
  const legalOrders = [from, ...group.map(({ to }) => to)]
  const id = gapId('noDataPath', [from], 'other', subject)
  return { id, type: 'noDataPath', legalOrders, matter: 'other', subject } as const
}

function asked(group: readonly DataPath[]) {
  return group.map(({ id, question }) => ({ fact: `path/${id}`, text: question ?? '' }))
}

function described(first: DataPath, group: readonly DataPath[]) {
  const what = first.effect === 'blocked' ? 'may not go' : 'goes only under a transfer instrument'
  const to = group.map((path) => path.to).join(', ')
  const why = new Set(group.flatMap(({ because }) => because.map(({ text }) => text)))
  const kind = first.data === 'personal' ? 'Personal' : 'Confidential'
  const text = `${kind} data ${what} from ${first.from} to ${to}. ${[...why].join(' ')}`
  const articles = group.flatMap(({ id, from, basis }) =>
    basis === null ? [] : [{ legalOrder: from, id, basis }],
  )
  return { text, articles }
}
