import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { answerInvitation, inviteParticipant } from './consent.ts'
import {
  type DisclosureState,
  initialDisclosure,
  participantOf,
  stateAfter,
} from './disclosure-state.ts'
import { proposeEmbargo, rejectProposal } from './embargo-start.ts'
import type { DisclosureEvent } from './events.ts'
import { type TermsIntent, type TermsTold, takeTerms, tellTerms } from './terms-told.ts'

const now = '2026-03-02T09:00:00.000Z' as Instant
const [LEAD, PEER] = ['meridia.example', 'albion.example']
const zone = 'Europe/Brussels'
const acting: Acting = { officer: 'ines', roles: ['caseOfficer'], authority: LEAD, now }
const inDays = (days: number) => addMs(now, days * DAY_MS)
const after = (state: DisclosureState, events: readonly DisclosureEvent[]) =>
  stateAfter(state, events, now)
const done = (
  state: DisclosureState,
  decided:
    | { readonly decision: 'permit'; readonly value: readonly DisclosureEvent[] }
    | { readonly decision: 'refuse'; readonly why: string },
) => {
  if (decided.decision === 'refuse') return assert.fail(decided.why)
  return after(state, decided.value)
}
const joined = after(
  initialDisclosure,
  [LEAD, PEER].map((participant) => ({
    ...{ type: 'participantJoined', participant, roles: ['coordinator'] as const },
  })) as DisclosureEvent[],
)
const propose = (state: DisclosureState, embargoId: string, days: number) =>
  done(
    state,
    proposeEmbargo(state, { participant: LEAD, embargoId, until: inDays(days), zone }, acting),
  )
const invite = (state: DisclosureState) =>
  done(state, inviteParticipant(state, { participant: PEER, roles: ['coordinator'] }, acting))
const yes = (state: DisclosureState, embargoId: string, participant = PEER) =>
  done(state, answerInvitation(state, { participant, answer: 'accept', embargoId }, acting))
const told = (state: DisclosureState, intent: TermsIntent) =>
  tellTerms(state, { lead: LEAD, to: PEER }, intent)
const parties = { lead: LEAD, self: PEER }
const hear = (copy: DisclosureState, words: TermsTold) =>
  done(copy, takeTerms(copy, { ...words, ...parties }, acting))

const standing = ({ embargo, terms, proposals, participants }: DisclosureState) => ({
  ...{ embargo, terms, proposals: proposals.map(({ embargoId }) => embargoId) },
  consents: Object.fromEntries(participants.map(({ id, consent }) => [id, consent])),
})

test('a first proposal, its yes, a revision, its rejection: the copy stands as at the lead', () => {
  let lead = invite(propose(joined, 'e1', 30))
  let copy = hear(initialDisclosure, told(lead, 'propose'))
  assert.deepEqual(standing(copy), standing(lead))
  assert.equal(participantOf(copy, PEER)?.answerBy, inDays(7))
  ;[lead, copy] = [yes(lead, 'e1'), yes(copy, 'e1')]
  assert.equal(copy.embargo, 'active')
  lead = invite(propose(lead, 'e2', 40))
  copy = hear(copy, told(lead, 'revise'))
  assert.deepEqual(standing(copy), {
    ...{ embargo: 'revise', proposals: ['e2'] },
    terms: { embargoId: 'e1', until: inDays(30), zone },
    consents: { [LEAD]: 'signatory', [PEER]: 'invited' },
  })
  assert.deepEqual(standing(copy), standing(lead))
  const reject = rejectProposal(lead, { reason: 'nobody wants it' }, acting)
  lead = done(lead, reject)
  copy = hear(copy, told(lead, 'reject'))
  assert.deepEqual(standing(copy), standing(lead))
  assert.equal(participantOf(copy, PEER)?.consent, 'signatory', 'bound by the old terms again')
})

test('one whose copy is behind follows to the terms in force and to the open ones', () => {
  const others = after(propose(joined, 'e1', 30), [
    { type: 'participantJoined', participant: 'Larkspur', roles: ['vendor'] },
  ])
  const lead = invite(propose(yes(others, 'e1', 'Larkspur'), 'e2', 20))
  for (const copy of [
    initialDisclosure,
    hear(initialDisclosure, told(propose(joined, 'e1', 30), 'propose')),
  ]) {
    const { consents: _, ...heard } = standing(hear(copy, told(lead, 'revise')))
    const { consents: __, ...stands } = standing(lead)
    assert.deepEqual(heard, stands)
  }
})

test('the same message twice changes nothing more', () => {
  const lead = invite(propose(joined, 'e1', 30))
  const once = hear(initialDisclosure, told(lead, 'propose'))
  assert.deepEqual(hear(once, told(lead, 'propose')), once)
})

test('a window under 72 hours is widened here, and the shorter one is kept', () => {
  const words = { ...told(invite(propose(joined, 'e1', 30)), 'propose'), answerBy: inDays(1) }
  const taken = takeTerms(initialDisclosure, { ...words, ...parties }, acting)
  const asked = taken.decision === 'permit' ? taken.value.at(-1) : undefined
  assert.deepEqual(asked?.type === 'consentChanged' && [asked.answerBy, asked.askedBy], [
    inDays(3),
    inDays(1),
  ])
})

describe('refused', () => {
  const lead = invite(propose(joined, 'e1', 30))
  const words = told(lead, 'propose')
  const inForce = { embargoId: 'e1', until: inDays(30), zone }
  const facts = (letter: 'P' | 'X' | 'A') =>
    after(initialDisclosure, [{ type: 'progressChanged', letter, evidence: 'a news report' }])
  const over = after(hear(initialDisclosure, words), [
    { type: 'embargoChanged', event: 'accept', from: 'proposed', to: 'active', terms: inForce },
    { type: 'embargoChanged', event: 'terminate', from: 'active', to: 'exited', why: 'expired' },
  ])
  const cases: readonly [string, string, DisclosureState, TermsTold][] = [
    ['the public knows here', 'alreadyPublic', facts('P'), words],
    ['an exploit is public here', 'exploitPublic', facts('X'), words],
    ['attacks were observed here', 'attacksObserved', facts('A'), words],
    ['the embargo is over here', 'embargoOver', over, words],
    [
      'a proposal that says it revises',
      'intentMismatch',
      initialDisclosure,
      { ...words, intent: 'revise' },
    ],
    [
      'a proposal beside terms in force',
      'intentMismatch',
      initialDisclosure,
      { ...words, inForce },
    ],
    ['a proposal of nothing', 'intentMismatch', initialDisclosure, { ...words, proposals: [] }],
    [
      'a revision of nothing',
      'intentMismatch',
      initialDisclosure,
      { ...words, intent: 'revise', inForce, proposals: [] },
    ],
    [
      'joining nothing',
      'intentMismatch',
      initialDisclosure,
      { ...words, intent: 'join', proposals: [] },
    ],
    [
      'rejecting what stays open',
      'intentMismatch',
      initialDisclosure,
      { ...words, intent: 'reject', inForce },
    ],
  ]
  for (const [what, why, copy, message] of cases) {
    test(what, () => {
      const taken = takeTerms(copy, { ...message, ...parties }, acting)
      assert.equal(taken.decision === 'refuse' && taken.why, why)
    })
  }
})
