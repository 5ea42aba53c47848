import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryExposure } from './memory-exposure.ts'

const HEADING = 'Filename\t\tType\t\tSize\t\tUsed\t\tPriority\n'
const limits = (soft: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax core file size        ${soft}                    unlimited            bytes\n`
const seen = (files: Readonly<Record<string, string>>) =>
  memoryExposure((file) => {
    const text = files[file]
    if (text === undefined) throw new Error('ENOENT')
    return text
  })

test('what Linux says about core dumps and swap is read', () => {
  const quiet = { '/proc/self/limits': limits('0'), '/proc/swaps': HEADING }
  assert.deepEqual(seen(quiet), { coreDumps: 'off', swap: 'none' })
  for (const soft of ['unlimited', '1', '1073741824']) {
    assert.equal(seen({ ...quiet, '/proc/self/limits': limits(soft) }).coreDumps, 'on')
  }
  const swapped = `${HEADING}/dev/zram0 partition 1048576 0 100\n`
  assert.equal(seen({ ...quiet, '/proc/swaps': swapped }).swap, 'on')
})

test('where nothing is said, nothing is claimed', () => {
  for (const files of [{}, { '/proc/self/limits': '', '/proc/swaps': '' }]) {
    assert.deepEqual(seen(files), { coreDumps: 'unknown', swap: 'unknown' })
  }
})
