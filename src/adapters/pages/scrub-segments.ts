/**
 * Takes out of a picture what it says beside what it shows, by leaving out segments of
 * bytes: the picture itself is not written anew. What is kept is listed; whatever is not
 * on the list goes. Only which way up the picture stands is written again, alone.
 *
 * A picture of several frames keeps its first one. Nothing hidden in colours is found.
 */
import { crc32, inflateSync } from 'node:zlib'
import type { Removed, Scrubbed } from '../../core/evidence/scrub.ts'
import type { Kind } from './sniff.ts'

export type ScrubbedPicture = { readonly bytes: Uint8Array; readonly removed: readonly Removed[] }

/** The bytes are no such picture. */
export class NotScrubbed extends Error {}

export function scrubPicture(kind: Exclude<Kind, 'application/pdf'>, file: Uint8Array) {
  if (kind === 'image/jpeg') return scrubJpeg(file)
  return kind === 'image/png' ? scrubPng(file) : scrubWebp(file)
}

/** ITU-T T.81, annex B. */
function scrubJpeg(file: Uint8Array): ScrubbedPicture {
  const { view, kept, removed, cut } = cutter(file)
  let turn = 1
  const seen: SeenInJpeg = { once: new Set(), profile: undefined }
  let at = 2
  kept.push(file.subarray(0, 2))
  const turnAt = kept.push(new Uint8Array()) - 1
  for (;;) {
    while (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xff) at += 1
    if (view.getUint8(at) !== 0xff) throw new NotScrubbed('no marker')
    const marker = view.getUint8(at + 1)
    if (marker === 0xd9) break
    const end = at + 2 + view.getUint16(at + 2)
    if (end > file.length || end < at + 4) throw new NotScrubbed('a segment is too long')
    const segment = file.subarray(at, end)
    const what = whatInJpeg(marker, segment, seen)
    if (what === 'exif') turn = turnOf(segment.subarray(10)) ?? turn
    if (what !== undefined) cut(what, segment.length)
    else kept.push(marker === 0xe0 ? withoutThumbnail(segment, cut) : segment)
    at = end
    if (marker !== 0xda) continue
    at = endOfScan(view, end)
    kept.push(file.subarray(end, at))
  }
  kept.push(file.subarray(at, at + 2))
  cut('afterEnd', file.length - at - 2)
  if (turn !== 1) kept[turnAt] = segmentOf(0xe1, [EXIF_MARK, turnNote(turn)])
  return { bytes: joined(kept), removed: removed() }
}

type SeenInJpeg = {
  /** Markers of which one is kept. */
  readonly once: Set<number>
  profile: { readonly of: number; next: number; left: number } | undefined
}

/** Undefined: it belongs to the picture. */
function whatInJpeg(marker: number, segment: Uint8Array, seen: SeenInJpeg): Scrubbed | undefined {
  const name = latin1(segment.subarray(4, 40))
  const isFirst = () => !seen.once.has(marker) && seen.once.add(marker) !== undefined
  if (marker === 0xe0) return name.startsWith('JFIF\0') && isFirst() ? undefined : 'thumbnail'
  if (marker === 0xe1) return name.startsWith('Exif\0') ? 'exif' : 'xmp'
  if (marker === 0xe2) {
    const isProfile = name.startsWith('ICC_PROFILE\0') && isNextOfProfile(segment, seen)
    return isProfile ? undefined : 'other'
  }
  if (marker === 0xed) return 'iptc'
  // Says how the colours are meant; of fixed length, so that nothing else fits in.
  if (marker === 0xee) {
    const isColours = name.startsWith('Adobe') && segment.length === 16
    return isColours && isFirst() ? undefined : 'other'
  }
  if (marker === 0xfe) return 'comment'
  if (marker >= 0xe0 && marker <= 0xef) return 'other'
  const isPicture = (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8) || PICTURE.has(marker)
  if (!isPicture) throw new NotScrubbed('a segment of no known kind')
  return undefined
}

/** One profile, in segments that say which of how many they are (ICC.1:2022, annex B.4). */
function isNextOfProfile(segment: Uint8Array, seen: SeenInJpeg): boolean {
  const [number = 0, of = 0] = segment.subarray(16, 18)
  const content = segment.subarray(18)
  if (!seen.profile && number === 1 && isColourProfile(content)) {
    seen.profile = { of, next: 1, left: sizeOfProfile(content) }
  }
  const { profile } = seen
  if (!profile || profile.of !== of || profile.next !== number) return false
  if (number > of || content.length > profile.left) return false
  profile.next += 1
  profile.left -= content.length
  return true
}

/** Tables of quantisation, restart interval, number of lines, start of scan. */
const PICTURE = new Set([0xda, 0xdb, 0xdc, 0xdd])

/** JFIF 1.02: 16 bytes, the last two the size of a thumbnail that may follow. */
function withoutThumbnail(segment: Uint8Array, cut: Cut): Uint8Array {
  if (segment.length < 18) throw new NotScrubbed('a head that is cut')
  cut('thumbnail', segment.length - 18)
  const head = segment.slice(0, 18)
  head.set([0, 16], 2)
  head.set([0, 0], 16)
  return head
}

function endOfScan(view: DataView, from: number): number {
  for (let at = from; at + 1 < view.byteLength; at += 1) {
    if (view.getUint8(at) !== 0xff) continue
    const next = view.getUint8(at + 1)
    const isData = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7)
    if (!isData) return at
  }
  throw new NotScrubbed('it has no end')
}

/** What a chunk may be long, in bytes: there is no room for anything else in it. */
const PNG_SIZES: Readonly<Record<string, readonly number[]>> = {
  ...{ IHDR: [13], cHRM: [32], gAMA: [4], sRGB: [1], pHYs: [9], cICP: [4] },
  ...{ sBIT: [1, 2, 3, 4], bKGD: [1, 2, 6] },
}
const PNG_FRAMES = new Set(['acTL', 'fcTL', 'fdAT'])

/** PNG, third edition, sections 5 and 11. */
function scrubPng(file: Uint8Array): ScrubbedPicture {
  const { view, kept, removed, cut } = cutter(file)
  kept.push(file.subarray(0, 8))
  let turn = 1
  let at = 8
  let name = ''
  const seen = new Map<string, Uint8Array>()
  while (name !== 'IEND') {
    const end = at + 12 + view.getUint32(at)
    if (end > file.length) throw new NotScrubbed('a chunk is too long')
    name = latin1(file.subarray(at + 4, at + 8))
    const chunk = file.subarray(at, end)
    if (name === 'eXIf') turn = turnOf(file.subarray(at + 8, end - 4)) ?? turn
    const clean = cleanInPng(name, chunk, seen)
    if (clean) {
      if (name === 'IDAT' && turn !== 1) {
        kept.push(chunkOf('eXIf', turnNote(turn)))
        turn = 1
      }
      kept.push(clean)
      seen.set(name, chunk)
    }
    cut(whatInPng(name, chunk), chunk.length - (clean?.length ?? 0))
    at = end
  }
  cut('afterEnd', file.length - at)
  return { bytes: joined(kept), removed: removed() }
}

/** The chunk without what is no part of the picture; undefined: nothing of it is. */
function cleanInPng(
  name: string,
  chunk: Uint8Array,
  seen: ReadonlyMap<string, Uint8Array>,
): Uint8Array | undefined {
  const content = chunk.subarray(8, -4)
  if (name === 'IDAT') return chunk
  if (name === 'IEND') return chunkOf('IEND', new Uint8Array())
  if (seen.has(name)) return undefined
  if (name === 'iCCP') {
    const packed = content.subarray(content.indexOf(0) + 2)
    // Its name is anybody's words; one letter stands for it.
    return isPackedProfile(packed) ? chunkOf('iCCP', joined([PROFILE_NAME, packed])) : undefined
  }
  const colours = ((seen.get('PLTE')?.length ?? 12) - 12) / 3
  const { length } = content
  if (name === 'PLTE') return length % 3 === 0 && length <= 768 ? chunk : undefined
  if (name === 'tRNS') return [2, 6].includes(length) || length <= colours ? chunk : undefined
  return PNG_SIZES[name]?.includes(length) ? chunk : undefined
}

/** A letter, the end of the name, and that it is packed in the one way that there is. */
const PROFILE_NAME = Uint8Array.from([0x69, 0, 0])

function whatInPng(name: string, chunk: Uint8Array): Scrubbed {
  if (name === 'eXIf') return 'exif'
  if (PNG_FRAMES.has(name)) return 'frames'
  if (!['tEXt', 'zTXt', 'iTXt'].includes(name)) return 'other'
  return latin1(chunk.subarray(8, 40)).startsWith('XML:com.adobe.xmp') ? 'xmp' : 'comment'
}

const WEBP_KEPT = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ICCP'])
/** Flags of RFC 9649, section 2.7. */
const [WEBP_XMP, WEBP_EXIF, WEBP_FRAMES] = [0x04, 0x08, 0x02]

function scrubWebp(file: Uint8Array): ScrubbedPicture {
  const { view, kept, removed, cut } = cutter(file)
  const last = Math.min(file.length, 8 + view.getUint32(4, true))
  kept.push(file.slice(0, 12))
  let turn = 1
  let head: Uint8Array | undefined
  const seen = new Set<string>()
  for (let at = 12; at + 8 <= last; ) {
    const size = view.getUint32(at + 4, true)
    const end = at + 8 + size + (size % 2)
    if (end > file.length) throw new NotScrubbed('a chunk is too long')
    const name = latin1(file.subarray(at, at + 4))
    const chunk = file.slice(at, end)
    if (size % 2 === 1) chunk.fill(0, -1)
    if (name === 'ANIM' || name === 'ANMF') throw new NotScrubbed('it moves')
    if (name === 'EXIF') turn = turnOf(withoutMark(chunk.subarray(8, 8 + size))) ?? turn
    if (name === 'VP8X' && size !== 10) throw new NotScrubbed('a head of no known form')
    const isJunk = name === 'ICCP' && !isWholeProfile(chunk.subarray(8, 8 + size))
    // One still picture: its bytes, in one of two kinds, and each of the others once.
    const kind = name === 'VP8L' ? 'VP8 ' : name
    if (WEBP_KEPT.has(name) && !isJunk && !seen.has(kind)) {
      if (name === 'VP8X') head = chunk
      seen.add(kind)
      kept.push(chunk)
    } else cut(name === 'EXIF' ? 'exif' : name === 'XMP ' ? 'xmp' : 'other', chunk.length)
    at = end
  }
  cut('afterEnd', file.length - last)
  if (head) {
    head[8] = withoutFlags(head[8] ?? 0, [WEBP_XMP, WEBP_EXIF, WEBP_FRAMES])
    head.fill(0, 9, 12)
    if (turn !== 1) {
      head[8] = (head[8] ?? 0) + WEBP_EXIF
      const note = turnNote(turn)
      kept.push(joined([ascii('EXIF'), uint32(note.length), note]))
    }
  }
  const bytes = joined(kept)
  new DataView(bytes.buffer).setUint32(4, bytes.length - 8, true)
  return { bytes, removed: removed() }
}

/** The signature of ICC.1:2022, section 7.2.9; what only carries the name of one goes. */
function isColourProfile(content: Uint8Array): boolean {
  return latin1(content.subarray(36, 40)) === 'acsp'
}

/** ICC.1:2022, section 7.2.2. */
function sizeOfProfile(content: Uint8Array): number {
  return new DataView(content.buffer, content.byteOffset).getUint32(0)
}

function isWholeProfile(content: Uint8Array): boolean {
  return isColourProfile(content) && sizeOfProfile(content) === content.length
}

const PROFILE_BYTES_MAX = 8 * 1024 * 1024

/** The profile and nothing behind it, in what is packed or in the packing (PNG, 11.3.2.3). */
function isPackedProfile(packed: Uint8Array): boolean {
  try {
    const options = { maxOutputLength: PROFILE_BYTES_MAX, info: true } as const
    const { buffer, engine } = inflateSync(packed, options) as unknown as Inflated
    return isWholeProfile(buffer) && engine.bytesWritten === packed.length
  } catch {
    return false
  }
}

type Inflated = { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } }

function withoutFlags(flags: number, gone: readonly number[]): number {
  return gone.reduce((left, flag) => {
    return Math.floor(left / flag) % 2 === 1 ? left - flag : left
  }, flags)
}

const EXIF_MARK = Uint8Array.from([0x45, 0x78, 0x69, 0x66, 0, 0])

function withoutMark(note: Uint8Array): Uint8Array {
  return latin1(note.subarray(0, 6)) === 'Exif\0\0' ? note.subarray(6) : note
}

/** Tag 0x0112 of the first directory (Exif 3.0, 4.6): 1 to 8; undefined: it does not say. */
function turnOf(tiff: Uint8Array): number | undefined {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (tiff.length < 14) return undefined
  const isLittle = latin1(tiff.subarray(0, 2)) === 'II'
  const directory = view.getUint32(4, isLittle)
  if (directory + 2 > tiff.length) return undefined
  const count = view.getUint16(directory, isLittle)
  for (
    let at = directory + 2;
    at + 12 <= tiff.length && at < directory + 2 + 12 * count;
    at += 12
  ) {
    if (view.getUint16(at, isLittle) !== 0x0112) continue
    const turn = view.getUint16(at + 8, isLittle)
    return turn >= 1 && turn <= 8 ? turn : undefined
  }
  return undefined
}

/** One directory with one entry, and nothing else. */
function turnNote(turn: number): Uint8Array {
  const head = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1]
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0]
  return Uint8Array.from([...head, ...entry, 0, 0, 0, 0])
}

function segmentOf(marker: number, content: readonly Uint8Array[]): Uint8Array {
  const body = joined(content)
  const size = body.length + 2
  return joined([Uint8Array.from([0xff, marker, Math.floor(size / 256), size % 256]), body])
}

function chunkOf(name: string, content: Uint8Array): Uint8Array {
  const body = joined([ascii(name), content])
  const chunk = new Uint8Array(body.length + 8)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, content.length)
  chunk.set(body, 4)
  view.setUint32(body.length + 4, crc32(body))
  return chunk
}

type Cut = (what: Scrubbed, sizeBytes: number) => void

function cutter(file: Uint8Array) {
  const sizes = new Map<Scrubbed, number>()
  const cut: Cut = (what, sizeBytes) => {
    if (sizeBytes > 0) sizes.set(what, (sizes.get(what) ?? 0) + sizeBytes)
  }
  return {
    view: new DataView(file.buffer, file.byteOffset, file.byteLength),
    kept: [] as Uint8Array[],
    cut,
    removed: () => [...sizes].map(([what, sizeBytes]) => ({ what, sizeBytes })),
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(chunks))
}

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return new Uint8Array(bytes)
}
