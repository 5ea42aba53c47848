import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { folded, NOW, officer } from '../../../test/support/ring.ts'
import { permit, refuse } from '../../base/decision.ts'
import { addMs, calendarDate, DAY_MS, HOUR_MS, MINUTE_MS } from '../../base/time.ts'
import type { AccessDecision } from '../access/decide-access.ts'
import type { Acting } from '../case/recorded.ts'
import {
  announceDraw,
  answerRecommendation,
  assessRecommendation,
  closeInspection,
  confirmMandate,
  endMandate,
  holdDraw,
  noteLook,
  openInspection,
  publishRecommendation,
  recommend,
  recordMandate,
} from './decide-oversight.ts'
import {
  type AnnouncedDraw,
  contentMandate,
  foldOversight,
  noOversight,
  type OversightEvent,
  type OversightState,
  statusOf,
} from './oversight.ts'

const mandate = {
  mandateId: 'm1',
  body: 'Rights body of Meridia (fictional)',
  statute: 'Oversight Act (fictional)',
  article: 'art. 9',
  source: 'made up for this test',
  retrievedOn: calendarDate('2026-11-01'),
  access: 'content',
} as const
const inspection = {
  inspectionId: 'i1',
  mandateId: 'm1',
  caseIds: ['c2', 'c1', 'c1'],
  question: 'Were the notices of these cases delayed for good reasons?',
}
const advice = {
  recommendationId: 'r1',
  title: 'Tell people sooner',
  text: 'Every delay of a notice gets a review date within thirty days.',
  caseId: null,
  drawId: null,
  dueAt: addMs(NOW, 30 * DAY_MS),
}
const draw: AnnouncedDraw = {
  drawId: 'd1',
  population: 'cases',
  from: addMs(NOW, -30 * DAY_MS),
  until: NOW,
  list: ['c1', 'c2', 'c3'],
  listDigest: 'ab'.repeat(32),
  sampleSize: 2,
  beacon: { chain: 'cd'.repeat(32), round: 7, appearsAt: addMs(NOW, 20 * MINUTE_MS) },
}
const acting = officer('olu', { roles: ['oversight'] })

const after = (state: OversightState, ...events: OversightEvent[]) =>
  folded(foldOversight, state, events, 'olu')

const recorded = after(noOversight, { type: 'mandateRecorded', ...mandate })
const confirmed = { type: 'mandateConfirmed', mandateId: 'm1', isAlone: false } as const
const withMandate = after(recorded, confirmed)
const inspecting = after(withMandate, {
  type: 'inspectionOpened',
  ...inspection,
  caseIds: ['c1', 'c2'],
})
const advised = after(noOversight, { type: 'recommendationMade', ...advice })

describe('content by statute', () => {
  const asked = { caseId: 'c1', officer: 'olu' }

  test('is open in an open inspection of that case, to the one who opened it', () => {
    const found = contentMandate(inspecting, asked)
    assert.deepEqual([found?.mandate.article, found?.inspection.inspectionId], ['art. 9', 'i1'])
  })

  test('and to nobody else, for no other case, at no other time', () => {
    const decisionsOnly = after(
      after(noOversight, { type: 'mandateRecorded', ...mandate, access: 'decisions' }),
      { type: 'inspectionOpened', ...inspection },
    )
    const table: readonly [string, OversightState, typeof asked][] = [
      ['no mandate', noOversight, asked],
      ['no inspection', withMandate, asked],
      [
        'mandate not confirmed',
        after(recorded, { type: 'inspectionOpened', ...inspection, caseIds: ['c1'] }),
        asked,
      ],
      ['another case', inspecting, { ...asked, caseId: 'c3' }],
      ['another person', inspecting, { ...asked, officer: 'uma' }],
      ['decisions only', decisionsOnly, asked],
      [
        'mandate ended',
        after(inspecting, { type: 'mandateEnded', mandateId: 'm1', reason: 'r' }),
        asked,
      ],
      [
        'inspection closed',
        after(inspecting, { type: 'inspectionClosed', inspectionId: 'i1', finding: 'f' }),
        asked,
      ],
    ]
    for (const [name, state, question] of table) {
      assert.equal(contentMandate(state, question), undefined, name)
    }
  })
})

test('what oversight decides: one good, many bad', () => {
  const ended = after(withMandate, { type: 'mandateEnded', mandateId: 'm1', reason: 'r' })
  const reason = 'The statute was repealed on that day.'
  const answered = after(advised, {
    ...{ type: 'recommendationAnswered', recommendationId: 'r1', answer: 'accepted' },
    reasons: 'We change our form this month.',
  })
  const long = 'These words are long enough to be a reason.'
  const table: readonly [string, { decision: string; why?: string }][] = [
    ['permit', recordMandate(noOversight, mandate, acting)],
    ['sourceMissing', recordMandate(noOversight, { ...mandate, source: ' ' }, acting)],
    ['sourceMissing', recordMandate(noOversight, { ...mandate, article: '' }, acting)],
    ['alreadyRecorded', recordMandate(withMandate, { ...mandate, mandateId: 'm2' }, acting)],
    ['permit', recordMandate(ended, { ...mandate, mandateId: 'm2' }, acting)],
    ['permit', endMandate(withMandate, { mandateId: 'm1', reason })],
    ['reasonMissing', endMandate(withMandate, { mandateId: 'm1', reason: 'why not' })],
    ['unknownMandate', endMandate(withMandate, { mandateId: 'm9', reason })],
    ['mandateEnded', endMandate(ended, { mandateId: 'm1', reason })],
    ['permit', openInspection(withMandate, inspection)],
    ['mandateEnded', openInspection(ended, inspection)],
    ['notConfirmed', openInspection(recorded, inspection)],
    ['nothingToInspect', openInspection(withMandate, { ...inspection, caseIds: [] })],
    ['reasonMissing', openInspection(withMandate, { ...inspection, question: '?' })],
    ['permit', closeInspection(inspecting, { inspectionId: 'i1', finding: long }, acting)],
    ['notYours', closeInspection(inspecting, { inspectionId: 'i1', finding: long }, officer('x'))],
    [
      'unknownInspection',
      closeInspection(inspecting, { inspectionId: 'i2', finding: long }, acting),
    ],
    ['permit', recommend(noOversight, advice, acting)],
    ['dueInThePast', recommend(noOversight, { ...advice, dueAt: NOW }, acting)],
    ['unknownDraw', recommend(noOversight, { ...advice, drawId: 'd9' }, acting)],
    ['reasonMissing', recommend(noOversight, { ...advice, text: 'Be better' }, acting)],
    [
      'permit',
      answerRecommendation(advised, { recommendationId: 'r1', answer: 'partly', reasons: long }),
    ],
    [
      'alreadyAnswered',
      answerRecommendation(answered, { recommendationId: 'r1', answer: 'rejected', reasons: long }),
    ],
    [
      'unknownRecommendation',
      answerRecommendation(advised, { recommendationId: 'r2', answer: 'partly', reasons: long }),
    ],
    [
      'permit',
      assessRecommendation(advised, {
        ...{ recommendationId: 'r1', assessment: 'notFollowed', reasons: long },
      }),
    ],
    ['permit', publishRecommendation(advised, { recommendationId: 'r1', summary: long })],
    ['reasonMissing', publishRecommendation(advised, { recommendationId: 'r1', summary: '' })],
  ]
  for (const [index, [expected, decision]] of table.entries()) {
    assert.equal(decision.why ?? decision.decision, expected, String(index))
  }
})

test('a statute that opens content is confirmed by a second officer, or waits for the public', () => {
  const may = (who: Acting): AccessDecision => permit({ tie: null, sees: null, acting: who })
  const mayNot: AccessDecision = refuse('notInOffice', { rule: 'r', text: 't' })
  const [uma, sam] = ['uma', 'sam'].map((name) => officer(name, { roles: ['oversight'] }))
  assert.ok(uma && sam)
  const later = (hours: number, who = acting) => ({ ...who, now: addMs(NOW, hours * HOUR_MS) })
  const forOlu = { ...uma, inPlaceOf: 'olu' }
  const bySam = after(noOversight, { type: 'mandateRecorded', ...mandate, inPlaceOf: 'sam' })
  const decisions = after(noOversight, { type: 'mandateRecorded', ...mandate, access: 'decisions' })
  const ended = after(recorded, { type: 'mandateEnded', mandateId: 'm1', reason: 'r' })
  const both = ['olu', 'uma']
  const table: readonly [string, OversightState, Acting, readonly string[], AccessDecision][] = [
    ['together', recorded, uma, both, may(acting)],
    ['together', recorded, later(1, uma), ['olu', 'uma', 'sam'], may(acting)],
    ['samePerson', recorded, acting, both, may(acting)],
    ['samePerson', recorded, later(25), both, may(acting)],
    ['samePerson', recorded, later(25, forOlu), both, may(acting)],
    ['samePerson', bySam, later(25, sam), ['olu', 'sam', 'uma'], may(acting)],
    ['together', bySam, uma, ['olu', 'sam', 'uma'], may(acting)],
    ['proposerMayNot', recorded, uma, ['uma'], mayNot],
    ['samePerson', recorded, uma, both, may({ ...acting, inPlaceOf: 'uma' })],
    ['noticeRuns', recorded, acting, ['olu'], may(acting)],
    ['noticeRuns', recorded, later(23.99), ['olu'], may(acting)],
    ['alone', recorded, later(24), ['olu'], may(acting)],
    ['alone', recorded, later(24, forOlu), ['olu'], may(acting)],
    ['nothingToConfirm', withMandate, uma, both, may(acting)],
    ['nothingToConfirm', decisions, uma, both, may(acting)],
    ['mandateEnded', ended, uma, both, may(acting)],
    ['unknownMandate', noOversight, uma, both, may(acting)],
  ]
  for (const [index, [expected, state, who, others, recorderMay]] of table.entries()) {
    const decided = confirmMandate(state, { mandateId: 'm1' }, who, { others, recorderMay })
    const events = decided.decision === 'permit' ? decided.value : []
    const way = events.some((event) => event.type === 'mandateConfirmed' && event.isAlone)
    const found = decided.decision === 'refuse' ? decided.why : way ? 'alone' : 'together'
    assert.equal(found, expected, String(index))
  }
})

test('an inspection names each case once', () => {
  const opened = openInspection(withMandate, inspection)
  assert.deepEqual(
    opened.decision === 'permit' &&
      opened.value.map((event) => 'caseIds' in event && event.caseIds),
    [['c1', 'c2']],
  )
})

test('a look is noted once a day for each person and case', () => {
  const looked = after(noOversight, { type: 'caseLookedAt', caseId: 'c1' })
  assert.equal(noteLook(noOversight, 'c1', acting).decision, 'permit')
  assert.equal(noteLook(looked, 'c1', acting).decision, 'refuse')
  assert.equal(noteLook(looked, 'c2', acting).decision, 'permit')
  assert.equal(noteLook(looked, 'c1', { ...acting, officer: 'uma' }).decision, 'permit')
  const tomorrow = { ...acting, now: addMs(NOW, DAY_MS) }
  assert.equal(noteLook(looked, 'c1', tomorrow).decision, 'permit')
})

test('a draw is announced before its round can be known, and held once', () => {
  const at = { wireNow: NOW }
  const table: readonly [string, Partial<AnnouncedDraw>][] = [
    ['permit', {}],
    ['nothingToDraw', { list: [] }],
    ['listTooLong', { list: Array(10_001).fill('c') }],
    ['sampleTooLarge', { sampleSize: 4 }],
    ['sampleTooLarge', { sampleSize: 0 }],
    ['roundKnown', { beacon: { ...draw.beacon, appearsAt: NOW } }],
    ['roundKnown', { beacon: { ...draw.beacon, appearsAt: addMs(NOW, 10 * MINUTE_MS - 1) } }],
  ]
  for (const [expected, change] of table) {
    const decision = announceDraw({ ...draw, ...change }, at)
    assert.equal(decision.decision === 'refuse' ? decision.why : 'permit', expected)
  }
  const announced = after(noOversight, { type: 'drawAnnounced', ...draw })
  const held = { drawId: 'd1', signature: 'ee', randomness: 'ff', picked: [2, 0] }
  const again = after(announced, { type: 'drawHeld', ...held })
  const whys = [noOversight, announced, again].map((state) => {
    const decision = holdDraw(state, held)
    return decision.decision === 'refuse' ? decision.why : 'permit'
  })
  assert.deepEqual(whys, ['unknownDraw', 'permit', 'alreadyHeld'])
  assert.deepEqual(again.draws[0]?.held?.picked, [2, 0])
})

test('a recommendation is overdue until it is answered or assessed, and stays so if accepted only', () => {
  const late = addMs(advice.dueAt, 1)
  const reasons = 'r'
  const with_ = (...events: OversightEvent[]) => {
    const [found] = after(advised, ...events).recommendations
    assert.ok(found)
    return found
  }
  const answer = (value: 'accepted' | 'rejected'): OversightEvent => ({
    ...{ type: 'recommendationAnswered', recommendationId: 'r1', answer: value, reasons },
  })
  const assessed: OversightEvent = {
    ...{ type: 'recommendationAssessed', recommendationId: 'r1', assessment: 'followed', reasons },
  }
  assert.equal(statusOf(with_(), NOW), 'open')
  assert.equal(statusOf(with_(), late), 'overdue')
  assert.equal(statusOf(with_(answer('accepted')), NOW), 'accepted')
  assert.equal(statusOf(with_(answer('accepted')), late), 'overdue')
  assert.equal(statusOf(with_(answer('rejected')), late), 'rejected')
  assert.equal(statusOf(with_(answer('accepted'), assessed), late), 'followed')
})
