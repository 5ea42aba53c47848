import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW, officer } from '../../../test/support/ring.ts'
import type { Decision } from '../../base/decision.ts'
import { addMs, type CalendarDate, DAY_MS, type Instant } from '../../base/time.ts'
import { appealPeriodOf, recordAppealPeriod } from './appeal-period.ts'
import { answerCommitment, fileAppeal, followAppeal, offerCommitment } from './appeals.ts'
import { challengeClaim, claimsAgainst, decideClaim, fileClaim, standingOf } from './claims.ts'
import { openReview } from './review.ts'
import { foldRights, noRights, type RightsEvent, type RightsState } from './rights.ts'

const ada = officer('ada')
const REASON = 'a reason of more than twenty characters'
const known = { exhibitIds: ['x1', 'x2'], categories: ['technicalFacts'] }
const claim = {
  claimId: 'k1',
  person: 'counsel-1',
  kind: 'legalPrivilege',
  exhibitIds: ['x1'],
  categories: [],
  text: 'Advice of counsel about these proceedings.',
} as const

function step(
  state: RightsState,
  decided: Decision<readonly RightsEvent[]>,
  at: Instant = NOW,
): RightsState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  const events = decided.decision === 'permit' ? decided.value : []
  return events.reduce(
    (sofar, event) => foldRights(sofar, { event, at, by: 'ada', version: 1 }),
    state,
  )
}

const why = (decided: Decision<unknown>) =>
  decided.decision === 'refuse' ? decided.why : 'permitted'
const filed = () => step(noRights, fileClaim([], claim, known))
const decided = (outcome: 'accepted' | 'rejected') =>
  step(filed(), decideClaim(filed().claims, { claimId: 'k1', outcome, reason: REASON }, ada))

const stands = (state: RightsState, now: Instant, exhibitIds = ['x1']) =>
  claimsAgainst(state, { categories: ['caseSummary'], exhibitIds }, now).length > 0
const WEEK_MS = 7 * DAY_MS

test('a claim names what the case holds, and is reasoned', () => {
  const table = [
    ['nothingClaimed', { exhibitIds: [] }],
    ['unknownPart', { exhibitIds: ['x9'] }],
    ['unknownPart', { categories: ['caseSummary'] }],
    ['textTooShort', { text: 'secret' }],
    ['textTooLong', { text: 'x'.repeat(4001) }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(fileClaim([], { ...claim, ...change }, known)), expected)
  }
  const many = Array.from({ length: 20 }, () => filed().claims[0]).flatMap((one) => one ?? [])
  assert.equal(why(fileClaim(many, claim, known)), 'tooManyClaims')
  assert.equal(why(fileClaim(many, { ...claim, person: 'other' }, known)), 'permitted')
})

test('an open or accepted claim holds back what it names, and nothing else', () => {
  assert.equal(stands(filed(), NOW), true)
  assert.equal(stands(filed(), addMs(NOW, 400 * DAY_MS)), true, 'silence decides nothing')
  assert.equal(stands(filed(), NOW, ['x2']), false)
  assert.equal(stands(filed(), NOW, []), false)
  assert.equal(stands(decided('accepted'), addMs(NOW, 400 * DAY_MS)), true)
  const again = decideClaim(
    decided('accepted').claims,
    { claimId: 'k1', outcome: 'rejected', reason: REASON },
    ada,
  )
  assert.equal(why(again), 'alreadyDecided')
  const short = { claimId: 'k1', outcome: 'rejected', reason: 'no' } as const
  assert.equal(why(decideClaim(filed().claims, short, ada)), 'textTooShort')
})

test('a rejection holds back for a week, and as long as its challenge is reviewed', () => {
  const state = decided('rejected')
  assert.equal(stands(state, addMs(NOW, WEEK_MS - 1)), true)
  assert.equal(stands(state, addMs(NOW, WEEK_MS)), false)
  const challenge = { claimId: 'k1', person: 'counsel-1', text: REASON }
  const late = challengeClaim(state.claims, challenge, { now: addMs(NOW, WEEK_MS) })
  assert.equal(why(late), 'tooLate')
  const table = [
    ['unknownClaim', { claimId: 'k9' }],
    ['notYours', { person: 'somebody' }],
    ['textTooShort', { text: 'no' }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(challengeClaim(state.claims, { ...challenge, ...change }, ada)), expected)
  }
  assert.equal(why(challengeClaim(filed().claims, challenge, ada)), 'notRejected')
  const subject = { kind: 'claim', id: 'k1' } as const
  const open = { reviewId: 'v1', subject, covers: null, caseHandlers: ['ada'] }
  const challenged = step(state, challengeClaim(state.claims, challenge, ada))
  const inReview = step(challenged, openReview(challenged, open, ada))
  assert.equal(why(challengeClaim(inReview.claims, challenge, ada)), 'alreadyChallenged')
  const later = addMs(NOW, 100 * DAY_MS)
  assert.equal(stands(inReview, later), true)
  const after = (outcome: 'upheld' | 'dismissed') =>
    foldRights(inReview, {
      event: {
        type: 'reviewDecided',
        reviewId: 'v1',
        outcome,
        reviewer: 'judge',
        reason: REASON,
        remedy: null,
      },
      at: later,
      by: 'judge',
      version: 9,
    })
  assert.equal(stands(after('upheld'), later), true)
  assert.equal(stands(after('dismissed'), later), false)
  const [own] = inReview.claims
  assert.ok(own)
  assert.equal(standingOf(own, inReview.reviews, later), 'inReview')
})

test('an offer is for a day ahead, and answered once', () => {
  const offer = {
    commitmentId: 'o1',
    person: 'counsel-1',
    text: 'The companion is switched off for minors.',
    byOn: '2026-12-24' as CalendarDate,
  }
  const past = { ...offer, byOn: '2026-11-20' as CalendarDate }
  assert.equal(why(offerCommitment([], past, ada)), 'dateImpossible')
  assert.equal(why(offerCommitment([], { ...offer, text: 'soon' }, ada)), 'textTooShort')
  const state = step(noRights, offerCommitment([], offer, ada))
  const answer = { commitmentId: 'o1', answer: 'accepted', reason: REASON } as const
  const of = (change: object) => answerCommitment(state.commitments, { ...answer, ...change }, ada)
  assert.equal(why(of({ commitmentId: 'o9' })), 'unknownCommitment')
  assert.equal(why(of({ reason: 'ok' })), 'textTooShort')
  assert.equal(
    why(answerCommitment(step(state, of({})).commitments, answer, ada)),
    'alreadyAnswered',
  )
})

test('an appeal is against a decision that was made, and is followed to its end', () => {
  const against = { kind: 'measure', id: 'm1' } as const
  const appeal = { appealId: 'a1', person: 'counsel-1', against, text: REASON, route: null }
  assert.equal(why(fileAppeal([], appeal, [])), 'unknownDecision')
  assert.equal(why(fileAppeal([], appeal, [{ kind: 'claim', id: 'm1' }])), 'unknownDecision')
  assert.equal(why(fileAppeal([], { ...appeal, text: 'no' }, [against])), 'textTooShort')
  const state = step(noRights, fileAppeal([], appeal, [against]))
  assert.equal(why(fileAppeal(state.appeals, appeal, [against])), 'alreadyAppealed')
  assert.equal(
    why(fileAppeal(state.appeals, { ...appeal, person: 'another' }, [against])),
    'permitted',
  )
  const heard = { appealId: 'a1', step: 'heard', outcome: null, text: REASON } as const
  const of = (change: object, from = state) =>
    followAppeal(from.appeals, { ...heard, ...change }, ada)
  assert.equal(why(of({ step: 'decided' })), 'outcomeMissing')
  assert.equal(why(of({ outcome: 'upheld' })), 'outcomeMissing')
  assert.equal(why(of({ appealId: 'a9' })), 'unknownAppeal')
  const followed = step(step(state, of({})), of({ step: 'decided', outcome: 'partlyUpheld' }))
  assert.equal(followed.appeals[0]?.outcome, 'partlyUpheld')
  assert.equal(followed.appeals[0]?.steps.length, 2)
  assert.equal(why(of({}, followed)), 'alreadyClosed')
})

test('until when a decision can be appealed is a fact with its source, corrected by a later one', () => {
  const against = { kind: 'measure', id: 'm1' } as const
  const decisions = [{ against, madeOn: '2026-11-20' }]
  const period = { against, untilOn: '2026-12-20' as CalendarDate, source: 'last page, remedies' }
  const table = [
    ['unknownDecision', { against: { kind: 'measure', id: 'm2' } }],
    ['unknownDecision', { against: { kind: 'claim', id: 'm1' } }],
    ['dateImpossible', { untilOn: '2026-11-19' }],
    ['dateImpossible', { untilOn: '2026-13-01' }],
    ['dateImpossible', { untilOn: '' }],
    ['sourceMissing', { source: '  ' }],
    ['sourceMissing', { source: 'x'.repeat(1001) }],
  ] as const
  for (const [expected, change] of table) {
    const given = { ...period, ...change } as typeof period
    assert.equal(why(recordAppealPeriod(decisions, given)), expected)
  }
  const first = step(noRights, recordAppealPeriod(decisions, period))
  assert.equal(appealPeriodOf(noRights.appealPeriods, against), undefined)
  assert.equal(appealPeriodOf(first.appealPeriods, against)?.untilOn, '2026-12-20')
  const later = { ...period, untilOn: '2027-01-04' as CalendarDate }
  const corrected = step(first, recordAppealPeriod(decisions, later))
  assert.equal(appealPeriodOf(corrected.appealPeriods, against)?.untilOn, '2027-01-04')
})
