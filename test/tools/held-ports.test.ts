/** Ports of nodes in tests: nobody else gets them, neither a second file nor the system. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { holdPorts } from '../support/held-ports.ts'

const MODULE = join(import.meta.dirname, '..', 'support', 'held-ports.ts')

async function ofAnotherProcess(count: number): Promise<number[]> {
  const code = `import { holdPorts } from ${JSON.stringify(MODULE)}
    const held = []
    for (let n = 0; n < ${count}; n++) held.push(await holdPorts(4))
    console.log(held.join(' '))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code])
  after(() => child.kill())
  const [bytes] = await once(child.stdout, 'data')
  return String(bytes).trim().split(' ').map(Number)
}

test('blocks of this process and of others never overlap, and lie where no connection takes them', async () => {
  const own = await Promise.all(Array.from({ length: 40 }, () => holdPorts(4)))
  const others = await Promise.all([ofAnotherProcess(40), ofAnotherProcess(40)])
  const all = [...own, ...others.flat()]
  assert.equal(new Set(all.flatMap((first) => [0, 1, 2, 3].map((n) => first + n))).size, 480)
  for (const first of all) assert.ok(first >= 20_000 && first + 4 < 32_000, String(first))
})

test('a block with a port in use is passed over', async () => {
  const first = await holdPorts(4)
  const taken = createServer().listen({ port: first + 2, host: '127.0.0.1' })
  await once(taken, 'listening')
  for (let n = 0; n < 20; n++) assert.notEqual(await holdPorts(4), first)
  taken.close()
  await assert.rejects(holdPorts(8), /room for 7/)
})
