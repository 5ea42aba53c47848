/** Reads the fields of one line of `comity eval`; a wrong one is named in the error. */
import { fromBase64 } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'

export type Line = { readonly [key: string]: Json | undefined }

/** @param field where it stands, unless it is the line itself */
export function objectIn(input: Json, field?: string): Line {
  if (input !== null && typeof input === 'object' && !Array.isArray(input)) return input as Line
  throw field === undefined
    ? malformed('line is not an object')
    : malformed('not an object', { field })
}

/** @param path where the field stands, if not in the line itself */
export function textIn(line: Line, field: string, path = field): string {
  const text = line[field]
  if (typeof text === 'string' && text !== '') return text
  throw malformed('not a text', { field: path })
}

/** Sizes are 64-bit in the data; above 2^53 - 1 JSON parsing has already lost the value. */
export function sizeIn(line: Line, field: string): number {
  const size = line[field]
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size
  throw malformed('not a whole number from 0 to 2^53 - 1', { field })
}

export function bytesIn(line: Line, field: string): Uint8Array {
  const text = line[field]
  if (typeof text === 'string') return fromBase64(text, field)
  throw malformed('not base64 text', { field })
}

/** A list of base64 texts; null means an empty one. */
export function hashesIn(line: Line, field: string): Uint8Array[] {
  const list = line[field]
  if (list === null) return []
  if (!Array.isArray(list)) throw malformed('not a list or null', { field })
  return list.map((item: Json, index) => {
    if (typeof item === 'string') return fromBase64(item, `${field}/${index}`)
    throw malformed('not base64 text', { field: `${field}/${index}` })
  })
}
