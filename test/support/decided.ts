/** What a decision came to, in one word: why it was refused, or that it was permitted. */
import type { Decision } from '../../src/base/decision.ts'

export function why(decided: Decision<unknown>): string {
  return decided.decision === 'refuse' ? decided.why : 'permitted'
}
