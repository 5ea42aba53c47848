/** Real cases and exercises do not meet: both ways, by request, by message, by delivery. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageHeader } from '../../src/wire/exchange/message-header.ts'
import type { Exercise } from '../../src/wire/exchange/world.ts'
import { forge, send, signedPut } from '../support/exchange-forger.ts'
import { B, withPair } from '../support/exchange-pair.ts'

type Kind = Exercise | undefined

const name = (kind: Kind) => kind ?? 'production'
const together: readonly (readonly [Kind, Kind])[] = [
  [undefined, undefined],
  ['training', 'training'],
  ['demo', 'training'],
  ['training', 'demo'],
]
const apart: readonly (readonly [Kind, Kind])[] = [
  ['training', undefined],
  ['demo', undefined],
  [undefined, 'training'],
  [undefined, 'demo'],
]

for (const [ofA, ofB] of together) {
  test(`${name(ofA)} to ${name(ofB)}: the message has its effect, and its header says what it is`, async () => {
    await withPair(
      async ({ a, b }) => {
        await a.enqueue({ destination: B, content: { n: 1 } })
        assert.equal((await a.deliverer.deliverOnce(B)).kind, 'delivered')
        assert.equal((await b.effects()).length, 1)
        const { header } = await b.db
          .selectFrom('fed_in')
          .select('header')
          .executeTakeFirstOrThrow()
        assert.equal((JSON.parse(header) as MessageHeader).exercise, ofA)
      },
      { exercise: ofB },
      { exercise: ofA },
    )
  })
}

for (const [ofA, ofB] of apart) {
  test(`${name(ofA)} to ${name(ofB)}: nothing leaves, and a request is refused with the reason`, async () => {
    await withPair(
      async ({ a, b, toB }) => {
        await a.enqueue({ destination: B, content: { n: 1 } })
        const outcome = await a.deliverer.deliverOnce(B)
        assert.deepEqual(outcome, { kind: 'stopped', reason: 'exercise' })
        // One that does not keep to it meets the refusal of the other side.
        const forged = await forge(a, toB, [{ n: 1 }])
        const answer = await send(await signedPut(a, toB, forged))
        assert.deepEqual([answer.status, answer.code], [403, 'exercise'])
        assert.deepEqual(await b.effects(), [])
        assert.deepEqual(await b.db.selectFrom('fed_in').selectAll().execute(), [])
      },
      { exercise: ofB },
      { exercise: ofA },
    )
  })
}

const bent: readonly (readonly [string, Kind, (header: MessageHeader) => MessageHeader])[] = [
  ['an exercise from a real node', undefined, (header) => ({ ...header, exercise: 'training' })],
  ['a demonstration from a real node', undefined, (header) => ({ ...header, exercise: 'demo' })],
  ['a real message from a training node', 'training', (header) => header],
]
for (const [what, kind, header] of bent) {
  test(`${what}: a receipt that rejects it with the reason, and no effect`, async () => {
    await withPair(
      async ({ a, b, toB }) => {
        const forged = await forge(a, toB, [{ n: 1 }], { bend: { header } })
        const answer = await send(await signedPut(a, toB, forged))
        assert.equal(answer.status, 200)
        const row = await b.db
          .selectFrom('fed_in')
          .select(['decision', 'reason'])
          .executeTakeFirstOrThrow()
        assert.deepEqual(row, { decision: 'rejected', reason: 'exercise' })
        assert.deepEqual(await b.effects(), [])
      },
      { exercise: kind },
      { exercise: kind },
    )
  })
}
