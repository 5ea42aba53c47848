/** `comity eval decision-table`: what a decision table says about inputs. */
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import {
  type DecisionTable,
  evaluateTable,
  type TableInputs,
} from '../../core/triage/decision-table.ts'
import { decisionTables } from '../../wire/vocabulary.ts'
import { objectIn, textIn } from './fields.ts'

/**
 * `{"table","inputs":{id:key|null}}` → `{"outcome":{id:key|null},"outcomes":[…],"path":[…]}`.
 * An input that is null or absent is not known; if that leaves several outcomes, `outcome`
 * is null and `outcomes` lists them from low to high.
 *
 * @throws ComityError `malformed` for an unknown table, decision point or value
 */
export function evalDecisionTable(input: Json): Json {
  const line = objectIn(input)
  const table = tableNamed(textIn(line, 'table'))
  const { outcomes, path, rowCount } = evaluateTable(table, inputsIn(table, line['inputs'] ?? null))
  const [first, ...others] = outcomes.map(({ key }) => key)
  return {
    table: table.id,
    version: table.version,
    outcome: { [table.outcome.id]: others.length === 0 ? (first ?? null) : null },
    outcomes: outcomes.map(({ key }) => key),
    path: path.map(({ point, name, value, valueName }) => ({ id: point, name, value, valueName })),
    rows: rowCount,
  }
}

function tableNamed(name: string): DecisionTable {
  const table = Object.hasOwn(decisionTables, name) ? decisionTables[name] : undefined
  if (table) return table
  const known = Object.keys(decisionTables).join(', ')
  throw malformed(`table is none of ${known}`, { field: 'table' })
}

function inputsIn(table: DecisionTable, given: Json): TableInputs {
  const entries = Object.entries(objectIn(given, 'inputs')).map(([id, key]) => {
    const point = table.inputs.find((each) => each.id === id)
    const field = `inputs/${id.slice(0, 80)}`
    if (!point) throw malformed('the table has no such decision point', { field })
    if (key === null || key === undefined) return [id, null] as const
    if (typeof key === 'string' && point.values.some((value) => value.key === key)) {
      return [id, key] as const
    }
    const known = point.values.map((value) => value.key).join(', ')
    throw malformed(`value is none of ${known}`, { field })
  })
  return Object.fromEntries(entries)
}
