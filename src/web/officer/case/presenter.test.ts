import assert from 'node:assert/strict'
import test from 'node:test'
import { calendarDate, instant } from '../../../base/time.ts'
import type { Clock, TimelineEntry } from './model.ts'
import { nextClock, orderClocks, receiptCounts, splitTimeline } from './presenter.ts'

const source = { article: 'art. 1', title: 'An invented act', evidence: 'primary' }
const clock = (id: string, state: string, legalDue?: Clock['legalDue']): Clock => ({
  id,
  name: id,
  jurisdiction: 'EU',
  state,
  source,
  steps: [],
  ...(legalDue === undefined ? {} : { legalDue }),
})
const late = clock('late', 'overdue', { on: calendarDate('2026-11-01') })
const hours = clock('hours', 'due', { at: instant('2026-11-24T09:00:00.000Z') })
const days = clock('days', 'due', { on: calendarDate('2026-12-07') })
const unsure = clock('unsure', 'confirm')
const met = clock('met', 'met', { on: calendarDate('2026-10-01') })

test('overdue comes first, then the nearest date, met last', () => {
  const order = orderClocks([met, days, unsure, hours, late]).map(({ id }) => id)
  assert.deepEqual(order, ['late', 'hours', 'days', 'unsure', 'met'])
})

test('the head shows what runs out next, never a met or unsure clock', () => {
  assert.equal(nextClock([met, days, unsure, hours])?.id, 'hours')
  assert.equal(nextClock([met, unsure]), undefined)
})

const entry = (version: number, stage: TimelineEntry['stage'] = 'sealed'): TimelineEntry => ({
  version,
  at: instant('2026-11-22T09:00:00.000Z'),
  by: { kind: 'timer' },
  event: 'caseOpened',
  stage,
})
const entries = (count: number) => Array.from({ length: count }, (_, index) => entry(index + 1))

test('the timeline shows the newest first and keeps every event', () => {
  for (const count of [0, 1, 12, 13, 118]) {
    const { newest, earlier } = splitTimeline(entries(count))
    assert.equal(newest.length, Math.min(count, 12))
    const versions = [...newest, ...earlier].map(({ version }) => version)
    assert.deepEqual(
      versions,
      entries(count).map((_, index) => count - index),
    )
  }
})

test('an event whose receipt is neither sealed nor signed waits', () => {
  const stages = ['accepted', 'sequenced', 'signed', 'sealed', 'sealed', 'sequenced'] as const
  const counted = receiptCounts(stages.map((stage, index) => entry(index + 1, stage)))
  assert.deepEqual(counted, { sealed: 2, signed: 1, waiting: 3 })
  assert.deepEqual(receiptCounts([]), { sealed: 0, signed: 0, waiting: 0 })
})
