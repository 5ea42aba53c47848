import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logWaker } from './log-waker.ts'

function waker() {
  let nowMs = 0
  let due: { run: () => void; atMs: number } | undefined
  const flushedAt: number[] = []
  const clock = {
    now: () => nowMs,
    setTimer(run: () => void, ms: number) {
      due = { run, atMs: nowMs + ms }
      return due
    },
    clearTimer(timer: unknown) {
      if (timer === due) due = undefined
    },
  }
  const { wake, stop } = logWaker(() => flushedAt.push(nowMs), clock)
  const until = (endMs: number) => {
    if (due && due.atMs <= endMs) {
      const { run, atMs } = due
      nowMs = atMs
      due = undefined
      run()
    }
    nowMs = endMs
  }
  /** Acts, evenly, so many a second. */
  const acts = (perSecond: number, seconds: number) => {
    const startMs = nowMs
    for (let n = 1; n <= perSecond * seconds; n++) {
      until(startMs + (n * 1000) / perSecond)
      wake()
    }
  }
  return { wake, stop, until, acts, flushedAt }
}

test('a single act is taken soon', () => {
  const { wake, until, flushedAt } = waker()
  until(5000)
  wake()
  wake()
  until(6000)
  assert.deepEqual(flushedAt, [5100])
})

test('few acts a second are each taken soon', () => {
  const { acts, flushedAt } = waker()
  acts(5, 10)
  assert.ok(flushedAt.length >= 48)
})

test('under load there is about one round a second, and none is left out', () => {
  const { acts, until, flushedAt } = waker()
  acts(400, 10)
  assert.ok(flushedAt.length <= 13, String(flushedAt.length))
  until(11_100)
  assert.ok((flushedAt.at(-1) ?? 0) > 10_000, 'the last act is taken, too')
})

test('after the load the next act is taken soon again', () => {
  const { acts, wake, until, flushedAt } = waker()
  acts(400, 5)
  until(7000)
  wake()
  until(9000)
  wake()
  until(9100)
  assert.equal(flushedAt.at(-1), 9100)
})

test('who stops is not woken any more', () => {
  const { wake, stop, until, flushedAt } = waker()
  wake()
  stop()
  until(2000)
  assert.deepEqual(flushedAt, [])
})
