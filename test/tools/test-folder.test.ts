/** The folder in memory of a test run: given where there is room, and nothing stays in it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, test } from 'node:test'
import { folderInMemory, staysOnDisk } from '../../tools/test-folder.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

beforeEach(() => {
  delete process.env['TMPDIR']
})

test('where there is no such place there is no folder', () => {
  assert.equal(folderInMemory(join(temporaryFolder(), 'missing')), undefined)
})

test('a caller who named a folder keeps it', () => {
  const place = temporaryFolder()
  process.env['TMPDIR'] = place
  assert.equal(folderInMemory(place), undefined)
  assert.deepEqual(readdirSync(place), [])
})

test('what a killed run left goes, what a running one uses stays', (t) => {
  const place = temporaryFolder()
  const { pid: gone } = spawnSync(process.execPath, ['--version'])
  const names = {
    gone: `comity-run-${gone}-a`,
    ours: `comity-run-${process.pid}-b`,
    other: 'x-1-c',
  }
  for (const name of Object.values(names)) mkdirSync(join(place, name))
  const folder = folderInMemory(place)
  if (!folder) return t.skip('this machine has too little room for it')
  assert(!existsSync(join(place, names.gone)))
  assert(existsSync(join(place, names.ours)))
  assert(existsSync(join(place, names.other)))
  mkdirSync(join(folder.path, 'world'))
  folder.remove()
  assert(!existsSync(folder.path))
})

test('what is about disks stays on one', () => {
  assert(staysOnDisk('test/faults/seeded/power-cut.test.ts'))
  assert(!staysOnDisk('test/journeys/story.test.ts'))
})
