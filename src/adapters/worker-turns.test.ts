import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { grid, pngOf } from '../../test/support/page-files.ts'
import { ComityError } from '../base/errors.ts'
import { runFileWorker } from './blobs/file-worker.ts'
import { pageRoom } from './page-room.ts'
import { workerTurns } from './worker-turns.ts'

const PAGE_WORKER = fileURLToPath(new URL('../node/page-worker.ts', import.meta.url))
const limits = { atOnce: 2, waiting: 2, waitMs: 5_000 }
const isBusy = (error: unknown) =>
  error instanceof ComityError && error.code === 'unavailable' && error.reason === 'busy'

test('so many run at once, so many wait in their order, the next is refused at once', async () => {
  const turns = workerTurns(limits)
  const [first, second] = [await turns.take(), await turns.take()]
  const order: string[] = []
  const inTurn = async (name: string) => {
    const end = await turns.take()
    order.push(name)
    return end
  }
  const third = inTurn('third')
  const fourth = inTurn('fourth')
  await assert.rejects(turns.take(), isBusy)
  await later(20)
  assert.deepEqual(order, [])
  second()
  await third
  assert.deepEqual(order, ['third'])
  // Given back twice it counts once: else a third would run beside two.
  second()
  await later(20)
  assert.deepEqual(order, ['third'])
  first()
  await fourth
  for (const end of await Promise.all([third, fourth])) end()
  await Promise.all([turns.take(), turns.take()])
})

test('who waits too long is refused and takes no turn later', async () => {
  const turns = workerTurns({ atOnce: 1, waiting: 3, waitMs: 30 })
  const held = await turns.take()
  await assert.rejects(turns.take(), isBusy)
  held()
  const next = await turns.take()
  await assert.rejects(turns.take(), isBusy)
  next()
})

test('pages asked for together are drawn two at a time; too many are refused, none is lost', async () => {
  let now = 0
  let most = 0
  const inner = workerTurns(limits)
  const counted = {
    async take() {
      const end = await inner.take()
      most = Math.max(most, ++now)
      return () => {
        now -= 1
        end()
      }
    },
  }
  const room = pageRoom({ worker: PAGE_WORKER, turns: counted })
  const file = await pngOf(grid(30, 20))
  const answers = await Promise.allSettled(Array.from({ length: 7 }, () => room.draw(file)))
  const drawn = answers.filter((it) => it.status === 'fulfilled' && 'pages' in it.value)
  const refused = answers.filter((it) => it.status === 'rejected' && isBusy(it.reason))
  assert.deepEqual([drawn.length, refused.length, most, now], [4, 3, 2, 0])
})

test('a worker that dies or takes too long gives its turn back', async () => {
  const turns = workerTurns({ atOnce: 1, waiting: 0, waitMs: 10 })
  const file = await pngOf(grid(30, 20))
  const late = pageRoom({ worker: PAGE_WORKER, turns, timeMs: 5 })
  assert.deepEqual(await late.draw(file), { refused: 'tooSlow' })
  const missing = pageRoom({ worker: '/no/such/worker.ts', turns })
  assert.deepEqual(await missing.draw(file), { refused: 'damaged' })
  const answer = await pageRoom({ worker: PAGE_WORKER, turns }).draw(file)
  assert.ok('pages' in answer)
})

test('a stream waits for its turn; a reader that leaves gives it to the next', async () => {
  const turns = workerTurns({ atOnce: 1, waiting: 1, waitMs: 20_000 })
  const first = runFileWorker({ act: 'seal' }, endless(), { turns })
  const reading = first.bytes[Symbol.asyncIterator]()
  assert.equal((await reading.next()).done, false)
  const second = runFileWorker({ act: 'seal' }, once('words'), { turns })
  const sealed = whole(second.bytes)
  await assert.rejects(whole(runFileWorker({ act: 'seal' }, once('x'), { turns }).bytes), isBusy)
  await reading.return?.()
  assert.ok((await sealed).includes('age-encryption.org/v1'))
  assert.equal((await second.done).plain.sizeBytes, 5)
})

async function* endless() {
  for (;;) yield new Uint8Array(65_536)
}

async function* once(text: string) {
  yield Buffer.from(text)
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}
