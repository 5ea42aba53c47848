import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kernel } from './kernel.ts'
import { checkLeaving } from './leaving.ts'
import type { Unit } from './ports/streams.ts'

function nodeThatWatches() {
  const read: string[] = []
  const locked: string[] = []
  const takenBack: string[] = []
  const unit = {
    open: async (id: string) => void locked.push(id),
    takeBack: async (id: string) => takenBack.push(id) > 0,
  } as unknown as Unit
  const streams = {
    read: async (id: string) => void read.push(id),
    transact: (work: (unit: Unit) => Promise<unknown>) => work(unit),
  }
  const kernel = { streams, registers: {}, law: {} } as unknown as Kernel
  return { kernel, read, locked, takenBack }
}

const waiting = (ids: readonly string[], type = 'release') =>
  ids.map((id) => ({ id, type, objectId: `case of ${id[0]}` }))

test('a case is read once for all that waits of it, and again the next time', async () => {
  const { kernel, read, locked, takenBack } = nodeThatWatches()
  await checkLeaving(kernel, waiting(['a1', 'b1', 'a2']))
  assert.deepEqual(read, ['case of a', 'case of b'])
  // What may not leave is looked at again under the lock, each by itself.
  assert.deepEqual(locked, ['case of a', 'case of b', 'case of a'])
  assert.deepEqual(takenBack, ['a1', 'b1', 'a2'])
  await checkLeaving(kernel, waiting(['a3']))
  assert.deepEqual(read, ['case of a', 'case of b', 'case of a'])
})

test('what carries no release is not asked about', async () => {
  const { kernel, read } = nodeThatWatches()
  await checkLeaving(kernel, waiting(['a1'], 'receiptRequest'))
  assert.deepEqual(read, [])
})
