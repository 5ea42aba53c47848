import assert from 'node:assert/strict'
import { test } from 'node:test'
import { why } from '../../../test/support/decided.ts'
import { ALBION, folded, MERIDIA, officer } from '../../../test/support/ring.ts'
import { acknowledgeExhibit, receiveAcknowledgement } from './acknowledge.ts'
import {
  type EvidenceDecision,
  receiveExhibit,
  recordCustody,
  redactExhibit,
  sealExhibit,
} from './decide-evidence.ts'
import { type EvidenceState, exhibitOf, foldEvidence, noEvidence } from './evidence.ts'
import { rejectionBar } from './rejected.ts'

const ada = officer('ada')
const hex = (digit: string) => digit.repeat(64)

function step(state: EvidenceState, decided: EvidenceDecision): EvidenceState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit' ? folded(foldEvidence, state, decided.value) : state
}

const file = { digest: hex('a'), sizeBytes: 5_000_000_000 }
const facts = {
  exhibitId: 'f1',
  name: 'logs.tar',
  mediaType: 'application/x-tar',
  sizeBytes: 5_001_220_900,
  digest: hex('1'),
  partsRoot: hex('a'),
  parts: 1,
  file,
}
const seal = { ...facts, purpose: 'server logs handed over by the operator' }

test('a file is sealed as one part whose root is the digest of its plaintext', () => {
  const state = step(noEvidence, sealExhibit(noEvidence, seal, ada))
  assert.deepEqual(exhibitOf(state, 'f1')?.file, file)
  for (const change of [
    { parts: 2 },
    { partsRoot: hex('b') },
    { file: { ...file, digest: hex('b') } },
    { file: { ...file, sizeBytes: 0 } },
    { file: { ...file, sizeBytes: 0.5 } },
    { file: { ...file, digest: 'a' }, partsRoot: 'a' },
  ]) {
    assert.equal(why(sealExhibit(noEvidence, { ...seal, ...change }, ada)), 'exhibitFaulty')
  }
  const { purpose } = seal
  const redactions = [{ part: 0, reason: 'r' }]
  const copy = { ...facts, exhibitId: 'f2', derivedFrom: 'f1', redactions, purpose }
  assert.equal(why(redactExhibit(state, copy, ada)), 'isFile')
  const opened = { exhibitId: 'f1', act: 'opened', purpose, digest: hex('1') } as const
  assert.equal(why(recordCustody(state, opened, ada)), 'isFile')
  assert.equal(why(recordCustody(state, { ...opened, act: 'downloaded' }, ada)), 'permitted')
})

const arrived = {
  ...{ exhibitId: 'e9', name: 'transcript', mediaType: 'application/json', sizeBytes: 1500 },
  ...{ digest: hex('2'), partsRoot: hex('a'), parts: 5, from: MERIDIA, releaseId: 'r1' },
  derivedFrom: 'e1',
  redactions: [{ part: 1, reason: 'names a bystander' }],
  computedDigest: hex('2'),
}
const received = step(noEvidence, receiveExhibit(noEvidence, arrived, ada))
const accept = { exhibitId: 'e9', answer: 'accepted', reason: '' } as const
const reject = { exhibitId: 'e9', answer: 'rejected', reason: ' turn 4 is missing ' } as const

test('what arrived is not accepted before an officer says so', () => {
  assert.equal(exhibitOf(received, 'e9')?.acknowledged, null)
  const accepted = exhibitOf(step(received, acknowledgeExhibit(received, accept, ada)), 'e9')
  assert.equal(accepted?.acknowledged?.answer, 'accepted')
  assert.deepEqual(
    accepted?.custody.map(({ act, by, digest }) => [act, by, digest]),
    [
      ['received', 'ada', hex('2')],
      ['accepted', 'ada', hex('2')],
    ],
  )
  const state = step(received, acknowledgeExhibit(received, reject, ada))
  const rejected = exhibitOf(state, 'e9')
  assert.equal(rejected?.acknowledged?.reason, 'turn 4 is missing')
  assert.deepEqual(rejected?.custody.at(-1)?.purpose, 'turn 4 is missing')
})

test('no copy is made of what was rejected, nor of a copy of it; it may still be read', () => {
  const redactions = [
    { part: 1, reason: 'names a bystander' },
    { part: 2, reason: 'r' },
  ]
  const { computedDigest: _, from: __, releaseId: ___, ...facts } = arrived
  const copy = (exhibitId: string, derivedFrom: string) =>
    ({ ...facts, exhibitId, derivedFrom, redactions, purpose: 'p' }) as const
  const before = step(received, redactExhibit(received, copy('e10', 'e9'), ada))
  const state = step(before, acknowledgeExhibit(before, reject, ada))
  assert.equal(why(redactExhibit(state, copy('e11', 'e9'), ada)), 'exhibitRejected')
  assert.equal(why(redactExhibit(state, copy('e11', 'e10'), ada)), 'exhibitRejected')
  const accepted = step(before, acknowledgeExhibit(before, accept, ada))
  assert.equal(why(redactExhibit(accepted, copy('e11', 'e10'), ada)), 'permitted')
  const opened = { exhibitId: 'e9', act: 'opened', purpose: 'p', digest: hex('2') } as const
  assert.equal(why(recordCustody(state, opened, ada)), 'permitted')
})

test('what was received never counts as a copy of an exhibit here, whatever id it names', () => {
  const state = step(received, acknowledgeExhibit(received, reject, ada))
  const second = { ...arrived, exhibitId: 'e10', releaseId: 'r2', derivedFrom: 'e9' }
  const both = step(state, receiveExhibit(state, second, ada))
  const other = exhibitOf(both, 'e10')
  assert.ok(other)
  assert.equal(rejectionBar(both.exhibits, other), undefined)
})

test('an answer that is none is refused', () => {
  const sealed = step(noEvidence, sealExhibit(noEvidence, seal, ada))
  const answered = step(received, acknowledgeExhibit(received, reject, ada))
  const gone = step(
    received,
    recordCustody(
      received,
      { exhibitId: 'e9', act: 'destroyed', purpose: 'p', digest: hex('2') },
      ada,
    ),
  )
  const table = [
    ['unknownExhibit', noEvidence, accept],
    ['notReceived', sealed, { ...accept, exhibitId: 'f1' }],
    ['alreadyAnswered', answered, accept],
    ['alreadyAnswered', answered, reject],
    ['destroyed', gone, accept],
    ['reasonMissing', received, { ...reject, reason: '  ' }],
    ['unknownAct', received, { ...accept, answer: 'perhaps' as 'accepted' }],
  ] as const
  for (const [expected, state, command] of table) {
    assert.equal(why(acknowledgeExhibit(state, command, ada)), expected)
  }
})

const answer = {
  from: ALBION,
  releaseId: 'r1',
  answer: 'rejected',
  reason: 'turn 4 is missing',
  digest: hex('2'),
} as const
const sent = { recipient: ALBION, digest: hex('2') }

test('the sender records an answer once, from the recipient, about the bytes it sent', () => {
  const state = step(noEvidence, receiveAcknowledgement(noEvidence, answer, sent))
  assert.deepEqual(
    state.peerAnswers.map(({ by, answer: said, reason }) => [by, said, reason]),
    [[ALBION, 'rejected', 'turn 4 is missing']],
  )
  const table = [
    ['unknownExhibit', noEvidence, answer, undefined],
    ['unknownExhibit', noEvidence, { ...answer, from: MERIDIA }, sent],
    ['digestMismatch', noEvidence, { ...answer, digest: hex('3') }, sent],
    ['alreadyAnswered', state, answer, sent],
    ['reasonMissing', noEvidence, { ...answer, reason: null }, sent],
    ['reasonMissing', noEvidence, { ...answer, answer: 'accepted' }, sent],
  ] as const
  for (const [expected, at, command, what] of table) {
    assert.equal(why(receiveAcknowledgement(at, command, what)), expected)
  }
})
