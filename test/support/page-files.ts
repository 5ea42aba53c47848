/**
 * Files for tests of pages, written by other means than the code that reads them, and a
 * reader of PNG files that shares nothing with the program: Node's zlib and the five
 * filters of the PNG specification.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crc32, deflateSync, inflateSync } from 'node:zlib'
import encodeJpeg, { init as initJpeg } from '@jsquash/jpeg/encode.js'
import PDFDocument from 'pdfkit'

export type Raster = { readonly width: number; readonly height: number; readonly data: Uint8Array }
type Rect = { x: number; y: number; width: number; height: number }

/** Every pixel another colour than its neighbour. */
export function grid(width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    const x = i % width
    data.set([(x * 37) % 256, (Math.floor(i / width) * 53) % 256, (i * 11) % 256, 255], i * 4)
  }
  return { width, height, data }
}

type Words = { readonly text: string; readonly x: number; readonly y: number }
type PdfOptions = {
  readonly password?: string
  readonly attach?: string
  readonly script?: boolean
  /** Each text on a page of its own. */
  readonly apart?: boolean
}

export async function pdfOf(
  words: readonly Words[],
  options: PdfOptions = {},
): Promise<Uint8Array> {
  const locked = options.password ? { userPassword: options.password } : {}
  const document = new PDFDocument({ compress: false, ...locked })
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise((resolve) => document.on('end', resolve))
  document.fontSize(20)
  for (const [index, { text, x, y }] of words.entries()) {
    if (options.apart && index > 0) document.addPage()
    document.text(text, x, y)
  }
  if (options.attach) document.file(Buffer.from(options.attach), { name: 'secret.txt' })
  if (options.script) {
    const script = document.ref({ S: 'JavaScript', JS: new String('app.alert(1)') })
    script.end(undefined)
    ;(document as unknown as { _root: { data: Record<string, unknown> } })._root.data[
      'OpenAction'
    ] = script
  }
  document.end()
  await ended
  return new Uint8Array(Buffer.concat(chunks))
}

/** A PNG of 8 bits with alpha, with further chunks before the picture. */
export async function pngOf(
  { width, height, data }: Raster,
  notes: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), data.subarray(y * width * 4, (y + 1) * width * 4)]),
  )
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', head),
      ...Object.entries(notes).map(([name, text]) => chunk(name, Buffer.from(text, 'latin1'))),
      chunk('IDAT', deflateSync(Buffer.concat(rows))),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  )
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** A JPEG with what cameras and programs write beside the picture (all of it invented). */
export async function jpegWithNotes(picture: Raster, orientation = 1): Promise<Uint8Array> {
  const { Module } = (
    globalThis as unknown as { WebAssembly: { Module: new (b: Uint8Array) => WebAssembly.Module } }
  ).WebAssembly
  const wasm = fileURLToPath(import.meta.resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'))
  await initJpeg(new Module(readFileSync(wasm)))
  const data = new Uint8ClampedArray(picture.data)
  const plain = Buffer.from(
    await encodeJpeg({ ...picture, data } as unknown as Parameters<typeof encodeJpeg>[0]),
  )
  const exif = Buffer.from(
    'Exif\0\0MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\0\0\0\0\0\0\0',
    'latin1',
  )
  exif.writeUInt16BE(orientation, 6 + 8 + 2 + 8)
  const notes = [
    segment(0xe1, Buffer.concat([exif, Buffer.from('GPSLatitude thumbnail Ines Invented')])),
    segment(
      0xe1,
      Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Ines Invented</x:xmpmeta>'),
    ),
    segment(0xe2, Buffer.from('ICC_PROFILE\0 Ines Invented')),
    segment(0xfe, Buffer.from('a comment by Ines Invented')),
  ]
  return new Uint8Array(Buffer.concat([plain.subarray(0, 2), ...notes, plain.subarray(2)]))
}

function segment(marker: number, data: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

/** Reads a PNG of 8 bits, with or without alpha. */
export function readPng(png: Uint8Array) {
  const bytes = Buffer.from(png)
  const chunks: string[] = []
  const packed: Buffer[] = []
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const name = bytes.toString('latin1', at + 4, at + 8)
    chunks.push(name)
    if (name === 'IDAT') packed.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)))
  }
  const [width, height, depth, colour] = [
    bytes.readUInt32BE(16),
    bytes.readUInt32BE(20),
    bytes[24],
    bytes[25],
  ]
  const size = colour === 6 ? 4 : colour === 2 ? 3 : 0
  if (depth !== 8 || size === 0) throw new Error(`a PNG of depth ${depth} and colour ${colour}`)
  const raw = unfiltered(inflateSync(Buffer.concat(packed)), width, height, size)
  const pixel = (x: number, y: number) => {
    const at = (y * width + x) * size
    return [...raw.subarray(at, at + 3), size === 4 ? raw[at + 3] : 255]
  }
  const pixels = ({ x, y, width: w, height: h }: Rect) =>
    Array.from({ length: w * h }, (_, i) => pixel(x + (i % w), y + Math.floor(i / w)))
  return {
    width,
    height,
    chunks,
    raw: new Uint8Array(raw),
    colours: (rect: Rect) => [...new Set(pixels(rect).map((it) => it.join()))],
    /** Dark pixels. */
    ink: (rect: Rect) => pixels(rect).filter(([red = 255]) => red < 128).length,
  }
}

function unfiltered(rows: Buffer, width: number, height: number, size: number): Buffer {
  const stride = width * size
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]
    for (let i = 0; i < stride; i++) {
      const at = y * stride + i
      const left = i >= size ? (out[at - size] ?? 0) : 0
      const up = y > 0 ? (out[at - stride] ?? 0) : 0
      const corner = i >= size && y > 0 ? (out[at - stride - size] ?? 0) : 0
      const value = rows[y * (stride + 1) + 1 + i] ?? 0
      out[at] =
        (value + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0]!) % 256
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value)) as [
    number,
    number,
    number,
  ]
  return a <= b && a <= c ? left : b <= c ? up : corner
}
