/** Samples of the page of rights and records of a case. All of it is invented. */
import { addMs, calendarDate, DAY_MS } from '../../src/base/time.ts'
import type { CaseRightsModel } from '../../src/web/officer/case-rights/model.ts'
import { NOW } from './ring.ts'

const head = { id: 'case-1', ref: 'MER-2026-0001', title: 'Canary leaks (invented)' }
const days = (count: number) => addMs(NOW, count * DAY_MS)
const counsel = { kind: 'officer', name: 'Ada Ferrant (fictional)' } as const
const no = (rule: string, text: string) => [{ rule, text }]
const review = { openedAt: days(-5), reviewer: 'Reiko Oyelaran' }
const ofCase = {
  title: 'Evidence of a case',
  days: 1826,
  countedFrom: 'matterEnded',
  isOfCase: true,
}
const remedy = {
  person: 'Person 018f3c1e',
  responsible: 'Clara Okafor',
  reports: [],
  steps: [],
}

export const caseRightsSample: CaseRightsModel = {
  case: head,
  persons: {
    notices: [
      {
        person: 'Person 018f3c1e',
        state: 'challenged',
        dueAt: days(-30),
        delay: {
          ground: 'investigationWouldBeImpaired',
          reason: 'The operator would have been warned.',
          reviewAt: days(-40),
          until: days(-20),
          liftedAt: days(-30),
          review: { ...review, outcome: 'rejected', reason: 'The ground has gone.' },
        },
        sent: [{ at: days(-30), channel: 'post' }],
      },
      {
        person: 'Person 118f3c1e',
        state: 'overdue',
        dueAt: days(-2),
        delay: {
          ground: 'embargoActive',
          reason: 'The embargo stands.',
          reviewAt: days(-9),
          until: days(-2),
        },
        sent: [],
      },
      { person: 'Person 218f3c1e', state: 'due', dueAt: days(-1), sent: [] },
    ],
    challenges: [
      {
        person: 'Person 018f3c1e',
        at: days(-25),
        text: 'هذا الوصف غير صحيح (مختلق)',
        state: 'upheld',
        review: { ...review, outcome: 'upheld', reason: 'It was wrong. Corrected.' },
      },
      {
        person: 'Person 018f3c1e',
        at: days(-1),
        text: 'I was not there (invented).',
        state: 'inReview',
        review: { openedAt: days(-1) },
      },
    ],
    remedies: [
      {
        ...remedy,
        kind: 'retract',
        text: 'We call the transcript back.',
        state: 'late',
        dueAt: days(-3),
        steps: [
          { recipient: 'Albion (fictional)', askedAt: days(-8), confirmedAt: days(-7) },
          { recipient: 'Sierra (fictional)', askedAt: days(-8) },
          { recipient: 'Nusantara (fictional)' },
        ],
        followUp: { state: 'ahead', at: days(20) },
      },
      {
        ...remedy,
        kind: 'compensate',
        text: 'We pay what it cost.',
        amount: 'EUR 250.50',
        state: 'done',
        dueAt: days(-4),
        reports: [{ at: days(-6), text: 'The payment is ordered.' }],
        done: { at: days(-5), proof: 'Receipt 12 (invented)' },
        followUp: { state: 'late', at: days(-1) },
      },
    ],
    consents: [
      {
        person: 'Person 018f3c1e',
        state: 'withdrawn',
        recipients: ['Albion (fictional)'],
        categories: ['personalData'],
        purposes: ['caseHandling'],
        question: 'May Albion read your letter?',
        given: { at: days(-20), how: 'inWriting', shownBy: 'Letter of 2 November (invented)' },
        endedAt: days(-8),
      },
    ],
    letters: [{ person: 'Person 018f3c1e', at: days(-2), text: 'When will it be done?' }],
  },
  otherSide: {
    claims: [
      {
        by: counsel,
        kind: 'legalPrivilege',
        standing: 'window',
        filedAt: days(-12),
        text: 'The third exhibit is advice of counsel (invented).',
        exhibits: ['Letter of counsel'],
        categories: ['technical'],
        decided: { at: days(-3), reason: 'It was sent to third persons.' },
        windowEndsAt: days(4),
      },
      {
        by: { kind: 'guest' },
        kind: 'confidentiality',
        standing: 'inReview',
        filedAt: days(-20),
        text: 'The weights are a trade secret (invented).',
        exhibits: [],
        categories: ['technical'],
        decided: { at: days(-13), reason: 'They are published.' },
        challenge: { at: days(-10), text: 'Only a part is published.' },
        review: { openedAt: days(-10) },
      },
    ],
    commitments: [
      {
        by: counsel,
        text: 'The model is kept from minors (invented).',
        byOn: calendarDate('2026-12-24'),
        offeredAt: days(-3),
        state: 'open',
      },
      {
        by: counsel,
        text: 'A filter is added (invented).',
        byOn: calendarDate('2026-12-01'),
        offeredAt: days(-9),
        state: 'rejected',
        reason: 'It does not reach the cause.',
      },
    ],
    appeals: [
      {
        by: counsel,
        against: 'Measure: order',
        text: 'The order goes too far (invented).',
        filedAt: days(-4),
        state: 'decided',
        isClosed: true,
        outcome: 'dismissed',
        period: {
          untilOn: calendarDate('2026-12-24'),
          source: 'Last page of the order, instruction on remedies (invented)',
          isInTime: true,
        },
        steps: [{ step: 'decided', at: days(-1), text: 'The court upheld the order (invented).' }],
      },
    ],
  },
  records: {
    orders: [
      {
        orderedBy: 'Court of Meridia (fictional)',
        reference: 'R 12/26',
        state: 'binding',
        exhibits: ['Transcript'],
        maySee: ['Clara Okafor'],
        mayReceive: [],
        purposes: [],
        until: days(90),
      },
      {
        orderedBy: 'Court of Meridia (fictional)',
        reference: 'R 3/26',
        state: 'lifted',
        maySee: [],
        mayReceive: ['Albion (fictional)'],
        purposes: ['caseHandling'],
        lifted: { at: days(-2), by: 'Court of Meridia (fictional)', reference: 'R 3/26-4' },
      },
    ],
    holds: [
      {
        ground: 'Proceedings R 12/26 (invented)',
        state: 'reviewDue',
        placedAt: days(-60),
        placedBy: 'Clara Okafor',
        reviewAt: days(-1),
      },
      {
        ground: 'An audit (invented)',
        state: 'lifted',
        exhibits: ['Transcript'],
        placedAt: days(-90),
        placedBy: 'Clara Okafor',
        reviewAt: days(-10),
        lifted: { at: days(-20), by: 'Lior Brandt', reason: 'The audit is over.' },
      },
    ],
    caseClass: ofCase,
    exhibits: [
      {
        id: 'exhibit-1',
        name: 'Transcript',
        state: 'destroy',
        class: { ...ofCase, title: 'Working copy', days: 1, countedFrom: 'taken', isOfCase: false },
        periodEndsAt: days(3),
        appraisal: {
          outcome: 'destroy',
          reason: 'The original is kept.',
          by: 'Lior Brandt',
          at: days(-2),
        },
        destroyedFrom: days(3),
        holds: ['Proceedings R 12/26 (invented)'],
        orders: ['Court of Meridia (fictional), R 12/26'],
      },
      { id: 'exhibit-2', name: 'Letter', state: 'classed', class: ofCase, holds: [], orders: [] },
    ],
  },
  acts: {
    notices: [
      { act: 'recordAffectedPerson', isAllowed: true },
      {
        act: 'askDelayReview',
        isAllowed: false,
        because: no('notice:notDelayed', 'no notice is delayed'),
      },
    ],
    remedies: [{ act: 'orderRemedy', isAllowed: true }],
    claims: [
      {
        act: 'decideClaim',
        isAllowed: false,
        because: no('claim:open', 'no claim waits for a decision'),
      },
    ],
    disposal: [{ act: 'appraiseExhibits', isAllowed: true, asksProof: true }],
  },
}

/** A case in which nothing of it has happened, for somebody who only reads. */
export const emptyCaseRights: CaseRightsModel = {
  case: head,
  persons: { notices: [], challenges: [], remedies: [], consents: [], letters: [] },
  otherSide: { claims: [], commitments: [], appeals: [] },
  records: { orders: [], holds: [], exhibits: [] },
  acts: {},
}
