/**
 * The gap matrix as text of 100 columns: counts at a glance, then each entry with
 * its state and article, then gaps, clauses to negotiate, and what is undecided.
 */
import type { GapAnswer } from '../../core/law/case-overview.ts'
import type { TermRow } from '../../core/law/definitions.ts'
import type { Gap } from '../../core/law/gap.ts'
import { type CellEntry, MATRIX_ROWS, type MatrixColumn } from '../../core/law/gap-matrix.ts'
import type { SuggestedClause } from '../../core/law/suggested-clauses.ts'
import { articleText, section, wrapped } from './text-lines.ts'

const ROW_NAMES = {
  obligations: 'obligations',
  powers: 'powers',
  dataAccess: 'data access',
  remedies: 'remedies',
  sanctions: 'sanctions',
} as const

export function gapsText(answer: GapAnswer, definitions: readonly TermRow[]): string {
  const { columns, gaps, undecided, clauses } = answer
  const lines = [
    ...gridLines(columns),
    '',
    'n applies, n~ to be confirmed, n? open, n< only later or not law; - the pack holds nothing',
    '',
    ...MATRIX_ROWS.flatMap((row) =>
      section(
        ROW_NAMES[row].toUpperCase(),
        columns.flatMap(({ cells }) => cellLines(cells[row])),
      ),
    ),
    ...section(`GAPS (${gaps.length})`, gaps.flatMap(gapLines)),
    ...section('CLAUSES TO NEGOTIATE', clauses.flatMap(clauseLines)),
    ...section('TERMS THAT DIFFER', definitions.flatMap(termLines)),
    ...section(
      'UNDECIDED: AN ANSWER DECIDES',
      undecided.flatMap(({ id, openQuestions }) =>
        wrapped('  ', `${id}: ${openQuestions.map(({ text }) => text).join(' ')}`),
      ),
    ),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

const NAME_WIDTH = 13
const CELL_WIDTH = 12
const AT_ONCE = 7

/** Seven legal orders side by side; more below. */
function gridLines(columns: readonly MatrixColumn[]): readonly string[] {
  const blocks = Array.from({ length: Math.ceil(columns.length / AT_ONCE) }, (_, n) =>
    columns.slice(n * AT_ONCE, (n + 1) * AT_ONCE),
  )
  return blocks.flatMap((block, n) => [
    ...(n === 0 ? [] : ['']),
    row(
      '',
      block.map(({ legalOrder }) => legalOrder),
    ),
    row(
      'touched',
      block.map(({ linked }) => linked),
    ),
    row(
      'competent',
      block.map(({ competent }) => competent),
    ),
    ...MATRIX_ROWS.map((name) =>
      row(
        ROW_NAMES[name],
        block.map(({ cells }) => counts(cells[name])),
      ),
    ),
  ])
}

function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padEnd(CELL_WIDTH)).join('')}`.trimEnd()
}

const SIGNS = [
  [['applies'], ''],
  [['confirm'], '~'],
  [['open'], '?'],
  [['not_yet', 'not_law', 'advisory'], '<'],
] as const

function counts(entries: readonly CellEntry[]): string {
  const parts = SIGNS.flatMap(([states, sign]) => {
    const count = entries.filter(({ state }) =>
      (states as readonly string[]).includes(state),
    ).length
    return count === 0 ? [] : [`${count}${sign}`]
  })
  return parts.length === 0 ? '-' : parts.join(' ')
}

/** What applies, line by line; what is open, one line for each instrument. */
function cellLines(entries: readonly CellEntry[]): readonly string[] {
  const open = entries.filter(({ state, basis }) => state === 'open' && basis !== null)
  const instruments = [...new Set(open.map(({ instrument }) => instrument))]
  return [
    ...entries.filter((entry) => !open.includes(entry)).flatMap(entryLines),
    ...instruments.flatMap((id) => openLines(open.filter(({ instrument }) => instrument === id))),
  ]
}

function openLines(entries: readonly CellEntry[]): readonly string[] {
  const [first] = entries
  if (first === undefined) return []
  const names = entries.map(({ id }) => id.slice(id.indexOf('/') + 1)).join(', ')
  const asks = new Set(entries.flatMap(({ openQuestions }) => openQuestions.map((q) => q.fact)))
  const head = `  ${first.legalOrder.padEnd(6)} ${'open'.padEnd(9)} `
  return wrapped(head, `${first.instrument}: ${names}. Asks: ${[...asks].join(', ')}`)
}

function entryLines(entry: CellEntry): readonly string[] {
  const { legalOrder, id, label, detail, state, from, basis } = entry
  const article = basis === null ? '' : ` [${articleText(basis)}]`
  const when = from === null ? '' : ` from ${from}`
  const head = `  ${legalOrder.padEnd(6)} ${state.replaceAll('_', ' ').padEnd(9)} `
  return wrapped(head, `${id}: ${label}; ${detail}${when}${article}`)
}

function gapLines({ id, text, articles, near }: Gap): readonly string[] {
  const cited = articles.map((each) => `${each.id} ${articleText(each.basis)}`)
  const close = near.map((each) => `${each.id} (${each.state.replaceAll('_', ' ')})`)
  return [
    ...wrapped('  ', id),
    ...wrapped('    ', text),
    ...(cited.length === 0 ? [] : wrapped('    articles: ', cited.join('; '))),
    ...(close.length === 0 ? [] : wrapped('    comes near: ', close.join('; '))),
  ]
}

function clauseLines(suggested: SuggestedClause): readonly string[] {
  const { gap, title, parties, clause, annex, cannotCure } = suggested
  return [
    ...wrapped('  ', `${title} (${clause.kind}; ${parties.join(', ')})`),
    ...wrapped('    for: ', gap),
    ...wrapped('    text: ', clause.text),
    ...(annex === null ? [] : wrapped('    annex: ', annex)),
    ...wrapped('    cannot cure: ', cannotCure),
  ]
}

function termLines({ term, verdict, entries, missing }: TermRow): readonly string[] {
  if (verdict === 'same') return []
  const says = entries.map(
    ({ legalOrder, basis, text }) => `${legalOrder} [${articleText(basis)}] ${text}`,
  )
  const without = missing.length === 0 ? [] : [`not defined: ${missing.join(', ')}`]
  return [
    ...wrapped('  ', `${term.replaceAll('_', ' ')} (${verdict})`),
    ...[...says, ...without].flatMap((text) => wrapped('    ', text)),
  ]
}
