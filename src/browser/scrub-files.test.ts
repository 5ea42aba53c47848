/** What the reporter's browser takes out of pictures: as much as the server does, and no more. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { grid, jpegWithNotes, pdfOf, pngOf } from '../../test/support/page-files.ts'
import {
  colourProfile,
  jpegWithMore,
  pngWith,
  webpWithNotes,
} from '../../test/support/scrub-files.ts'
import { unpack } from '../adapters/pages/unpack.ts'
import { scrubPicture } from '../wire/pictures/scrub-picture.ts'
import { lookInto } from './scrub-files.ts'

const picture = grid(30, 20)
const SECRETS = /Ines|Invented|GPS|xmp|adobe|8BIM|JFXX|c2pa|planted|behind/i
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const blobOf = (bytes: Uint8Array, type = '') => new Blob([new Uint8Array(bytes)], { type })

const withNotes = [
  ['image/jpeg', async () => jpegWithMore(await jpegWithNotes(picture))],
  [
    'image/png',
    async () => pngOf(picture, { tEXt: 'Author\0Ines Invented', eXIf: 'MM GPSLatitude' }),
  ],
  ['image/webp', () => webpWithNotes(picture)],
] as const

for (const [kind, make] of withNotes) {
  test(`the copy of a ${kind} has none of the notes, and is the server's to the byte`, async () => {
    const file = await make()
    assert.match(latin1(file), SECRETS)
    const looked = await lookInto(blobOf(file, 'application/octet-stream'))
    assert.ok(looked.found === 'cleaned')
    const copy = new Uint8Array(await looked.copy.arrayBuffer())
    assert.doesNotMatch(latin1(copy), SECRETS)
    assert.deepEqual(copy, new Uint8Array((await scrubPicture(kind, file, unpack)).bytes))
    assert.equal(looked.copy.type, kind)
    assert.ok(looked.removed.length > 0)
    assert.equal((await lookInto(looked.copy)).found, 'nothing')
  })
}

test('a packed colour profile stays, and one with something behind it goes', async () => {
  const plain = await pngOf(picture)
  const packed = latin1(deflateSync(colourProfile()))
  const kept = await lookInto(blobOf(pngWith(plain, 'iCCP', `i\0\0${packed}`)))
  assert.equal(kept.found, 'nothing', 'it belongs to the picture')
  for (const bad of [`i\0\0${packed}Ines Invented`, `i\0\0${packed.slice(0, -9)}`, 'i\0\0Ines']) {
    const looked = await lookInto(blobOf(pngWith(plain, 'iCCP', bad)))
    assert.ok(looked.found === 'cleaned')
    assert.doesNotMatch(latin1(new Uint8Array(await looked.copy.arrayBuffer())), /iCCP/)
  }
})

test('what cannot be cleaned is said to be so, and never called clean', async () => {
  const jpeg = await jpegWithNotes(picture)
  const table: readonly [string, Blob, string][] = [
    ['a PDF', blobOf(await pdfOf([{ text: 'x', x: 10, y: 10 }])), 'notCleaned'],
    ['a text', blobOf(new Uint8Array([104, 105]), 'text/plain'), 'notCleaned'],
    ['nothing', blobOf(new Uint8Array()), 'notCleaned'],
    ['a text that is called a picture', blobOf(new Uint8Array([104, 105]), 'image/png'), 'broken'],
    ['a JPEG that is cut off', blobOf(jpeg.subarray(0, jpeg.length - 20)), 'broken'],
    ['a PNG that is cut off', blobOf((await pngOf(picture)).subarray(0, 60)), 'broken'],
    ['a WebP that is cut off', blobOf((await webpWithNotes(picture)).subarray(0, 50)), 'broken'],
  ]
  for (const [what, file, found] of table) assert.equal((await lookInto(file)).found, found, what)
})
