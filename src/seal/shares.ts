/**
 * An age identity split into shares, any `threshold` of which bring it back (Shamir's
 * scheme), and the code in which a person keeps a share.
 *
 * Code: 8 bytes of the set's id ‖ index ‖ threshold ‖ total ‖ share ‖ first 5 bytes of
 * SHA-256 over what stands before, in Crockford's base32, in groups of four.
 *
 * A wrong letter, a share of another set, a repeated one and too few are told apart.
 * Fewer shares than needed say nothing about the identity. Who has seen enough of them
 * has it for good: make a new set then.
 */
import { combine, split } from 'shamir-secret-sharing'
import { type Bytes, concatBytes, equalBytes, textFromUtf8, toHex, utf8 } from '../base/bytes.ts'
import { invariant, malformed, unverified } from '../base/errors.ts'
import { recipientOf } from './seal.ts'

export type Sha256 = (bytes: Uint8Array) => Uint8Array

export type Share = {
  /** 16 hex digits. */
  readonly setId: string
  /** From 1. */
  readonly index: number
  readonly threshold: number
  readonly total: number
  readonly bytes: Bytes
}

export type ShareSet = {
  readonly setId: string
  readonly recipient: string
  readonly threshold: number
  /** In the order of their indexes. */
  readonly shares: readonly { readonly code: string; readonly digest: string }[]
}

/** What is on record about a set: enough to name every wrong share. */
export type KnownSet = {
  readonly setId: string
  readonly recipient: string
  readonly threshold: number
  readonly digests: readonly string[]
}

export const SHARES_MAX = 16
const PREFIX = 'AGE-SECRET-KEY-'
const SET_ID_BYTES = 8
const HEAD_BYTES = SET_ID_BYTES + 3
const CHECK_BYTES = 5
const SHARE_BYTES_MAX = 200

/** @param setId 8 random bytes */
export async function splitIdentity(
  sha256: Sha256,
  identity: string,
  { setId, threshold, total }: { setId: Uint8Array; threshold: number; total: number },
): Promise<ShareSet> {
  invariant(setId.length === SET_ID_BYTES, 'a set has an id of 8 bytes')
  if (!(threshold >= 2 && threshold <= total && total <= SHARES_MAX)) {
    throw malformed('at least two shares are needed, of at most 16', { field: 'threshold' })
  }
  const recipient = await recipientOf(identity)
  const parts = await split(utf8(identity.slice(PREFIX.length)), total, threshold)
  const shares = parts.map((part, at) => {
    const bytes = new Uint8Array(part)
    const share = { setId: toHex(setId), index: at + 1, threshold, total, bytes }
    return { code: codeOf(sha256, share), digest: shareDigest(sha256, share) }
  })
  return { setId: toHex(setId), recipient, threshold, shares }
}

/** The digest that is on record: a share has far too many bits to be found from it. */
function shareDigest(sha256: Sha256, share: Share): string {
  return toHex(sha256(concatBytes(utf8('comity/share/v1\n'), payloadOf(share))))
}

/**
 * Reads a code as a person typed it: spaces, hyphens and small letters do not matter.
 *
 * @throws ComityError `malformed` with reason `share-form` or `share-checksum`
 */
export function readShare(sha256: Sha256, text: string): Share {
  const bytes = fromBase32(text)
  const end = bytes.length - CHECK_BYTES
  if (end <= HEAD_BYTES || end > HEAD_BYTES + SHARE_BYTES_MAX) throw wrongForm()
  const payload = bytes.subarray(0, end)
  if (!equalBytes(bytes.subarray(end), checkOf(sha256, payload))) {
    throw malformed('a letter of the share is wrong', { field: 'share', reason: 'share-checksum' })
  }
  const [index = 0, threshold = 0, total = 0] = payload.subarray(SET_ID_BYTES, HEAD_BYTES)
  return {
    setId: toHex(payload.subarray(0, SET_ID_BYTES)),
    index,
    threshold,
    total,
    bytes: new Uint8Array(payload.subarray(HEAD_BYTES)),
  }
}

/**
 * Checks a share against the record.
 *
 * @throws ComityError `unverified` with reason `share-of-another-set` or `share-wrong`;
 * `field` says which
 */
export function requireShareOf(sha256: Sha256, share: Share, set: KnownSet): void {
  const field = `share ${share.index}`
  if (share.setId !== set.setId) {
    throw unverified('the share is of another set', { field, reason: 'share-of-another-set' })
  }
  if (set.digests[share.index - 1] !== shareDigest(sha256, share)) {
    throw unverified('the share is not the one on record', { field, reason: 'share-wrong' })
  }
}

/**
 * Puts the identity together.
 *
 * @throws ComityError `unverified` as `requireShareOf`, or with reason `share-repeated`,
 * `too-few-shares` or `wrong-key`
 */
export async function joinShares(
  sha256: Sha256,
  shares: readonly Share[],
  set: KnownSet,
): Promise<string> {
  const seen = new Set<number>()
  for (const share of shares) {
    requireShareOf(sha256, share, set)
    if (seen.has(share.index)) {
      const field = `share ${share.index}`
      throw unverified('the share was given twice', { field, reason: 'share-repeated' })
    }
    seen.add(share.index)
  }
  if (seen.size < set.threshold) {
    throw unverified(`${seen.size} of ${set.threshold} shares`, { reason: 'too-few-shares' })
  }
  const secret = await combine(shares.map(({ bytes }) => bytes))
  const identity = `${PREFIX}${textFromUtf8(secret, 'share')}`
  if ((await recipientOf(identity)) !== set.recipient) {
    throw unverified('the shares give another key', { reason: 'wrong-key' })
  }
  return identity
}

function codeOf(sha256: Sha256, share: Share): string {
  const payload = payloadOf(share)
  return toBase32(concatBytes(payload, checkOf(sha256, payload))).replaceAll(/(.{4})(?=.)/g, '$1-')
}

function payloadOf({ setId, index, threshold, total, bytes }: Share): Bytes {
  const id = Array.from({ length: SET_ID_BYTES }, (_, at) =>
    Number.parseInt(setId.slice(at * 2, at * 2 + 2), 16),
  )
  return concatBytes(new Uint8Array([...id, index, threshold, total]), bytes)
}

const checkOf = (sha256: Sha256, payload: Uint8Array) => sha256(payload).subarray(0, CHECK_BYTES)

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const SYMBOL_BITS = 5

function toBase32(bytes: Uint8Array): string {
  let text = ''
  let value = 0
  let bits = 0
  for (const byte of bytes) {
    value = value * 256 + byte
    bits += 8
    while (bits >= SYMBOL_BITS) {
      bits -= SYMBOL_BITS
      text += ALPHABET.charAt(Math.floor(value / 2 ** bits))
      value %= 2 ** bits
    }
  }
  return bits === 0 ? text : text + ALPHABET.charAt(value * 2 ** (SYMBOL_BITS - bits))
}

function fromBase32(text: string): Bytes {
  if (text.length > 4 * SHARE_BYTES_MAX) throw wrongForm()
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0')
  const symbols = plain.replaceAll(/[IL]/g, '1')
  const bytes: number[] = []
  let value = 0
  let bits = 0
  for (const symbol of symbols) {
    const digit = ALPHABET.indexOf(symbol)
    if (digit < 0) throw wrongForm()
    value = value * 32 + digit
    bits += SYMBOL_BITS
    if (bits < 8) continue
    bits -= 8
    bytes.push(Math.floor(value / 2 ** bits))
    value %= 2 ** bits
  }
  // Rests of a symbol are zero, so that a share has one code.
  if (value !== 0 || bits >= SYMBOL_BITS) throw wrongForm()
  return new Uint8Array(bytes)
}

function wrongForm() {
  return malformed('not the code of a share', { field: 'share', reason: 'share-form' })
}
