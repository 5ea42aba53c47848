import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../base/time.ts'
import type { Admission } from '../core/access/case-access.ts'
import { type CaseState, noCase } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { decideLook } from './read-shared-exhibit.ts'

const now = '2026-03-02T09:00:00.000Z' as Instant
const acting = { officer: 'guest-1', roles: [], authority: 'meridia.example', now } as Acting
const admission = {
  ...{ person: 'guest-1', capacity: 'guest', sees: ['exhibits'] },
} as unknown as Admission
const FREE = { handling: { tlp: 'CLEAR', codes: [] } }
const look = { exhibitId: 'x1', purpose: 'to answer it' }
const FILE = { file: { digest: 'p', sizeBytes: 9 } }

type Changes = {
  readonly retractions?: readonly object[]
  readonly exhibit?: object
  readonly others?: readonly object[]
  readonly shared?: readonly object[]
  readonly orders?: readonly object[]
  readonly guests?: readonly object[]
}

function stateWith(changes: Changes): CaseState {
  const { retractions = [], others = [], orders = [], guests = [] } = changes
  const exhibit = {
    ...{ exhibitId: 'x1', releaseId: 'r1', derivedFrom: null, digest: 'a', isDestroyed: false },
    ...changes.exhibit,
  }
  const received = [
    { releaseId: 'r1', from: 'albion.example', categories: [], duties: [], ...FREE },
  ]
  const documents = changes.shared ?? [{ person: 'guest-1', part: 'exhibits', documentId: 'x1' }]
  return {
    ...noCase,
    access: { ...noCase.access, documents, guests },
    evidence: { ...noCase.evidence, exhibits: [exhibit, ...others], orders },
    releases: { ...noCase.releases, received, retractions },
  } as unknown as CaseState
}

const decide = (changes: Changes, asked: object = {}) =>
  decideLook(stateWith(changes), admission, acting, { ...look, ...asked })
const whyNot = (changes: Changes, asked?: object) => {
  const decision = decide(changes, asked)
  return decision.decision === 'refuse' ? decision.why : 'permit'
}

test('what its originator called back is shown to nobody at the seat of the other side', () => {
  assert.equal(whyNot({}), 'permit')
  const calledBack = [{ releaseId: 'r1', from: 'albion.example', cause: 'error' }]
  assert.equal(whyNot({ retractions: calledBack }), 'contentRetracted')
  assert.equal(whyNot({ retractions: calledBack, exhibit: FILE }), 'contentRetracted')
})

test('a look into a file is an act of custody with the purpose and the place of who looks', () => {
  const custody = (changes: Changes) => {
    const decision = decide(changes)
    return decision.decision === 'permit' ? decision.value : assert.fail(decision.why)
  }
  const recorded = { type: 'custodyRecorded', exhibitId: 'x1', by: 'guest-1', digest: 'a' }
  const said = { ...recorded, purpose: 'to answer it' }
  const viewed = {
    ...{ type: 'guestViewed', person: 'guest-1', sees: ['exhibits'], documentId: 'x1' },
  }
  assert.deepEqual(custody({ exhibit: FILE }), [
    { ...said, act: 'previewed', capacity: 'guest' },
    viewed,
  ])
  const guests = [{ person: 'guest-1', answersAs: 'respondentCounsel' }]
  assert.deepEqual(custody({ guests }), [
    { ...said, act: 'opened', capacity: 'respondentCounsel' },
    viewed,
  ])
})

test('a file is held back by all that holds back the parts of a record', () => {
  const order = {
    ...{ orderId: 'o1', reference: 'A 1', exhibits: ['x1'], maySee: ['guest-2'] },
    ...{ until: null, lifted: null },
  }
  const table: [string, Changes, object?][] = [
    ['notShared', { shared: [] }],
    ['notShared', { shared: [{ person: 'guest-2', part: 'exhibits', documentId: 'x1' }] }],
    ['notShared', {}, { exhibitId: 'x2' }],
    ['destroyed', { exhibit: { isDestroyed: true } }],
    ['reviewMissing', { exhibit: { wantsReview: true } }],
    ['orderForbids', { orders: [order] }],
    ['purposeMissing', {}, { purpose: ' ' }],
  ]
  for (const [why, changes, asked] of table) {
    const ofFile = { ...changes, exhibit: { ...FILE, ...changes.exhibit } }
    for (const each of [changes, ofFile]) assert.equal(whyNot(each, asked), why)
  }
  const lifted = [{ ...order, lifted: { at: now } }]
  assert.equal(whyNot({ exhibit: FILE, orders: lifted }), 'permit')
  const maySee = [{ ...order, maySee: ['guest-1'] }]
  assert.equal(whyNot({ exhibit: FILE, orders: maySee }), 'permit')
})

test('beside a scrubbed copy the original is shown only for a reason, which stands in custody', () => {
  const copy = { exhibitId: 'x9', derivedFrom: 'x1', scrub: {}, isDestroyed: false }
  const changes = { exhibit: FILE, others: [copy] }
  for (const asked of [{}, { whyOriginal: '' }, { whyOriginal: ' ' }]) {
    assert.equal(whyNot(changes, asked), 'copyFirst')
  }
  const decision = decide(changes, { whyOriginal: 'the place matters' })
  assert.ok(decision.decision === 'permit')
  const [custody] = decision.value
  assert.ok(custody?.type === 'custodyRecorded')
  assert.equal(custody.purpose, 'to answer it (the original, because: the place matters)')
  const gone = { ...changes, others: [{ ...copy, isDestroyed: true }] }
  assert.equal(whyNot(gone), 'permit')
})
