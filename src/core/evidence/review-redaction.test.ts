import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folded, officer } from '../../../test/support/ring.ts'
import { redactExhibit } from './decide-evidence.ts'
import { type EvidenceState, exhibitOf, foldEvidence, noEvidence } from './evidence.ts'
import { redactionBar, reviewRedaction } from './review-redaction.ts'

const facts = {
  name: 'transcript',
  mediaType: 'application/json',
  sizeBytes: 10,
  digest: '1'.repeat(64),
  partsRoot: '2'.repeat(64),
  parts: 3,
}
const sealed = folded(foldEvidence, noEvidence, [
  { type: 'exhibitSealed', exhibitId: 'x1', ...facts },
])
const by = (name: string, inPlaceOf?: string) => officer(name, inPlaceOf ? { inPlaceOf } : {})

/** The copy x2, as made by this officer, in whose place it may be. */
function copied(name: string, inPlaceOf?: string): EvidenceState {
  const command = {
    ...{ ...facts, exhibitId: 'x2', derivedFrom: 'x1', purpose: 'to release it' },
    ...{ redactions: [{ part: 1, reason: 'a name' }], wantsReview: true as const },
  }
  const decision = redactExhibit(sealed, command, by(name, inPlaceOf))
  assert.ok(decision.decision === 'permit', JSON.stringify(decision))
  return folded(foldEvidence, sealed, decision.value, name)
}

const approve = { exhibitId: 'x2', outcome: 'approved', reason: 'as agreed', isSame: true } as const

test('nobody reviews the own copy, in person or by a delegation of either side', () => {
  const table = [
    ['ownRedaction', copied('ada'), by('ada')],
    ['ownRedaction', copied('ada'), by('cleo', 'ada')],
    ['ownRedaction', copied('ada', 'ben'), by('ada')],
    ['ownRedaction', copied('ada', 'ben'), by('ben')],
    ['ownRedaction', copied('ada', 'ben'), by('cleo', 'ben')],
    ['ownRedaction', copied('ada', 'ben'), by('ben', 'cleo')],
    ['permitted', copied('ada', 'ben'), by('cleo')],
    ['permitted', copied('ada', 'ben'), by('cleo', 'dan')],
    ['permitted', copied('ada'), by('ben')],
  ] as const
  for (const [expected, state, acting] of table) {
    const decision = reviewRedaction(state, approve, acting)
    const found = decision.decision === 'refuse' ? decision.why : 'permitted'
    assert.equal(found, expected, `${acting.officer} in place of ${acting.inPlaceOf}`)
  }
})

test('a copy leaves once a review approved it, and an approval needs the same bytes', () => {
  const state = copied('ada')
  const bar = (at: EvidenceState) => {
    const copy = exhibitOf(at, 'x2')
    return copy && redactionBar(copy)
  }
  assert.match(bar(state) ?? '', /nobody has yet compared/)
  const why = (change: object) => {
    const decision = reviewRedaction(state, { ...approve, ...change }, by('ben'))
    return decision.decision === 'refuse' ? decision.why : 'permitted'
  }
  assert.equal(why({ isSame: false }), 'copyDiffers')
  assert.equal(why({ reason: ' ' }), 'reasonMissing')
  assert.equal(why({ exhibitId: 'x1' }), 'notACopy')
  assert.equal(why({ exhibitId: 'x9' }), 'unknownExhibit')
  const decided = reviewRedaction(state, approve, by('ben'))
  assert.ok(decided.decision === 'permit')
  const reviewed = folded(foldEvidence, state, decided.value)
  assert.equal(bar(reviewed), undefined)
  const again = reviewRedaction(reviewed, approve, by('ben'))
  assert.equal(again.decision === 'refuse' && again.why, 'alreadyReviewed')
})
