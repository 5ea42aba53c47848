/** WebP without what stands beside its picture: whatever is not listed here goes. */
import { concatBytes } from '../../base/bytes.ts'
import {
  ascii,
  cutter,
  isWholeProfile,
  latin1,
  NotScrubbed,
  type ScrubbedPicture,
  turnNote,
  turnOf,
} from './picture-parts.ts'

const WEBP_KEPT = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ICCP'])
/** Flags of RFC 9649, section 2.7. */
const [WEBP_XMP, WEBP_EXIF, WEBP_FRAMES] = [0x04, 0x08, 0x02]

export function scrubWebp(file: Uint8Array): ScrubbedPicture {
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
      kept.push(concatBytes(ascii('EXIF'), uint32(note.length), note))
    }
  }
  const bytes = concatBytes(...kept)
  new DataView(bytes.buffer).setUint32(4, bytes.length - 8, true)
  return { bytes, removed: removed() }
}

function withoutFlags(flags: number, gone: readonly number[]): number {
  return gone.reduce((left, flag) => {
    return Math.floor(left / flag) % 2 === 1 ? left - flag : left
  }, flags)
}

function withoutMark(note: Uint8Array): Uint8Array {
  return latin1(note.subarray(0, 6)) === 'Exif\0\0' ? note.subarray(6) : note
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
