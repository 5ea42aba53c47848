/**
 * How many reports the page that needs no script takes in, for the whole node. There is no
 * script that could work for a place, so a flood pays with time: the fuller the bucket, the
 * longer a form must have been open before it may be sent. When the bucket is empty the page
 * says so, and names the other ways.
 *
 * It knows no address and no person: people behind one address are not kept waiting for each
 * other, and nobody is shut out for what somebody else did from the same place. Everybody who
 * uses this page waits in a flood; the sealed page has a price of its own.
 */
import { addMs, HOUR_MS, type Instant, msOf } from '../../base/time.ts'

export type BasicLimits = {
  /** So many reports come back into the bucket in an hour. */
  readonly perHour: number
  /** So many it holds. */
  readonly burst: number
  /** Before a form may be sent while nothing much arrives. */
  readonly dwellSeconds: number
}

/** Of a node that says nothing else. */
export const BASIC_LIMITS: BasicLimits = { perHour: 60, burst: 120, dwellSeconds: 10 }
/** A demonstration files whole series of invented reports. */
export const DEMO_LIMITS: BasicLimits = { perHour: 1_000_000, burst: 100_000, dwellSeconds: 0 }

/** Nobody waits longer than this because of what others send. */
const DWELL_MAX_SECONDS = 600

export type BasicIntake = {
  /** How long a form that is shown now must be open. */
  dwellSeconds(now: Instant): number
  /** Takes a place, or says from when on there is one. */
  take(now: Instant): { readonly isTaken: true } | { readonly isTaken: false; from: Instant }
}

/** Counts are in memory: after a restart the bucket is full again. */
export function basicIntake({ perHour, burst, dwellSeconds }: BasicLimits): BasicIntake {
  const refillMs = HOUR_MS / perHour
  let level = burst
  let seen: Instant | null = null
  const refill = (now: Instant) => {
    const passed = seen === null ? 0 : Math.max(0, msOf(now) - msOf(seen))
    level = Math.min(burst, level + passed / refillMs)
    seen = now
  }
  return {
    dwellSeconds(now) {
      refill(now)
      return Math.min(DWELL_MAX_SECONDS, dwellSeconds * 2 ** halvings(level / burst))
    },
    take(now) {
      refill(now)
      if (level < 1) return { isTaken: false, from: addMs(now, Math.ceil((1 - level) * refillMs)) }
      level -= 1
      return { isTaken: true }
    },
  }
}

/** 0 while the bucket is half full at least, then one more each time that half of it is gone. */
function halvings(share: number): number {
  return Math.max(0, Math.ceil(-Math.log2(Math.max(share, 2 ** -10))) - 1)
}
