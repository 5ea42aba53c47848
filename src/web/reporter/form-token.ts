/**
 * Form tokens: proof that this node served the form, and how long ago, without a cookie. A
 * token serves once; that is kept by whoever takes the form in, by the token's hash.
 *
 * It holds a random number, the second in which the form was first shown, and how long a
 * person is given to read before it may be sent: nothing of the person. It stands in the page
 * alone. It does not stop a program that asks for forms and waits.
 */
import { equalBytes, toHex, utf8 } from '../../base/bytes.ts'
import { DAY_MS, type Instant, MINUTE_MS, msOf, SECOND_MS } from '../../base/time.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import type { Hashing } from '../../proof/primitives.ts'

/** Long, because people write reports slowly; answers survive its end. */
const VALID_MS = DAY_MS
const NONCE_SIZE = 16
const TOKEN =
  /^(?<second>[0-9]{1,12})\.(?<dwell>[0-9]{1,4})\.(?<nonce>[0-9a-f]{32})\.(?<mac>[0-9a-f]{64})$/

/** When a form was first shown, and for how many seconds it may not be sent from then. */
export type Opened = { readonly second: number; readonly dwellSeconds: number }

export type FormTokens = {
  /** `opened`: of the first page, where a form goes over several. */
  issue(opened: Opened): string
  /** `undefined`: it is not ours, or too old. */
  openedAt(token: string, now: Instant): Opened | undefined
}

/** Of a form that is shown for the first time. */
export function openedNow(now: Instant, dwellSeconds: number): Opened {
  return { second: Math.floor(msOf(now) / SECOND_MS), dwellSeconds }
}

/** How long whoever sends it is early, in whole seconds; 0: not at all. */
export function secondsEarly({ second, dwellSeconds }: Opened, now: Instant): number {
  return Math.max(0, Math.ceil(second + dwellSeconds - msOf(now) / SECOND_MS))
}

/** @param key 32 bytes that only this node has */
export function formTokens(
  hashing: Hashing,
  key: Uint8Array,
  randomBytes: (size: number) => Uint8Array,
): FormTokens {
  const macOf = (said: string) =>
    toHex(hmacSha256(hashing, key, utf8(`comity/form-token/v2\n${said}`)))
  return {
    issue({ second, dwellSeconds }) {
      const said = `${second}.${dwellSeconds}.${toHex(randomBytes(NONCE_SIZE))}`
      return `${said}.${macOf(said)}`
    },
    openedAt(token, now) {
      const { second = '', dwell = '', nonce = '', mac = '' } = TOKEN.exec(token)?.groups ?? {}
      const own = macOf(`${second}.${dwell}.${nonce}`)
      if (!equalBytes(utf8(mac), utf8(own))) return undefined
      const ageMs = msOf(now) - Number(second) * SECOND_MS
      if (ageMs < -MINUTE_MS || ageMs > VALID_MS) return undefined
      return { second: Number(second), dwellSeconds: Number(dwell) }
    },
  }
}
