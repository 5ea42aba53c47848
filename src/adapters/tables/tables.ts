/**
 * CSV and XLSX, in and out. What comes in is hostile: it is bounded before it is
 * read, refused where its text is not UTF-8, and a cell that a spreadsheet would
 * run as a formula is refused, never cleaned up in silence.
 *
 * What reads and writes XLSX is loaded when it is asked for: a node starts without it.
 */
import { isUtf8 } from 'node:buffer'
import Papa from 'papaparse'
import type { ReadTable, Table, TableFault, Tables } from '../../app/ports/tables.ts'
import { type Bytes, textFromUtf8, utf8 } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import { plainWorkbook } from './workbook.ts'

export const TABLE_LIMITS = {
  fileBytes: 4 * 1024 * 1024,
  unpackedBytes: 32 * 1024 * 1024,
  rows: 2000,
  columns: 60,
  cellLength: 20_000,
  /** Of all cells: in a workbook, many may share one text. */
  textLength: 16 * 1024 * 1024,
} as const

export const fileTables: Tables = {
  async read(bytes, format) {
    if (bytes.length > TABLE_LIMITS.fileBytes) return refused('tooLarge')
    const cells = format === 'csv' ? csvCells(bytes) : await xlsxCells(bytes)
    return 'why' in cells ? { isSound: false, faults: [cells] } : checked(cells)
  },
  write: (table, format) => (format === 'csv' ? csvOf(table) : xlsxOf(table)),
}

/** Room for a few columns and rows beyond, which are named where they are refused. */
const BOOK_LIMITS = {
  unpackedBytes: TABLE_LIMITS.unpackedBytes,
  rows: 2 * TABLE_LIMITS.rows,
  columns: 2 * TABLE_LIMITS.columns,
}

type Cells = readonly (readonly string[])[]

function refused(why: TableFault['why'], row = 1): ReadTable {
  return { isSound: false, faults: [{ why, row }] }
}

const UTF8_MARK = [0xef, 0xbb, 0xbf]

function csvCells(bytes: Uint8Array): Cells | TableFault {
  const isMarked = UTF8_MARK.every((byte, index) => bytes[index] === byte)
  const body = isMarked ? bytes.subarray(UTF8_MARK.length) : bytes
  let text: string
  try {
    text = textFromUtf8(body)
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return { why: 'notText', row: foreignLine(body) }
  }
  // Text of two bytes a character, whose every other byte is zero, reads as UTF-8 too.
  if (text.includes('\0')) return { why: 'notText', row: 1 }
  const parsed = Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    preview: TABLE_LIMITS.rows + 2,
    skipEmptyLines: 'greedy',
  })
  const broken = parsed.errors.find(({ type }) => type === 'Quotes')
  return broken ? { why: 'notATable', row: (broken.row ?? 0) + 1 } : parsed.data
}

/** Of the first line: what stands there most often. */
function delimiterOf(text: string): string {
  const [line = ''] = text.split(/\r?\n/, 1)
  const count = (delimiter: string) => line.split(delimiter).length
  return [';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best), ',')
}

/** Number of the first line that is no UTF-8, so that a person finds it. */
function foreignLine(bytes: Uint8Array): number {
  for (let line = 1, from = 0; ; line++) {
    const end = bytes.indexOf(LINE_END, from)
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return line
    from = end + 1
  }
}

const LINE_END = 0x0a

const EXCEL_DAY = /^(\d{4}-\d{2}-\d{2})T00:00:00\.000Z$/

async function xlsxCells(bytes: Uint8Array): Promise<Cells | TableFault> {
  const book = plainWorkbook(bytes, BOOK_LIMITS)
  if ('why' in book) return book
  const { readSheet } = await import('read-excel-file/node')
  try {
    const rows = await readSheet(book)
    return rows.map((row) => row.map(cellText))
  } catch {
    // The library's words could quote the file.
    return { why: 'notATable', row: 1 }
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (!(value instanceof Date)) return String(value)
  const text = value.toISOString()
  return EXCEL_DAY.exec(text)?.[1] ?? text
}

function checked(cells: Cells): ReadTable {
  const length = cells.reduce((sum, row) => row.reduce((own, cell) => own + cell.length, sum), 0)
  if (length > TABLE_LIMITS.textLength) return refused('tooLarge')
  const [head, ...body] = cells.map((row) => row.map((cell) => cell.trim()))
  if (!head || head.every((name) => name === '')) return refused('empty')
  const rows = body.filter((row) => row.some((cell) => cell !== ''))
  if (rows.length > TABLE_LIMITS.rows) return refused('tooManyRows', TABLE_LIMITS.rows + 2)
  if (head.length > TABLE_LIMITS.columns) return refused('tooManyColumns')
  const faults = faultsIn(head, body)
  if (faults.length > 0) return { isSound: false, faults }
  if (rows.length === 0) return refused('empty', 2)
  const width = head.length
  const even = rows.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? ''))
  return { isSound: true, table: { columns: head, rows: even } }
}

/** Enough to mend a file by; the rest comes with the next try, and is not looked for. */
const FAULTS_MAX = 20

function faultsIn(head: readonly string[], body: Cells): readonly TableFault[] {
  const faults = headFaults(head)
  for (const [index, row] of body.entries()) {
    if (faults.length >= FAULTS_MAX) break
    faults.push(...rowFaults(row, head, index + 2))
  }
  return faults.slice(0, FAULTS_MAX)
}

function headFaults(head: readonly string[]): TableFault[] {
  const seen = new Set<string>()
  return head.flatMap((name, index): TableFault[] => {
    const place = { row: 1, column: index + 1 }
    if (name === '') return [{ why: 'columnUnnamed', ...place }]
    const why = cellFault(name)
    if (why) return [{ why, ...place }]
    const key = name.toLocaleLowerCase('en')
    if (seen.has(key)) return [{ why: 'columnTwice', ...place, name }]
    seen.add(key)
    return []
  })
}

function rowFaults(row: readonly string[], head: readonly string[], number: number): TableFault[] {
  const beyond = row.slice(head.length).some((cell) => cell !== '')
  if (beyond) return [{ why: 'rowTooLong', row: number }]
  return row.flatMap((cell, index): TableFault[] => {
    const why = cellFault(cell)
    const name = head[index]
    const place = { row: number, column: index + 1, ...(name ? { name } : {}) }
    return why ? [{ why, ...place }] : []
  })
}

/** What a spreadsheet runs: OWASP's list. A number with a sign, and a phone number, is none. */
const FORMULA = /^[=+\-@\t\r]/
/** Two expressions with one repetition each: a single one takes the square of the length. */
const OF_A_NUMBER = /^[+-][\d\s.,()/-]*$/
const DIGIT = /\d/
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

function cellFault(cell: string): TableFault['why'] | undefined {
  if (cell.length > TABLE_LIMITS.cellLength) return 'cellTooLong'
  if (!cell.isWellFormed() || CONTROL.test(cell)) return 'characters'
  return FORMULA.test(cell) && !isSignedNumber(cell) ? 'formula' : undefined
}

const isSignedNumber = (cell: string) => OF_A_NUMBER.test(cell) && DIGIT.test(cell)

/** An apostrophe before it makes a spreadsheet show it as text. */
const harmless = (cell: string) => (FORMULA.test(cell) ? `'${cell}` : cell)

async function csvOf({ columns, rows }: Table): Promise<Bytes> {
  const cells = [columns, ...rows].map((row) => row.map(harmless))
  // With the mark, so that spreadsheets take it as what it is.
  return utf8(`\ufeff${Papa.unparse(cells, { newline: '\r\n' })}\r\n`)
}

async function xlsxOf({ columns, rows }: Table): Promise<Bytes> {
  const text = (value: string) => ({ type: String, value: harmless(value) }) as const
  const head = columns.map((value) => ({ ...text(value), fontWeight: 'bold' as const }))
  const data = [head, ...rows.map((row) => row.map(text))]
  const { default: writeSheet } = await import('write-excel-file/node')
  const buffer = await writeSheet(data).toBuffer()
  return new Uint8Array(buffer)
}
