/**
 * Files to pictures and pictures to PNG, by WebAssembly alone: PDFium draws documents,
 * the codecs of Squoosh read and write pictures. Runs in the page worker only.
 *
 * No script of a document runs (this PDFium is built without), and nothing that a file
 * carries beside its pages gets into a picture.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js'
import decodePng, { init as initPngReader } from '@jsquash/png/decode.js'
import encodePng, { init as initPngWriter } from '@jsquash/png/encode.js'
import decodeWebp, { init as initWebp } from '@jsquash/webp/decode.js'
import type { WhyNoPages } from '../../app/ports/pages.ts'
import { type Kind, sniff } from '../../wire/pictures/sniff.ts'
import { flattened, type Picture, SIDE_MAX } from './picture.ts'

const DOTS_PER_INCH = 150
const POINTS_PER_INCH = 72
const PAGES_MAX = 60
const PIXELS_MAX = 32_000_000

/** Says in one code why a file is not drawn. */
export class NoPages extends Error {
  readonly why: WhyNoPages
  constructor(why: WhyNoPages, cause?: unknown) {
    super(why, { cause })
    this.why = why
  }
}

/** A file that is open: how many pages it has, and any of them as a picture. */
export type OpenPages = {
  readonly count: number
  /** From 1. */
  page(number: number): Promise<Picture>
}

/** One picture a page, drawn one after the other. @throws NoPages */
export async function* picturesOf(file: Uint8Array): AsyncGenerator<Picture> {
  const { count, page } = await openPages(file)
  if (count > PAGES_MAX) throw new NoPages('tooManyPages')
  for (let number = 1; number <= count; number++) yield await page(number)
}

/** @throws NoPages, here and for each page */
export async function openPages(file: Uint8Array): Promise<OpenPages> {
  const sniffed = sniff(file)
  if (!sniffed) throw new NoPages('notPages')
  const { kind, width, height } = sniffed
  if (kind === 'application/pdf') return pagesOfPdf(file)
  if (width < 1 || height < 1) throw new NoPages('damaged')
  if (width * height > PIXELS_MAX) throw new NoPages('tooLarge')
  const picture = await readable(() => decoded(kind, file))
  if (picture.width * picture.height > PIXELS_MAX) throw new NoPages('tooLarge')
  return { count: 1, page: async () => flattened(picture) }
}

export function mediaTypeOf(file: Uint8Array): string {
  return sniff(file)?.kind ?? 'application/octet-stream'
}

async function pagesOfPdf(file: Uint8Array): Promise<OpenPages> {
  const library = await PDFiumLibrary.init()
  const document = await library.loadDocument(file).catch((cause: unknown) => {
    const isLocked = cause instanceof Error && /password|security/i.test(cause.message)
    throw new NoPages(isLocked ? 'encrypted' : 'damaged', cause)
  })
  const count = document.getPageCount()
  if (count < 1) throw new NoPages('damaged')
  const page = (number: number) =>
    readable(async () => {
      const one = document.getPage(number - 1)
      const { originalWidth: width, originalHeight: height } = one.getOriginalSize()
      if (!(width > 0 && height > 0)) throw new NoPages('damaged')
      // A page as long as a street is drawn small; one as thin as a hair, not at all.
      const scale = Math.min(DOTS_PER_INCH / POINTS_PER_INCH, SIDE_MAX / Math.max(width, height))
      if (Math.min(width, height) * scale < 1) throw new NoPages('damaged')
      const drawn = await one.render({ scale, render: 'bitmap' })
      return flattened(drawn)
    })
  return { count, page }
}

async function decoded(kind: Exclude<Kind, 'application/pdf'>, file: Uint8Array): Promise<Picture> {
  const bytes = file.slice().buffer
  if (kind === 'image/png') {
    await initPngReader(wasmOf('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'))
    return decodePng(bytes)
  }
  if (kind === 'image/jpeg') {
    await initJpeg(wasmOf('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'))
    // Turned as the camera says: once its note is gone nobody could turn it.
    return decodeJpeg(bytes, { preserveOrientation: true })
  }
  await initWebp(wasmOf('@jsquash/webp/codec/dec/webp_dec.wasm'))
  return decodeWebp(bytes)
}

/** A PNG file of three chunks: header, picture, end. */
export async function pngOf(picture: Picture): Promise<Uint8Array<ArrayBuffer>> {
  await initPngWriter(wasmOf('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'))
  const { width, height } = picture
  const data = new Uint8ClampedArray(picture.data)
  const png = new Uint8Array(
    await encodePng({ width, height, data } as Parameters<typeof encodePng>[0]),
  )
  const strangers = chunksOf(png).filter((name) => !['IHDR', 'IDAT', 'IEND'].includes(name))
  if (strangers.length > 0) throw new NoPages('damaged')
  return png
}

/** Names of a PNG's chunks, in order. */
export function chunksOf(png: Uint8Array): readonly string[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const names: string[] = []
  for (let at = 8; at + 12 <= png.length; at += 12 + view.getUint32(at)) {
    names.push(String.fromCharCode(...png.subarray(at + 4, at + 8)))
  }
  return names
}

/** Whatever a decoder throws on the way, from a plain error to a trap. */
async function readable<Value>(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (cause) {
    throw cause instanceof NoPages ? cause : new NoPages('damaged', cause)
  }
}

function wasmOf(name: string): WebAssembly.Module {
  return new Module(readFileSync(fileURLToPath(import.meta.resolve(name))))
}

/** Node's types know WebAssembly by its types only. */
const { Module } = (
  globalThis as unknown as {
    readonly WebAssembly: { readonly Module: new (bytes: Uint8Array) => WebAssembly.Module }
  }
).WebAssembly
