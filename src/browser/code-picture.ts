/**
 * A code as a QR picture (ISO/IEC 18004), drawn on this device. It holds the code alone: an
 * address would tell a phone, and whoever it asks, what the code is for.
 */
import { encodeQR } from 'qr'

/** Modules of white around it, as readers of such pictures need. */
const MARGIN = 4
const SVG = 'http://www.w3.org/2000/svg'

/** @returns a path of one square for each dark module, and how wide the whole is */
export function qrPath(code: string): { readonly path: string; readonly size: number } {
  const rows = encodeQR(code, 'raw', { ecc: 'medium', border: MARGIN })
  const squares = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])),
  )
  return { path: squares.join(''), size: rows.length }
}

export function codePicture(code: string, name: string): SVGElement {
  const { path, size } = qrPath(code)
  const picture = element('svg', {
    viewBox: `0 0 ${size} ${size}`,
    role: 'img',
    'aria-label': name,
  })
  picture.append(
    element('rect', { width: String(size), height: String(size), fill: '#fff' }),
    element('path', { d: path, fill: '#000' }),
  )
  return picture
}

function element(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const made = document.createElementNS(SVG, name) as SVGElement
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
