import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../base/time.ts'
import type { ErasureAnswer } from '../../core/erasure/erasure.ts'
import type { EventOpening } from '../../wire/event-opening.ts'
import type { Kernel } from '../kernel.ts'
import { verifyLogged } from './verify-logged.ts'

const at = '2026-03-02T09:00:00.000Z' as Instant
const origin = 'albion.example'
const releaseId = '018f3c1e-0000-7000-8000-000000000002'
const signed = { key: `${origin}/msg1`, signature: 'x' }
const done: ErasureAnswer = { answer: 'done', releaseId, confirmedAt: at, ...signed }
const kept: ErasureAnswer = {
  ...{ answer: 'partial', releaseId, ground: 'ownDuty', law: 'An act', answeredAt: at },
  ...signed,
}
const { answer: _, ...statement } = done
const confirmed = { type: 'retractionConfirmed', proof: 'looked', ...statement }

const opened = (event: object, node = origin) =>
  ({
    ...{ envelope: { v: 1, node, stream: 's', version: 3, at, by: 'ada', event } },
    ...{ salt: '', entry: '', receipt: '' },
  }) as unknown as EventOpening

const verify = (opening: EventOpening, answer: ErasureAnswer) =>
  verifyLogged({} as Kernel, opening, { answer, agreement: null, origin })

test('only the event that says the same is taken', async () => {
  // No agreement is known: nothing is claimed about its receipt.
  assert.equal(await verify(opened(confirmed), done), undefined)
  assert.equal(await verify(opened({ type: 'retractionKept', ...kept }), kept), undefined)
  const others: readonly (readonly [string, EventOpening, ErasureAnswer])[] = [
    ['of another node', opened(confirmed, 'sierra.example'), done],
    ['of another type', opened({ ...confirmed, type: 'dutyDischarged' }), done],
    ['of another release', opened({ ...confirmed, releaseId: 'x' }), done],
    ['of another day', opened({ ...confirmed, confirmedAt: '2026-03-03T09:00:00.000Z' }), done],
    ['with another signature', opened({ ...confirmed, signature: 'y' }), done],
    ['of the other answer', opened(confirmed), kept],
    ['with another ground', opened({ type: 'retractionKept', ...kept, ground: 'legalHold' }), kept],
    ['with a member less', opened({ type: 'retractionKept' }), kept],
  ]
  for (const [what, opening, answer] of others) {
    await assert.rejects(verify(opening, answer), { code: 'unverified' }, what)
  }
})
