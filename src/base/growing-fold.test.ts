import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growingFold, grown } from './growing-fold.ts'

test('what was folded before is not folded again, and the sum is the same', () => {
  let steps = 0
  const sum = growingFold((state: number, entry: { readonly n: number }) => {
    steps += 1
    return state + entry.n
  }, 0)
  const history = [{ n: 1 }, { n: 2 }]
  assert.equal(sum(history), 3)
  history.push({ n: 4 })
  assert.equal(sum(history), 7)
  assert.equal(steps, 3)
})

test('another array, one that was cut, or one whose end is another is folded from its start', () => {
  const sum = growingFold((state: number, entry: { readonly n: number }) => state + entry.n, 0)
  const history = [{ n: 1 }, { n: 2 }]
  assert.equal(sum(history), 3)
  assert.equal(sum(history.slice(0, 1)), 1)
  history.pop()
  assert.equal(sum(history), 1)
  history.push({ n: 5 }, { n: 6 })
  assert.equal(sum(history), 12)
  history[2] = { n: 7 }
  assert.equal(sum(history), 13)
})

test('a history that grew from another goes on from what was folded of that one', () => {
  const seen: number[] = []
  const sum = growingFold((state: number, { n }: { readonly n: number }) => {
    seen.push(n)
    return state + n
  }, 0)
  const past = [{ n: 1 }, { n: 2 }]
  assert.equal(sum(past), 3)
  const two = [grown(past, [{ n: 3 }]), grown(past, [{ n: 4 }])]
  assert.deepEqual(two.map(sum), [6, 7])
  assert.deepEqual(seen, [1, 2, 3, 4])
  assert.equal(sum(past), 3)
})
