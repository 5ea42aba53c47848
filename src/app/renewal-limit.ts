/**
 * How often documents of one peer may renew themselves. Each renewal stays in the
 * authority stream for ever, and whoever holds one key of the peer can sign the next.
 */
import { DAY_MS, type Instant, MINUTE_MS, msOf } from '../base/time.ts'
import type { PastRenewal } from './ports/peers.ts'

const PAUSE_MS = 10 * MINUTE_MS
const A_DAY = 20
/** As many keys as a document can list; a revocation waits for no other renewal. */
const REVOCATIONS_A_DAY = 32

export function isTooOften({ kind, at }: PastRenewal, past: readonly PastRenewal[]): boolean {
  const isRevocation = kind === 'revocation'
  const alike = past.filter((one) => (one.kind === 'revocation') === isRevocation)
  const within = (ms: number) => alike.filter((one) => isWithin(ms, one.at, at)).length
  if (isRevocation) return within(DAY_MS) >= REVOCATIONS_A_DAY
  // A key that peers do not know yet breaks the exchange until they do.
  return within(DAY_MS) >= A_DAY || (kind === 'other' && within(PAUSE_MS) > 0)
}

/** Also one that a wrong clock puts into the future. */
const isWithin = (ms: number, one: Instant, at: Instant) => Math.abs(msOf(at) - msOf(one)) < ms
