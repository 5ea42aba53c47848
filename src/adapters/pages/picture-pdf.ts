/**
 * A PDF (ISO 32000-2) of pictures and nothing else: no text, no fonts, no scripts, no dates,
 * no names, no ids. The same pictures give the same bytes.
 */
import { deflateSync } from 'node:zlib'
import type { Picture } from './picture.ts'

export type PdfPicture = {
  readonly width: number
  readonly height: number
  readonly packed: Buffer
}

const POINTS_PER_PIXEL = 72 / 150
const CATALOGUE = 1
const TREE = 2
const FIRST = 3

/** Red, green and blue, packed: small enough to be kept until the last page is there. */
export function packedPicture({ width, height, data }: Picture): PdfPicture {
  const colours = new Uint8Array(width * height * 3)
  for (let from = 0, to = 0; to < colours.length; from += 4, to += 3) {
    colours[to] = data[from] ?? 0
    colours[to + 1] = data[from + 1] ?? 0
    colours[to + 2] = data[from + 2] ?? 0
  }
  return { width, height, packed: deflateSync(colours) }
}

export function pdfOfPictures(pictures: readonly PdfPicture[]): Uint8Array {
  const chunks: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const places: number[] = []
  let size = chunks[0]?.length ?? 0
  const add = (...more: readonly Buffer[]) => {
    chunks.push(...more)
    size += more.reduce((sum, { length }) => sum + length, 0)
  }
  const object = (number: number, ...body: readonly Buffer[]) => {
    places[number] = size
    add(Buffer.from(`${number} 0 obj\n`), ...body, Buffer.from('\nendobj\n'))
  }
  const kids = pictures.map((_, index) => `${FIRST + 3 * index} 0 R`).join(' ')
  object(CATALOGUE, Buffer.from(`<< /Type /Catalog /Pages ${TREE} 0 R >>`))
  object(TREE, Buffer.from(`<< /Type /Pages /Kids [${kids}] /Count ${pictures.length} >>`))
  for (const [index, { width, height, packed }] of pictures.entries()) {
    const page = FIRST + 3 * index
    const [w, h] = [width * POINTS_PER_PIXEL, height * POINTS_PER_PIXEL]
    // Whole points, as some readers cut the rest off.
    const [right, top] = [Math.ceil(w), Math.ceil(h)]
    const draw = `q ${w.toFixed(2)} 0 0 ${h.toFixed(2)} 0 ${(top - h).toFixed(2)} cm /P Do Q`
    const uses = `/MediaBox [0 0 ${right} ${top}] /Contents ${page + 1} 0 R /Resources << /XObject << /P ${page + 2} 0 R >> >>`
    object(page, Buffer.from(`<< /Type /Page /Parent ${TREE} 0 R ${uses} >>`))
    object(page + 1, Buffer.from(`<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`))
    const is = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /Length ${packed.length}`
    object(page + 2, Buffer.from(`<< ${is} >>\nstream\n`), packed, Buffer.from('\nendstream'))
  }
  const start = size
  const rows = places.slice(1).map((at) => `${String(at).padStart(10, '0')} 00000 n \n`)
  const table = `xref\n0 ${places.length}\n0000000000 65535 f \n${rows.join('')}`
  add(Buffer.from(`${table}trailer\n<< /Root ${CATALOGUE} 0 R /Size ${places.length} >>\n`))
  add(Buffer.from(`startxref\n${start}\n%%EOF\n`))
  return new Uint8Array(Buffer.concat(chunks))
}
