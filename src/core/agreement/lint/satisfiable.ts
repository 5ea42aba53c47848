/**
 * Whether a condition can hold for any case, and whether it holds for every case whose
 * facts are recorded. Facts are tried with the values that the condition names and one
 * that it does not; a condition with too many of them is not judged.
 */
import { type Condition, evaluate, type Facts, type FactValue } from '../../law/condition.ts'

const TRIALS_MAX = 20_000
const SENDER = { legalOrder: 'EU', members: [], within: [] }

export type Reachable = 'never' | 'sometimes' | 'always' | 'notJudged'

export function reachOf(condition: Condition): Reachable {
  const facts = [...valuesOf(condition)].map(([name, tests]) => [name, candidates(tests)] as const)
  const trials = facts.reduce((count, [, values]) => count * values.length, 1)
  if (trials > TRIALS_MAX) return 'notJudged'
  let holds = 0
  for (let trial = 0; trial < trials; trial++) {
    if (evaluate(condition, assignment(facts, trial), SENDER).answer === 'yes') holds++
  }
  if (holds === 0) return 'never'
  return holds === trials ? 'always' : 'sometimes'
}

type Tests = {
  readonly is: Set<boolean | number | string>
  readonly has: Set<string>
  isPlace: boolean
}

function valuesOf(condition: Condition, found = new Map<string, Tests>()): Map<string, Tests> {
  if ('all' in condition) for (const part of condition.all) valuesOf(part, found)
  else if ('any' in condition) for (const part of condition.any) valuesOf(part, found)
  else if ('not' in condition) valuesOf(condition.not, found)
  else {
    const tests = found.get(condition.fact) ?? { is: new Set(), has: new Set(), isPlace: false }
    found.set(condition.fact, tests)
    if ('is' in condition) tests.is.add(condition.is)
    else if ('has' in condition) tests.has.add(condition.has)
    else tests.isPlace = true
  }
  return found
}

/** A fact has one value, so one of a kind that only some tests read leaves the others unknown. */
function candidates({ is, has, isPlace }: Tests): readonly FactValue[] {
  const values: FactValue[] = []
  if ([...is].some((value) => typeof value === 'boolean')) values.push(true, false)
  const numbers = [...is].filter((value) => typeof value === 'number')
  if (numbers.length > 0) values.push(...numbers, Math.max(...numbers) + 1)
  const words = [...is].filter((value) => typeof value === 'string')
  if (words.length > 0) values.push(...words, ANOTHER)
  if (has.size > 0 || isPlace) {
    const members = [...has, ...(isPlace ? [SENDER.legalOrder] : [])]
    const away = isPlace ? ['ZZ'] : []
    values.push(...subsets([...new Set(members)]).map((set) => [...set, ...away]))
  }
  return values
}

const ANOTHER = 'another value'

function subsets(items: readonly string[]): readonly (readonly string[])[] {
  let sets: (readonly string[])[] = [[]]
  for (const item of items.slice(0, 10)) sets = [...sets, ...sets.map((set) => [...set, item])]
  return sets
}

/** The `trial`-th combination, counted like a number whose digits are the facts. */
function assignment(
  facts: readonly (readonly [string, readonly FactValue[]])[],
  trial: number,
): Facts {
  let rest = trial
  return Object.fromEntries(
    facts.map(([name, values]) => {
      const value = values[rest % values.length]
      rest = Math.floor(rest / values.length)
      return [name, value]
    }),
  )
}
