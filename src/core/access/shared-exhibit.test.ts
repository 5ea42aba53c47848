import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, officer } from '../../../test/support/ring.ts'
import { type CaseState, noCase } from '../case/case.ts'
import { shareDocument } from './documents.ts'

const ada = officer('ada')
const { now } = ada
const PERSON = 'guest-1'
const exhibit = {
  ...{ exhibitId: 'x1', derivedFrom: null, releaseId: null, from: null, redactions: [] },
  ...{ isDestroyed: false, origin: 'sealedHere' },
}
const copy = { ...exhibit, exhibitId: 'x2', derivedFrom: 'x1', origin: 'redactedHere' }
const received = { ...exhibit, origin: 'received', releaseId: 'r1', from: ALBION }
const release = { releaseId: 'r1', from: ALBION, categories: [], duties: [] }
const claim = {
  ...{ claimId: 'k1', person: 'counsel-2', kind: 'legalPrivilege', categories: [] },
  ...{ exhibitIds: ['x1'], outcome: null, challenge: null },
}

type Change = {
  readonly exhibits?: readonly object[]
  readonly received?: readonly object[]
  readonly onward?: readonly object[]
  readonly claims?: readonly object[]
}

function share(documentId: string, change: Change = {}): string {
  const { exhibits = [exhibit, copy], received = [], onward = [], claims = [] } = change
  const admitted = [{ person: PERSON, sees: ['exhibits'], until: '2027-01-01T00:00:00.000Z' }]
  const state = {
    ...noCase,
    access: { ...noCase.access, admitted },
    evidence: { ...noCase.evidence, exhibits },
    releases: { ...noCase.releases, received, onward },
    rights: { ...noCase.rights, claims },
  } as unknown as CaseState
  const command = { person: PERSON, documentId, reason: 'x', safeguard: 'undertaking of today' }
  const decided = shareDocument(state, command, { ...ada, now })
  return decided.decision === 'refuse' ? decided.why : 'shared'
}

test('a copy that waits for its review is not shown to anybody outside', () => {
  const review = (outcome: string, isSame: boolean) => ({ outcome, isSame, by: 'bo', at: now })
  const copyWith = (change: object) => ({ exhibits: [exhibit, { ...copy, ...change }] })
  assert.equal(share('x2'), 'shared')
  assert.equal(share('x2', copyWith({ wantsReview: true })), 'reviewMissing')
  const rejected = { wantsReview: true, review: review('rejected', true) }
  assert.equal(share('x2', copyWith(rejected)), 'reviewMissing')
  const other = { wantsReview: true, review: review('approved', false) }
  assert.equal(share('x2', copyWith(other)), 'reviewMissing')
  const approved = { wantsReview: true, review: review('approved', true) }
  assert.equal(share('x2', copyWith(approved)), 'shared')
})

test('what came from a peer, and every copy of it, is shown only as its marking or consent lets it', () => {
  const held = (change: object = {}) => ({
    exhibits: [received, copy],
    received: [{ ...release, ...change }],
  })
  for (const id of ['x1', 'x2']) {
    assert.equal(share(id, held()), 'originatorConsentMissing')
    assert.equal(
      share(id, held({ handling: { tlp: 'GREEN', codes: [] } })),
      'originatorConsentMissing',
    )
    assert.equal(
      share(id, held({ handling: { tlp: 'CLEAR', codes: ['x'] } })),
      'originatorConsentMissing',
    )
    assert.equal(share(id, held({ handling: { tlp: 'CLEAR', codes: [] } })), 'shared')
  }
})

test('what was rejected on arrival is shown to nobody', () => {
  const rejected = { ...received, acknowledged: { answer: 'rejected' } }
  const free = { ...release, handling: { tlp: 'CLEAR', codes: [] } }
  const state = { exhibits: [rejected, copy], received: [free] }
  assert.equal(share('x1', state), 'exhibitRejected')
  assert.equal(share('x2', state), 'exhibitRejected')
})

test('a claim of another person holds an exhibit and its copies back; the own one does not', () => {
  for (const id of ['x1', 'x2']) {
    assert.equal(share(id, { claims: [claim] }), 'claimStands')
    assert.equal(share(id, { claims: [{ ...claim, person: PERSON }] }), 'shared')
  }
  assert.equal(share('x1', { claims: [{ ...claim, exhibitIds: ['x9'] }] }), 'shared')
})
