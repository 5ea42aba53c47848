/**
 * What a file is by its first bytes, whatever it is called: comparisons with known marks,
 * nothing is parsed. A file can fit several kinds at once; each reader then sees another
 * one, so all are named. No mark proves that the rest of a file is of that kind.
 */

/** The kinds whose pages are drawn. */
export const DRAWN_TYPES = ['application/pdf', 'image/png', 'image/jpeg', 'image/webp'] as const

/** Most telling first; empty: no known mark. */
export function detectedTypes(head: Uint8Array): readonly string[] {
  const text = latin1(head.subarray(0, 1024))
  const marked = MARKS.filter(([, at, mark]) => text.startsWith(mark, at)).map(([type]) => type)
  // Readers take the mark of a PDF anywhere in the first kilobyte.
  const pdf = text.includes('%PDF-') ? ['application/pdf'] : []
  const start = text.trimStart().toLowerCase()
  const markup = MARKUP.filter(([mark]) => start.startsWith(mark)).map(([, type]) => type)
  return [...new Set([...pdf, ...marked, ...markup])]
}

/** Archives are read from their end, so one can stand behind any other file. */
export function isArchiveBehind(head: Uint8Array, tail: Uint8Array): boolean {
  return !detectedTypes(head).includes('application/zip') && latin1(tail).includes('PK\x05\x06')
}

/** Whether a file that is said to be `claimed` can be what its bytes say. */
export function fitsClaim(claimed: string, detected: readonly string[]): boolean {
  if (detected.length === 0 || claimed === 'application/octet-stream') return true
  return detected.some((type) => type === claimed || FAMILIES[type]?.test(claimed))
}

const MARKS: readonly (readonly [string, number, string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/webp', 8, 'WEBP'],
  ['image/gif', 0, 'GIF8'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['video/mp4', 4, 'ftyp'],
  ['audio/wav', 8, 'WAVE'],
  ['audio/mpeg', 0, 'ID3'],
  ['application/ogg', 0, 'OggS'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/gzip', 0, '\x1f\x8b'],
  ['application/x-7z-compressed', 0, '7z\xbc\xaf\x27\x1c'],
  ['application/vnd.rar', 0, 'Rar!\x1a\x07'],
  ['application/x-ole-storage', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['application/vnd.microsoft.portable-executable', 0, 'MZ'],
  ['application/x-executable', 0, '\x7fELF'],
  ['application/vnd.sqlite3', 0, 'SQLite format 3\0'],
  ['application/age', 0, 'age-encryption.org/v1'],
]

const MARKUP: readonly (readonly [string, string])[] = [
  ['<!doctype html', 'text/html'],
  ['<html', 'text/html'],
  ['<script', 'text/html'],
  ['<svg', 'image/svg+xml'],
  ['<?xml', 'application/xml'],
  ['{\\rtf', 'application/rtf'],
]

/** Kinds that are made of another one. */
const FAMILIES: Readonly<Record<string, RegExp>> = {
  'application/zip': /zip|openxmlformats|opendocument|epub|java-archive|android/,
  'application/x-ole-storage': /msword|ms-|ole/,
  'application/gzip': /gzip|compressed/,
  'application/xml': /xml|html|svg/,
  'video/mp4': /^(video|audio)\/|image\/(heic|heif|avif)/,
  'application/ogg': /ogg|opus/,
  'audio/wav': /wav/,
  'application/rtf': /rtf/,
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
