import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, type Instant, instant } from '../../base/time.ts'
import {
  type AuthorityEvent,
  enrolmentOf,
  foldAuthority,
  isAuthorityEvent,
  noAuthority,
  type PublishedDocument,
  wasOfficer,
} from './authority.ts'

const START = instant('2026-11-22T12:00:00.000Z')
const hour = (count: number): Instant => addMs(START, count * 3_600_000)

function fold(...events: readonly AuthorityEvent[]) {
  return events
    .map((event, index) => ({ event, version: index + 1, at: hour(index), by: 'meridia.example' }))
    .reduce(foldAuthority, noAuthority)
}

function document(node: string, key: string): PublishedDocument {
  const listed = { id: `${node}/msg1`, alg: 'ed25519' as const, key }
  const messageKeys = [{ ...listed, validFrom: hour(0), validUntil: hour(100) }]
  return {
    document: { node, name: node, messageKeys, logKey: '' },
    signature: { keyId: `${node}/msg1`, value: '' },
  }
}

const enrol = (officer: string, publicKey: string): AuthorityEvent => ({
  type: 'officerEnrolled',
  officer,
  publicKey,
  roles: ['caseOfficer'],
})

test('an enrolment holds from its event to the next one or to the leaving', () => {
  const state = fold(enrol('ada', 'key-1'), enrol('bob', 'key-b'), enrol('ada', 'key-2'), {
    type: 'officerLeft',
    officer: 'ada',
  })
  const keyAt = (officer: string, at: Instant) => enrolmentOf(state, officer, at)?.publicKey
  assert.equal(keyAt('ada', hour(-1)), undefined)
  assert.equal(keyAt('ada', hour(1)), 'key-1')
  assert.equal(keyAt('ada', hour(2)), 'key-2')
  assert.equal(keyAt('ada', hour(4)), undefined)
  assert.equal(keyAt('bob', hour(99)), 'key-b')
  assert.equal(keyAt('eve', hour(1)), undefined)
  assert.ok(wasOfficer(state, 'ada'))
  assert.ok(!wasOfficer(state, 'meridia.example'))
})

test('old keys and old documents of a peer are kept, so that old signatures verify', () => {
  const state = fold(
    { type: 'nodeDocumentPublished', document: document('meridia.example', 'first') },
    { type: 'peerPinned', node: 'albion.example', document: document('albion.example', 'a') },
    { type: 'nodeDocumentPublished', document: document('meridia.example', 'second') },
    { type: 'peerPinned', node: 'albion.example', document: document('albion.example', 'b') },
  )
  assert.deepEqual(
    state.messageKeys.map(({ key }) => key),
    ['first', 'second'],
  )
  assert.equal(state.documents.length, 2)
  assert.deepEqual(
    state.peers.map(({ documents }) => documents.map((one) => one.document.messageKeys[0]?.key)),
    [['a', 'b']],
  )
})

test('an event of another stream changes nothing', () => {
  const stranger = { type: 'caseOpened' }
  assert.ok(!isAuthorityEvent(stranger))
  assert.ok(!isAuthorityEvent({ type: 'toString' }))
  const recorded = { event: stranger as never, version: 1, at: START, by: 'x' }
  assert.equal(foldAuthority(noAuthority, recorded), noAuthority)
})
