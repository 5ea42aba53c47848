/**
 * Tickets for sealed filings: proof that this node was asked a moment ago, and how much
 * work it wants. They need no cookie and say nothing of the person. How much follows how
 * many filings the whole node takes in, never who sends them: people behind one address
 * are not kept waiting for each other.
 *
 * A ticket serves once; that is kept by whoever takes the filing in, by the ticket's hash.
 */
import { equalBytes, toHex, utf8 } from '../../base/bytes.ts'
import { type Instant, MINUTE_MS, msOf } from '../../base/time.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import type { Hashing } from '../../proof/primitives.ts'
import { WORK_BITS } from '../../wire/intake/work.ts'

/** As long as sealing and sending large files may take on a slow line. */
const VALID_MINUTES = 60
const NONCE_SIZE = 16
const TICKET =
  /^(?<minute>[0-9]{1,10})\.(?<bits>[0-9]{1,2})\.(?<nonce>[0-9a-f]{32})\.(?<mac>[0-9a-f]{64})$/

export type WorkTickets = {
  /** `now`: real time. */
  issue(now: Instant): { readonly ticket: string; readonly workBits: number }
  /** The work that it asks for; `undefined` if it is not ours or too old. */
  bitsOf(ticket: string, now: Instant): number | undefined
  /** A filing was taken in. */
  count(now: Instant): void
}

export function workTickets(
  hashing: Hashing,
  key: Uint8Array,
  randomBytes: (size: number) => Uint8Array,
): WorkTickets {
  const macOf = (said: string) =>
    toHex(hmacSha256(hashing, key, utf8(`comity/work-ticket/v1\n${said}`)))
  const inflow = createInflow()
  return {
    issue(now) {
      const workBits = bitsFor(inflow.perMinute(now))
      const said = `${minuteOf(now)}.${workBits}.${toHex(randomBytes(NONCE_SIZE))}`
      return { ticket: `${said}.${macOf(said)}`, workBits }
    },
    bitsOf(ticket, now) {
      const { minute = '', bits = '', nonce = '', mac = '' } = TICKET.exec(ticket)?.groups ?? {}
      if (!equalBytes(utf8(mac), utf8(macOf(`${minute}.${bits}.${nonce}`)))) return undefined
      const age = minuteOf(now) - Number(minute)
      return -1 <= age && age <= VALID_MINUTES ? Number(bits) : undefined
    },
    count: inflow.count,
  }
}

/** Up to this many filings a minute nobody waits longer. */
const QUIET_PER_MINUTE = 60

/** One bit more for every doubling: each try costs a flood twice as much. */
export function bitsFor(perMinute: number): number {
  const doublings = Math.ceil(Math.log2(Math.max(1, perMinute / QUIET_PER_MINUTE)))
  return Math.min(WORK_BITS.most, WORK_BITS.rest + doublings)
}

/** Counts of this minute and the one before; in memory only. */
function createInflow() {
  let minute = 0
  let counts = { now: 0, before: 0 }
  const roll = (now: Instant) => {
    const passed = minuteOf(now) - minute
    if (passed === 0) return
    counts = { now: 0, before: passed === 1 ? counts.now : 0 }
    minute += passed
  }
  return {
    count(now: Instant) {
      roll(now)
      counts = { ...counts, now: counts.now + 1 }
    },
    perMinute(now: Instant) {
      roll(now)
      return Math.max(counts.now, counts.before)
    },
  }
}

function minuteOf(now: Instant): number {
  return Math.floor(msOf(now) / MINUTE_MS)
}
