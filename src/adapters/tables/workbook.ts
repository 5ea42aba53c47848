/**
 * An XLSX workbook as it came, made safe to hand to a reader: its parts as the archive's
 * directory names them, really unpacked within a limit, put into a plain archive again.
 *
 * A reader may walk the archive by other marks than its directory, believe the sizes
 * that are stated there, and fill every gap before a cell that stands far out. So it
 * gets nothing that was not looked at here.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import type { TableFault } from '../../app/ports/tables.ts'

export type WorkbookLimits = {
  readonly unpackedBytes: number
  readonly rows: number
  readonly columns: number
}

type Part = { readonly name: Buffer; readonly data: Buffer }
type Why = Extract<TableFault['why'], 'notATable' | 'tooManyRows' | 'tooManyColumns'>

const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_HEADER = 0x06054b50
const LOCAL_SIZE = 30
const CENTRAL_SIZE = 46
const END_SIZE = 22
const STORED = 0
const DEFLATED = 8
/** Pictures, printer settings and macros are nothing that a table is read from. */
const READ = /\.(?:xml|rels)$/

export function plainWorkbook(bytes: Uint8Array, limits: WorkbookLimits): Buffer | TableFault {
  const parts = partsOf(bytes, limits.unpackedBytes)
  if (!parts) return { why: 'notATable', row: 1 }
  for (const { data } of parts) {
    const fault = sheetFault(data, limits)
    if (fault) return fault
  }
  return archiveOf(parts)
}

function partsOf(bytes: Uint8Array, limit: number): readonly Part[] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + END_SIZE > buffer.length) return undefined
  const entries = buffer.readUInt16LE(end + 10)
  const parts = new Map<string, Part>()
  let at = buffer.readUInt32LE(end + 16)
  let left = limit
  for (let entry = 0; entry < entries; entry++) {
    if (at + CENTRAL_SIZE > buffer.length || buffer.readUInt32LE(at) !== CENTRAL_HEADER) {
      return undefined
    }
    const nameLength = buffer.readUInt16LE(at + 28)
    const name = buffer.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength)
    const key = name.toString('latin1')
    const data = unpacked(buffer, at, left)
    if (!data || parts.has(key)) return undefined
    left -= data.length
    if (READ.test(key)) parts.set(key, { name, data })
    const beyond = buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32)
    at += CENTRAL_SIZE + nameLength + beyond
  }
  return parts.size > 0 ? [...parts.values()] : undefined
}

/** What an archive states about its own sizes is not believed. */
function unpacked(buffer: Buffer, at: number, limit: number): Buffer | undefined {
  const method = buffer.readUInt16LE(at + 10)
  const packed = buffer.readUInt32LE(at + 20)
  const place = buffer.readUInt32LE(at + 42)
  if (place + LOCAL_SIZE > buffer.length || buffer.readUInt32LE(place) !== LOCAL_HEADER) {
    return undefined
  }
  const from =
    place + LOCAL_SIZE + buffer.readUInt16LE(place + 26) + buffer.readUInt16LE(place + 28)
  const body = buffer.subarray(from, from + packed)
  if (body.length !== packed) return undefined
  if (method === STORED) return packed <= limit ? body : undefined
  if (method !== DEFLATED) return undefined
  try {
    return inflateRawSync(body, { maxOutputLength: Math.max(1, limit) })
  } catch {
    return undefined
  }
}

/** Where a sheet says that a row or a cell stands: `r="7"`, `r="B7"`. */
const ADDRESS = /\sr\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const PLAIN_ADDRESS = /^([A-Z]{0,3})([0-9]{1,7})$/
const LETTERS = 26
const BEFORE_A = 64

function sheetFault(data: Buffer, limits: WorkbookLimits): TableFault | undefined {
  if (!data.includes('sheetData')) return undefined
  const sheet = data.toString('utf8')
  const why = addressFault(sheet, limits)
  return why ? { why, row: 1 } : formulaFault(sheet)
}

function addressFault(sheet: string, { rows, columns }: WorkbookLimits): Why | undefined {
  for (const [, double, single] of sheet.matchAll(ADDRESS)) {
    const plain = PLAIN_ADDRESS.exec(double ?? single ?? '')
    if (!plain) return 'notATable'
    const [, letters = '', digits = ''] = plain
    if (Number(digits) > rows) return 'tooManyRows'
    if (columnOf(letters) > columns) return 'tooManyColumns'
  }
  return undefined
}

/** What a cell computes, and not what it shows: a reader takes it as empty, or as it once was. */
const FORMULA = /<(?:[^\s<>/:]+:)?f[\s/>]/
const CELL = /<(?:[^\s<>/:]+:)?c\s/g
/** A cell states its address within so many characters. */
const CELL_LENGTH = 1000

function formulaFault(sheet: string): TableFault | undefined {
  const at = FORMULA.exec(sheet)?.index
  if (at === undefined) return undefined
  const before = sheet.slice(Math.max(0, at - CELL_LENGTH), at)
  const from = [...before.matchAll(CELL)].at(-1)?.index ?? before.length
  const [stated] = before.slice(from).matchAll(ADDRESS)
  const [, letters = '', digits = '1'] = PLAIN_ADDRESS.exec(stated?.[1] ?? stated?.[2] ?? '') ?? []
  const column = columnOf(letters)
  return { why: 'formulaCell', row: Number(digits), ...(column > 0 ? { column } : {}) }
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, one) => sum * LETTERS + one.charCodeAt(0) - BEFORE_A, 0)
}

/** Every part stored as it is, one after another, with sizes that are true. */
function archiveOf(parts: readonly Part[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let place = 0
  for (const { name, data } of parts) {
    const facts = Buffer.alloc(12)
    facts.writeUInt32LE(crc32(data), 0)
    facts.writeUInt32LE(data.length, 4)
    facts.writeUInt32LE(data.length, 8)
    const local = Buffer.alloc(LOCAL_SIZE)
    local.writeUInt32LE(LOCAL_HEADER, 0)
    local.writeUInt16LE(20, 4)
    facts.copy(local, 14)
    local.writeUInt16LE(name.length, 26)
    files.push(local, name, data)
    const central = Buffer.alloc(CENTRAL_SIZE)
    central.writeUInt32LE(CENTRAL_HEADER, 0)
    central.writeUInt16LE(20, 4)
    central.writeUInt16LE(20, 6)
    facts.copy(central, 16)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(place, 42)
    directory.push(central, name)
    place += LOCAL_SIZE + name.length + data.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(END_SIZE)
  end.writeUInt32LE(END_HEADER, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(place, 16)
  return Buffer.concat([...files, list, end])
}
