/** Rows of a record for the page, and the marks that come back from it. Pure. */
import type { RedactionAsk } from '../../../app/redaction/place-asks.ts'
import { placeOf, type RecordRow, type Run } from '../../../app/redaction/record-rows.ts'
import { isRedactionGround } from '../../../core/evidence/grounds.ts'
import type { RawValues } from '../../form/form-model.ts'
import type { RedactRow } from './model.ts'

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

/** `page-0`, `x-0`, …: empty lines say nothing. */
export function readBoxes(sent: RawValues): {
  boxes: readonly object[]
  faults: readonly string[]
} {
  const faults = new Set<string>()
  const boxes: object[] = []
  for (let line = 0; line < BOX_LINES; line++) {
    const numbers = ['page', 'x', 'y', 'width', 'height'].map((name) =>
      textIn(sent, `${name}-${line}`).trim(),
    )
    if (numbers.every((value) => value === '')) continue
    if (!numbers.every((value) => /^\d{1,5}$/.test(value))) faults.add('boxIncomplete')
    const ground = textIn(sent, `ground-${line}`)
    const reason = textIn(sent, `reason-${line}`).trim()
    if (reason === '' || !isRedactionGround(ground)) faults.add('reasonMissing')
    const [page, x, y, width, height] = numbers.map(Number)
    boxes.push({ page, x, y, width, height, ground, reason })
  }
  if (boxes.length === 0) faults.add('nothingMarked')
  return { boxes, faults: [...faults] }
}

export function textIn(sent: RawValues, name: string): string {
  const value = sent[name]
  return typeof value === 'string' ? value : ''
}
