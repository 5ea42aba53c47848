/** JPEG without what stands beside its picture: whatever is not listed here goes. */
import { concatBytes } from '../../base/bytes.ts'
import type { Scrubbed } from '../../core/evidence/scrub.ts'
import {
  type Cut,
  cutter,
  EXIF_MARK,
  isColourProfile,
  latin1,
  NotScrubbed,
  type ScrubbedPicture,
  sizeOfProfile,
  turnNote,
  turnOf,
} from './picture-parts.ts'

/** ITU-T T.81, annex B. */
export function scrubJpeg(file: Uint8Array): ScrubbedPicture {
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
    at = endOfScan(file, end)
    kept.push(file.subarray(end, at))
  }
  kept.push(file.subarray(at, at + 2))
  cut('afterEnd', file.length - at - 2)
  if (turn !== 1) kept[turnAt] = segmentOf(0xe1, [EXIF_MARK, turnNote(turn)])
  return { bytes: concatBytes(...kept), removed: removed() }
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

function endOfScan(file: Uint8Array, from: number): number {
  let at = file.indexOf(0xff, from)
  while (at >= 0 && at + 1 < file.length) {
    const next = file[at + 1] ?? 0
    const isData = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7)
    if (!isData) return at
    at = file.indexOf(0xff, at + 1)
  }
  throw new NotScrubbed('it has no end')
}

function segmentOf(marker: number, content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...content)
  const size = body.length + 2
  return concatBytes(Uint8Array.from([0xff, marker, Math.floor(size / 256), size % 256]), body)
}
