/**
 * What a file is by its first bytes, whatever it is called, and how large a picture it
 * says it is: asked before a decoder takes memory for it.
 */
import { latin1 } from './picture-parts.ts'

export type Kind = 'application/pdf' | 'image/png' | 'image/jpeg' | 'image/webp'

export type Sniffed = { readonly kind: Kind; readonly width: number; readonly height: number }

/** Undefined: nothing that is drawn here. A document has no size: 0. */
export function sniff(file: Uint8Array): Sniffed | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (isPdf(file)) return { kind: 'application/pdf', width: 0, height: 0 }
  if (startsWith(file, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) && file.length >= 24) {
    return { kind: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
  }
  if (startsWith(file, [0xff, 0xd8, 0xff])) {
    const size = jpegSize(view)
    return size && { kind: 'image/jpeg', ...size }
  }
  if (latin1(file.subarray(0, 4)) === 'RIFF' && latin1(file.subarray(8, 12)) === 'WEBP') {
    const size = webpSize(view, latin1(file.subarray(12, 16)))
    return size && { kind: 'image/webp', ...size }
  }
  return undefined
}

type Size = { readonly width: number; readonly height: number }

/** The mark may stand anywhere in the first kilobyte, as readers have it. */
function isPdf(file: Uint8Array): boolean {
  return latin1(file.subarray(0, 1024)).includes('%PDF-')
}

/** The frame header (ITU-T T.81, annex B.2.2), found by going from marker to marker. */
function jpegSize(view: DataView): Size | undefined {
  let at = 2
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    const isFill = marker === 0xff
    const isFrame =
      marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    if (marker === 0xda || marker === 0xd9) return undefined
    at += isFill ? 1 : 2 + view.getUint16(at + 2)
  }
  return undefined
}

/** RFC 9649, sections 2.5 to 2.7. */
function webpSize(view: DataView, chunk: string): Size | undefined {
  if (view.byteLength < 30) return undefined
  if (chunk === 'VP8X') {
    const at = (offset: number) => view.getUint16(offset, true) + view.getUint8(offset + 2) * 65_536
    return { width: at(24) + 1, height: at(27) + 1 }
  }
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { width: (bits % 16_384) + 1, height: (Math.floor(bits / 16_384) % 16_384) + 1 }
  }
  if (chunk !== 'VP8 ') return undefined
  return {
    width: view.getUint16(26, true) % 16_384,
    height: view.getUint16(28, true) % 16_384,
  }
}

function startsWith(file: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => file[index] === byte)
}
