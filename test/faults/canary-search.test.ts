/** The search itself: it finds every dress, at every place, and nothing where nothing is. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { test } from 'node:test'
import { deflateRawSync, gzipSync } from 'node:zlib'
import {
  dressed,
  memoryWordsOf,
  searchIn,
  searchMemory,
  secretBytes,
  wordsOf,
} from '../support/canaries.ts'

const WORD = 'qzknownword'
const words = wordsOf({ known: WORD })

for (const [dress, bytes] of Object.entries(dressed(WORD))) {
  test(`finds ${dress}, wherever it stands`, () => {
    for (const before of [0, 1, 4095, 70_000]) {
      const content = Buffer.concat([randomBytes(before), bytes, randomBytes(300)])
      const found = searchIn(content, 'here', words)
      assert.ok(
        found.some((find) => find.dress === dress),
        `${before}: ${JSON.stringify(found)}`,
      )
    }
  })
}

test('a text with marks is found as JSON, as a URL and as a form write it', () => {
  const text = 'box "7", Exämpletown\n'
  for (const written of [
    JSON.stringify({ text }),
    encodeURIComponent(text),
    String(new URLSearchParams({ text })),
  ]) {
    assert.equal(searchIn(Buffer.from(written), 'here', wordsOf({ text })).length, 1, written)
  }
})

test('bytes of a key are found plain, in base64 and in hex', () => {
  const key = randomBytes(32)
  const known = secretBytes({ key })
  for (const written of [key, key.toString('base64'), key.toString('hex'), gzipSync(key)]) {
    assert.ok(searchIn(Buffer.from(written), 'here', known).length > 0)
  }
})

test('nothing is found where nothing is, and what the search cannot see is known', () => {
  const cut = Buffer.from(WORD.slice(0, -1))
  for (const content of [Buffer.alloc(0), randomBytes(200_000), cut, gzipSync(cut)]) {
    assert.deepEqual(searchIn(content, 'here', words), [])
  }
  assert.deepEqual(searchIn(deflateRawSync(`a ${WORD} `.repeat(3)), 'here', words), [])
})

const onLinux = {
  skip: process.platform === 'linux' ? false : 'only Linux shows what a process holds',
}
test('what a process holds in memory is found in both of its forms', onLinux, async (context) => {
  const program = `
    globalThis.one = ['qzin', 'memory', process.pid].join('')
    globalThis.two = ['qzin', 'memory', process.pid, '\u2192'].join('')
    globalThis.bytes = Buffer.from('qzinbuffer' + process.pid)
    // Joined texts are kept as a tree until somebody reads them.
    JSON.stringify([globalThis.one, globalThis.two].map((text) => text.charCodeAt(3)))
    console.log('ready'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(child.stdout, 'data')
    const pid = child.pid ?? 0
    const found = searchMemory(
      pid,
      memoryWordsOf({ text: `qzinmemory${pid}`, bytes: `qzinbuffer${pid}` }),
    )
    if (found === undefined) {
      context.skip('this machine does not let us read the memory of a child')
      return
    }
    assert.deepEqual(found.map(({ what, dress }) => `${what} ${dress}`).sort(), [
      'bytes UTF-8',
      'text UTF-16LE',
      'text UTF-8',
    ])
    assert.deepEqual(searchMemory(pid, memoryWordsOf({ none: `qzneversaid${pid}x` })), [])
  } finally {
    child.kill()
  }
})
