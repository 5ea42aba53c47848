/** Rows of a record for the page, and the marks that come back from it. Pure. */
import type { RedactionAsk } from '../../../app/redaction/place-asks.ts'
import { placeOf, type RecordRow, type Run } from '../../../app/redaction/record-rows.ts'
import { isRedactionGround } from '../../../core/evidence/grounds.ts'
import { BOXES_MAX, type PageBox } from '../../../core/evidence/page-transform.ts'
import type { RawValues } from '../../form/form-model.ts'
import type { BoxLine, RedactRow } from './model.ts'

export const ROWS_MAX = 1500
export const BOX_LINES = 8

export function presentRows(rows: readonly RecordRow[]): readonly RedactRow[] {
  return rows.slice(0, ROWS_MAX).map((row, index) => ({
    index,
    place: placeOf(row),
    depth: Math.min(6, row.path.length),
    kind: row.kind,
    isFlat: row.isFlat === true,
    hasName: typeof row.path.at(-1) === 'string',
    runs: row.why ? [{ why: row.why.reason }] : (row.runs ?? []).map(presentRun),
  }))
}

const presentRun = (run: Run) => ('text' in run ? { text: run.text } : { why: run.reason })

export type ReadMarks = {
  readonly asks: readonly RedactionAsk[]
  readonly faults: readonly string[]
}

/** `hide-7`, `words-7`, `ground-7`, `reason-7`: of the row 7. */
export function readMarks(sent: RawValues, rows: readonly RecordRow[]): ReadMarks {
  const asks: RedactionAsk[] = []
  const faults = new Set<string>()
  for (const [index, row] of rows.slice(0, ROWS_MAX).entries()) {
    const how = textIn(sent, `hide-${index}`)
    const words = textIn(sent, `words-${index}`)
    if (how !== 'value' && how !== 'field' && words === '') continue
    const ground = textIn(sent, `ground-${index}`)
    const reason = textIn(sent, `reason-${index}`).trim() || textIn(sent, 'reason-all').trim()
    if (reason === '' || !isRedactionGround(ground)) faults.add('reasonMissing')
    const why = { ground, reason }
    const { part, path } = row
    if (row.isFlat || (path.length === 0 && how !== '' && words === '')) asks.push({ part, ...why })
    else if (how === 'value' || how === 'field') {
      asks.push({ part, path, ...(how === 'field' ? { withName: true } : {}), ...why })
    } else asks.push({ part, path, words, ...why })
  }
  if (asks.length === 0) faults.add('nothingMarked')
  return { asks, faults: [...faults] }
}

export type ReadBoxes = { readonly boxes: readonly PageBox[]; readonly faults: readonly string[] }

/** `page-0`, `x-0`, …: empty lines say nothing. */
export function readBoxes(sent: RawValues): ReadBoxes {
  const faults = new Set<string>()
  const boxes: PageBox[] = []
  for (const line of sentLines(sent)) {
    const { ground } = line
    const numbers = NUMBERS.map((name) => line[name])
    const reason = line.reason
    if (numbers.every((value) => value === '') && reason === '') continue
    if (!numbers.every((value) => /^\d{1,5}$/.test(value))) faults.add('boxIncomplete')
    if (reason === '' || !isRedactionGround(ground)) faults.add('reasonMissing')
    const [page = 0, x = 0, y = 0, width = 0, height = 0] = numbers.map(Number)
    boxes.push({ page, x, y, width, height, ground, reason })
  }
  if (boxes.length === 0) faults.add('nothingMarked')
  return { boxes, faults: [...faults] }
}

/** What was sent, and empty lines after it. */
export function boxLines(sent: RawValues): readonly BoxLine[] {
  const lines = sentLines(sent)
  const more = textIn(sent, 'more') === '' ? 0 : BOX_LINES
  const wanted = Math.min(BOXES_MAX, Math.max(BOX_LINES, lines.length + more))
  return Array.from({ length: wanted }, (_, line) => lines[line] ?? lineIn({}, line))
}

/** The lines of boxes that were marked before, from the preview. */
export function linesOfBoxes(boxes: readonly PageBox[]): RawValues {
  const fields = boxes.flatMap((box, line) =>
    Object.entries(box).map(([name, value]) => [`${name}-${line}`, String(value)] as const),
  )
  return Object.fromEntries(fields)
}

const NUMBERS = ['page', 'x', 'y', 'width', 'height'] as const

function sentLines(sent: RawValues): readonly BoxLine[] {
  const numbers = Object.keys(sent).map((name) => Number(/^page-(\d{1,3})$/.exec(name)?.[1] ?? -1))
  const count = Math.min(BOXES_MAX, Math.max(-1, ...numbers) + 1)
  return Array.from({ length: count }, (_, line) => lineIn(sent, line))
}

function lineIn(sent: RawValues, line: number): BoxLine {
  const of = (name: string) => textIn(sent, `${name}-${line}`).trim()
  const [page = '', x = '', y = '', width = '', height = ''] = NUMBERS.map(of)
  return { line, page, x, y, width, height, ground: of('ground'), reason: of('reason') }
}

export function textIn(sent: RawValues, name: string): string {
  const value = sent[name]
  return typeof value === 'string' ? value : ''
}
