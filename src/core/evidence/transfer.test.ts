import assert from 'node:assert/strict'
import { test } from 'node:test'
import { why } from '../../../test/support/decided.ts'
import { folded, officer } from '../../../test/support/ring.ts'
import type { EvidenceDecision } from './decide-evidence.ts'
import { type EvidenceState, exhibitOf, foldEvidence, noEvidence } from './evidence.ts'
import {
  announceExhibit,
  arriveExhibit,
  endTransfer,
  failTransfer,
  openTransfer,
} from './transfer.ts'

const MERIDIA = 'meridia.example'
const peer = officer(MERIDIA)
const hex = (digit: string) => digit.repeat(64)

const announcement = {
  ...{ from: MERIDIA, releaseId: 'r1', exhibitId: 'e1', name: 'recording.mp4' },
  mediaType: 'video/mp4',
  file: { digest: hex('a'), sizeBytes: 1000 },
  logged: { origin: 'meridia.example/log', leafIndex: 4, treeSize: 9 },
}
const ref = { releaseId: 'r1', from: MERIDIA }
const arrived = {
  ...{ digest: hex('b'), sizeBytes: 1216 },
  plaintext: { digest: hex('a'), sizeBytes: 1000 },
}

function after(state: EvidenceState, decision: EvidenceDecision): EvidenceState {
  assert.equal(decision.decision, 'permit')
  return decision.decision === 'permit'
    ? folded(foldEvidence, state, decision.value, MERIDIA)
    : state
}

const announced = after(noEvidence, announceExhibit(noEvidence, announcement, peer))

test('a file that was announced is no exhibit until it has arrived, and then one of its own key', () => {
  assert.deepEqual(announced.exhibits, [])
  assert.equal(openTransfer(announced, ref)?.file.digest, hex('a'))
  const there = after(announced, arriveExhibit(announced, { ...ref, arrived }, peer))
  const exhibit = exhibitOf(there, 'e1')
  assert.deepEqual(
    [
      exhibit?.digest,
      exhibit?.partsRoot,
      exhibit?.file?.digest,
      exhibit?.origin,
      exhibit?.releaseId,
    ],
    [hex('b'), hex('a'), hex('a'), 'received', 'r1'],
  )
  assert.equal(exhibit?.derivation?.leafIndex, 4)
  assert.deepEqual(
    exhibit?.custody.map(({ act, by, digest }) => [act, by, digest]),
    [['received', MERIDIA, hex('b')]],
  )
  assert.equal(there.transfers[0]?.ended?.outcome, 'arrived')
  assert.equal(why(arriveExhibit(there, { ...ref, arrived }, peer)), 'unknownExhibit', 'once')
})

test('without a proof of the log it arrives too, and no derivation is claimed', () => {
  const bare = after(
    noEvidence,
    announceExhibit(noEvidence, { ...announcement, logged: null }, peer),
  )
  const there = after(bare, arriveExhibit(bare, { ...ref, arrived }, peer))
  assert.equal(exhibitOf(there, 'e1')?.derivation, null)
})

test('of a scrubbed copy it stays known what it was made of', () => {
  const lineage = { digest: hex('e'), sizeBytes: 1200, tool: 'comity-scrub', version: '1' }
  const said = after(noEvidence, announceExhibit(noEvidence, { ...announcement, lineage }, peer))
  const there = after(said, arriveExhibit(said, { ...ref, arrived }, peer))
  assert.deepEqual(exhibitOf(there, 'e1')?.lineage, lineage)
  const plain = after(announced, arriveExhibit(announced, { ...ref, arrived }, peer))
  assert.equal(exhibitOf(plain, 'e1')?.lineage, undefined)
})

test('other bytes, another release or another sender are refused', () => {
  const table: [string, object][] = [
    [
      'digestMismatch',
      { arrived: { ...arrived, plaintext: { digest: hex('c'), sizeBytes: 1000 } } },
    ],
    [
      'digestMismatch',
      { arrived: { ...arrived, plaintext: { digest: hex('a'), sizeBytes: 999 } } },
    ],
    ['exhibitFaulty', { arrived: { ...arrived, digest: 'short' } }],
    ['exhibitFaulty', { arrived: { ...arrived, sizeBytes: 0 } }],
    ['unknownExhibit', { releaseId: 'r2' }],
    ['unknownExhibit', { from: 'sierra.example' }],
  ]
  for (const [expected, change] of table) {
    const command = { ...ref, arrived, ...change }
    assert.equal(why(arriveExhibit(announced, command, peer)), expected, JSON.stringify(change))
  }
})

test('what is announced twice, without a name, a size or a digest is refused', () => {
  assert.equal(why(announceExhibit(announced, announcement, peer)), 'exhibitExists')
  for (const change of [
    { name: ' ' },
    { mediaType: 'video' },
    { file: { digest: hex('a'), sizeBytes: 0 } },
    { file: { digest: hex('a'), sizeBytes: 1.5 } },
    { file: { digest: 'A'.repeat(64), sizeBytes: 1000 } },
  ]) {
    const decided = announceExhibit(noEvidence, { ...announcement, ...change }, peer)
    assert.equal(why(decided), 'exhibitFaulty', JSON.stringify(change))
  }
})

test('what did not arrive is over: it is said once, and it cannot come any more', () => {
  for (const outcome of ['digestMismatch', 'stopped', 'expired'] as const) {
    const failed = after(announced, failTransfer(announced, { ...ref, outcome }))
    assert.equal(failed.transfers[0]?.ended?.outcome, outcome)
    assert.equal(openTransfer(failed, ref), null)
    assert.equal(why(arriveExhibit(failed, { ...ref, arrived }, peer)), 'unknownExhibit')
    const again = failTransfer(failed, { ...ref, outcome: 'stopped' })
    assert.deepEqual(again.decision === 'permit' && again.value, [])
    assert.deepEqual(failed.exhibits, [])
  }
})

test('the sender records the first word on how it ended, and no second', () => {
  const said = { releaseId: 'r1', peer: 'albion.example', outcome: 'arrived' } as const
  const ended = after(noEvidence, endTransfer(noEvidence, said))
  assert.deepEqual(
    ended.transfers.map(({ announced: one, ended: end }) => [one, end?.outcome]),
    [[null, 'arrived']],
  )
  const again = endTransfer(ended, { ...said, outcome: 'stopped' })
  assert.deepEqual(again.decision === 'permit' && again.value, [])
})
