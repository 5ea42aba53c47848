/** A control with the decision that the server makes: allowed, or disabled with its reason. */
import type { Because, Decision } from '../../base/decision.ts'

export type Control =
  | { readonly isAllowed: true; readonly action: string }
  | { readonly isAllowed: false; readonly because: readonly Because[] }

export function controlOf(decision: Decision<unknown>, action: string): Control {
  return decision.decision === 'permit'
    ? { isAllowed: true, action }
    : { isAllowed: false, because: decision.because }
}
