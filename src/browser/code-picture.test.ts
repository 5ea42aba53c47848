/** The picture holds the code as a reader of such pictures sees it, and nothing else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import decodeQR from 'qr/decode.js'
import { qrPath } from './code-picture.ts'

/** Painted anew from the path, eight pixels a module, black on white. */
function painted(path: string, size: number) {
  const scale = 8
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < scale; row += 1) {
      const start = ((Number(y) * scale + row) * width + Number(x) * scale) * 4
      for (let at = start; at < start + scale * 4; at += 4) data.set([0, 0, 0], at)
    }
  }
  return { width, height: width, data }
}

for (const code of ['7K9M-2QX4-RTB8-ZC3W-HN5D-GEWS', '0000-0000-0000-0000-0000-0000']) {
  test(`what is read from the picture is the code: ${code}`, () => {
    const { path, size } = qrPath(code)
    assert.equal(decodeQR(painted(path, size)), code)
  })
}

test('it has a margin of four modules on every side', () => {
  const { path, size } = qrPath('7K9M-2QX4-RTB8-ZC3W-HN5D-GEWS')
  const places = [...path.matchAll(/M(\d+) (\d+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)])
  assert.equal(Math.min(...places), 4)
  assert.equal(Math.max(...places), size - 5)
})
