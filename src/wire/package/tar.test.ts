import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { utf8 } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import { readTar, writeTar } from './tar.ts'

const files = new Map([
  ['data/b.txt', utf8('second')],
  ['data/a.txt', utf8('')],
  ['bagit.txt', utf8('x'.repeat(1025))],
])

test('an archive reads back as it was written, in one order', () => {
  const archive = writeTar(files)
  assert.deepEqual(
    [...readTar(archive)],
    [...files].sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  assert.deepEqual(writeTar(new Map([...files].reverse())), archive)
})

test('the ordinary tar command lists it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-tar-'))
  try {
    writeFileSync(join(folder, 'x.tar'), writeTar(files))
    const listed = execFileSync('tar', ['-tf', join(folder, 'x.tar')], { encoding: 'utf8' })
    assert.equal(listed, 'bagit.txt\ndata/a.txt\ndata/b.txt\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('every single flipped byte outside file contents is refused', () => {
  const archive = writeTar(new Map([['data/a.txt', utf8('content')]]))
  const contentStart = 512
  const contentEnd = contentStart + 'content'.length
  for (let at = 0; at < archive.length; at++) {
    if (contentStart <= at && at < contentEnd) continue
    const flipped = new Uint8Array(archive)
    flipped[at] = (flipped[at] ?? 0) ^ 1
    assert.throws(() => readTar(flipped), ComityError, `byte ${at}`)
  }
})

test('hostile archives are refused', () => {
  const archive = writeTar(files)
  const hostile: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    zeros: new Uint8Array(2048),
    truncated: archive.subarray(0, archive.length - 512),
    'cut in a file': archive.subarray(0, 700),
    appended: new Uint8Array([...archive, ...new Uint8Array(512)]),
    'not an archive': utf8('hello'.repeat(300)),
  }
  for (const [name, bytes] of Object.entries(hostile)) {
    assert.throws(() => readTar(bytes), ComityError, name)
  }
  for (const path of ['../x', '/x', 'a//b', 'a/./b', 'a/..', 'x'.repeat(101), 'a b', '']) {
    assert.throws(() => writeTar(new Map([[path, utf8('')]])), ComityError, path)
  }
})
