/**
 * The receipt code: all that a reporter keeps. 110 random bits as 22 symbols of
 * Crockford's base 32, and two check symbols against typing errors.
 *
 * Everything that the mailbox needs is derived from it, so a server that keeps
 * only hashes cannot open the mailbox without the reporter. At 110 bits guessing
 * is hopeless, so no slow key derivation is needed. A lost code cannot be sent again.
 */
import { type Bytes, concatBytes, utf8 } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import type { Hashing } from '../../proof/primitives.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const SYMBOLS = 22
const CHECK_SYMBOLS = 2
const GROUP = 4

/** Bytes of randomness that `newReceiptCode` takes: 22 symbols of five bits, from a byte each. */
export const CODE_RANDOM_BYTES = SYMBOLS

/** A fresh code in canonical form: 24 symbols without separators. */
export function newReceiptCode(primitives: Hashing, random: Uint8Array): string {
  if (random.length !== CODE_RANDOM_BYTES) throw malformed('a code needs 22 random bytes')
  const symbols = Array.from(random, (byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return symbols + checkSymbols(primitives, symbols)
}

/** Six groups of four, for people. */
export function displayCode(code: string): string {
  return (code.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-')
}

/**
 * Canonical form of what a person typed or pasted.
 *
 * @throws ComityError `malformed` if it cannot be a code; the reason says which way
 */
export function readReceiptCode(primitives: Hashing, typed: string): string {
  const code = canonical(typed)
  const field = 'code'
  if (code.length !== SYMBOLS + CHECK_SYMBOLS) {
    throw malformed('a receipt code has 24 symbols', { field, reason: 'code-length' })
  }
  if ([...code].some((symbol) => !ALPHABET.includes(symbol))) {
    throw malformed('a receipt code has no such symbol', { field, reason: 'code-symbol' })
  }
  const symbols = code.slice(0, SYMBOLS)
  if (checkSymbols(primitives, symbols) !== code.slice(SYMBOLS)) {
    throw malformed('a symbol of the receipt code is wrong', { field, reason: 'code-check' })
  }
  return code
}

/** Stands for whatever has not the form of a code. Anybody knows it: it opens nothing. */
export const NO_CODE = '0'.repeat(SYMBOLS + CHECK_SYMBOLS)

/** As `readReceiptCode`, with the same hashing for whatever was typed; undefined: it is no code. */
export function receiptCodeOrNone(primitives: Hashing, typed: string): string | undefined {
  const code = canonical(typed)
  const hasForm = code.length === NO_CODE.length && [...code].every((one) => ALPHABET.includes(one))
  const read = hasForm ? code : NO_CODE
  const isRight = checkSymbols(primitives, read.slice(0, SYMBOLS)) === read.slice(SYMBOLS)
  return hasForm && isRight ? code : undefined
}

function canonical(typed: string): string {
  return typed
    .slice(0, 200)
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
}

export type CodeSecrets = {
  /** Shown to the server to find the mailbox; the server keeps its hash. */
  readonly mailboxId: Bytes
  /** Secret of the age identity that replies are sealed to. */
  readonly mailboxKey: Bytes
  /** Key of the filing's commitment. */
  readonly filingNonce: Bytes
  /** Key of the event tags. */
  readonly eventTags: Bytes
  /** Shown to the server to find a draft; it says nothing of the mailbox. */
  readonly draftId: Bytes
  /** Secret of the age identity that drafts are sealed to. */
  readonly draftKey: Bytes
}

/** HKDF-SHA256 (RFC 5869) over the 22 symbols, bound to this node. */
export function secretsOfCode(primitives: Hashing, code: string, node: string): CodeSecrets {
  const salt = utf8(`comity/intake/v1\n${node}`)
  const key = hmacSha256(primitives, salt, utf8(code.slice(0, SYMBOLS)))
  const derive = (info: string) =>
    hmacSha256(primitives, key, concatBytes(utf8(info), new Uint8Array([1])))
  return {
    mailboxId: derive('mailbox-id'),
    mailboxKey: derive('mailbox-key'),
    filingNonce: derive('filing-nonce'),
    eventTags: derive('event-tags'),
    draftId: derive('draft-id'),
    draftKey: derive('draft-key'),
  }
}

function checkSymbols(primitives: Hashing, symbols: string): string {
  const digest = primitives.sha256(utf8(`comity/receipt/v1\n${symbols}`))
  const topTenBits = (digest[0] ?? 0) * 4 + Math.floor((digest[1] ?? 0) / 64)
  return `${ALPHABET[Math.floor(topTenBits / 32)]}${ALPHABET[topTenBits % 32]}`
}
