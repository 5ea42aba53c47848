import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newFiling } from '../../../../test/support/new-filing.ts'
import type { NewFiling } from '../../../app/ports/filings.ts'
import { nextTogether, TOGETHER } from './add-filings.ts'

const of = (filings: readonly NewFiling[]) => filings.map((filing) => ({ filing }))
const idsOf = (group: readonly { readonly filing: NewFiling }[]) =>
  group.map(({ filing }) => filing.id)
const several = (count: number, changes: Partial<NewFiling> = {}) =>
  Array.from({ length: count }, () => newFiling(changes))

test('all that wait go together, in their order', () => {
  const filings = several(5)
  const { now, later } = nextTogether(of(filings))
  assert.deepEqual(
    idsOf(now),
    filings.map(({ id }) => id),
  )
  assert.deepEqual(later, [])
})

test('nobody waits: nobody goes', () => {
  assert.deepEqual(nextTogether([]), { now: [], later: [] })
})

test('no more go together than a statement may hold; the others keep their order', () => {
  const filings = several(TOGETHER.filings + 3)
  const { now, later } = nextTogether(of(filings))
  const ids = filings.map(({ id }) => id)
  assert.deepEqual(idsOf(now), ids.slice(0, 32))
  assert.deepEqual(idsOf(later), ids.slice(32))
})

test('large reports go in smaller groups, and one alone however large it is', () => {
  const mebibytes = (count: number) => new Uint8Array(count * 1024 * 1024)
  const [a, b, c] = several(3, { report: mebibytes(1), contact: mebibytes(1) })
  assert.ok(a && b && c)
  assert.deepEqual(idsOf(nextTogether(of([a, b, c])).now), [a.id, b.id])
  const huge = newFiling({ report: mebibytes(5) })
  const { now, later } = nextTogether(of([huge, a]))
  assert.deepEqual([idsOf(now), idsOf(later)], [[huge.id], [a.id]])
})

test('two with one token, or with one mailbox, are never together', () => {
  const first = newFiling()
  const { formTokenHash, mailboxHash } = first
  const sameToken = newFiling({ formTokenHash })
  const sameMailbox = newFiling({ mailboxHash })
  const other = newFiling()
  const { now, later } = nextTogether(of([first, sameToken, sameMailbox, other]))
  assert.deepEqual(idsOf(now), [first.id, other.id])
  assert.deepEqual(idsOf(later), [sameToken.id, sameMailbox.id])
})

test('whoever shares a mark with one that waits does not overtake it', () => {
  const first = newFiling()
  const second = newFiling({ formTokenHash: first.formTokenHash })
  const third = newFiling({ mailboxHash: second.mailboxHash })
  const { now, later } = nextTogether(of([first, second, third]))
  assert.deepEqual(idsOf(now), [first.id])
  assert.deepEqual(idsOf(later), [second.id, third.id])
})

test('a mark that is in use elsewhere waits, and only that one', () => {
  const [held, free] = several(2)
  assert.ok(held && free)
  const mark = `token ${Buffer.from(held.formTokenHash).toString('hex')}`
  const { now, later } = nextTogether(of([held, free]), [mark])
  assert.deepEqual([idsOf(now), idsOf(later)], [[free.id], [held.id]])
  assert.deepEqual(nextTogether(of([held]), [mark]).now, [])
})
