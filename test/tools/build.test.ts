import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { type AssetManifest, build, makeAssets } from '../../tools/build.ts'

const folder = path.join(import.meta.dirname, '../../dist/assets')

test('a second build does nothing, and each asset is what its name says', async () => {
  await build()
  assert.equal((await build()).built, false)
  const manifest = JSON.parse(
    readFileSync(path.join(folder, 'manifest.json'), 'utf8'),
  ) as AssetManifest
  assert.ok(Object.keys(manifest).length >= 7)
  for (const { file, sha256 } of Object.values(manifest)) {
    const bytes = readFileSync(path.join(folder, file))
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256)
    assert.ok(file.includes(sha256.slice(0, 12)))
    assert.deepEqual(gunzipSync(readFileSync(path.join(folder, `${file}.gz`))), bytes)
    assert.deepEqual(brotliDecompressSync(readFileSync(path.join(folder, `${file}.br`))), bytes)
  }
})

test('the same sources give the same bytes, with nothing of another brand in them', async () => {
  const [once, again] = [await makeAssets(), await makeAssets()]
  assert.deepEqual(once, again)
  for (const name of ['app.css', 'app.rtl.css']) {
    assert.doesNotMatch(once[name] ?? '', /@font-face|GDS Transport|crest|url\(|#1d70b8/, name)
  }
  assert.match(once['app.css'] ?? '', /float:left|margin-left/)
  assert.notEqual(once['app.css'], once['app.rtl.css'])
})
