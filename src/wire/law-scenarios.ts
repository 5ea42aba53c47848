/**
 * Scenarios of law packs: Markdown files that a lawyer can read and check, with a
 * table of facts and a table of what the packs answer on them.
 *
 * A file is one scenario. Only tables whose first column is `fact` or `about` are
 * read. A row that cannot be read is an error with file and line.
 */
import type { Json } from '../base/canonical-json.ts'
import type { FactValue } from '../core/law/condition.ts'
import { cellsOf, exampleError, factIn, itemsIn } from './law-examples.ts'

export type Expected = {
  /** `<file>:<line>`, for messages. */
  readonly place: string
  /** What is asked, e.g. `competence eu.msa` (see law/scenarios/README.md). */
  readonly about: string
  readonly answer: string
  /** Must stand in the basis of the answer; empty: not compared. */
  readonly article: string
}

export type Scenario = {
  readonly file: string
  readonly title: string
  /** As `lawQuestion` reads it. */
  readonly question: { readonly [member: string]: Json }
  readonly expected: readonly Expected[]
}

const COLUMNS = { fact: ['fact', 'value'], about: ['about', 'answer', 'article', 'why'] } as const

/** @throws ComityError `malformed` (reason `example`) naming file and line */
export function readScenario(text: string, file: string): Scenario {
  const lines = text.split(/\r?\n/)
  const title = lines
    .find((line) => line.startsWith('# '))
    ?.slice(2)
    .trim()
  if (title === undefined) throw exampleError(`${file}:1`, 'a scenario begins with a title')
  const rows = tableRows(lines, file)
  const expected = rows.flatMap(({ kind, place, cells }) => {
    const [about = '', answer = '', article = ''] = cells
    return kind === 'about' ? [{ place, about, answer, article }] : []
  })
  if (expected.length === 0) throw exampleError(`${file}:1`, 'a scenario says what it expects')
  const told = rows.filter(({ kind }) => kind === 'fact')
  return { file, title, question: questionOf(told), expected }
}

type Row = {
  readonly kind: keyof typeof COLUMNS
  readonly place: string
  readonly cells: readonly string[]
}

function tableRows(lines: readonly string[], file: string): readonly Row[] {
  const rows: Row[] = []
  let kind: Row['kind'] | 'other' | null = null
  for (const [n, line] of lines.entries()) {
    const place = `${file}:${n + 1}`
    if (!line.trimStart().startsWith('|')) {
      kind = null
      continue
    }
    const cells = cellsOf(line)
    if (kind === null) {
      const [first] = cells
      kind = first === 'fact' || first === 'about' ? first : 'other'
      if (kind !== 'other' && cells.join() !== COLUMNS[kind].join()) {
        throw exampleError(place, `the columns are ${COLUMNS[kind].join(', ')}`)
      }
    } else if (kind !== 'other' && !cells.every((cell) => /^:?-+:?$/.test(cell))) {
      if (cells.length !== COLUMNS[kind].length) {
        throw exampleError(place, 'not as many cells as columns')
      }
      rows.push({ kind, place, cells })
    }
  }
  return rows
}

/** Rows `on`, `packs`, `yardstick`, `entity NAME` and `in place` say more than facts. */
function questionOf(rows: readonly Row[]): Scenario['question'] {
  const facts: Record<string, FactValue> = {}
  const entities: Json[] = []
  const inPlace: Json[] = []
  const question: Record<string, Json> = {}
  for (const { place, cells } of rows) {
    const [name = '', value = ''] = cells
    const [, entity] = /^entity (.+)$/.exec(name) ?? []
    if (name === 'on') question['on'] = value
    else if (name === 'packs') question['packs'] = value.split(',').map((each) => each.trim())
    else if (name === 'yardstick') question['yardstick'] = yardstickIn(value, place)
    else if (name === 'in place') inPlace.push(instrumentIn(value, place))
    else if (entity !== undefined) entities.push(entityIn(entity, value, place))
    else {
      const [fact, known] = factIn(`${name}=${value}`, place)
      if (Object.hasOwn(facts, fact)) throw exampleError(place, 'this fact stands twice')
      facts[fact] = known
    }
  }
  return { ...question, facts: facts as Json, entities, inPlace }
}

/** `300; EUR=800000000`: basis points, and the turnover in each currency. */
function yardstickIn(text: string, place: string): Json {
  const [points = '', ...turnovers] = itemsIn(text)
  if (!/^\d{1,5}$/.test(points)) throw exampleError(place, 'a yardstick is in basis points')
  const amounts = turnovers.map((item) => {
    const [, currency, amount] = /^([A-Z]{3})=(\d+)$/.exec(item) ?? []
    if (currency === undefined || amount === undefined) {
      throw exampleError(place, `not a turnover: ${item}`)
    }
    return { amount, currency }
  })
  return { basisPoints: Number(points), turnovers: amounts }
}

/** `EU > GB: name of the instrument`. */
function instrumentIn(text: string, place: string): Json {
  const [, from, to, name] = /^(\S+) > (\S+): (.+)$/.exec(text) ?? []
  if (from === undefined || to === undefined || name === undefined) {
    throw exampleError(place, 'an instrument in place is written FROM > TO: NAME')
  }
  return { from, to, name }
}

function entityIn(name: string, text: string, place: string): Json {
  return { name, ...Object.fromEntries(itemsIn(text).map((item) => factIn(item, place))) } as Json
}
