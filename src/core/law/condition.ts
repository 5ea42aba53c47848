/**
 * Conditions over the facts of a case, with three answers: yes, no, unknown.
 *
 * A fact that nobody recorded is unknown, never false, and so is one of another kind
 * than the condition asks for ("yes" where it asks for true). `unknown` lists the
 * facts to ask for, so that a reader gets a question instead of a guess.
 */
export type FactValue = boolean | number | string | readonly string[]

/** Recorded facts by name; a name that is missing is unknown. */
export type Facts = { readonly [name: string]: FactValue | undefined }

export type Condition =
  | { readonly fact: string; readonly is: boolean | number | string }
  | { readonly fact: string; readonly has: string }
  /** The fact is a list of places; does it hold one of this legal order? */
  | { readonly fact: string; readonly here: true }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }

export type Answer = {
  readonly answer: 'yes' | 'no' | 'unknown'
  /** Facts that decided a yes or no, in words. */
  readonly grounds: readonly string[]
  /** Names of facts to ask for; empty unless unknown. */
  readonly missing: readonly string[]
}

/** The legal order that `here` means. */
export type Region = {
  readonly legalOrder: string
  readonly members: readonly string[]
  readonly within: readonly string[]
}

export function evaluate(condition: Condition, facts: Facts, region: Region): Answer {
  if ('all' in condition) return combine(condition.all, facts, region, 'no', 'yes')
  if ('any' in condition) return combine(condition.any, facts, region, 'yes', 'no')
  if ('not' in condition) return negate(evaluate(condition.not, facts, region))
  const value = facts[condition.fact]
  if (value === undefined) return unknown(condition.fact)
  if ('here' in condition) return isHere(condition.fact, value, region)
  if ('has' in condition) {
    if (!Array.isArray(value)) return unknown(condition.fact)
    const held = value.includes(condition.has)
    return decided(held, `${condition.fact} ${held ? 'has' : 'lacks'} ${condition.has}`)
  }
  if (typeof value !== typeof condition.is) return unknown(condition.fact)
  return decided(value === condition.is, `${condition.fact} is ${String(value)}`)
}

/** Every fact name that a condition reads. */
export function factsOf(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(factsOf)
  if ('any' in condition) return condition.any.flatMap(factsOf)
  if ('not' in condition) return factsOf(condition.not)
  return [condition.fact]
}

/** `and` and `or`: one `decisive` part decides; otherwise one unknown part leaves it open. */
function combine(
  parts: readonly Condition[],
  facts: Facts,
  region: Region,
  decisive: 'yes' | 'no',
  otherwise: 'yes' | 'no',
): Answer {
  const deciding: string[] = []
  const others: string[] = []
  const missing: string[] = []
  let isDecided = false
  for (const part of parts) {
    const { answer, grounds, missing: asked } = evaluate(part, facts, region)
    if (answer === decisive) {
      isDecided = true
      deciding.push(...grounds)
    } else if (answer === 'unknown') {
      for (const fact of asked) if (!missing.includes(fact)) missing.push(fact)
    } else {
      others.push(...grounds)
    }
  }
  if (isDecided) return { answer: decisive, grounds: deciding, missing: [] }
  if (missing.length > 0) return { answer: 'unknown', grounds: [], missing }
  return { answer: otherwise, grounds: others, missing: [] }
}

function negate(inner: Answer): Answer {
  if (inner.answer === 'unknown') return inner
  return { ...inner, answer: inner.answer === 'yes' ? 'no' : 'yes' }
}

/** A legal order as packs write it, such as DE or US-CA; `Germany` and `de` name none. */
const PLACE = /^[A-Z]{2,4}(?:-[A-Z0-9]{1,3})?$/

function isHere(fact: string, value: FactValue, region: Region): Answer {
  const places = typeof value === 'string' ? [value] : value
  if (!Array.isArray(places)) return unknown(fact)
  const inside = places.find((p) => p === region.legalOrder || region.members.includes(p))
  if (inside !== undefined) return decided(true, `${fact} has ${inside}`)
  if (places.some((p) => region.within.includes(p) || !PLACE.test(p))) return unknown(fact)
  return decided(false, `${fact} has no place in ${region.legalOrder}`)
}

function decided(holds: boolean, ground: string): Answer {
  return { answer: holds ? 'yes' : 'no', grounds: [ground], missing: [] }
}

function unknown(fact: string): Answer {
  return { answer: 'unknown', grounds: [], missing: [fact] }
}
