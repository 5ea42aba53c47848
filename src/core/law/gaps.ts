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
import { competentMatters, missingEntries } from './missing-entries.ts'
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
  const { packs, columns, paths, yardstick } = input
  const missing = missingEntries(input)
  const moves = pathGaps(columns, paths)
  const measured =
    yardstick === null
      ? { gaps: [], undecided: [] }
      : sanctionsTooLow({ ...input, matters: competentMatters(packs, input.findings) }, yardstick)
  const gaps = [
    ...missing.gaps,
    ...moves.gaps,
    ...measured.gaps,
    ...clockConflicts(packs, columns, paths),
  ]
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

/** Between legal orders that both touch the case and have somebody to send or receive. */
function pathGaps(columns: readonly MatrixColumn[], paths: readonly DataPath[]): Gaps {
  const ends = new Set(
    columns
      .filter(({ linked, competent }) => linked === 'yes' && competent === 'yes')
      .map(({ legalOrder }) => legalOrder),
  )
  const gaps: Gap[] = []
  const undecided: UndecidedGap[] = []
  for (const path of paths) {
    if (path.effect === 'permitted' || !ends.has(path.from) || !ends.has(path.to)) continue
    const legalOrders = [path.from, path.to]
    const subject = `${path.data}_${path.effect}`
    const id = gapId('noDataPath', legalOrders, 'other', subject)
    const blank = { id, type: 'noDataPath', legalOrders, matter: 'other', subject } as const
    if (path.effect === 'open') {
      const fact = `path/${path.from}/${path.to}/${path.data}`
      undecided.push({ ...blank, openQuestions: [{ fact, text: path.question ?? '' }] })
      continue
    }
    const what = path.effect === 'blocked' ? 'may not go' : 'goes only under a transfer instrument'
    const why = path.because.map(({ text }) => text).join(' ')
    const text = `${path.data === 'personal' ? 'Personal' : 'Confidential'} data ${what} from ${path.from} to ${path.to}. ${why}`
    const articles =
      path.basis === null ? [] : [{ legalOrder: path.from, id: path.id, basis: path.basis }]
    gaps.push({ ...blank, text, articles, near: [] })
  }
  return { gaps, undecided }
}
