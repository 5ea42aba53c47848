/**
 * Form tokens: proof that this node served the form, without a cookie. A token
 * serves once; that is kept by whoever takes the form in, by the token's hash.
 *
 * It holds a random number and the hour in which it was made, nothing of the
 * person. It does not stop a program that asks for forms.
 */
import { equalBytes, toHex, utf8 } from '../../base/bytes.ts'
import { DAY_MS, HOUR_MS, type Instant, msOf } from '../../base/time.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import type { Hashing } from '../../proof/primitives.ts'

/** Long, because people write reports slowly; answers survive its end. */
const VALID_MS = DAY_MS
const NONCE_SIZE = 16
const TOKEN = /^(?<hour>[0-9]{1,9})\.(?<nonce>[0-9a-f]{32})\.(?<mac>[0-9a-f]{64})$/

export type FormTokens = {
  /** `now`: real time. */
  issue(now: Instant): string
  isValid(token: string, now: Instant): boolean
}

/** @param key 32 bytes that only this node has */
export function formTokens(
  hashing: Hashing,
  key: Uint8Array,
  randomBytes: (size: number) => Uint8Array,
): FormTokens {
  const macOf = (hour: string, nonce: string) =>
    toHex(hmacSha256(hashing, key, utf8(`comity/form-token/v1\n${hour}\n${nonce}`)))
  return {
    issue(now) {
      const hour = String(Math.floor(msOf(now) / HOUR_MS))
      const nonce = toHex(randomBytes(NONCE_SIZE))
      return `${hour}.${nonce}.${macOf(hour, nonce)}`
    },
    isValid(token, now) {
      const { hour = '', nonce = '', mac = '' } = TOKEN.exec(token)?.groups ?? {}
      if (!equalBytes(utf8(mac), utf8(macOf(hour, nonce)))) return false
      const ageMs = msOf(now) - Number(hour) * HOUR_MS
      return -HOUR_MS <= ageMs && ageMs <= VALID_MS + HOUR_MS
    },
  }
}
