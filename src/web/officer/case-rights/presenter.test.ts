import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReadCase } from '../../../app/read-case.ts'
import { permit, refuse } from '../../../base/decision.ts'
import { instant } from '../../../base/time.ts'
import { type CaseEvent, foldCase } from '../../../core/case/case.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { Names } from '../case/names.ts'
import { caseRightsModel } from './presenter.ts'

const day = (number: number) => instant(`2026-11-${String(number).padStart(2, '0')}T12:00:00.000Z`)
const OFFICERS: Readonly<Record<string, string>> = { o1: 'Clara', o2: 'Lior', counsel: 'Ada' }
const names: Names = {
  own: { id: 'meridia.example', name: 'Meridia' },
  authority: (id) => ({ id, name: id === 'albion.example' ? 'Albion' : id }),
  officer: (id) => OFFICERS[id] ?? id,
  actor: (id) => ({ kind: 'officer', name: id }),
  causeOf: () => ({ kind: 'timer' }),
}

/** The page at noon of a day, of events that each happened on a day of November. */
function pageAt(now: number, told: readonly (readonly [number, object])[]) {
  const events = told.map(
    ([on, event], index) =>
      ({ event, at: day(on), by: 'o1', version: index + 1 }) as unknown as Recorded<CaseEvent>,
  )
  const no = refuse('noClaim', { rule: 'claim:open', text: 'no claim waits for a decision' })
  const acts = [
    { name: 'sendNotice', topic: 'rights', available: permit(null) },
    { name: 'decideClaim', topic: 'rights', available: no },
    { name: 'releaseToPeer', topic: 'release', available: permit(null) },
  ]
  const read = { caseId: 'c', state: foldCase(events), events, acts } as unknown as ReadCase
  return caseRightsModel({
    read,
    names,
    classTitle: (id) => `Class ${id}`,
    now: day(now),
    zone: 'UTC',
  })
}

const person = { type: 'affectedPersonRecorded', personId: 'person-one' }
const delay = {
  type: 'noticeDelayed',
  personId: 'person-one',
  ground: 'embargoActive',
  reason: 'The embargo stands.',
  reviewAt: day(5),
  dueAt: day(10),
}
const notice = { type: 'noticeSent', noticeId: 'n1', personId: 'person-one', channel: 'post' }
const sent = { ...notice, remedies: [] }
const challenge = { type: 'noticeChallenged', challengeId: 'ch1', noticeId: 'n1', ground: 'Wrong.' }

test('a notice is due, delayed, overdue once its delay has ended, and then told', () => {
  const stateAt = (now: number, ...told: (readonly [number, object])[]) => {
    const [row] = pageAt(now, told).persons.notices
    return [row?.state, row?.dueAt]
  }
  assert.deepEqual(stateAt(2, [1, person]), ['due', day(1)])
  assert.deepEqual(stateAt(9, [1, person], [2, delay]), ['delayed', day(10)])
  assert.deepEqual(stateAt(10, [1, person], [2, delay]), ['overdue', day(10)])
  const lifted = { type: 'noticeDelayLifted', personId: 'person-one', reason: 'gone' }
  assert.deepEqual(stateAt(4, [1, person], [2, delay], [3, lifted]), ['overdue', day(3)])
  assert.deepEqual(stateAt(12, [1, person], [2, delay], [11, sent])[0], 'sent')
  assert.deepEqual(stateAt(12, [1, person], [2, sent], [3, challenge])[0], 'challenged')
})

const ordered = {
  type: 'remedyOrdered',
  remedyId: 'r1',
  challengeId: 'ch1',
  kind: 'compensate',
  text: 'Paid.',
  responsible: 'o2',
  dueAt: day(8),
  followUpAt: day(20),
  compensation: { amountMinor: 25_050, currency: 'EUR' },
}
const done = { type: 'remedyDone', remedyId: 'r1', proof: 'Receipt 12' }

test('a remedy is late from its day on, and so is the look afterwards', () => {
  const told = [
    [1, person],
    [2, sent],
    [3, challenge],
    [4, ordered],
  ] as const
  const at = (now: number, ...more: (readonly [number, object])[]) => {
    const [row] = pageAt(now, [...told, ...more]).persons.remedies
    return [row?.state, row?.followUp.state, row?.done?.proof]
  }
  assert.deepEqual(at(7), ['ordered', 'ahead', undefined])
  assert.deepEqual(at(8), ['late', 'ahead', undefined])
  assert.deepEqual(at(25), ['late', 'ahead', undefined])
  assert.deepEqual(at(19, [9, done]), ['done', 'ahead', 'Receipt 12'])
  assert.deepEqual(at(20, [9, done]), ['done', 'late', 'Receipt 12'])
  const [row] = pageAt(7, told).persons.remedies
  assert.deepEqual(
    [row?.person, row?.responsible, row?.amount],
    ['Person person-o', 'Lior', 'EUR 250.50'],
  )
})

test('only letters after the last answer to that person wait', () => {
  const wrote = (messageId: string, personId: string) => ({
    ...{ type: 'personWrote', messageId, personId, text: messageId },
  })
  const answered = { type: 'personAnswered', messageId: 'a', personId: 'p1', text: 'a' }
  const { letters } = pageAt(9, [
    [1, wrote('first', 'p1')],
    [2, wrote('other', 'p2')],
    [3, answered],
    [4, wrote('second', 'p1')],
  ]).persons
  assert.deepEqual(
    letters.map(({ text }) => text),
    ['other', 'second'],
  )
})

test('a rejected claim shows its window until the window has passed', () => {
  const filed = {
    ...{ type: 'claimFiled', claimId: 'cl1', person: 'counsel', kind: 'confidentiality' },
    ...{ exhibitIds: ['unknown'], categories: [], text: 'A trade secret.' },
  }
  const rejected = { type: 'claimDecided', claimId: 'cl1', outcome: 'rejected', reason: 'Public.' }
  const at = (now: number, ...told: (readonly [number, object])[]) => {
    const [row] = pageAt(now, told).otherSide.claims
    return [row?.standing, row?.windowEndsAt, row?.by]
  }
  const ada = { kind: 'officer', name: 'Ada' }
  assert.deepEqual(at(2, [1, filed]), ['open', undefined, ada])
  assert.deepEqual(at(4, [1, filed], [3, rejected]), ['window', day(10), ada])
  assert.deepEqual(at(10, [1, filed], [3, rejected]), ['rejected', undefined, ada])
  const byLink = { ...filed, person: 'link-7' }
  assert.deepEqual(at(2, [1, byLink])[2], { kind: 'guest' })
})

const exhibit = {
  ...{ type: 'exhibitSealed', exhibitId: 'e1', name: 'Transcript', mediaType: 'text/plain' },
  ...{ sizeBytes: 1, digest: '00', partsRoot: '00', parts: 1 },
}
const custody = { ...{ exhibitId: 'e1', by: 'o1', purpose: 'case', digest: '00' } }
const classed = {
  ...{ type: 'disposalClassSet', exhibits: null, classId: 'x', countedFrom: 'taken' },
  ...{ retainDays: 5, startsAt: null, reason: 'It is a copy.' },
}
const appraised = (outcome: string) => ({
  ...{ type: 'exhibitsAppraised', exhibits: ['e1'], outcome, reason: 'Kept.', archive: null },
})
const hold = {
  ...{ type: 'legalHoldPlaced', holdId: 'h1', ground: 'A trial', exhibits: null },
  ...{ reviewAt: day(15), inPlaceOf: null },
}

test('a day of destruction is shown only of what was appraised for it, with its holds', () => {
  const taken = [
    [1, exhibit],
    [1, { ...custody, type: 'custodyRecorded', act: 'collected' }],
    [2, classed],
  ] as const
  const at = (now: number, ...more: (readonly [number, object])[]) => {
    const [row] = pageAt(now, [...taken, ...more]).records.exhibits
    return [row?.periodEndsAt, row?.destroyedFrom, row?.destroyedAt, row?.holds]
  }
  assert.deepEqual(at(3), [day(6), undefined, undefined, []])
  assert.deepEqual(at(3, [3, appraised('keep')]), [day(6), undefined, undefined, []])
  const toGo = [3, appraised('destroy')] as const
  assert.deepEqual(at(3, toGo, [3, hold]), [day(6), day(6), undefined, ['A trial']])
  const destroyed = { ...custody, type: 'custodyRecorded', act: 'destroyed' }
  assert.deepEqual(at(7, toGo, [6, destroyed]), [day(6), undefined, day(6), []])
  const holdAt = (now: number) => pageAt(now, [...taken, [3, hold]]).records.holds[0]?.state
  assert.deepEqual([holdAt(14), holdAt(15)], ['stands', 'reviewDue'])
})

test('a protective order binds up to its day, and copies with their original', () => {
  const order = {
    ...{ type: 'protectiveOrderRecorded', orderId: 'po1', orderedBy: 'Court', reference: 'R 1' },
    ...{ exhibits: ['e1'], maySee: ['o2'], mayReceive: ['albion.example'], purposes: [] },
    until: day(10),
  }
  const copy = { ...exhibit, type: 'exhibitRedacted', exhibitId: 'e2', derivedFrom: 'e1' }
  const told = [
    [1, exhibit],
    [2, { ...copy, redactions: [] }],
    [3, order],
  ] as const
  const { records } = pageAt(9, told)
  assert.deepEqual(
    records.exhibits.map(({ orders }) => orders),
    [['Court, R 1'], ['Court, R 1']],
  )
  assert.deepEqual(records.orders[0]?.mayReceive, ['Albion'])
  assert.deepEqual(records.orders[0]?.exhibits, ['Transcript'])
  const after = pageAt(10, told).records
  assert.deepEqual([after.orders[0]?.state, after.exhibits[1]?.orders], ['ended', []])
})

test('acts stand with their part, with the reason where they are not possible', () => {
  const { acts } = pageAt(1, [])
  assert.deepEqual(acts.notices, [{ act: 'sendNotice', isAllowed: true }])
  assert.equal(acts.claims?.[0]?.isAllowed, false)
  assert.ok(
    !Object.values(acts)
      .flat()
      .some(({ act }) => act === 'releaseToPeer'),
  )
})
