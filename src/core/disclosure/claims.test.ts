import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { claimFact, decideClaim } from './claims.ts'
import { type DisclosureState, initialDisclosure, stateAfter } from './disclosure-state.ts'
import type { DisclosureEvent } from './events.ts'
import { publicLetters } from './machines.ts'

const now = '2026-03-02T09:00:00.000Z' as Instant
const [LEAD, PEER] = ['meridia.example', 'albion.example']
const acting: Acting = { officer: 'ines', roles: ['caseOfficer'], authority: LEAD, now }
const evidence = 'a forum shows it since today'
const reason = 'seen by us on that forum'
const terms = { embargoId: 'e1', until: addMs(now, 30 * DAY_MS), zone: 'Europe/Brussels' }
const after = (state: DisclosureState, ...events: DisclosureEvent[]) =>
  stateAfter(state, events, now)
const joined = (participant: string): DisclosureEvent => ({
  ...{ type: 'participantJoined', participant, roles: ['coordinator'] },
})
const inForce = after(
  initialDisclosure,
  joined(LEAD),
  joined(PEER),
  { type: 'embargoChanged', event: 'propose', from: 'none', to: 'proposed', terms },
  { type: 'embargoChanged', event: 'accept', from: 'proposed', to: 'active', terms },
)

type Decided = ReturnType<typeof claimFact> | ReturnType<typeof decideClaim>
const done = (state: DisclosureState, decided: Decided) =>
  decided.decision === 'permit' ? after(state, ...decided.value) : assert.fail(decided.why)
const why = (decided: Decided) => (decided.decision === 'refuse' ? decided.why : 'permitted')
const claim = (state: DisclosureState, change: object = {}) =>
  claimFact(state, { claimId: 'c1', letter: 'X', participant: PEER, evidence, ...change }, acting)
const decide = (state: DisclosureState, change: object = {}) =>
  decideClaim(state, { claimId: 'c1', outcome: 'adopted', reason, ...change }, acting)

for (const letter of publicLetters) {
  test(`${letter}: held, it changes nothing; adopted, it is a fact and ends the embargo`, () => {
    const held = done(inForce, claim(inForce, { letter }))
    const { claims: _, ...rest } = held
    const { claims: __, ...before } = inForce
    assert.deepEqual(rest, before)
    const adopted = done(held, decide(held))
    assert.ok(adopted.publicState.includes(letter))
    assert.deepEqual([adopted.embargo, adopted.claims[0]?.decided?.outcome], ['exited', 'adopted'])
    const no = done(held, decide(held, { outcome: 'rejected' }))
    assert.deepEqual([no.embargo, no.publicState], ['active', 'pxa'])
  })
}

test('a public exploit makes the public aware, also by a claim', () => {
  const held = done(inForce, claim(inForce))
  assert.equal(done(held, decide(held)).publicState, 'PXa')
})

test('of a fact that holds already, a further claim is only closed', () => {
  const two = done(inForce, claim(inForce))
  const both = done(two, claim(two, { claimId: 'c2', participant: LEAD }))
  const first = done(both, decide(both))
  const second = decide(first, { claimId: 'c2' })
  assert.deepEqual(second.decision === 'permit' && second.value.map(({ type }) => type), [
    'publicFactDecided',
  ])
})

describe('refused', () => {
  const held = done(inForce, claim(inForce))
  const gone: DisclosureEvent = {
    ...{ type: 'participantLeft', participant: PEER, keepsEmbargo: true, reason },
  }
  const many = Array.from(
    { length: 100 },
    (_, at): DisclosureEvent => ({
      ...{ type: 'publicFactClaimed', claimId: `d${at}`, letter: 'P', participant: LEAD, evidence },
    }),
  )
  const cases: readonly [string, string, Decided][] = [
    ['a stranger claims', 'unknownParticipant', claim(inForce, { participant: 'x.example' })],
    ['who left claims', 'hasLeft', claim(after(inForce, gone))],
    ['a claim rests on nothing', 'evidenceMissing', claim(inForce, { evidence: 'hearsay' })],
    ['the fact is set', 'alreadySet', claim(done(held, decide(held)))],
    ['the same is claimed twice', 'claimedAlready', claim(held, { claimId: 'c2' })],
    ['too many are held', 'tooManyClaims', claim(after(inForce, ...many))],
    ['an unknown claim is decided', 'noSuchClaim', decide(inForce)],
    [
      'a claim is decided twice',
      'noSuchClaim',
      decide(done(held, decide(held, { outcome: 'rejected' }))),
    ],
    ['a decision has no reason', 'reasonMissing', decide(held, { reason: 'no' })],
  ]
  for (const [what, expected, decided] of cases) {
    test(what, () => assert.equal(why(decided), expected))
  }
})
