/**
 * Genuine traffic between two nodes, changed by a seed in some hundred ways: nothing of it
 * has an effect, and each is named. The long set is `npm run bench -- --only mutations`.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPair } from '../support/exchange-pair.ts'
import { mutateAnswers, mutateHeads } from '../support/mutated-answers.ts'
import { mutateRequests } from '../support/mutated-requests.ts'
import { newTally } from '../support/mutated-traffic.ts'
import { seededRandom } from '../support/seeded-random.ts'

const SETS = [
  { what: 'requests', mutate: mutateRequests, count: 300 },
  { what: 'answers and receipts', mutate: mutateAnswers, count: 150 },
  { what: 'heads', mutate: mutateHeads, count: 100 },
]

for (const { what, mutate, count } of SETS) {
  test(`${what} that were altered, replayed, exchanged or cut are refused by name`, async () => {
    const tally = newTally()
    await withPair((pair) => mutate(pair, seededRandom(20261123), { count, tally }))
    assert.deepEqual(tally.missed, [])
    assert.ok(tally.detected >= count * 0.9, `only ${tally.detected} of ${count} were changed`)
  })
}
