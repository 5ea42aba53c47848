/**
 * A search for words in bytes, in every dress in which they could hide: letters of three
 * encodings, base64 at three alignments, hex, JSON and percent escapes, and inside gzip
 * and zlib streams wherever one begins.
 *
 * Not found: what was encrypted, what raw deflate packed (it has no mark to look for), and
 * words torn apart, as a compressing database does with long values.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import {
  constants,
  deflateSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
} from 'node:zlib'

export type Needle = { readonly dress: string; readonly bytes: Buffer }
export type Words = readonly { readonly what: string; readonly needles: readonly Needle[] }[]
export type Find = { readonly what: string; readonly dress: string; readonly place: string }

export function wordsOf(named: Readonly<Record<string, string>>): Words {
  return Object.entries(named).map(([what, text]) => ({ what, needles: needlesOf(text) }))
}

/** As a process holds texts in memory: one byte a letter, or two. */
export function memoryWordsOf(named: Readonly<Record<string, string>>): Words {
  const dresses = ['UTF-8', 'UTF-16LE']
  return wordsOf(named).map(({ what, needles }) => ({
    what,
    needles: needles.filter(({ dress }) => dresses.includes(dress)),
  }))
}

export function needlesOf(text: string): readonly Needle[] {
  const utf16 = Buffer.from(text, 'utf16le')
  const plain = Buffer.from(text)
  const escaped = [...plain].map((byte) => byte.toString(16).padStart(2, '0'))
  const units = [...text].map((letter) => letter.charCodeAt(0).toString(16).padStart(4, '0'))
  const all = [
    { dress: 'UTF-8', bytes: plain },
    { dress: 'UTF-16LE', bytes: utf16 },
    { dress: 'UTF-16BE', bytes: Buffer.from(utf16).swap16() },
    ...[0, 1, 2].map((shift) => ({
      dress: `base64, shifted by ${shift}`,
      bytes: Buffer.from(base64Of(plain, shift)),
    })),
    { dress: 'hex', bytes: Buffer.from(plain.toString('hex')) },
    { dress: 'HEX', bytes: Buffer.from(plain.toString('hex').toUpperCase()) },
    { dress: 'JSON escapes', bytes: Buffer.from(units.map((unit) => `\\u${unit}`).join('')) },
    { dress: 'JSON text', bytes: Buffer.from(JSON.stringify(text).slice(1, -1)) },
    { dress: 'percent escapes', bytes: Buffer.from(escaped.map((hex) => `%${hex}`).join('')) },
    {
      dress: 'PERCENT escapes',
      bytes: Buffer.from(escaped.map((hex) => `%${hex.toUpperCase()}`).join('')),
    },
    { dress: 'URL text', bytes: Buffer.from(encodeURIComponent(text)) },
    { dress: 'form text', bytes: Buffer.from(encodeURIComponent(text).replaceAll('%20', '+')) },
  ]
  // A word of plain letters is the same in JSON and in a URL.
  return all.filter(({ bytes }, at) => !all.slice(0, at).some((one) => one.bytes.equals(bytes)))
}

/** The letters of base64 that follow from `bytes` alone, `shift` bytes into a group. */
export function base64Of(bytes: Buffer, shift: number): string {
  const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
  const text = shifted.toString('base64').replace(/=+$/, '')
  return text.slice(Math.ceil((shift * 8) / 6), shifted.length % 3 === 0 ? undefined : -1)
}

/** Bytes that are no text, such as a key. */
export function secretBytes(named: Readonly<Record<string, Uint8Array>>): Words {
  return Object.entries(named).map(([what, secret]) => {
    const plain = Buffer.from(secret)
    return {
      what,
      needles: [
        { dress: 'bytes', bytes: plain },
        ...[0, 1, 2].map((shift) => ({
          dress: `base64, shifted by ${shift}`,
          bytes: Buffer.from(base64Of(plain, shift)),
        })),
        { dress: 'hex', bytes: Buffer.from(plain.toString('hex')) },
        { dress: 'HEX', bytes: Buffer.from(plain.toString('hex').toUpperCase()) },
      ],
    }
  })
}

/** A text in every dress as `searchIn` must find it, for the search to prove itself on. */
export function dressed(text: string): Readonly<Record<string, Buffer>> {
  const utf16 = Buffer.from(text, 'utf16le')
  const escapes = (mark: string, digits: number) =>
    [...text].map((one) => mark + one.charCodeAt(0).toString(16).padStart(digits, '0')).join('')
  const around = Buffer.from(`before ${text} after`)
  return {
    'UTF-8': Buffer.from(text),
    'UTF-16LE': utf16,
    'UTF-16BE': Buffer.from(utf16).swap16(),
    'base64, shifted by 0': Buffer.from(Buffer.from(text).toString('base64')),
    'base64, shifted by 1': Buffer.from(Buffer.from(`x${text}`).toString('base64')),
    'base64, shifted by 2': Buffer.from(Buffer.from(`xy${text}`).toString('base64')),
    hex: Buffer.from(Buffer.from(text).toString('hex')),
    HEX: Buffer.from(Buffer.from(text).toString('hex').toUpperCase()),
    'JSON escapes': Buffer.from(escapes('\\u', 4)),
    'percent escapes': Buffer.from(escapes('%', 2)),
    'PERCENT escapes': Buffer.from(escapes('%', 2).toUpperCase()),
    'UTF-8 in gzip': gzipSync(around),
    'UTF-8 in zlib': deflateSync(around),
    'UTF-16LE in gzip': gzipSync(utf16),
  }
}

export function searchIn(content: Buffer, place: string, words: Words): Find[] {
  return [
    ...searchPlain(content, place, words),
    ...unpacked(content).flatMap(({ how, bytes }) =>
      searchPlain(bytes, place, words).map((find) => ({
        ...find,
        dress: `${find.dress} in ${how}`,
      })),
    ),
  ]
}

/** One pass over the content for all needles at once: there are hundreds. */
export function searchPlain(content: Buffer, place: string, words: Words): Find[] {
  const { starts, byStart } = indexOf(words)
  const found = new Map<Entry, Find>()
  for (let at = 0; at + 1 < content.length; at++) {
    const start = (content[at] ?? 0) * 256 + (content[at + 1] ?? 0)
    if (starts[start] === 0) continue
    for (const entry of byStart.get(start) ?? []) {
      const { bytes, what, dress } = entry
      if (content[at + 2] !== bytes[2] || content[at + 3] !== bytes[3]) continue
      if (!found.has(entry) && content.subarray(at, at + bytes.length).equals(bytes)) {
        found.set(entry, { what, dress, place })
      }
    }
  }
  return words.flatMap(({ what, needles }) =>
    needles.flatMap(({ dress }) =>
      [...found.values()].filter((one) => one.what === what && one.dress === dress),
    ),
  )
}

type Entry = Needle & { readonly what: string }
type Index = {
  readonly starts: Uint8Array
  readonly byStart: ReadonlyMap<number, readonly Entry[]>
}

const indexes = new WeakMap<Words, Index>()

/** Needles by their first two bytes. */
function indexOf(words: Words): Index {
  const known = indexes.get(words)
  if (known) return known
  const starts = new Uint8Array(65_536)
  const byStart = new Map<number, Entry[]>()
  for (const { what, needles } of words) {
    for (const { dress, bytes } of needles) {
      const start = bytes.readUInt16BE(0)
      starts[start] = 1
      byStart.set(start, [...(byStart.get(start) ?? []), { what, dress, bytes }])
    }
  }
  const made = { starts, byStart }
  indexes.set(words, made)
  return made
}

/** One file; nothing if it went away meanwhile. */
export function contentOf(file: string): Buffer {
  try {
    return withoutEmptyEnd(readFileSync(file))
  } catch (error) {
    if (isGone(error)) return Buffer.alloc(0)
    throw error
  }
}

function isGone(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'ENOENT' || code === 'ESRCH'
}

const BLOCK = Buffer.alloc(64 * 1024)

/** Files of the write-ahead log are mostly zeros that nobody has written yet. */
function withoutEmptyEnd(content: Buffer): Buffer {
  let end = content.length
  while (end >= BLOCK.length && content.subarray(end - BLOCK.length, end).equals(BLOCK)) {
    end -= BLOCK.length
  }
  return content.subarray(0, end)
}

const PACKED_MAX = 1024 * 1024
const UNPACKED_MAX = 8 * 1024 * 1024
/** Less than this was no stream but bytes that look like the start of one. */
const UNPACKED_MIN = 8
type Unpack = (packed: Buffer, options: ZlibOptions) => Buffer
const STREAMS = [
  { how: 'gzip', mark: Buffer.from([0x1f, 0x8b, 0x08]), unpack: fromGzip },
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ({
    how: 'zlib',
    mark: Buffer.from([0x78, level]),
    unpack: inflateSync,
  })),
]

/** Without the check at its end, behind which anything may stand (RFC 1952, section 2.3). */
function fromGzip(packed: Buffer, options: ZlibOptions): Buffer {
  const flags = packed[3] ?? 0
  const has = (flag: number) => Math.floor(flags / flag) % 2 === 1
  let at = 10
  if (has(4)) at += 2 + packed.readUInt16LE(at)
  for (const flag of [8, 16]) if (has(flag)) at = packed.indexOf(0, at) + 1
  if (has(2)) at += 2
  return inflateRawSync(packed.subarray(at), options)
}

function unpacked(content: Buffer): { readonly how: string; readonly bytes: Buffer }[] {
  return STREAMS.flatMap(({ how, mark, unpack }) =>
    placesOf(content, mark).flatMap((at) => {
      const packed = content.subarray(at, at + PACKED_MAX)
      const bytes = unpackedFrom(unpack, packed)
      return bytes.length < UNPACKED_MIN ? [] : [{ how, bytes }]
    }),
  )
}

function unpackedFrom(unpack: Unpack, packed: Buffer): Buffer {
  try {
    // As far as it goes: what stands behind the stream is something else.
    return unpack(packed, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: UNPACKED_MAX,
    })
  } catch {
    return Buffer.alloc(0)
  }
}

function placesOf(content: Buffer, mark: Buffer): number[] {
  const places: number[] = []
  for (let at = content.indexOf(mark); at >= 0; at = content.indexOf(mark, at + 1)) places.push(at)
  return places
}

// Processes, as Linux shows them

const CHUNK = 16 * 1024 * 1024

/** Command line and environment of a process. */
export function searchStart(pid: number, words: Words): Find[] {
  return ['cmdline', 'environ'].flatMap((name) =>
    searchIn(contentOf(`/proc/${pid}/${name}`), `${name} of ${pid}`, words),
  )
}

/**
 * What a process holds in memory that it wrote to. `undefined` if this machine does not let
 * us look.
 */
export function searchMemory(
  pid: number,
  words: Words,
  { shared = false }: { readonly shared?: boolean } = {},
): Find[] | undefined {
  let memory: number
  try {
    memory = openSync(`/proc/${pid}/mem`, 'r')
  } catch (error) {
    // A process that has ended holds nothing.
    return isGone(error) ? [] : undefined
  }
  const longest = Math.max(
    ...words.flatMap(({ needles }) => needles.map(({ bytes }) => bytes.length)),
  )
  const finds = new Map<string, Find>()
  const buffer = Buffer.alloc(CHUNK)
  try {
    for (const { start, end } of writtenParts(pid, shared)) {
      for (let at = start; at < end; at += CHUNK - longest) {
        const size = readAt(memory, buffer, at, Math.min(CHUNK, end - at))
        for (const find of searchPlain(buffer.subarray(0, size), `memory of ${pid}`, words)) {
          finds.set(`${find.what} ${find.dress}`, find)
        }
      }
    }
  } finally {
    closeSync(memory)
  }
  return [...finds.values()]
}

function writtenParts(
  pid: number,
  shared: boolean,
): { readonly start: number; readonly end: number }[] {
  return contentOf(`/proc/${pid}/maps`)
    .toString()
    .split('\n')
    .flatMap((line) => {
      const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? []
      const isPrivate = /^\S+ rw.p/.test(line)
      return from === '' || !(isPrivate || shared)
        ? []
        : [{ start: Number.parseInt(from, 16), end: Number.parseInt(to, 16) }]
    })
}

/** Parts that were never touched, or belong to a device, cannot be read: there is nothing. */
function readAt(file: number, buffer: Buffer, at: number, size: number): number {
  try {
    return readSync(file, buffer, 0, size, at)
  } catch {
    return 0
  }
}

export type Process = { readonly pid: number; readonly command: string }

/** All descendants of a process. */
export function descendantsOf(pid: number): Process[] {
  const tasks = contentOf(`/proc/${pid}/task/${pid}/children`).toString().split(' ')
  return tasks
    .map(Number)
    .filter((child) => child > 0)
    .flatMap((child) => {
      const command = contentOf(`/proc/${child}/cmdline`).toString().replaceAll('\0', ' ').trim()
      return [{ pid: child, command }, ...descendantsOf(child)]
    })
}

/** The largest core dump that the system may write of a process, as it says it. */
export function coreLimitOf(pid: number): string {
  const limits = contentOf(`/proc/${pid}/limits`).toString()
  return /^Max core file size\s+(\S+)/m.exec(limits)?.[1] ?? 'unknown'
}
