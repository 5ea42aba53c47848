/**
 * Holds off floods of tries to sign in. What signs somebody in cannot be guessed (a
 * key, or 110 random bits and more); this keeps floods from work that costs. So that
 * a flood bars nobody but who sends it:
 *
 * - A network that failed too often is turned away until the minute is over.
 * - When the node as a whole sees many failures, tries wait a moment, longer from where
 *   failures came; they are not turned away.
 * - A session that is open counts for itself and waits for nobody.
 *
 * Counts are in memory. Networks stand there coarsely and under a key that is made at
 * each start: nobody reads an address out of them. A flood from inside an officer's own
 * network bars that network's sign-ins while it lasts, not the sessions that are open.
 */

import { createHmac, randomBytes } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Tries, Try } from '../../app/ports/sign-in.ts'
import { MINUTE_MS } from '../../base/time.ts'

const WINDOW_MS = MINUTE_MS
/** At one account, link or invitation from one network, or in one session. */
const SUBJECT_MAX = 10
const NETWORK_MAX = 60
/** From here on tries wait. */
const CALM_MAX = 300
const WAIT_MS = 250
/** For networks that have failed in this minute. */
const LONG_WAIT_MS = 2000
/** Who waits takes memory: beyond these the flood is turned away, first where it comes from. */
const WAITING_MAX = 500
const WAITING_CLEAN_MAX = 5000
const COUNTED_MAX = 50_000

export type TryParts = {
  readonly now?: () => number
  readonly wait?: (ms: number) => Promise<unknown>
}

type Kept = { readonly network: string | undefined; readonly subject: string | undefined }

export function countTries({ now = Date.now, wait = pause }: TryParts = {}): Tries {
  const secret = randomBytes(32)
  let counts = new Map<string, number>()
  let all = 0
  let until = 0
  let waiting = 0

  /** All windows end together: simple, and nobody is turned away for longer than one. */
  function turnWindow(): void {
    const at = now()
    // A clock that was set back must not make a window longer.
    if (at < until && until - at <= WINDOW_MS) return
    counts = new Map()
    all = 0
    until = at + WINDOW_MS
  }

  const keyOf = (text: string) => createHmac('sha256', secret).update(text).digest('base64url')

  function keptOf(one: Try): Kept {
    if ('session' in one) return { network: undefined, subject: keyOf(`session/${one.session}`) }
    const place = one.from === undefined ? undefined : networkOf(one.from)
    if (place === undefined) return { network: undefined, subject: undefined }
    const subject = one.at === undefined ? undefined : keyOf(`at/${one.at}/${place}`)
    return { network: keyOf(`network/${place}`), subject }
  }

  const failedAt = (key: string | undefined) => (key === undefined ? 0 : (counts.get(key) ?? 0))

  function countUp(key: string | undefined): void {
    // What is counted stays counted: nobody wipes their own count with the noise of others.
    if (key === undefined || (counts.size >= COUNTED_MAX && !counts.has(key))) return
    counts.set(key, failedAt(key) + 1)
  }

  async function waitTurn(isClean: boolean): Promise<boolean> {
    if (waiting >= (isClean ? WAITING_CLEAN_MAX : WAITING_MAX)) return false
    waiting++
    try {
      await wait(isClean ? WAIT_MS : LONG_WAIT_MS)
    } finally {
      waiting--
    }
    return true
  }

  return {
    async mayTry(one) {
      turnWindow()
      const { network, subject } = keptOf(one)
      if (failedAt(subject) >= SUBJECT_MAX || failedAt(network) >= NETWORK_MAX) return false
      if ('session' in one || all < CALM_MAX) return true
      return waitTurn(failedAt(network) === 0)
    },
    failed(one) {
      turnWindow()
      const { network, subject } = keptOf(one)
      countUp(network)
      countUp(subject)
      if (!('session' in one)) all++
    },
  }
}

/**
 * The part of an address that one household or office shares: 24 bits of IPv4, 48 of
 * IPv6. `undefined` for this machine itself, behind which anybody may stand, and for
 * what is no address: such tries wait, and are never turned away for others.
 */
export function networkOf(address: string): string | undefined {
  const plain = address.replace(/^::ffff:(?=[0-9.]+$)/i, '').replace(/%.*$/, '')
  if (isIPv4(plain)) {
    const parts = plain.split('.')
    return parts[0] === '127' ? undefined : parts.slice(0, 3).join('.')
  }
  if (!isIPv6(plain)) return undefined
  const groups = groupsOf(plain)
  return groups.every((group, at) => group === (at === 7 ? 1 : 0))
    ? undefined
    : groups
        .slice(0, 3)
        .map((group) => group.toString(16))
        .join(':')
}

/** The eight numbers of an IPv6 address, which may be written short. */
function groupsOf(address: string): readonly number[] {
  const numbers = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const whole = address.replace(/[0-9.]+$/, (tail) => (tail.includes('.') ? '0:0' : tail))
  const [left = '', right] = whole.split('::')
  const before = numbers(left)
  if (right === undefined) return before
  const after = numbers(right)
  return [...before, ...Array(8 - before.length - after.length).fill(0), ...after]
}
