/** The gaps of a case as their page shows them. Pure. */
import type { CaseLaw } from '../../../app/case-law.ts'
import type { Gap } from '../../../core/law/gap.ts'
import { type CellEntry, MATRIX_ROWS } from '../../../core/law/gap-matrix.ts'
import type { SuggestedClause } from '../../../core/law/suggested-clauses.ts'
import { readable } from '../../words.ts'
import type { CaseHead, LawAsk } from '../case-law/model.ts'
import { lawSource } from '../case-law/presenter.ts'
import type { CaseGapsModel } from './model.ts'

type Cell = CaseGapsModel['rows'][number]['cells'][number]

export function caseGapsModel(law: CaseLaw, head: CaseHead, ask: LawAsk): CaseGapsModel {
  const { columns, gaps, undecided, clauses } = law.overview
  return {
    case: head,
    on: law.on,
    ask,
    columns: columns.map(({ legalOrder, name, linked, competent }) => ({
      legalOrder,
      name,
      linked,
      competent,
    })),
    rows: MATRIX_ROWS.map((row) => ({
      row,
      cells: columns.map(({ legalOrder, cells }) => cellOf(legalOrder, cells[row])),
    })),
    gaps: gaps.map((gap) => gapRow(gap, clauses)),
    undecided: undecided.map(({ id, openQuestions }) => ({
      id,
      questions: openQuestions.map(({ text }) => text),
    })),
    terms: law.terms
      .filter(({ verdict }) => verdict === 'differs')
      .map(({ term, verdict, entries, missing }) => ({
        term: readable(term),
        verdict,
        entries: entries.map(({ legalOrder, text, basis }) => ({
          legalOrder,
          text,
          ...(basis.quote === null ? {} : { quote: basis.quote }),
          source: lawSource(basis),
        })),
        missing,
      })),
  }
}

const STATES = ['applies', 'confirm', 'open', 'advisory', 'not_yet', 'not_law'] as const

function cellOf(legalOrder: string, entries: readonly CellEntry[]): Cell {
  return {
    legalOrder,
    entries: entries.map(({ id, label, detail, state, from, basis }) => ({
      id,
      label,
      detail,
      state,
      ...(from === null ? {} : { from }),
      ...(basis === null ? {} : { source: lawSource(basis) }),
    })),
    counts: STATES.flatMap((state) => {
      const count = entries.filter((entry) => entry.state === state).length
      return count === 0 ? [] : [{ state, count }]
    }),
  }
}

function gapRow(gap: Gap, clauses: readonly SuggestedClause[]): CaseGapsModel['gaps'][number] {
  const { id, type, legalOrders, text, articles, near } = gap
  return {
    id,
    type,
    legalOrders,
    text,
    articles: articles.map((each) => ({ id: each.id, source: lawSource(each.basis) })),
    near: near.map(({ id: entry, state }) => `${entry} (${readable(state).toLowerCase()})`),
    clauses: clauses
      .filter((clause) => clause.gap === id)
      .map(({ title, clause, parties, annex, cannotCure }) => ({
        title,
        kind: clause.kind,
        text: clause.text,
        parties,
        ...(annex === null ? {} : { annex }),
        cannotCure,
      })),
  }
}
