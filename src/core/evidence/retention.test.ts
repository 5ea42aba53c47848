import assert from 'node:assert/strict'
import { test } from 'node:test'
import { why } from '../../../test/support/decided.ts'
import { folded, NOW, officer } from '../../../test/support/ring.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import { disposalClasses } from '../../wire/disposal-classes.ts'
import { destroyExhibits, existingWithCopies } from './destroy.ts'
import { type EvidenceState, foldEvidence, noEvidence } from './evidence.ts'
import {
  appraiseExhibits,
  type DisposalClass,
  dueAtOf,
  dueForDestruction,
  type RetentionDecision,
  retentionStateOf,
  setDisposalClass,
} from './retention.ts'

const ada = officer('ada')
const facts = {
  name: 'transcript',
  mediaType: 'application/json',
  sizeBytes: 10,
  digest: '1'.repeat(64),
  partsRoot: '2'.repeat(64),
  parts: 3,
}
const taken = (exhibitId: string) =>
  [
    { type: 'exhibitSealed', exhibitId, ...facts },
    {
      type: 'custodyRecorded',
      exhibitId,
      act: 'collected',
      by: 'ada',
      purpose: 'evidence',
      digest: facts.digest,
    },
  ] as const
const start = folded(foldEvidence, noEvidence, [
  ...taken('e1'),
  ...taken('e2'),
  { type: 'exhibitRedacted', exhibitId: 'e3', derivedFrom: 'e1', redactions: [], ...facts },
])
const short: DisposalClass = {
  ...{ id: 'c1', title: 'thirty days', countedFrom: 'taken', retainDays: 30, basis: 'houseRule' },
}
const ended: DisposalClass = { ...short, id: 'c2', countedFrom: 'matterEnded' }

function step(state: EvidenceState, decided: RetentionDecision): EvidenceState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit' ? folded(foldEvidence, state, decided.value) : state
}
const set = { exhibits: ['e1'], disposalClass: short, startsAt: null, reason: 'invented' }
const classed = step(start, setDisposalClass(start, set, ada))
const destroy = { exhibits: ['e1'], outcome: 'destroy', reason: 'over', archive: null } as const
const exhibit = (state: EvidenceState, id: string) => {
  const found = state.exhibits.find(({ exhibitId }) => exhibitId === id)
  assert.ok(found)
  return found
}
const due = (state: EvidenceState, days: number) =>
  dueForDestruction(state, addMs(NOW, days * DAY_MS)).map(({ exhibitId }) => exhibitId)

test('each shipped class says on what it rests, and counts days', () => {
  assert.ok(disposalClasses.length >= 3)
  for (const { id, basis, source, retainDays } of disposalClasses) {
    assert.ok(basis === 'houseRule' || /art\. \d/.test(source ?? ''), id)
    assert.ok(Number.isSafeInteger(retainDays) && retainDays > 0, id)
  }
})

test('a class that nobody knows, without a reason or without a start, is not set', () => {
  const change = (more: object) => why(setDisposalClass(start, { ...set, ...more }, ada))
  assert.equal(change({ disposalClass: undefined }), 'unknownClass')
  assert.equal(change({ reason: ' ' }), 'reasonMissing')
  assert.equal(change({ exhibits: ['e9'] }), 'unknownExhibit')
  assert.equal(change({ disposalClass: ended }), 'startMissing')
  assert.equal(change({ disposalClass: ended, startsAt: NOW }), 'permitted')
})

test('the class of an exhibit goes before that of the case, and the later before the earlier', () => {
  const whole = { ...set, exhibits: null, disposalClass: { ...short, retainDays: 90 } }
  const both = step(classed, setDisposalClass(classed, whole, ada))
  assert.equal(dueAtOf(both, exhibit(both, 'e1')), addMs(NOW, 30 * DAY_MS))
  assert.equal(dueAtOf(both, exhibit(both, 'e2')), addMs(NOW, 90 * DAY_MS))
  const later = { ...set, disposalClass: { ...short, retainDays: 60 } }
  const again = step(both, setDisposalClass(both, later, ada))
  assert.equal(dueAtOf(again, exhibit(again, 'e1')), addMs(NOW, 60 * DAY_MS))
})

test('nothing is destroyed without a class, an appraisal and its day', () => {
  assert.deepEqual(due(classed, 1000), [], 'nobody appraised it')
  const bad = (more: object) => why(appraiseExhibits(classed, { ...destroy, ...more }, ada))
  assert.equal(bad({ exhibits: ['e2'] }), 'noClass')
  assert.equal(bad({ exhibits: [] }), 'unknownExhibit')
  assert.equal(bad({ exhibits: ['e9'] }), 'unknownExhibit')
  assert.equal(bad({ reason: '' }), 'reasonMissing')
  assert.equal(bad({ outcome: 'transfer' }), 'archiveMissing')
  const appraised = step(classed, appraiseExhibits(classed, destroy, ada))
  assert.deepEqual(due(appraised, 29), [])
  assert.deepEqual(due(appraised, 30), ['e1'])
  const kept = step(appraised, appraiseExhibits(appraised, { ...destroy, outcome: 'keep' }, ada))
  assert.deepEqual(due(kept, 1000), [], 'the later appraisal counts')
  assert.equal(retentionStateOf(kept, exhibit(kept, 'e1')), 'keep')
})

test('a hold refuses the destruction of everything that is asked for together', () => {
  const held = folded(foldEvidence, classed, [
    {
      type: 'legalHoldPlaced',
      ...{ holdId: 'h1', ground: 'court', exhibits: ['e1'], reviewAt: NOW, inPlaceOf: null },
    },
  ])
  const ask = (exhibitIds: readonly string[]) =>
    destroyExhibits(held, { exhibitIds, purpose: 'disposal' }, 'ada')
  assert.equal(ask(['e2']).decision, 'permit')
  const refused = ask(['e2', 'e3'])
  assert.equal(refused.decision === 'refuse' && refused.why, 'legalHold', 'a copy of what is held')
  const [because] = refused.because
  assert.equal(because?.rule, 'hold:h1')
})

test('what is destroyed is destroyed once, and stays in the history', () => {
  const ids = existingWithCopies(start, ['e1']).map(({ exhibitId }) => exhibitId)
  assert.deepEqual(ids, ['e1', 'e3'])
  const ask = { exhibitIds: ids, purpose: 'disposal' }
  const decided = destroyExhibits(start, ask, 'meridia.example')
  assert.ok(decided.decision === 'permit')
  const gone = folded(foldEvidence, start, decided.value)
  assert.equal(retentionStateOf(gone, exhibit(gone, 'e3')), 'destroyed')
  const again = destroyExhibits(gone, ask, 'ada')
  assert.deepEqual(again.decision === 'permit' && again.value, [])
  assert.deepEqual(existingWithCopies(gone, ['e1']), [])
  assert.equal(why(appraiseExhibits(gone, destroy, ada)), 'destroyed')
  const bare = destroyExhibits(start, { ...ask, purpose: ' ' }, 'ada')
  assert.equal(bare.decision === 'refuse' && bare.why, 'purposeMissing')
})
