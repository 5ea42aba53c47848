/**
 * JSON values and their one canonical form (RFC 8785), over which everything in
 * Comity that is signed or committed to is computed.
 */
import canonicalize from 'canonicalize'
import { type Bytes, textFromUtf8, utf8 } from './bytes.ts'
import { malformed } from './errors.ts'

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

/** The deepest nesting we read; our own messages use fewer than 12 levels. */
const DEPTH_MAX = 32
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** UTF-8 bytes of the canonical form. Members that are `undefined` are left out. */
export function canonicalBytes(value: Json | object): Bytes {
  return utf8(canonicalText(value))
}

export function canonicalText(value: Json | object): string {
  const text = canonicalize(value)
  if (text === undefined) throw malformed('value has no JSON form')
  if (!text.isWellFormed()) throw malformed('text holds a lone surrogate')
  return text
}

/**
 * Parses JSON from outside: valid UTF-8, bounded depth, no prototype keys.
 *
 * @throws ComityError `malformed` with a JSON pointer as field
 */
export function parseJson(bytes: Uint8Array, field = ''): Json {
  const text = textFromUtf8(bytes, field)
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (cause) {
    throw malformed('text is not JSON', { field, cause, reason: 'not-json' })
  }
  requireSafe(value, field, 0)
  return value
}

/**
 * Refuses nesting deeper than 32 levels, prototype keys, lone surrogates, and the
 * character U+0000, which no PostgreSQL text or jsonb can hold.
 */
export function requireSafe(value: Json | undefined, pointer: string, depth: number): void {
  if (depth > DEPTH_MAX) {
    throw malformed('value is nested too deeply', { field: pointer, reason: 'too-deep' })
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw malformed('text holds a lone surrogate', { field: pointer })
    if (value.includes('\0')) {
      throw malformed('text holds the character U+0000', {
        field: pointer,
        reason: 'forbidden-text',
      })
    }
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) requireSafe(item, `${pointer}/${index}`, depth + 1)
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (FORBIDDEN_KEYS.has(key) || !key.isWellFormed() || key.includes('\0')) {
        throw malformed('a key is not allowed', { field: at, reason: 'forbidden-key' })
      }
      requireSafe(item, at, depth + 1)
    }
  }
}
