import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenedNotice } from '../../app/challenge-notice.ts'
import type { Instant } from '../../base/time.ts'
import { plainNotice } from './notice-routes.ts'

const at = '2026-03-02T09:00:00.000Z' as Instant

test('a program reads of a review what the page shows, and names no officer', () => {
  const review = {
    ...{ reviewId: 'v1', subject: { kind: 'challenge', id: 'c1' }, covers: null, openedAt: at },
    ...{ reviewerMustNotBe: ['officer-1'], reviewer: 'officer-2', inPlaceOf: 'officer-3' },
    ...{ outcome: 'upheld', reason: 'a reason', remedy: 'a remedy' },
  }
  const opened = {
    notice: { sentAt: at, channel: 'letter' },
    ...{ reviews: [review], remedies: [], consents: [], messages: [] },
  } as unknown as OpenedNotice
  const plain = JSON.stringify(plainNotice(opened))
  assert.match(plain, /"reviewId":"v1".*"outcome":"upheld"/)
  assert.doesNotMatch(plain, /officer/)
})
