/**
 * Pages are drawn by the real worker process, from files that other libraries write, and
 * what comes out is read by other means than ours: what was marked is nowhere in it.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'
import { grid, jpegWithNotes, pdfOf, pngOf, readPng } from '../../test/support/page-files.ts'
import type { PageBox } from '../core/evidence/page-transform.ts'
import { transformDifference, transformFault } from '../core/evidence/page-transform.ts'
import { pageRoom } from './page-room.ts'

const worker = fileURLToPath(new URL('../node/page-worker.ts', import.meta.url))
const room = pageRoom({ worker })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const box = (more: Partial<PageBox>): PageBox => {
  const where = { page: 1, x: 0, y: 0, width: 10, height: 10 }
  return { ...where, ground: 'thirdPerson', reason: 'names a bystander', ...more }
}

async function drawn(file: Uint8Array) {
  const answer = await room.draw(file)
  if ('refused' in answer) assert.fail(answer.refused)
  return answer.pages.map(({ png }) => readPng(png))
}

async function painted(file: Uint8Array, boxes: readonly PageBox[]) {
  const answer = await room.paint(file, boxes)
  if ('refused' in answer) assert.fail(answer.refused)
  return answer
}

async function refusal(file: Uint8Array, boxes: readonly PageBox[] = []) {
  const answer = await room.paint(file, boxes)
  return 'refused' in answer ? answer.refused : 'drawn'
}

test('a PDF: words under a box are gone from the page, the others stay', async () => {
  const file = await pdfOf([
    { text: 'Ines Invented', x: 72, y: 72 },
    { text: 'public words', x: 72, y: 300 },
  ])
  // Known positive: the page as it is has ink in both places.
  const [before] = await drawn(file)
  const marked = { x: 140, y: 140, width: 260, height: 60 }
  const other = { x: 140, y: 620, width: 260, height: 60 }
  assert.ok(before && before.ink(marked) > 100 && before.ink(other) > 100)
  const { pages, transform } = await painted(file, [box(marked)])
  const after = readPng(pages[0]?.png ?? new Uint8Array())
  assert.deepEqual(after.colours(marked), ['0,0,0,255'])
  assert.equal(after.ink(other), before.ink(other))
  assert.equal(transformFault(transform), undefined)
  assert.equal(transform.pages[0]?.digest, sha256(pages[0]?.png ?? new Uint8Array()))
  assert.equal(transform.input.digest, sha256(file))
  // No letter of it as text, packed or unpacked.
  for (const bytes of [pages[0]?.png ?? new Uint8Array(), after.raw]) {
    const text = Buffer.from(bytes).toString('latin1')
    for (const word of ['Ines', 'Invented', 'public', '%PDF']) assert.ok(!text.includes(word), word)
  }
})

test('the same file and boxes give the same bytes in another process', async () => {
  const file = await pdfOf([
    { text: 'Ines Invented', x: 72, y: 72 },
    { text: 'b', x: 9, y: 9 },
  ])
  const boxes = [box({ x: 5, y: 5 }), box({ page: 1, x: 300, y: 300 })]
  const [first, second] = [await painted(file, boxes), await painted(file, boxes)]
  assert.equal(transformDifference(first.transform, second.transform), undefined)
  const other = await painted(file, [box({ x: 5, y: 5 }), box({ x: 301, y: 300 })])
  assert.equal(transformDifference(first.transform, other.transform), 'page 1')
  assert.equal(transformDifference(first.transform, { ...first.transform, version: '0' }), 'tool')
})

test('a change of these bytes is a new version of the tool', async () => {
  const { transform } = await painted(await pngOf(grid(64, 48)), [box({ x: 8, y: 8 })])
  assert.deepEqual(
    [transform.version, transform.pages[0]?.digest],
    ['1', 'f8c1bec7243a64d86facb8125193f2af3c5a054a287273347b4f6ada132a3501'],
  )
})

test('a picture: place, time, thumbnail and notes of the camera are gone', async () => {
  const file = await jpegWithNotes(grid(200, 120))
  const secrets = ['Exif', 'GPSLatitude', 'http://ns.adobe.com/xap', 'Ines Invented', 'ICC_PROFILE']
  const before = Buffer.from(file).toString('latin1')
  for (const secret of secrets) assert.ok(before.includes(secret), `known positive ${secret}`)
  const { pages } = await painted(file, [box({ x: 50, y: 20, width: 40, height: 30 })])
  const png = pages[0]?.png ?? new Uint8Array()
  const after = readPng(png)
  assert.deepEqual([after.width, after.height], [200, 120])
  for (const bytes of [png, after.raw]) {
    const text = Buffer.from(bytes).toString('latin1')
    for (const secret of secrets) assert.ok(!text.includes(secret), secret)
  }
  assert.deepEqual(after.chunks, ['IHDR', 'IDAT', 'IEND'])
  assert.deepEqual(after.colours({ x: 50, y: 20, width: 40, height: 30 }), ['0,0,0,255'])
  assert.ok(after.colours({ x: 100, y: 20, width: 40, height: 30 }).length > 1)
})

test('a picture that the camera turned is turned for good', async () => {
  const file = await jpegWithNotes(grid(80, 40), 6)
  const [page] = await drawn(file)
  assert.deepEqual([page?.width, page?.height], [40, 80])
})

test('colours under a transparent pixel do not stay in the file', async () => {
  const picture = grid(20, 20)
  for (let i = 0; i < picture.data.length; i += 4) {
    picture.data.set([0x49, 0x6e, 0x65, 0], i)
  }
  const file = await pngOf(picture)
  assert.deepEqual(readPng(file).colours({ x: 0, y: 0, width: 20, height: 20 }), ['73,110,101,0'])
  const [page] = await drawn(file)
  assert.deepEqual(page?.colours({ x: 0, y: 0, width: 20, height: 20 }), ['255,255,255,255'])
})

test('texts, comments and profiles in a PNG are gone', async () => {
  const file = await pngOf(grid(30, 30), { tEXt: 'Author\0Ines Invented', eXIf: 'MM GPSLatitude' })
  assert.ok(Buffer.from(file).includes('Ines Invented'))
  const { pages } = await painted(file, [box({ width: 5, height: 5 })])
  assert.deepEqual(readPng(pages[0]?.png ?? new Uint8Array()).chunks, ['IHDR', 'IDAT', 'IEND'])
})

test('large pictures are made smaller, never cut', async () => {
  const [page] = await drawn(await pngOf(grid(4100, 30)))
  assert.deepEqual([page?.width, page?.height], [1366, 10])
})

test('scripts and embedded files of a PDF do nothing and go nowhere', async () => {
  const file = await pdfOf([{ text: 'words', x: 72, y: 72 }], {
    attach: 'Ines Invented',
    script: true,
  })
  assert.ok(Buffer.from(file).includes('JavaScript'))
  const [plain] = await drawn(await pdfOf([{ text: 'words', x: 72, y: 72 }]))
  const answer = await room.draw(file)
  assert.ok('pages' in answer)
  assert.equal(
    sha256(readPng(answer.pages[0]?.png ?? new Uint8Array()).raw),
    sha256(plain?.raw ?? new Uint8Array()),
  )
})

test('hostile and damaged files are refused with a plain code', async () => {
  const png = await pngOf(grid(40, 40))
  const jpeg = await jpegWithNotes(grid(40, 40))
  const pdf = await pdfOf([{ text: 'words', x: 72, y: 72 }])
  const edited = (file: Uint8Array, at: number, ...bytes: number[]) => {
    const copy = new Uint8Array(file)
    copy.set(bytes, at)
    return copy
  }
  const huge = [0x00, 0x01, 0x00, 0x00]
  const table: [string, Uint8Array, readonly PageBox[], string][] = [
    ['nothing', new Uint8Array(0), [], 'notPages'],
    ['a text', Buffer.from('just words'), [], 'notPages'],
    ['a web page', Buffer.from('<html><script>alert(1)</script>'), [], 'notPages'],
    ['an archive', Buffer.from('PK\u0003\u0004'), [], 'notPages'],
    ['a PNG cut short', png.subarray(0, 60), [], 'damaged'],
    ['a PNG of only a mark', png.subarray(0, 24), [], 'damaged'],
    ['a PNG of 65,536 by 65,536', edited(png, 16, ...huge, ...huge), [], 'tooLarge'],
    ['a PNG of no width', edited(png, 16, 0, 0, 0, 0), [], 'damaged'],
    ['a PNG whose picture ends early', bomb(5000, 5000), [], 'damaged'],
    ['a JPEG cut short', jpeg.subarray(0, 300), [], 'notPages'],
    ['a JPEG that is noise', edited(jpeg, 20, ...Array(400).fill(0x41)), [], 'notPages'],
    [
      'a WebP of only a head',
      Buffer.from(`RIFF\u0020\0\0\0WEBPVP8L${'\u0001'.repeat(20)}`, 'latin1'),
      [],
      'damaged',
    ],
    ['a PDF of only a mark', Buffer.from('%PDF-1.7\n%%EOF'), [], 'damaged'],
    ['a PDF that is noise', Buffer.from(`%PDF-1.7\n${'x'.repeat(5000)}`), [], 'damaged'],
    [
      'an encrypted PDF',
      await pdfOf([{ text: 'w', x: 9, y: 9 }], { password: 'p' }),
      [],
      'encrypted',
    ],
    [
      'a PDF of 61 pages',
      await pdfOf(Array(61).fill({ text: 'w', x: 9, y: 9 }), { apart: true }),
      [],
      'tooManyPages',
    ],
    ['a box beside the page', png, [box({ x: 35 })], 'boxOutside'],
    ['a box above the page', png, [box({ y: -1 })], 'boxOutside'],
    ['a box on no page', png, [box({ page: 2 })], 'boxOutside'],
    ['a box on page 0', png, [box({ page: 0 })], 'boxOutside'],
    ['a box of no width', pdf, [box({ width: 0 })], 'boxOutside'],
    ['too many bytes', new Uint8Array(50 * 1024 * 1024 + 1), [], 'tooLarge'],
  ]
  for (const [name, file, boxes, why] of table) {
    assert.equal(await refusal(new Uint8Array(file), boxes), why, name)
  }
})

test('a worker that takes too long is ended', async () => {
  const answer = await pageRoom({ worker, timeMs: 5 }).draw(await pngOf(grid(10, 10)))
  assert.deepEqual(answer, { refused: 'tooSlow' })
})

test('the worker reaches neither network, nor files, nor other programs', async () => {
  const spy = fileURLToPath(new URL('../../test/support/confined-worker.ts', import.meta.url))
  const answer = await pageRoom({ worker: spy }).draw(new Uint8Array(1))
  assert.ok('pages' in answer)
  const says = Buffer.from(answer.pages[0]?.png ?? new Uint8Array()).toString()
  assert.deepEqual(JSON.parse(says), {
    read: 'ERR_ACCESS_DENIED',
    write: 'ERR_ACCESS_DENIED',
    child: 'ERR_ACCESS_DENIED',
    network: 'ERR_ACCESS_DENIED',
    worker: 'ERR_ACCESS_DENIED',
    environment: 0,
    program: 'read',
  })
})

/** A picture of so many pixels whose packed rows are few. */
function bomb(width: number, height: number): Uint8Array {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 6, 0, 0, 0], 8)
  const chunk = (name: string, data: Uint8Array) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)])
  }
  const mark = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    mark,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', new Uint8Array(0)),
  ])
}
