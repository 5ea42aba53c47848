/**
 * A decision tree that the authorities agree on beforehand: a first-hit table from
 * facts to the rung it recommends. It recommends; two humans decide.
 */
import type { Because } from '../../base/decision.ts'
import { RUNG_CODES, type RungCode } from './ladder.ts'

export type DecisionTree = {
  readonly treeId: string
  readonly title: string
  /** Each input with the values it may have. */
  readonly inputs: { readonly [input: string]: readonly string[] }
  /** Read from the top; the first row whose every condition holds decides. */
  readonly rows: readonly TreeRow[]
}

export type TreeRow = {
  readonly id: string
  /** Input to the values that match; an input that is not named matches any. */
  readonly when: { readonly [input: string]: readonly string[] }
  readonly rung: RungCode
  readonly text: string
}

export type TreeInputs = { readonly [input: string]: string }

/** Why a tree cannot be agreed on. The last row must match everything. */
export function treeFaults({ inputs, rows, title }: DecisionTree): readonly Because[] {
  const ids = rows.map(({ id }) => id)
  const last = rows.at(-1)
  return [
    ...when(title.trim() === '', 'a tree has a title'),
    ...when(new Set(ids).size !== ids.length, 'two rows have one id'),
    ...when(!last || Object.keys(last.when).length > 0, 'the last row must match everything'),
    ...rows.flatMap((row) => rowFaults(row, inputs)),
  ]
}

/** The deciding row, or undefined if an input is missing or has an unknown value. */
export function firstHit(tree: DecisionTree, given: TreeInputs): TreeRow | undefined {
  if (inputFaults(tree, given).length > 0) return undefined
  return tree.rows.find((row) =>
    Object.entries(row.when).every(([input, values]) => values.includes(given[input] as string)),
  )
}

/** Inputs that are missing, unknown, or have a value that the tree does not list. */
export function inputFaults({ inputs }: DecisionTree, given: TreeInputs): readonly Because[] {
  const wrong = Object.entries(inputs).filter(
    ([input, values]) => !Object.hasOwn(given, input) || !values.includes(given[input] as string),
  )
  const unknown = Object.keys(given).filter((input) => !Object.hasOwn(inputs, input))
  return [...wrong.map(([input]) => input), ...unknown].map((input) =>
    fault(`${input} has no value that the tree knows`),
  )
}

function rowFaults(row: TreeRow, inputs: DecisionTree['inputs']): Because[] {
  const strange = Object.entries(row.when).filter(([input, values]) => {
    const known = Object.hasOwn(inputs, input) ? (inputs[input] ?? []) : []
    return values.length === 0 || values.some((value) => !known.includes(value))
  })
  return [
    ...strange.map(([input]) => fault(`row ${row.id} asks ${input} for a value it cannot have`)),
    ...when(!RUNG_CODES.includes(row.rung), `row ${row.id} recommends a rung that does not exist`),
  ]
}

function when(broken: boolean, text: string): Because[] {
  return broken ? [fault(text)] : []
}

function fault(text: string): Because {
  return { rule: 'decisionTree', text }
}
