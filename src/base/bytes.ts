/** Bytes and their text forms. Decoding is strict: what does not round-trip is refused. */
import { malformed } from './errors.ts'

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Bytes {
  return encoder.encode(text)
}

/** @throws ComityError `malformed` if the bytes are not valid UTF-8. */
export function textFromUtf8(bytes: Uint8Array, field?: string): string {
  try {
    return strictUtf8.decode(bytes)
  } catch (cause) {
    throw malformed('text is not valid UTF-8', field === undefined ? { cause } : { field, cause })
  }
}

export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Takes the same time wherever the first difference is, for equal lengths. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX_PAIRS[byte]
  return text
}

const HEX = /^(?:[0-9a-f]{2})*$/

/** Lower-case hex only. @throws ComityError `malformed` */
export function fromHex(text: string, field = 'hex'): Bytes {
  if (!HEX.test(text)) throw malformed('text is not lower-case hex', { field })
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const BASE64_TEXT = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Value of each ASCII code; 0 for `=`, and for what the pattern has refused. */
const BASE64_VALUES = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, BASE64.indexOf(String.fromCharCode(code))),
)
const valueAt = (text: string, at: number) => BASE64_VALUES[text.charCodeAt(at)] ?? 0

/** What browsers of before 2025 lack. */
const HAS_BASE64 = 'toBase64' in Uint8Array.prototype

/** Standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  return HAS_BASE64 ? bytes.toBase64() : toBase64ByHand(bytes)
}

export function toBase64ByHand(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] ?? 0, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0]
    const present = bytes.length - i
    text += BASE64[a >> 2]
    text += BASE64[((a & 3) << 4) | (b >> 4)]
    text += present > 1 ? BASE64[((b & 15) << 2) | (c >> 6)] : '='
    text += present > 2 ? BASE64[c & 63] : '='
  }
  return text
}

/**
 * Strict: padding required, no white space, unused bits zero.
 * @throws ComityError `malformed`
 */
export function fromBase64(text: string, field = 'base64'): Bytes {
  return HAS_BASE64 ? fromBase64ByPlatform(text, field) : fromBase64ByHand(text, field)
}

function fromBase64ByPlatform(text: string, field: string): Bytes {
  let bytes: Bytes
  try {
    bytes = Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' })
  } catch (cause) {
    throw malformed('text is not base64', { field, cause })
  }
  // It passes over white space.
  if (text.length !== Math.ceil(bytes.length / 3) * 4) {
    throw malformed('text is not base64', { field })
  }
  return bytes
}

export function fromBase64ByHand(text: string, field = 'base64'): Bytes {
  if (!BASE64_TEXT.test(text)) throw malformed('text is not base64', { field })
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let word = 0
  for (let i = 0; i < text.length; i += 4) {
    word = (valueAt(text, i) << 18) | (valueAt(text, i + 1) << 12)
    word |= (valueAt(text, i + 2) << 6) | valueAt(text, i + 3)
    // What lies beyond the end is padding: a typed array drops it.
    const out = (i / 4) * 3
    bytes[out] = word >> 16
    bytes[out + 1] = word >> 8
    bytes[out + 2] = word
  }
  const strayBits = padding === 0 ? 0 : padding === 1 ? word & 0xff : word & 0xffff
  if (strayBits !== 0) throw malformed('base64 has stray bits', { field })
  return bytes
}
