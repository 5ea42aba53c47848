/**
 * Scrubbed files, read by other means than those that made them: what was written beside a
 * picture is nowhere in the copy, and the copy shows the same picture.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { deflateSync, inflateSync } from 'node:zlib'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import { HOSTILE_ACTIONS, joined, pdfOfPages } from '../../test/support/hostile-files.ts'
import { grid, jpegWithNotes, pdfOf, pngOf, readPng } from '../../test/support/page-files.ts'
import {
  colourProfile,
  jpegWithMore,
  jpegWithProfile,
  pngWith,
  webpWithMore,
  webpWithNotes,
  withEnd,
} from '../../test/support/scrub-files.ts'
import { scrubPicture as scrubAny } from '../wire/pictures/scrub-picture.ts'
import { sniff } from '../wire/pictures/sniff.ts'
import { pageRoom } from './page-room.ts'
import { unpack } from './pages/unpack.ts'

const worker = fileURLToPath(new URL('../node/page-worker.ts', import.meta.url))
const room = pageRoom({ worker })
const picture = grid(60, 40)
const SECRETS = /Ines|Invented|GPS|Exif\0\0II|xmp|adobe|8BIM|JFXX|c2pa|planted|thumbnail|second/i

async function scrub(file: Uint8Array) {
  const made = await room.scrub(file)
  return 'refused' in made ? assert.fail(made.refused) : made
}

async function refusal(file: Uint8Array) {
  const made = await room.scrub(file)
  return 'refused' in made ? made.refused : 'made'
}

async function shown(file: Uint8Array) {
  const sheet = await room.look(file, 1)
  if ('refused' in sheet) return assert.fail(sheet.refused)
  const { width, height, raw } = readPng(sheet.pages[0]?.png ?? new Uint8Array())
  return `${width}x${height} ${createHash('sha256').update(raw).digest('hex')}`
}

const scrubPicture = (kind: Parameters<typeof scrubAny>[0], file: Uint8Array) =>
  scrubAny(kind, file, unpack)
const kindOf = (file: Uint8Array) => {
  const kind = sniff(file)?.kind
  return kind === undefined || kind === 'application/pdf' ? assert.fail('no picture') : kind
}
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

test('of a picture nothing stays that is written beside it, and the picture is the same', async () => {
  const text = 'Author\0Ines Invented'
  const png = await pngOf(picture, { tEXt: text, eXIf: 'MM GPSLatitude', tIME: '1234567' })
  const table: [string, Uint8Array, readonly string[]][] = [
    [
      'image/jpeg',
      jpegWithMore(await jpegWithNotes(picture)),
      ['thumbnail', 'other', 'iptc', 'comment', 'exif', 'xmp', 'afterEnd'],
    ],
    ['image/png', png, ['comment', 'exif', 'other']],
    ['image/png', pngWith(png, 'prVt', 'Ines Invented', 'Ines behind'), ['other', 'afterEnd']],
    ['image/png', pngWith(png, 'iTXt', 'XML:com.adobe.xmp\0Ines'), ['xmp']],
    ['image/png', pngWith(png, 'fdAT', 'Ines Invented as a second picture'), ['frames']],
    ['image/webp', await webpWithNotes(picture), ['exif', 'xmp', 'other', 'afterEnd']],
  ]
  for (const [mediaType, file, removed] of table) {
    assert.match(latin1(file), SECRETS, `known positive ${mediaType}`)
    const copy = await scrub(file)
    assert.equal(copy.mediaType, mediaType)
    assert.doesNotMatch(latin1(copy.bytes), SECRETS, mediaType)
    assert.equal(await shown(copy.bytes), await shown(file), mediaType)
    const whats = copy.scrub.removed.map(({ what }) => what)
    for (const what of removed) assert.ok(whats.includes(what as never), `${mediaType}: ${what}`)
    const digest = createHash('sha256').update(file).digest('hex')
    assert.deepEqual(copy.scrub.input, { digest, sizeBytes: file.length })
    // What was taken is what is gone, to the byte; nothing was written anew.
    const taken = copy.scrub.removed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const written = file.length - taken - copy.bytes.length
    assert.equal(written, 0, mediaType)
    // Done again, nothing is left to take.
    assert.deepEqual((await scrub(copy.bytes)).scrub.removed, [], mediaType)
  }
})

test('what belongs to a picture has no room for anything else', async () => {
  const [plain, photo] = [await pngOf(picture), await jpegWithNotes(picture)]
  const words = 'Ines Invented '.repeat(20)
  const profile = colourProfile()
  const named = (name: string, more = '') => `${name}\0\0${latin1(deflateSync(profile))}${more}`
  const table: [string, Uint8Array][] = [
    ...['gAMA', 'cHRM', 'pHYs', 'bKGD', 'sBIT', 'sRGB', 'cICP', 'tRNS'].map(
      (name): [string, Uint8Array] => [name, pngWith(plain, name, words)],
    ),
    ['a second gAMA', pngWith(pngWith(plain, 'gAMA', '\0\0\xb1\x8f'), 'gAMA', 'Ines')],
    ['an end with content', withEnd(plain, words)],
    ['the name of a profile', pngWith(plain, 'iCCP', named('Ines Invented'))],
    ['bytes behind a packed profile', pngWith(plain, 'iCCP', named('x', words))],
    ['a second JPEG profile', jpegWithProfile(photo, profile, words)],
    ['a long head of WebP', await webpWithMore(picture, 'ICCP', words)],
    ['a second WebP picture', await webpWithMore(picture, 'VP8 ', words)],
  ]
  for (const [what, file] of table) {
    assert.match(latin1(file), /Ines/, what)
    const copy = await scrubPicture(kindOf(file), file)
    assert.doesNotMatch(latin1(copy.bytes), /Ines/, what)
    assert.deepEqual((await scrubPicture(kindOf(file), copy.bytes)).removed, [], what)
  }
  for (const [, file] of table.slice(-4)) {
    assert.equal(await shown((await scrub(file)).bytes), await shown(file), 'it looks the same')
  }
  const kept = await scrubPicture('image/png', pngWith(plain, 'iCCP', named('Ines Invented')))
  assert.match(latin1(kept.bytes), /iCCPi\0\0/, 'the profile itself stays')
  const jpeg = await scrubPicture('image/jpeg', jpegWithProfile(photo, profile, words))
  assert.equal(latin1(jpeg.bytes).match(/ICC_PROFILE/g)?.length, 2, 'in both of its segments')
})

test('which way up a picture stands stays, and nothing else of the note', async () => {
  for (const turn of [3, 6, 8]) {
    const file = await jpegWithNotes(picture, turn)
    const copy = await scrub(file)
    assert.doesNotMatch(latin1(copy.bytes), SECRETS)
    assert.equal(await shown(copy.bytes), await shown(file), `${turn}`)
    assert.match(latin1(copy.bytes), /Exif\0\0MM\0\*/)
    const webp = await scrub(await webpWithNotes(picture, turn))
    assert.doesNotMatch(latin1(webp.bytes), SECRETS)
    assert.match(latin1(webp.bytes), /EXIF\x1a\0\0\0MM\0\*/)
  }
})

test('of a PDF only pictures of its pages stay: a library finds no text in them', async () => {
  const words = [
    { text: 'Ines Invented', x: 72, y: 72 },
    { text: 'second page', x: 72, y: 72 },
  ]
  const file = await pdfOf(words, { attach: 'planted', script: true, apart: true })
  const library = await PDFiumLibrary.init()
  const textsOf = async (bytes: Uint8Array) => {
    const document = await library.loadDocument(bytes)
    return Array.from({ length: document.getPageCount() }, (_, i) => document.getPage(i).getText())
  }
  assert.match((await textsOf(file)).join(), /Ines Invented/, 'known positive')
  const { bytes, mediaType, scrub: record } = await scrub(file)
  assert.equal(mediaType, 'application/pdf')
  assert.deepEqual(record.removed, [{ what: 'document', sizeBytes: file.length }])
  assert.deepEqual(await textsOf(bytes), ['', ''])
  // Nothing of it but catalogue, pages and pictures; also not where it is packed.
  const whole = latin1(bytes)
  assert.doesNotMatch(whole, /\/(Info|Metadata|ID|Names|JS|JavaScript|OpenAction|Annots|Font)\b/)
  for (const [, packed = ''] of whole.matchAll(/Length \d+ >>\nstream\n([\s\S]*?)\nendstream/g)) {
    const inside = packed.startsWith('x') ? inflateSync(Buffer.from(packed, 'latin1')) : packed
    assert.doesNotMatch(latin1(Buffer.from(inside)), /Ines|second page|planted/)
  }
  assert.equal(await shown(bytes), await shown(file))
  assert.deepEqual((await scrub(file)).bytes, bytes, 'the same bytes each time')
})

test('what a hostile document would do is gone from its copy', async () => {
  for (const [name, file] of Object.entries(HOSTILE_ACTIONS)) {
    const { bytes } = await scrub(file)
    assert.doesNotMatch(latin1(bytes), /Launch|JavaScript|URI|EmbeddedFile|XFA|planted/, name)
    const sheet = await room.look(bytes, 1)
    assert.ok('pages' in sheet, name)
    const page = readPng(sheet.pages[0]?.png ?? new Uint8Array())
    assert.deepEqual(page.colours({ x: 60, y: 100, width: 80, height: 50 }), ['0,0,0,255'], name)
    assert.equal(page.ink({ x: 200, y: 10, width: 200, height: 60 }), 0, name)
  }
})

test('what is broken, moves, or is no picture gives no copy', async () => {
  const jpeg = await jpegWithNotes(picture)
  const png = await pngOf(picture)
  const webp = await webpWithNotes(picture)
  const edited = (file: Uint8Array, at: number, ...bytes: number[]) => {
    const copy = new Uint8Array(file)
    copy.set(bytes, at)
    return copy
  }
  const moving = Buffer.from(webp)
  moving.write('ANIM', moving.indexOf('JUNK'), 'latin1')
  const table: [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(), 'notPages'],
    ['a text', Buffer.from('words'), 'notPages'],
    ['a JPEG without an end', jpeg.subarray(0, -2), 'damaged'],
    ['a JPEG whose segment is too long', edited(jpeg, 4, 0xff, 0xff), 'notPages'],
    ['a PNG without an end', png.subarray(0, -12), 'damaged'],
    ['a PNG whose chunk is too long', edited(png, 33, 0x7f, 0xff, 0xff, 0xff), 'damaged'],
    ['a WebP that moves', moving, 'damaged'],
    ['a PDF of too many pages', pdfOfPages(61), 'tooManyPages'],
    ['an encrypted PDF', await pdfOf([{ text: 'w', x: 9, y: 9 }], { password: 'p' }), 'encrypted'],
    ['too many bytes', new Uint8Array(50 * 1024 * 1024 + 1), 'tooLarge'],
  ]
  for (const [name, file, why] of table) {
    assert.equal(await refusal(new Uint8Array(file)), why, name)
  }
})

test('a file of two kinds keeps one of them', async () => {
  const zip = Buffer.from('PK\x03\x04 planted PK\x05\x06')
  for (const file of [await jpegWithNotes(picture), await pngOf(picture), pdfOfPages(1)]) {
    assert.doesNotMatch(latin1((await scrub(joined(file, zip))).bytes), /PK|planted/)
  }
})

test('the scrubber is in the worker only: no other part of the program reads a picture', () => {
  const worker = readFileSync(new URL('../node/page-worker.ts', import.meta.url), 'utf8')
  assert.match(worker, /adapters\/pages\/scrub\.ts/)
  for (const other of ['../adapters/page-room.ts', '../app/acts/scrub-acts.ts']) {
    const text = readFileSync(new URL(other, import.meta.url), 'utf8')
    assert.doesNotMatch(text, /adapters\/pages\/|pages\/scrub/)
  }
})
