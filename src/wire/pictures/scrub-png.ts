/** PNG without what stands beside its picture: whatever is not listed here goes. */
import { concatBytes } from '../../base/bytes.ts'
import type { Scrubbed } from '../../core/evidence/scrub.ts'
import {
  ascii,
  cutter,
  isWholeProfile,
  latin1,
  NotScrubbed,
  type ScrubbedPicture,
  turnNote,
  turnOf,
  type Unpack,
} from './picture-parts.ts'

/** What a chunk may be long, in bytes: there is no room for anything else in it. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  ...{ IHDR: [13], cHRM: [32], gAMA: [4], sRGB: [1], pHYs: [9], cICP: [4] },
  ...{ sBIT: [1, 2, 3, 4], bKGD: [1, 2, 6] },
}
const FRAMES = new Set(['acTL', 'fcTL', 'fdAT'])

/** PNG, third edition, sections 5 and 11. */
export async function scrubPng(file: Uint8Array, unpack: Unpack): Promise<ScrubbedPicture> {
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
    const clean = await cleanInPng(name, chunk, { seen, unpack })
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
  return { bytes: concatBytes(...kept), removed: removed() }
}

type SeenInPng = { readonly seen: ReadonlyMap<string, Uint8Array>; readonly unpack: Unpack }

/** The chunk without what is no part of the picture; undefined: nothing of it is. */
async function cleanInPng(
  name: string,
  chunk: Uint8Array,
  { seen, unpack }: SeenInPng,
): Promise<Uint8Array | undefined> {
  const content = chunk.subarray(8, -4)
  if (name === 'IDAT') return chunk
  if (name === 'IEND') return chunkOf('IEND', new Uint8Array())
  if (seen.has(name)) return undefined
  if (name === 'iCCP') {
    const packed = content.subarray(content.indexOf(0) + 2)
    // Its name is anybody's words; one letter stands for it.
    return (await isPackedProfile(packed, unpack))
      ? chunkOf('iCCP', concatBytes(PROFILE_NAME, packed))
      : undefined
  }
  const colours = ((seen.get('PLTE')?.length ?? 12) - 12) / 3
  const { length } = content
  if (name === 'PLTE') return length % 3 === 0 && length <= 768 ? chunk : undefined
  if (name === 'tRNS') return [2, 6].includes(length) || length <= colours ? chunk : undefined
  return SIZES[name]?.includes(length) ? chunk : undefined
}

/** A letter, the end of the name, and that it is packed in the one way that there is. */
const PROFILE_NAME = Uint8Array.from([0x69, 0, 0])

function whatInPng(name: string, chunk: Uint8Array): Scrubbed {
  if (name === 'eXIf') return 'exif'
  if (FRAMES.has(name)) return 'frames'
  if (!['tEXt', 'zTXt', 'iTXt'].includes(name)) return 'other'
  return latin1(chunk.subarray(8, 40)).startsWith('XML:com.adobe.xmp') ? 'xmp' : 'comment'
}

const PROFILE_BYTES_MAX = 8 * 1024 * 1024

/** The profile and nothing behind it, in what is packed or in the packing (PNG, 11.3.2.3). */
async function isPackedProfile(packed: Uint8Array, unpack: Unpack): Promise<boolean> {
  const profile = await unpack(packed, PROFILE_BYTES_MAX)
  return profile !== undefined && isWholeProfile(profile)
}

function chunkOf(name: string, content: Uint8Array): Uint8Array {
  const body = concatBytes(ascii(name), content)
  const chunk = new Uint8Array(body.length + 8)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, content.length)
  chunk.set(body, 4)
  view.setUint32(body.length + 4, crc32(body))
  return chunk
}

/** PNG, annex D. */
function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff
  for (const byte of bytes) {
    rest ^= byte
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest % 2 === 0 ? 0 : 0xedb88320)
  }
  return (rest ^ 0xffffffff) >>> 0
}
