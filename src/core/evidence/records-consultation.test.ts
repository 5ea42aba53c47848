import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, officer, SIERRA } from '../../../test/support/ring.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import type { ReleaseState } from '../release/release.ts'
import { type AskedOfUs, decideConsultation, receiveConsultation } from './records-consultation.ts'

const { now } = officer('ada')
const releases = (change: object = {}) =>
  ({
    permitted: [{ releaseId: 'r1', recipient: SIERRA, withdrawn: null, ...change }],
  }) as unknown as ReleaseState
const question = {
  consultationId: 'k1',
  from: SIERRA,
  releaseIds: ['r1'],
  question: 'may the copy go out?',
  answerBy: addMs(now, 5 * DAY_MS),
}
const asked: AskedOfUs = { ...question, receivedAt: now, answer: null }
const why = (decided: { decision: string; why?: string }) => decided.why ?? decided.decision

test('only who got a release that still counts asks about it, once, in words', () => {
  const ask = (change: object, state = releases(), before: readonly AskedOfUs[] = []) =>
    why(receiveConsultation(before, { ...question, ...change }, state))
  assert.equal(ask({}), 'permit')
  assert.equal(ask({ from: ALBION }), 'unknownRelease')
  assert.equal(ask({ releaseIds: [] }), 'unknownRelease')
  assert.equal(ask({ releaseIds: ['r1', 'r2'] }), 'unknownRelease')
  assert.equal(ask({}, releases({ withdrawn: { at: now } })), 'unknownRelease')
  assert.equal(ask({ question: ' ' }), 'reasonMissing')
  assert.equal(ask({}, releases(), [asked]), 'alreadyAsked')
  const waiting = (count: number, change: object = {}) =>
    Array.from({ length: count }, (_, n) => ({ ...asked, consultationId: `w${n}`, ...change }))
  assert.equal(ask({}, releases(), waiting(49)), 'permit')
  assert.equal(ask({}, releases(), waiting(50)), 'tooMany')
  assert.equal(ask({}, releases(), waiting(50, { from: ALBION })), 'permit')
})

test('a consultation is answered once, with reasons', () => {
  const answer = { consultationId: 'k1', answer: 'objects', reason: 'it names a person' } as const
  assert.equal(why(decideConsultation([asked], answer)), 'permit')
  assert.equal(why(decideConsultation([], answer)), 'unknownConsultation')
  assert.equal(why(decideConsultation([asked], { ...answer, reason: '' })), 'reasonMissing')
  const done = {
    ...asked,
    answer: { answer: 'consents', reason: 'x', at: now, by: 'ada' },
  } as const
  assert.equal(why(decideConsultation([done], answer)), 'alreadyAnswered')
})
