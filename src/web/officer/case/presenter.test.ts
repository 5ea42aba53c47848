import assert from 'node:assert/strict'
import test from 'node:test'
import { calendarDate, instant } from '../../../base/time.ts'
import type { Clock } from './model.ts'
import { nextClock, orderClocks } from './presenter.ts'

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
