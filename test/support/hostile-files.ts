/** Files that are made to do harm, or that readers disagree about. All of it is invented. */
import { deflateSync } from 'node:zlib'

/** Objects from 1; the first is the catalogue. */
export function rawPdf(objects: readonly string[]): Uint8Array {
  let text = '%PDF-1.7\n'
  const places = objects.map((body, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${body}\nendobj\n`
    return at
  })
  const start = text.length
  const rows = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`
  text += `trailer\n<< /Root 1 0 R /Size ${objects.length + 1} >>\nstartxref\n${start}\n%%EOF\n`
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

const stream = (text: string, more = '') =>
  `<< /Length ${text.length} ${more} >>\nstream\n${text}\nendstream`
const page = (more = '/MediaBox [0 0 200 100]') =>
  `<< /Type /Page /Parent 2 0 R ${more} /Contents 4 0 R >>`
const black = '0 0 0 rg 20 20 60 40 re f'

/** One page with a black box at 20, 20 of 60 by 40, and what else the catalogue says. */
export const withCatalogue = (more: string, others: readonly string[] = []) =>
  rawPdf([
    `<< /Type /Catalog /Pages 2 0 R ${more} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    page(),
    stream(black),
    ...others,
  ])

export const HOSTILE_ACTIONS: Readonly<Record<string, Uint8Array>> = {
  'runs a script when it opens': withCatalogue(
    '/OpenAction << /S /JavaScript /JS (while (true) { app.alert(1) }) >>',
  ),
  'starts a program when it opens': withCatalogue(
    '/OpenAction << /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) /P (/c calc) >> >>',
  ),
  'sends its form when it opens': withCatalogue(
    '/OpenAction << /S /SubmitForm /F (http://127.0.0.1:9/) >> /AA << /WC << /S /URI /URI (http://127.0.0.1:9/) >> >>',
  ),
  'carries a program': withCatalogue(
    '/Names << /EmbeddedFiles << /Names [(evil.exe) << /Type /Filespec /F (evil.exe) /EF << /F 5 0 R >> >>] >> >>',
    [stream('MZ planted program', '/Type /EmbeddedFile')],
  ),
  'is a form of XFA': withCatalogue('/AcroForm << /XFA 5 0 R /Fields [] >>', [
    stream('<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><script>1</script></xdp:xdp>'),
  ]),
}

export function pdfOfPages(count: number): Uint8Array {
  return rawPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${'3 0 R '.repeat(count)}] /Count ${count} >>`,
    page(),
    stream(black),
  ])
}

export const pdfOfSize = (width: number, height: number) =>
  rawPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    page(`/MediaBox [0 0 ${width} ${height}]`),
    stream(black),
  ])

/** A form that draws itself. */
export const drawsItself = rawPdf([
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  page('/MediaBox [0 0 200 100] /Resources << /XObject << /X 5 0 R >> >>'),
  stream('/X Do'),
  stream(
    '/X Do /X Do',
    '/Type /XObject /Subtype /Form /BBox [0 0 200 100] /Resources << /XObject << /X 5 0 R >> >>',
  ),
])

/** Forms that each draw the next one ten times: 10^12 boxes. */
export const drawsTooMuch = rawPdf([
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  page('/MediaBox [0 0 200 100] /Resources << /XObject << /X 5 0 R >> >>'),
  stream('/X Do'),
  ...Array.from({ length: 12 }, (_, i) =>
    stream(
      '/X Do '.repeat(10),
      `/Type /XObject /Subtype /Form /BBox [0 0 200 100] /Resources << /XObject << /X ${i + 6} 0 R >> >>`,
    ),
  ),
  stream(black, '/Type /XObject /Subtype /Form /BBox [0 0 200 100]'),
])

/** A tree of pages that holds itself. */
export const holdsItself = rawPdf([
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 4 /Parent 2 0 R >>',
])

/** A stream that unpacks to so many bytes of spaces. */
export function unpacksTo(bytes: number): Uint8Array {
  const packed = deflateSync(Buffer.alloc(bytes, ' ')).toString('latin1')
  return rawPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    page(),
    stream(packed, '/Filter /FlateDecode'),
  ])
}

/** The size that a JPEG says it has, whatever its picture is. */
export function resized(jpeg: Uint8Array, width: number, height: number): Uint8Array {
  const copy = new Uint8Array(jpeg)
  const view = new DataView(copy.buffer)
  let at = 2
  while (![0xc0, 0xc1, 0xc2].includes(view.getUint8(at + 1))) at += 2 + view.getUint16(at + 2)
  view.setUint16(at + 5, height)
  view.setUint16(at + 7, width)
  return copy
}

export function joined(...files: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(files))
}
