/** What an import needs between its steps: the table on its way, and which rows are in. */
import type { Table } from './tables.ts'

export type ImportKind = 'case' | 'report'

export type Imports = {
  /** Keeps a table, sealed, for this officer and an hour. Returns its id. */
  keep(officer: string, table: Table): Promise<string>
  kept(id: string, officer: string): Promise<Table | undefined>
  drop(id: string): Promise<void>
  /** Which of these row keys are in already. */
  known(kind: ImportKind, keys: readonly string[]): Promise<ReadonlySet<string>>
  /**
   * The id under which this row comes in: the same at every try, so that a try that
   * broke off is finished and never doubled.
   */
  claim(
    kind: ImportKind,
    key: string,
    freshId: string,
  ): Promise<{
    readonly targetId: string
    readonly isDone: boolean
  }>
  finish(kind: ImportKind, key: string): Promise<void>
}
