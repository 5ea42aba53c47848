/** Tables as files: what officers bring along, and what they take away. */
import type { Bytes } from '../../base/bytes.ts'

export type TableFormat = 'csv' | 'xlsx'

/** The first row names the columns; every row has as many cells. Cells are text, trimmed. */
export type Table = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Where a table was refused, as a person finds it: rows count from 1, the names of columns being row 1. */
export type TableFault = {
  readonly why:
    | 'notText'
    | 'notATable'
    | 'tooLarge'
    | 'tooManyRows'
    | 'tooManyColumns'
    | 'empty'
    | 'columnUnnamed'
    | 'columnTwice'
    | 'cellTooLong'
    | 'formula'
    | 'formulaCell'
    | 'characters'
    | 'rowTooLong'
  readonly row: number
  /** Number of the column from 1, and its name where it has one; absent: the whole row or file. */
  readonly column?: number
  readonly name?: string
}

export type ReadTable =
  | { readonly isSound: true; readonly table: Table }
  | { readonly isSound: false; readonly faults: readonly TableFault[] }

export type Tables = {
  read(bytes: Uint8Array, format: TableFormat): Promise<ReadTable>
  /** No cell of what is written is taken for a formula by a spreadsheet. */
  write(table: Table, format: TableFormat): Promise<Bytes>
}
