/** What the scrubbers of all kinds of pictures share: bytes, colour profiles, which way up. */
import type { Removed, Scrubbed } from '../../core/evidence/scrub.ts'

export type ScrubbedPicture = { readonly bytes: Uint8Array; readonly removed: readonly Removed[] }

/** The bytes are no such picture, or one of a kind that is not scrubbed here. */
export class NotScrubbed extends Error {}

/**
 * What one zlib stream (RFC 1950) holds. Undefined: it is none, it holds more than so many
 * bytes, or something stands behind it.
 */
export type Unpack = (packed: Uint8Array, bytesMax: number) => Promise<Uint8Array | undefined>

export type Cut = (what: Scrubbed, sizeBytes: number) => void

export function cutter(file: Uint8Array) {
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

/** The signature of ICC.1:2022, section 7.2.9; what only carries the name of one goes. */
export function isColourProfile(content: Uint8Array): boolean {
  return latin1(content.subarray(36, 40)) === 'acsp'
}

/** ICC.1:2022, section 7.2.2. */
export function sizeOfProfile(content: Uint8Array): number {
  return new DataView(content.buffer, content.byteOffset).getUint32(0)
}

export function isWholeProfile(content: Uint8Array): boolean {
  return isColourProfile(content) && sizeOfProfile(content) === content.length
}

export const EXIF_MARK = Uint8Array.from([0x45, 0x78, 0x69, 0x66, 0, 0])

/** Tag 0x0112 of the first directory (Exif 3.0, 4.6): 1 to 8; undefined: it does not say. */
export function turnOf(tiff: Uint8Array): number | undefined {
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
export function turnNote(turn: number): Uint8Array {
  const head = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1]
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0]
  return Uint8Array.from([...head, ...entry, 0, 0, 0, 0])
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
