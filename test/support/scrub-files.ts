/** Pictures full of notes, in the bytes that cameras and programs write. All of it is invented. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import encodeWebp, { init } from '@jsquash/webp/encode.js'
import type { Raster } from './page-files.ts'

/** A WebP picture (RFC 9649) with an EXIF, an XMP and an unknown chunk, and bytes after its end. */
export async function webpWithNotes(picture: Raster, turn = 1): Promise<Uint8Array> {
  const plain = await plainWebp(picture)
  return webpOf(plain, picture, [
    riff('EXIF', exifNote(turn)),
    riff('XMP ', Buffer.from('<x:xmpmeta>Ines Invented</x:xmpmeta>')),
    riff('JUNK', Buffer.from('planted by Ines Invented')),
  ])
}

/** With one more chunk of a kind that a picture has. */
export async function webpWithMore(picture: Raster, name: string, text: string) {
  return webpOf(await plainWebp(picture), picture, [riff(name, Buffer.from(text))])
}

function webpOf(plain: Buffer, picture: Raster, more: readonly Buffer[]): Uint8Array {
  const head = Buffer.alloc(10)
  head[0] = 0x0c
  head.writeUIntLE(picture.width - 1, 4, 3)
  head.writeUIntLE(picture.height - 1, 7, 3)
  const body = Buffer.concat([Buffer.from('WEBP'), riff('VP8X', head), plain.subarray(12), ...more])
  return new Uint8Array(Buffer.concat([riff('RIFF', body), Buffer.from('Ines Invented behind')]))
}

async function plainWebp(picture: Raster): Promise<Buffer> {
  const { Module } = (
    globalThis as unknown as { WebAssembly: { Module: new (b: Uint8Array) => WebAssembly.Module } }
  ).WebAssembly
  const wasm = fileURLToPath(import.meta.resolve('@jsquash/webp/codec/enc/webp_enc.wasm'))
  await init(new Module(readFileSync(wasm)))
  const data = new Uint8ClampedArray(picture.data)
  return Buffer.from(
    await encodeWebp({ ...picture, data } as unknown as Parameters<typeof encodeWebp>[0], {
      lossless: 1,
    }),
  )
}

/** TIFF inside Exif: which way up, and a maker's words. */
export function exifNote(turn: number): Buffer {
  const note = Buffer.from(
    'II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0GPSLatitude Ines Invented',
    'latin1',
  )
  note.writeUInt16LE(turn, 18)
  return note
}

function riff(name: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(content.length)
  return Buffer.concat([Buffer.from(name), size, content, Buffer.alloc(content.length % 2)])
}

/** With further segments after the first mark, and bytes behind its end. */
export function jpegWithMore(jpeg: Uint8Array): Uint8Array {
  const segments: [number, string][] = [
    [0xe0, 'JFXX\0\x10thumbnail Ines Invented'],
    [0xe3, 'Meta\0Ines Invented'],
    [0xeb, 'JP\0\x01 c2pa Ines Invented'],
    [0xed, 'Photoshop 3.0\x008BIM\x04\x04 Ines Invented'],
    [0xee, 'Adobe and Ines Invented, longer than it may be'],
    [0xfe, 'comment of Ines Invented'],
  ]
  const more = segments.map(([marker, text]) => {
    const size = Buffer.alloc(2)
    size.writeUInt16BE(text.length + 2)
    return Buffer.concat([Buffer.from([0xff, marker]), size, Buffer.from(text, 'latin1')])
  })
  return new Uint8Array(
    Buffer.concat([
      jpeg.subarray(0, 2),
      ...more,
      jpeg.subarray(2),
      Buffer.from('\xff\xd8 second picture of Ines Invented \xff\xd9', 'latin1'),
    ]),
  )
}

/** A PNG chunk before the end of the file. */
export function pngWith(png: Uint8Array, name: string, text: string, behind = ''): Uint8Array {
  const body = Buffer.concat([Buffer.from(name), Buffer.from(text, 'latin1')])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(text.length)
  check.writeUInt32BE(crc32(body))
  const end = png.length - 12
  return new Uint8Array(
    Buffer.concat([
      png.subarray(0, end),
      Buffer.concat([length, body, check]),
      png.subarray(end),
      Buffer.from(behind),
    ]),
  )
}

/** A profile with the head and the size that ICC.1:2022 asks for, and no tags. */
export function colourProfile(): Buffer {
  const profile = Buffer.alloc(132)
  profile.writeUInt32BE(profile.length)
  profile.write('acsp', 36, 'latin1')
  return profile
}

/** The profile in two segments, and a third that only says it belongs to it. */
export function jpegWithProfile(jpeg: Uint8Array, profile: Buffer, text: string): Uint8Array {
  const parts = [profile.subarray(0, 100), profile.subarray(100), Buffer.from(text)]
  const segments = parts.map((part, at) => {
    const body = Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([at + 1, 3]), part])
    const head = Buffer.from([0xff, 0xe2, 0, 0])
    head.writeUInt16BE(body.length + 2, 2)
    return Buffer.concat([head, body])
  })
  return new Uint8Array(Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]))
}

/** A PNG whose last chunk, which has no content, has some. */
export function withEnd(png: Uint8Array, text: string): Uint8Array {
  const whole = pngWith(png, 'IEND', text)
  return whole.subarray(0, -12)
}
