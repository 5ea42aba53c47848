import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openDatabase } from '../adapters/postgres/database.ts'
import { askSilentPeers, type ReturnParts } from './restored.ts'

/** Nobody listens there. */
const database = openDatabase('postgres://somebody@127.0.0.1:1/nowhere', 1)
after(() => database.destroy())

const write = process.stderr.write
after(() => {
  process.stderr.write = write
})

test('while the database does not answer, asking goes on, and says why it failed', async () => {
  const lines: string[] = []
  const twice = new Promise<void>((resolve) => {
    process.stderr.write = ((text: string) => {
      if (lines.push(String(text)) === 2) resolve()
      return true
    }) as typeof write
  })
  // It gets no further than the database.
  const asking = askSilentPeers({ database } as ReturnParts)
  await twice
  await asking.stop()
  for (const line of lines) {
    const { kind, level, error, fault } = JSON.parse(line)
    assert.deepEqual([kind, level, error], ['restored-fault', 'error', undefined])
    assert.equal(fault.code, 'ECONNREFUSED')
  }
})
