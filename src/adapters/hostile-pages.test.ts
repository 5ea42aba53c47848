/** Files made to do harm: each costs its worker at most, and is drawn as it is or refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  drawsItself,
  drawsTooMuch,
  HOSTILE_ACTIONS,
  holdsItself,
  joined,
  pdfOfPages,
  pdfOfSize,
  resized,
  unpacksTo,
} from '../../test/support/hostile-files.ts'
import { grid, jpegWithNotes, pngOf, readPng } from '../../test/support/page-files.ts'
import { pageRoom } from './page-room.ts'

const worker = fileURLToPath(new URL('../node/page-worker.ts', import.meta.url))
const room = pageRoom({ worker })

async function lookAt(file: Uint8Array, first = 1) {
  const sheet = await room.look(file, first)
  if ('refused' in sheet) return sheet.refused
  const { pages, ...facts } = sheet
  return { ...facts, sizes: pages.map(({ width, height }) => `${width}x${height}`), pages }
}

async function drawnAs(file: Uint8Array, first = 1) {
  const look = await lookAt(file, first)
  return typeof look === 'string' ? look : look.mediaType
}

test('what a document would do when it is opened is not done, and its page is drawn', async () => {
  for (const [name, file] of Object.entries(HOSTILE_ACTIONS)) {
    const look = await lookAt(file)
    assert.ok(typeof look !== 'string', `${name}: ${String(look)}`)
    assert.deepEqual(look.sizes, ['416x208'], name)
    const png = readPng(look.pages[0]?.png ?? new Uint8Array())
    // 20, 20 of 60 by 40 from below, at 150 dots an inch: 41 to 167 across, 83 to 167 down.
    assert.deepEqual(png.colours({ x: 60, y: 100, width: 80, height: 50 }), ['0,0,0,255'], name)
    assert.deepEqual(
      png.colours({ x: 200, y: 10, width: 200, height: 60 }),
      ['255,255,255,255'],
      name,
    )
    assert.ok(!Buffer.from(png.raw).includes('planted'), name)
  }
})

test('of 100,000 pages a sheet is drawn; pages that are not shown here are refused', async () => {
  const file = pdfOfPages(100_000)
  const first = await lookAt(file)
  assert.ok(typeof first !== 'string')
  assert.deepEqual([first.count, first.first, first.pages.length], [100_000, 1, 10])
  const last = await lookAt(file, 496)
  assert.ok(typeof last !== 'string')
  assert.deepEqual([last.first, last.pages.length], [496, 5])
  for (const page of [501, 100_000, 100_001, 0, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER]) {
    assert.equal(await lookAt(file, page), 'noSuchPage', String(page))
  }
  const draw = await room.draw(file)
  assert.deepEqual(draw, { refused: 'tooManyPages' })
})

test('a page of any size is drawn within bounds, or not at all', async () => {
  const table: [number, number, string][] = [
    [14_400, 14_400, '2000x2000'],
    [1e9, 1e9, '2000x2000'],
    [1e9, 10, 'damaged'],
  ]
  for (const [width, height, wanted] of table) {
    const look = await lookAt(pdfOfSize(width, height))
    assert.equal(typeof look === 'string' ? look : look.sizes.join(), wanted, `${width}x${height}`)
  }
  // A box without area is none: the page has the size that readers take instead.
  assert.equal(await drawnAs(pdfOfSize(0, 0)), 'application/pdf')
})

test('what draws or holds itself comes to an end', async () => {
  for (const file of [drawsItself, holdsItself]) assert.equal(await drawnAs(file), 'damaged')
  const short = pageRoom({ worker, timeMs: 8_000 })
  const began = performance.now()
  const answer = await short.look(drawsTooMuch, 1)
  assert.ok(performance.now() - began < 30_000)
  // Either it gives up by itself, breaks down for want of memory, or its time ends.
  const isOver = 'pages' in answer || ['damaged', 'tooSlow'].includes(answer.refused)
  assert.ok(isOver, JSON.stringify(answer).slice(0, 99))
})

test('what unpacks to more than a worker may hold costs that worker only', async () => {
  const answer = await lookAt(unpacksTo(400_000_000))
  assert.ok(typeof answer !== 'string' || ['damaged', 'tooLarge', 'tooSlow'].includes(answer))
  const jpeg = await jpegWithNotes(grid(40, 40))
  assert.equal(await lookAt(resized(jpeg, 65_500, 65_500)), 'tooLarge')
  const short = await lookAt(resized(jpeg, 5_000, 5_000))
  assert.ok(short === 'damaged' || typeof short !== 'string')
  const next = await lookAt(await pngOf(grid(8, 8)))
  assert.ok(typeof next !== 'string')
})

test('of a file that fits two kinds one is drawn, and said which', async () => {
  const jpeg = await jpegWithNotes(grid(40, 40))
  const png = await pngOf(grid(30, 30))
  const pdf = pdfOfSize(200, 100)
  const web = Buffer.from('<html><script>alert(1)</script>')
  const zip = Buffer.from('PK\x03\x04 planted PK\x05\x06')
  const table: [string, Uint8Array, string][] = [
    ['a picture with a document behind it', joined(jpeg, pdf), 'image/jpeg'],
    ['a picture with an archive behind it', joined(png, zip), 'image/png'],
    ['a picture with a page behind it', joined(png, web), 'image/png'],
    ['a document with an archive behind it', joined(pdf, zip), 'application/pdf'],
    ['a document with a page before it', joined(web, pdf), 'application/pdf'],
    ['a web page', new Uint8Array(web), 'notPages'],
    ['a drawing that runs', Buffer.from('<svg onload="alert(1)"/>'), 'notPages'],
  ]
  for (const [name, file, wanted] of table) {
    assert.equal(await drawnAs(new Uint8Array(file)), wanted, name)
    const look = await lookAt(new Uint8Array(file))
    if (typeof look === 'string') continue
    const [drawn] = look.pages
    assert.deepEqual(
      readPng(drawn?.png ?? new Uint8Array()).chunks,
      ['IHDR', 'IDAT', 'IEND'],
      `${name}: nothing of it but the picture is sent`,
    )
  }
})
