/**
 * Decision tables in the shape of SSVC: for each combination of inputs one row
 * with one outcome. Evaluating is looking up the row.
 *
 * An input that is not known is not guessed: the answer is then the set of
 * outcomes over all its values. A table advises; a named person decides.
 */
import { malformed } from '../../base/errors.ts'

export type DecisionValue = {
  readonly key: string
  readonly name: string
  /** What it means, or as an outcome what is done next. */
  readonly says?: string
}

export type DecisionPoint = {
  /** `namespace:KEY:version`. */
  readonly id: string
  readonly name: string
  /** The question that the point asks. */
  readonly says?: string
  /** From low to high. */
  readonly values: readonly DecisionValue[]
}

export type DecisionTable = {
  /** `namespace:KEY`. */
  readonly id: string
  readonly version: string
  readonly name: string
  readonly source: string
  readonly inputs: readonly DecisionPoint[]
  readonly outcome: DecisionPoint
  /** A value key for each input in order, then the outcome's. */
  readonly rows: readonly (readonly string[])[]
}

/** A value key for each input's id; `null` or absent means not known. */
export type TableInputs = { readonly [pointId: string]: string | null }

export type PathStep = {
  readonly point: string
  readonly name: string
  /** Null if it was not known. */
  readonly value: string | null
  readonly valueName: string | null
}

export type Evaluation = {
  /** From low to high; one if all that matters was known. */
  readonly outcomes: readonly DecisionValue[]
  /** The inputs in the order of the table. */
  readonly path: readonly PathStep[]
  /** Rows that fit the inputs. */
  readonly rowCount: number
}

/**
 * Refuses a table with a missing, a doubled or a foreign row.
 *
 * @throws ComityError `malformed`
 */
export function requireCompleteTable(table: DecisionTable): DecisionTable {
  const width = table.inputs.length + 1
  const seen = new Set<string>()
  for (const [index, row] of table.rows.entries()) {
    const field = `/rows/${index}`
    if (row.length !== width) throw malformed('row has another width', { field })
    for (const [column, point] of [...table.inputs, table.outcome].entries()) {
      if (point.values.some((value) => value.key === row[column])) continue
      throw malformed(`value is none of ${point.id}`, { field: `${field}/${column}` })
    }
    const combination = row.slice(0, -1).join(' ')
    if (seen.has(combination)) throw malformed('row is doubled', { field, reason: 'duplicate' })
    seen.add(combination)
  }
  const expected = table.inputs.reduce((product, point) => product * point.values.length, 1)
  if (seen.size !== expected) {
    throw malformed(`table has ${seen.size} of ${expected} rows`, { field: '/rows' })
  }
  return table
}

/** The names of inputs or values that the table does not have; empty if all are known to it. */
export function foreignInputs(table: DecisionTable, inputs: TableInputs): readonly string[] {
  return Object.entries(inputs).flatMap(([id, key]) => {
    const point = table.inputs.find((each) => each.id === id)
    if (point === undefined) return [id]
    const isValue = key === null || point.values.some((value) => value.key === key)
    return isValue ? [] : [`${id}=${key}`]
  })
}

/** @throws ComityError `malformed` if an input or a value is none of the table's */
export function evaluateTable(table: DecisionTable, inputs: TableInputs): Evaluation {
  if (foreignInputs(table, inputs).length > 0) {
    throw malformed('the table has no such input', { field: 'inputs', reason: 'unknown-input' })
  }
  const given = table.inputs.map((point) => inputs[point.id] ?? null)
  const rows = table.rows.filter((row) =>
    given.every((key, column) => key === null || key === row[column]),
  )
  const reached = new Set(rows.map((row) => row.at(-1)))
  return {
    outcomes: table.outcome.values.filter((value) => reached.has(value.key)),
    path: table.inputs.map((point, column) => pathStep(point, given[column] ?? null)),
    rowCount: rows.length,
  }
}

function pathStep(point: DecisionPoint, key: string | null): PathStep {
  const value = point.values.find((each) => each.key === key)
  return { point: point.id, name: point.name, value: key, valueName: value?.name ?? null }
}
