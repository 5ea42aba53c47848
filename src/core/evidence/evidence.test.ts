import assert from 'node:assert/strict'
import { test } from 'node:test'
import { why } from '../../../test/support/decided.ts'
import { folded, MERIDIA, officer } from '../../../test/support/ring.ts'
import {
  type EvidenceDecision,
  receiveExhibit,
  recordCustody,
  redactExhibit,
  sealExhibit,
  verifyDerivation,
} from './decide-evidence.ts'
import {
  type CustodyAct,
  type EvidenceState,
  exhibitOf,
  foldEvidence,
  noEvidence,
} from './evidence.ts'

const ada = officer('ada')
const hex = (digit: string) => digit.repeat(64)

const original = {
  exhibitId: 'e1',
  name: 'transcript',
  mediaType: 'application/json',
  sizeBytes: 2000,
  digest: hex('1'),
  partsRoot: hex('a'),
  parts: 5,
}
const seal = { ...original, purpose: 'evidence in the case' }
const redact = {
  ...original,
  exhibitId: 'e2',
  digest: hex('2'),
  derivedFrom: 'e1',
  redactions: [
    { part: 1, reason: 'names a bystander' },
    { part: 4, reason: 'health of a third person' },
  ],
  purpose: 'to answer a request',
}
const arrived = {
  exhibitId: 'e9',
  name: 'transcript',
  mediaType: 'application/json',
  sizeBytes: 1500,
  digest: hex('2'),
  partsRoot: hex('a'),
  parts: 5,
  from: MERIDIA,
  releaseId: 'r1',
  derivedFrom: 'e1',
  redactions: redact.redactions,
  computedDigest: hex('2'),
}
const check = {
  exhibitId: 'e9',
  partsRoot: hex('a'),
  origin: `${MERIDIA}/ledger`,
  leafIndex: 7,
  treeSize: 20,
  shownParts: [0, 2, 3],
  redactedParts: [1, 4],
}

function step(state: EvidenceState, decided: EvidenceDecision): EvidenceState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit' ? folded(foldEvidence, state, decided.value) : state
}

const sealed = step(noEvidence, sealExhibit(noEvidence, seal, ada))
const received = step(noEvidence, receiveExhibit(noEvidence, arrived, ada))

test('sealing starts the chain of custody', () => {
  const custody = exhibitOf(sealed, 'e1')?.custody.map(({ act, by, digest }) => [act, by, digest])
  assert.deepEqual(custody, [['collected', 'ada', hex('1')]])
  assert.equal(why(sealExhibit(sealed, seal, ada)), 'exhibitExists')
})

test('an exhibit whose facts cannot be right is refused', () => {
  const table = [
    { name: ' ' },
    { mediaType: 'json' },
    { sizeBytes: 0 },
    { sizeBytes: 1.5 },
    { parts: 0 },
    { parts: -1 },
    { digest: 'abc' },
    { digest: hex('G') },
    { partsRoot: hex('A') },
    { partsRoot: '' },
  ]
  for (const change of table) {
    assert.equal(why(sealExhibit(noEvidence, { ...seal, ...change }, ada)), 'exhibitFaulty')
  }
  assert.equal(why(sealExhibit(noEvidence, { ...seal, purpose: '' }, ada)), 'purposeMissing')
})

test('a redacted copy keeps root and parts, and leaves a trace on its source', () => {
  const state = step(sealed, redactExhibit(sealed, redact, ada))
  const copy = exhibitOf(state, 'e2')
  assert.deepEqual(
    [copy?.derivedFrom, copy?.origin, copy?.redactions.length],
    ['e1', 'redactedHere', 2],
  )
  assert.deepEqual(
    exhibitOf(state, 'e1')?.custody.map(({ act }) => act),
    ['collected', 'redacted'],
  )
  const reason = 'because'
  const table = [
    ['unknownExhibit', { derivedFrom: 'e7' }],
    ['exhibitExists', { exhibitId: 'e1' }],
    ['nothingRedacted', { redactions: [] }],
    ['redactionFaulty', { redactions: [{ part: 5, reason }] }],
    ['redactionFaulty', { redactions: [{ part: -1, reason }] }],
    ['redactionFaulty', { redactions: [{ part: 0.5, reason }] }],
    [
      'redactionFaulty',
      {
        redactions: [
          { part: 1, reason },
          { part: 1, reason },
        ],
      },
    ],
    ['redactionFaulty', { redactions: [{ part: 1, reason: ' ' }] }],
    ['redactionFaulty', { redactions: [0, 1, 2, 3, 4].map((part) => ({ part, reason })) }],
    ['lineageBroken', { partsRoot: hex('b') }],
    ['lineageBroken', { parts: 6 }],
    ['purposeMissing', { purpose: '' }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(redactExhibit(sealed, { ...redact, ...change }, ada)), expected)
  }
  const again = { ...redact, exhibitId: 'e3', derivedFrom: 'e2' }
  const shows = { ...again, redactions: [{ part: 1, reason }] }
  assert.equal(why(redactExhibit(state, shows, ada)), 'redactionFaulty')
  const hides = { ...again, redactions: [...redact.redactions, { part: 0, reason }] }
  assert.equal(why(redactExhibit(state, hides, ada)), 'permitted')
})

test('custody is recorded against the sealed bytes, until destruction', () => {
  const opened = {
    exhibitId: 'e1',
    act: 'opened',
    purpose: 'to read it',
    digest: hex('1'),
  } as const
  const table = [
    ['unknownExhibit', { exhibitId: 'e7' }],
    ['unknownAct', { act: 'lost' as CustodyAct }],
    ['digestMismatch', { digest: hex('2') }],
    ['purposeMissing', { purpose: ' ' }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(recordCustody(sealed, { ...opened, ...change }, ada)), expected)
  }
  const destroyed = step(sealed, recordCustody(sealed, { ...opened, act: 'destroyed' }, ada))
  assert.equal(why(recordCustody(destroyed, opened, ada)), 'destroyed')
  assert.equal(why(redactExhibit(destroyed, redact, ada)), 'destroyed')
})

test('what arrives must be what was named', () => {
  const table = [
    ['digestMismatch', { computedDigest: hex('3') }],
    ['exhibitFaulty', { digest: 'x', computedDigest: 'x' }],
    ['redactionFaulty', { redactions: [{ part: 9, reason: 'r' }] }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(receiveExhibit(noEvidence, { ...arrived, ...change }, ada)), expected)
  }
  assert.equal(why(receiveExhibit(received, arrived, ada)), 'exhibitExists')
  const whole = { ...arrived, derivedFrom: null, redactions: [] }
  assert.equal(why(receiveExhibit(noEvidence, whole, ada)), 'permitted')
})

test('a derivation is recorded only if root and parts fit the exhibit', () => {
  const table = [
    ['unknownExhibit', { exhibitId: 'e7' }],
    ['lineageBroken', { partsRoot: hex('b') }],
    ['lineageBroken', { shownParts: [0, 2] }],
    ['lineageBroken', { shownParts: [0, 2, 2] }],
    ['lineageBroken', { shownParts: [0, 1, 2] }],
    ['lineageBroken', { redactedParts: [1], shownParts: [0, 2, 3, 4] }],
    ['lineageBroken', { redactedParts: [] }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(verifyDerivation(received, { ...check, ...change }, ada)), expected)
  }
  const state = step(received, verifyDerivation(received, check, ada))
  assert.equal(exhibitOf(state, 'e9')?.derivation?.leafIndex, 7)
})
