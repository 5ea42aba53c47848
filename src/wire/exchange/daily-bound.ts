/**
 * The bound of messages that a node takes from a peer on one day (UTC). One more is rejected
 * by this rule and has no effect; its origin sends it again the next day, under the same id,
 * and it is then decided as if it came first.
 */
import type { Receipt } from './receipt.ts'

export const DAILY_BOUND = 'exchange:dailyBound'

export function isOverBound({ decision, rule }: Pick<Receipt, 'decision' | 'rule'>): boolean {
  return decision === 'rejected' && rule === DAILY_BOUND
}
