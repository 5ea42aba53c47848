import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarDate, instant } from '../../base/time.ts'
import { recordsLetter } from './records-letter.ts'
import type { Exemption, ItemDecision, RecordsRequest } from './records-request.ts'

const item = (id: string) => ({ kind: 'exhibit', id }) as const
const decision = (id: string, outcome: ItemDecision['outcome'], exemption: Exemption | null) => ({
  ...{ item: item(id), outcome, exemption, copy: null, by: 'ada' },
})
const exemption = {
  ...{ code: 'investigation', citation: 'sec. 7 (fictional)', source: 'invented register' },
  ...{ reason: 'The inquiry is open.', harm: 'It would be warned.', publicInterest: 'Slight.' },
}
const older = { code: 'ex-7', citation: 'sec. 7 (fictional)', reason: 'Named before.' }

const request: RecordsRequest = {
  ...{ requestId: 'q1', requester: 'IR-2026-77', asked: 'all about Larkspur' },
  receivedAt: calendarDate('2026-11-02'),
  dueAt: instant('2026-11-30T00:00:00.000Z'),
  dueBasis: { kind: 'citation', citation: 'sec. 3 (fictional)' },
  ...{ version: 9, search: null, released: [], consultations: [], appeals: [] },
  items: [
    decision('given', 'disclose', null),
    decision('hidden', 'withhold', exemption),
    decision('old', 'withhold', older),
  ],
  answered: {
    ...{ outcome: 'partly', reason: 'Decided as asked.', digest: 'a'.repeat(64), by: 'bo' },
    at: instant('2026-11-20T00:00:00.000Z'),
  },
}

test('a letter names what goes out, and of what is withheld only kind, ground and test', () => {
  const asked: string[] = []
  const { subject, paragraphs } = recordsLetter(request, {
    ...{ from: 'Meridia (fictional)', to: ['Somebody'], date: calendarDate('2026-11-20') },
    ...{ ref: 'M-1', signedBy: 'Ada', appeal: 'Complain to the court (fictional).' },
    nameOf: ({ id }) => {
      asked.push(id)
      return `name of ${id}`
    },
  })
  assert.equal(subject, 'Your request IR-2026-77')
  assert.deepEqual(asked, ['given'])
  assert.deepEqual(paragraphs, [
    'You asked us on 2026-11-02 for records: all about Larkspur',
    'We disclose a part of what you asked for.',
    'Decided as asked.',
    '1. name of given, disclosed.',
    '2. Exhibit, withheld. Ground: an investigation or proceedings, sec. 7 (fictional) (invented register). The inquiry is open. Harm: It would be warned. Public interest: Slight.',
    '3. Exhibit, withheld. Ground: ex-7, sec. 7 (fictional). Named before.',
    'Complain to the court (fictional).',
    `Two persons decided this answer. Its digest (SHA-256) is ${'a'.repeat(64)}.`,
  ])
})
