/** How faults of a document are written down, and the few tests that all of them use. */
import type { Because } from '../../base/decision.ts'

const DAYS_MAX = 36_600

export function fault(field: string, text: string): Because {
  return { rule: `agreement:${field}`, text }
}

export function when(broken: boolean, field: string, text: string): readonly Because[] {
  return broken ? [fault(field, text)] : []
}

/** `text`: what is wrong with a name that is not among the known ones. */
export function missing(
  named: readonly string[],
  known: readonly string[],
  field: string,
  text: string,
): readonly Because[] {
  const lost = [...new Set(named)].filter((id) => !known.includes(id))
  return lost.map((id) => fault(field, `${field} ${text}: ${id}`))
}

export function repeated(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]
}

export function isDays(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 1 && count <= DAYS_MAX
}
