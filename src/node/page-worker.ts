/**
 * The page worker: one process for one act, without network.
 *
 * Reads a line of JSON from standard input, then the bytes of a file; writes a line of
 * JSON and the bytes of PNG files; ends. It never writes to disk. Its parent starts it
 * under Node's permission model with access to the program text only, with bounds on
 * memory and time.
 */

import { type Box, type Picture, paintBoxes } from '../adapters/pages/picture.ts'
import { mediaTypeOf, NoPages, openPages, picturesOf, pngOf } from '../adapters/pages/raster.ts'
import { scrubbed } from '../adapters/pages/scrub.ts'
import { LOOK_PAGES_MAX, SHEET_PAGES } from '../app/ports/pages.ts'
import { textFromUtf8, utf8 } from '../base/bytes.ts'

type Request =
  | { readonly boxes: readonly (Box & { readonly page: number })[] }
  | { readonly look: number }
  | { readonly scrub: true }

const OUTPUT_BYTES_MAX = 100 * 1024 * 1024

async function answer(request: Request, file: Uint8Array): Promise<void> {
  if ('look' in request) return look(request.look, file)
  if ('scrub' in request) return scrub(file)
  await paint(request, file)
}

async function paint({ boxes }: Extract<Request, { boxes: object }>, file: Uint8Array) {
  const out = pageWriter()
  for await (const picture of picturesOf(file)) {
    const own = boxes.filter(({ page }) => page === out.pages.length + 1)
    if (!paintBoxes(picture, own)) throw new NoPages('boxOutside')
    await out.add(picture)
  }
  if (boxes.some(({ page }) => page < 1 || page > out.pages.length)) throw new NoPages('boxOutside')
  out.end({ mediaType: mediaTypeOf(file) })
}

async function look(first: number, file: Uint8Array): Promise<void> {
  const { count, page } = await openPages(file)
  const last = Math.min(count, LOOK_PAGES_MAX, first + SHEET_PAGES - 1)
  if (!Number.isSafeInteger(first) || first < 1 || first > last) throw new NoPages('noSuchPage')
  const out = pageWriter()
  for (let number = first; number <= last; number++) await out.add(await page(number))
  out.end({ mediaType: mediaTypeOf(file), count })
}

async function scrub(file: Uint8Array): Promise<void> {
  const mediaType = mediaTypeOf(file)
  const { bytes, removed } = await scrubbed(file)
  if (bytes.length > OUTPUT_BYTES_MAX) throw new NoPages('tooLarge')
  const pages = [{ width: 0, height: 0, sizeBytes: bytes.length }]
  write([utf8(`${JSON.stringify({ mediaType, removed, pages })}\n`), bytes])
}

function pageWriter() {
  const pages: { width: number; height: number; sizeBytes: number }[] = []
  const pngs: Uint8Array[] = []
  let total = 0
  return {
    pages,
    async add(picture: Picture): Promise<void> {
      const png = await pngOf(picture)
      total += png.length
      if (total > OUTPUT_BYTES_MAX) throw new NoPages('tooLarge')
      pages.push({ width: picture.width, height: picture.height, sizeBytes: png.length })
      pngs.push(png)
    },
    end: (head: object) => write([utf8(`${JSON.stringify({ ...head, pages })}\n`), ...pngs]),
  }
}

function write(chunks: readonly Uint8Array[]): void {
  for (const chunk of chunks) process.stdout.write(chunk)
}

const chunks: Uint8Array[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
const input = Buffer.concat(chunks)
const end = input.indexOf('\n')
const request = JSON.parse(textFromUtf8(input.subarray(0, end))) as Request
try {
  await answer(request, new Uint8Array(input.subarray(end + 1)))
} catch (error) {
  if (!(error instanceof NoPages)) throw error
  write([utf8(`${JSON.stringify({ refused: error.why })}\n`)])
}
