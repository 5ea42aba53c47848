import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectedTypes, fitsClaim, isArchiveBehind } from './detected-types.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

test('a file is named by its first bytes, by all that it fits, and by nothing else', () => {
  const table: [string, readonly string[]][] = [
    ['', []],
    ['just words', []],
    ['%PDF-1.7', ['application/pdf']],
    [`${' '.repeat(900)}%PDF-1.4`, ['application/pdf']],
    [`${' '.repeat(1024)}%PDF-1.4`, []],
    ['\x89PNG\r\n\x1a\n', ['image/png']],
    ['\x89PNG\n\x1a\n', []],
    ['\xff\xd8\xff\xe0\0\x10JFIF %PDF-1.4', ['application/pdf', 'image/jpeg']],
    ['GIF89a/*', ['image/gif']],
    ['RIFF\0\0\0\0WEBPVP8 ', ['image/webp']],
    ['PK\x03\x04', ['application/zip']],
    ['  <HTML><script>', ['text/html']],
    ['<svg onload=alert(1)>', ['image/svg+xml']],
    ['MZ\x90', ['application/vnd.microsoft.portable-executable']],
  ]
  for (const [head, types] of table) assert.deepEqual(detectedTypes(bytes(head)), types, head)
})

test('an archive behind another file is seen; an archive itself is no surprise', () => {
  const tail = bytes('words PK\x05\x06 more')
  assert.equal(isArchiveBehind(bytes('\x89PNG\r\n\x1a\n'), tail), true)
  assert.equal(isArchiveBehind(bytes('PK\x03\x04'), tail), false)
  assert.equal(isArchiveBehind(bytes('\x89PNG\r\n\x1a\n'), bytes('PK and words')), false)
})

test('a claim fits what the bytes say, or does not', () => {
  const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  const table: [string, readonly string[], boolean][] = [
    ['image/png', ['image/png'], true],
    ['image/png', ['application/pdf', 'image/png'], true],
    ['text/plain', [], true],
    ['application/octet-stream', ['text/html'], true],
    [docx, ['application/zip'], true],
    ['image/png', ['application/zip'], false],
    ['image/png', ['text/html'], false],
    ['text/plain', ['application/vnd.microsoft.portable-executable'], false],
    ['application/pdf', ['image/jpeg'], false],
  ]
  for (const [claimed, detected, fits] of table) {
    assert.equal(fitsClaim(claimed, detected), fits, `${claimed} for ${detected}`)
  }
})
