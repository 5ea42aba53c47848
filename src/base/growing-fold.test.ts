import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growingFold } from './growing-fold.ts'

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
