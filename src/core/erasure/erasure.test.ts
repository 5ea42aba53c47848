import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../base/time.ts'
import {
  type AnswerReceipt,
  type ErasureAnswer,
  type ErasureEvent,
  type ErasureState,
  foldErasures,
  noErasures,
  receiveErasureAnswer,
} from './erasure.ts'

const at = '2026-03-02T09:00:00.000Z' as Instant
const releaseId = '018f3c1e-0000-7000-8000-000000000002'
const PEER = 'albion.example'
const signed = { key: `${PEER}/msg1`, signature: 'x' }
const done: ErasureAnswer = { answer: 'done', releaseId, confirmedAt: at, ...signed }
const kept: ErasureAnswer = {
  ...{ answer: 'refused', releaseId, ground: 'legalHold', law: 'An act', answeredAt: at },
  ...signed,
}
const receipt: AnswerReceipt = {
  ...{ origin: `${PEER}/ledger`, leafIndex: 7, treeSize: 9, witnesses: ['w'], opening: {} },
}
const erased: ErasureEvent = {
  ...{ type: 'caseErased', erasureId: 'e', caseId: 'c', events: 3, proposedBy: 'ada' },
  ...{ ground: 'courtOrder', law: 'An act', orderedBy: 'A court' },
  requests: [{ releaseId, recipient: PEER, caseId: 'c', dueAt: at, agreement: null }],
}

const fold = (state: ErasureState, events: readonly ErasureEvent[]) =>
  events.reduce((now, event) => foldErasures(now, { event, at, by: PEER, version: 1 }), state)
const asked = fold(noErasures, [erased])

/** What came, one after the other; the types of events, and how it stands. */
function after(...came: readonly (readonly [ErasureAnswer, AnswerReceipt?])[]) {
  let state = asked
  const types: string[] = []
  for (const [answer, logged] of came) {
    const events = receiveErasureAnswer(state, PEER, answer, logged) ?? []
    types.push(...events.map(({ type }) => type))
    state = fold(state, events)
  }
  const [one] = state.erasures[0]?.requests ?? []
  return [types, one?.answer?.answer, one?.receipt?.leafIndex]
}

test('a receipt comes after its answer, or with it, and counts once', () => {
  const both = ['erasureAnswered', 'erasureAnswerLogged']
  assert.deepEqual(after([done]), [['erasureAnswered'], 'done', undefined])
  assert.deepEqual(after([done], [done, receipt]), [both, 'done', 7])
  assert.deepEqual(after([done, receipt], [done], [done, receipt]), [both, 'done', 7])
})

test('a receipt is of the answer that stands: that of a former one is not kept', () => {
  const types = ['erasureAnswered', 'erasureAnswered']
  assert.deepEqual(after([kept], [done], [kept, receipt]), [types, 'done', undefined])
  const logged = ['erasureAnswered', 'erasureAnswerLogged', 'erasureAnswered']
  assert.deepEqual(after([kept, receipt], [done]), [logged, 'done', undefined])
})

test('nobody answers for another', () => {
  assert.equal(receiveErasureAnswer(asked, 'sierra.example', done, receipt), undefined)
})
