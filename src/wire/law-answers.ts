/**
 * Answers about competence and gaps as JSON: the same members for `comity law
 * --json`, `comity eval` and the API. Money and days are text, absences are null.
 */
import type { CompetenceAnswer } from '../core/law/case-competence.ts'
import type { GapAnswer } from '../core/law/case-overview.ts'
import type { TermRow } from '../core/law/definitions.ts'
import type { CitedEntry } from '../core/law/gap.ts'
import { type CellEntry, MATRIX_ROWS, type MatrixColumn } from '../core/law/gap-matrix.ts'
import type { Basis } from '../core/law/pack.ts'

export function competenceJson(answer: CompetenceAnswer) {
  const { findings, lead, reach, coordination, openQuestions } = answer
  return {
    findings: findings.map(({ basis, ...finding }) => ({ ...finding, basis: basisJson(basis) })),
    lead,
    reach,
    coordination,
    openQuestions,
  }
}

export function gapsJson(answer: GapAnswer, definitions: readonly TermRow[]) {
  const { columns, gaps, undecided, clauses, paths } = answer
  return {
    matrix: columns.map(columnJson),
    gaps: gaps.map(({ articles, near, ...gap }) => ({
      ...gap,
      articles: articles.map(citedJson),
      near: near.map(entryJson),
    })),
    openQuestions: undecided,
    clauses,
    paths: paths.map(({ basis, ...path }) => ({ ...path, basis: nullableBasis(basis) })),
    definitions: definitions.map(({ entries, ...row }) => ({
      ...row,
      entries: entries.map(({ basis, ...entry }) => ({ ...entry, basis: basisJson(basis) })),
    })),
  }
}

function columnJson({ cells, ...column }: MatrixColumn) {
  const rows = MATRIX_ROWS.map((row) => [row, cells[row].map(entryJson)] as const)
  return { ...column, cells: Object.fromEntries(rows) }
}

function entryJson({ basis, ...entry }: CellEntry) {
  return { ...entry, basis: nullableBasis(basis) }
}

function citedJson({ basis, ...entry }: CitedEntry) {
  return { ...entry, basis: basisJson(basis) }
}

function nullableBasis(basis: Basis | null) {
  return basis === null ? null : basisJson(basis)
}

function basisJson({ article, source, evidence, quote }: Basis) {
  return { article, source, evidence, quote }
}
