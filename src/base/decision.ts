/**
 * A decision of a rule: permit with a value, or refuse. A refusal is lawful, is
 * shown to people with its reasons, and is returned, never thrown.
 */

/** One rule, article or clause that decided, e.g. `{ rule: 'clause:4.2', text: '…' }`. */
export type Because = {
  /** Stable id of the rule or clause, shown and counted. */
  readonly rule: string
  /** One plain English sentence; pages translate by `rule`. */
  readonly text: string
  /** Citation, e.g. "Regulation (EU) 2019/1020, art. 18(3)". */
  readonly source?: string
}

export type Permit<T> = {
  readonly decision: 'permit'
  readonly value: T
  readonly because: readonly Because[]
}

export type Refusal<Why extends string = string> = {
  readonly decision: 'refuse'
  readonly why: Why
  readonly because: readonly Because[]
}

export type Decision<T, Why extends string = string> = Permit<T> | Refusal<Why>

export function permit<T>(value: T, ...because: Because[]): Permit<T> {
  return { decision: 'permit', value, because }
}

export function refuse<Why extends string>(why: Why, ...because: Because[]): Refusal<Why> {
  return { decision: 'refuse', why, because }
}
