/** Workbooks and archives made by hand, as no program would write them. */
import { deflateRawSync } from 'node:zlib'

export type Part = {
  readonly name: string
  readonly content: Buffer
  /** False: it lies in the archive, but not in its directory. */
  readonly isListed?: boolean
  readonly statedSize?: number
}

/** An archive of one part that states to be small. */
export const zipOf = (name: string, content: Buffer) =>
  archiveOf([{ name, content, statedSize: 10 }])

function archiveOf(parts: readonly Part[]): Uint8Array {
  const files: Buffer[] = []
  const listed: Buffer[] = []
  let place = 0
  for (const { name, content, isListed = true, statedSize = content.length } of parts) {
    const packed = deflateRawSync(content)
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04034b50, 0)
    header.writeUInt16LE(8, 8)
    header.writeUInt32LE(packed.length, 18)
    header.writeUInt32LE(statedSize, 22)
    header.writeUInt16LE(name.length, 26)
    files.push(header, Buffer.from(name), packed)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(8, 10)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(statedSize, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(place, 42)
    if (isListed) listed.push(central, Buffer.from(name))
    place += 30 + name.length + packed.length
  }
  const directory = Buffer.concat(listed)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(listed.length / 2, 8)
  end.writeUInt16LE(listed.length / 2, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(place, 16)
  return new Uint8Array(Buffer.concat([...files, directory, end]))
}

const BOOK = `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`
const relation = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`
const relations = (...parts: string[]) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${parts.join('')}</Relationships>`
const SHEET_RELATION = relation('rId1', 'worksheet', 'worksheets/sheet1.xml')
const TEXT_RELATION = relation('rId2', 'sharedStrings', 'sharedStrings.xml')

export const inline = (at: string, text: string) =>
  `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`

/** A workbook of one sheet with these rows. */
export function bookOf(rows: string, more: readonly Part[] = []): Uint8Array {
  const shares = more.some(({ name }) => name === 'xl/sharedStrings.xml')
  const sheet = `<worksheet><sheetData>${rows}</sheetData></worksheet>`
  return archiveOf([
    { name: 'xl/workbook.xml', content: Buffer.from(BOOK) },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: Buffer.from(relations(SHEET_RELATION, ...(shares ? [TEXT_RELATION] : []))),
    },
    { name: 'xl/worksheets/sheet1.xml', content: Buffer.from(sheet) },
    ...more,
  ])
}
