/**
 * Turns to remove, one on each line, as people write them: `3: names another
 * person`, `3：他人の名前`. Parts count from 0, as in the record. Pure.
 */
import type { Json } from '../../../base/canonical-json.ts'

export type ReadRedactions =
  | { readonly isValid: true; readonly redactions: Json }
  | { readonly isValid: false; readonly reason: string }

const LINE = /^(?<part>\d{1,4})(?:\s*[:.)-]?\s+|\s*[：、）．]\s*)(?<reason>\S.*)$/

export function readRedactions(text: string): ReadRedactions {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const redactions: Json[] = []
  for (const line of lines) {
    const { part, reason } = LINE.exec(line)?.groups ?? {}
    if (part === undefined || reason === undefined) return { isValid: false, reason: 'redactions' }
    redactions.push({ part: Number(part), reason })
  }
  return { isValid: true, redactions }
}
