import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, DAY_MS, HOUR_MS, type Instant } from '../../base/time.ts'
import type { Kernel } from '../kernel.ts'
import { noticeMail } from './notices.ts'
import { countWork, urgentWork, type WorkList } from './work-list.ts'

const NOW = '2026-12-01T09:00:00.000Z' as Instant
const ZONE = 'Europe/Brussels'
const ofCase = { caseId: 'c1', caseTitle: 'Canary leaks (invented)', caseOpenedAt: NOW }
const due = (kind: 'records' | 'remedy', afterMs: number) => ({
  ...ofCase,
  ...{ kind, subjectId: `${kind} 1`, dueAt: addMs(NOW, afterMs), isToConfirm: false },
})
const duty = (afterMs: number) => ({
  ...ofCase,
  ...{ releaseId: 'r1', dutyId: '7.1', kind: 'deleteBy', state: 'open', isOwedByUs: true },
  dueAt: addMs(NOW, afterMs),
})
const listOf = (change: Partial<WorkList>): WorkList => ({
  ...{ tasks: [], deadlines: [], waiting: [], proposals: [], duties: [], dues: [] },
  ...change,
})
const urgent = (change: Partial<WorkList>, now = NOW) => urgentWork(listOf(change), now, ZONE)

test('a reminder comes a day ahead, and again when the day has passed', () => {
  const dues = [due('records', 2 * DAY_MS)]
  const duties = [duty(2 * DAY_MS)]
  assert.deepEqual(urgent({ dues, duties }), [])
  const ahead = urgent({ dues, duties }, addMs(NOW, DAY_MS + HOUR_MS))
  assert.equal(ahead.length, 2)
  const still = urgent({ dues, duties }, addMs(NOW, DAY_MS + 2 * HOUR_MS))
  assert.deepEqual(still, ahead, 'nothing new, so no second mail before the day')
  const passed = urgent({ dues, duties }, addMs(NOW, 2 * DAY_MS))
  assert.equal(passed.length, 2)
  assert.ok(passed.every((name) => !ahead.includes(name)))
})

test('the mail says how much is due, and nothing of what', () => {
  const list = listOf({ dues: [due('records', HOUR_MS), due('remedy', 9 * DAY_MS)] })
  const counts = countWork(list, NOW, ZONE)
  assert.deepEqual([counts.dues, counts.urgent], [2, 1])
  const kernel = { node: { urls: { officers: 'https://officers.example' } } } as unknown as Kernel
  const to = { officer: 'ada', address: 'ada@authority.example' }
  const { text, subject } = noticeMail(kernel, to, { ...counts, reports: 0 }, 'urgent')
  assert.match(text, /Other days to keep: 2/)
  for (const said of ['Canary', 'records', 'remedy', 'c1']) {
    assert.ok(!`${subject} ${text}`.includes(said), said)
  }
})
