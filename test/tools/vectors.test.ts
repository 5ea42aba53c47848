/** The vectors are what their generators write today. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const root = path.join(import.meta.dirname, '../..')
const generators = readdirSync(path.join(root, 'tools')).filter((name) =>
  /^vectors-.*\.ts$/.test(name),
)
assert.ok(generators.length >= 7, 'the generators are there')

for (const name of generators) {
  test(`${name} writes what is there`, async () => {
    const run = [path.join('tools', name), '--check']
    const { stderr } = await promisify(execFile)(process.execPath, run, { cwd: root })
    assert.equal(stderr, '')
  })
}
