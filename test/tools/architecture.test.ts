/** The table of folders in ARCHITECTURE.md says what the fences enforce. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { FENCES } from '../../tools/fences.ts'

const page = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8')
const rows = new Map(
  [...page.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|([^|]*)\|$/gm)].map(
    ([, folder = '', imports = '', packages = '']) => [folder, { imports, packages }],
  ),
)
const words = (text: string) => text.trim().split(/\s+/).filter(Boolean).sort()

for (const [folder, fence] of Object.entries(FENCES)) {
  test(`${folder}: imports and packages are those of the fence`, () => {
    const row = rows.get(folder)
    assert.ok(row, 'the table has no row')
    const packages = fence.packages === 'any' ? ['any'] : [...fence.packages].sort()
    assert.deepEqual(words(row.packages), packages)
    if (row.imports.trim() === 'everything') assert.ok(fence.folders.length > 8)
    else assert.deepEqual(words(row.imports), [...fence.folders].sort())
  })
}

test('the table has no other folder', () => {
  const unknown = [...rows.keys()].filter((folder) => !Object.hasOwn(FENCES, folder))
  assert.deepEqual(unknown, [])
})
