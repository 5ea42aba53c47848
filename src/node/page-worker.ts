/**
 * The page worker: one process for one act, without network.
 *
 * Reads a line of JSON from standard input, then the bytes of a file; writes a line of
 * JSON and the bytes of PNG files; ends. It never writes to disk. Its parent starts it
 * under Node's permission model with access to the program text only, with bounds on
 * memory and time.
 */

import { type Box, paintBoxes } from '../adapters/pages/picture.ts'
import { mediaTypeOf, NoPages, picturesOf, pngOf } from '../adapters/pages/raster.ts'
import { textFromUtf8, utf8 } from '../base/bytes.ts'

type Request = { readonly boxes: readonly (Box & { readonly page: number })[] }

const OUTPUT_BYTES_MAX = 100 * 1024 * 1024

async function answer({ boxes }: Request, file: Uint8Array): Promise<void> {
  const pages: { width: number; height: number; sizeBytes: number }[] = []
  const pngs: Uint8Array[] = []
  let total = 0
  for await (const picture of picturesOf(file)) {
    const own = boxes.filter(({ page }) => page === pages.length + 1)
    if (!paintBoxes(picture, own)) throw new NoPages('boxOutside')
    const png = await pngOf(picture)
    total += png.length
    if (total > OUTPUT_BYTES_MAX) throw new NoPages('tooLarge')
    pages.push({ width: picture.width, height: picture.height, sizeBytes: png.length })
    pngs.push(png)
  }
  if (boxes.some(({ page }) => page < 1 || page > pages.length)) throw new NoPages('boxOutside')
  write([utf8(`${JSON.stringify({ mediaType: mediaTypeOf(file), pages })}\n`), ...pngs])
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
