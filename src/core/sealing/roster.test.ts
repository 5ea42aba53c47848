import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import { foldStanding, noStanding } from '../people/standing.ts'
import type { RosterEntry, SealingKeyEvent, SealingRoster, SealingWorkEvent } from './events.ts'
import {
  approveRoster,
  mayApprove,
  openProposal,
  proposeRoster,
  type RosterFacts,
  type RosterProposal,
  rosterFaults,
} from './roster.ts'
import {
  announceKey,
  endKey,
  foldSealingKeys,
  formerHolders,
  keyOf,
  noSealingKeys,
} from './sealing-keys.ts'

const NOW = instant('2026-11-22T12:00:00.000Z')
const keyFor = (officer: string, n = 1) => `age1${officer}${n}`

const announced = (officer: string, n = 1): SealingKeyEvent => ({
  type: 'sealingKeyAnnounced',
  officer,
  recipient: keyFor(officer, n),
  kept: 'browser',
})
const entry = (officer: string, layer: RosterEntry['layer'] = 'inner', n = 1): RosterEntry => ({
  recipient: keyFor(officer, n),
  layer,
  holder: { officer },
})
const setTo = (entries: SealingRoster, digest: string): SealingKeyEvent => ({
  type: 'sealingRosterSet',
  entries,
  digest,
  proposedBy: null,
})

const fold = (...events: SealingKeyEvent[]) =>
  events
    .map(
      (event, index): Recorded<SealingKeyEvent> => ({
        event,
        version: index + 1,
        at: NOW,
        by: 'x',
      }),
    )
    .reduce(foldSealingKeys, noSealingKeys)

const first = [entry('ada'), entry('bob'), entry('lee', 'outer')]
const started = [announced('ada'), announced('bob'), announced('lee'), setTo(first, 'd1')]

const factsOf = (...more: SealingKeyEvent[]): RosterFacts => ({
  keys: fold(...started, ...more),
  officers: ['ada', 'bob', 'lee', 'cyd', 'pim', 'eve'],
  escrows: [{ setId: 'e'.repeat(16), recipient: 'age1escrow' }],
})

const rulesOf = (entries: SealingRoster, facts = factsOf(announced('cyd'))) =>
  rosterFaults(entries, facts).map(({ rule }) => rule)

test('a roster of officers’ own keys has no fault, with an escrow key too', () => {
  assert.deepEqual(rulesOf(first), [])
  const escrow: RosterEntry = {
    recipient: 'age1escrow',
    layer: 'inner',
    holder: { escrow: 'e'.repeat(16) },
  }
  assert.deepEqual(rulesOf([...first, escrow]), [])
})

const outer = entry('lee', 'outer')
const faulty: readonly [string, SealingRoster, string][] = [
  ['nobody', [], 'roster:two'],
  ['one officer', [entry('ada'), outer], 'roster:two'],
  [
    'one officer and the escrow, which nobody opens alone',
    [
      entry('ada'),
      outer,
      { recipient: 'age1escrow', layer: 'inner', holder: { escrow: 'e'.repeat(16) } },
    ],
    'roster:two',
  ],
  ['nobody for the outer layer', [entry('ada'), entry('bob')], 'roster:outer'],
  ['the same key twice', [entry('ada'), entry('bob'), entry('bob'), outer], 'roster:twice'],
  ['somebody in both layers', [entry('ada'), entry('bob'), entry('ada', 'outer')], 'roster:layers'],
  ['a key that nobody announced', [entry('ada'), entry('eve'), outer], 'roster:key'],
  [
    'the key of another',
    [entry('ada'), { ...entry('bob'), holder: { officer: 'cyd' } }, outer],
    'roster:key',
  ],
  [
    'an unknown escrow',
    [...first, { recipient: 'age1x', layer: 'inner', holder: { escrow: 'f' } }],
    'roster:key',
  ],
  ['too many', [...Array(33)].map((_, i) => entry(`o${i}`)), 'roster:size'],
]
for (const [what, entries, rule] of faulty) {
  test(`a roster with ${what} is refused`, () => {
    assert.ok(rulesOf(entries).includes(rule), `${rulesOf(entries)}`)
    const proposed = proposeRoster(
      factsOf(announced('cyd')),
      undefined,
      { proposalId: 'p', entries, now: NOW },
      {},
    )
    assert.equal(proposed.decision === 'refuse' && proposed.why, 'rosterFaulty')
  })
}

test('a key that was lost, replaced or whose holder left is no key of a roster', () => {
  for (const end of [
    [{ type: 'sealingKeyEnded', officer: 'bob', recipient: keyFor('bob'), why: 'lost' }],
    [announced('bob', 2)],
  ] as SealingKeyEvent[][]) {
    assert.ok(rulesOf(first, factsOf(...end)).includes('roster:key'))
  }
  const gone = { ...factsOf(), officers: ['ada', 'lee'] }
  assert.ok(rulesOf(first, gone).includes('roster:key'))
})

test('a key is announced once, by anybody, and a new one replaces it', () => {
  const keys = fold(announced('ada'), announced('ada', 2))
  assert.equal(keyOf(keys, 'ada')?.recipient, keyFor('ada', 2))
  assert.equal(keys.keys[0]?.ended, 'replaced')
  for (const n of [1, 2]) {
    const again = announceKey(
      keys,
      { recipient: keyFor('ada', n), kept: 'file' },
      { officer: 'eve' },
    )
    assert.equal(again.decision === 'refuse' && again.why, 'keyKnown')
  }
  assert.equal(endKey(keys, 'bob', 'lost').decision, 'refuse')
})

const next = [...first, entry('cyd')]
const proposal: RosterProposal = {
  proposalId: 'p1',
  entries: next,
  proposedBy: 'pim',
  inPlaceOf: null,
  proposedAt: addMs(NOW, -DAY_MS),
  expiresAt: addMs(NOW, DAY_MS),
}
const acting = {
  officer: 'pim',
  roles: ['administrator'],
  authority: 'a.example',
  now: NOW,
} as const
const moment = {
  now: NOW,
  standing: noStanding,
  proposerMay: permit({ tie: null, sees: null, acting }),
}
const left = { ...moment, proposerMay: refuse('notInOffice', { rule: 'access:x', text: 'x' }) }
const fingerprintOf = (recipient: string) => `aa bb ${Buffer.from(recipient).toString('hex')}`
const approve = (told: readonly string[], officer = 'bob', changes: Partial<RosterProposal> = {}) =>
  approveRoster(
    factsOf(announced('cyd')),
    { ...proposal, ...changes },
    { proposalId: 'p1', told, fingerprintOf, ...moment },
    { officer },
  )

test('a second officer who was told the fingerprint approves', () => {
  const told = [fingerprintOf(keyFor('cyd')).toUpperCase().replaceAll(' ', ' - ')]
  const approved = approve(told)
  assert.deepEqual(approved.decision === 'permit' && approved.value, next)
})

const right = fingerprintOf(keyFor('cyd'))
const refusals: readonly [string, () => ReturnType<typeof approve>, string][] = [
  ['nothing was compared', () => approve([]), 'wrongFingerprint'],
  [
    'the fingerprint is of another key',
    () => approve([fingerprintOf(keyFor('ada'))]),
    'wrongFingerprint',
  ],
  ['one digit differs', () => approve([right.replace('aa', 'ab')]), 'wrongFingerprint'],
  ['a part of it is given', () => approve([right.slice(0, -2)]), 'wrongFingerprint'],
  ['many are tried at once', () => approve([right, 'aabb']), 'wrongFingerprint'],
  ['who proposed it approves', () => approve([right], 'pim'), 'samePerson'],
  ['the holder of the new key approves', () => approve([right], 'cyd'), 'ownKey'],
  ['it is too old', () => approve([right], 'bob', { expiresAt: NOW }), 'proposalExpired'],
  ['it is another one', () => approve([right], 'bob', { proposalId: 'p2' }), 'noProposal'],
]
for (const [what, attempt, why] of refusals) {
  test(`a roster is not changed if ${what}`, () => {
    const decided = attempt()
    assert.equal(decided.decision === 'refuse' && decided.why, why)
  })
}

test('who stands in for the proposer, or for the holder of a new key, does not approve', () => {
  const facts = factsOf(announced('cyd'))
  const whyOf = (open: RosterProposal, inPlaceOf: string) => {
    const may = mayApprove(facts, open, moment, { officer: 'bob', inPlaceOf })
    return may.decision === 'refuse' ? may.why : 'permit'
  }
  assert.equal(whyOf(proposal, 'pim'), 'samePerson')
  assert.equal(whyOf(proposal, 'cyd'), 'ownKey')
  assert.equal(whyOf({ ...proposal, inPlaceOf: 'bob' }, 'eve'), 'samePerson')
  assert.equal(whyOf(proposal, 'eve'), 'permit')
})

test('who gave a code to come back with is not on the other side of whoever it was for', () => {
  const facts = factsOf(announced('cyd'))
  const givenTo = (officer: string, by: string) =>
    [
      { event: { type: 'officerEnrolled', officer, publicKey: '', roles: [] }, by: 'a.example' },
      { event: { type: 'wayBackGiven', officer }, by },
      { event: { type: 'wayBackUsed', officer, givenBy: by }, by: 'a.example' },
    ].reduce(
      (standing, one) => foldStanding(standing, { ...one, at: NOW, version: 1 } as never),
      noStanding,
    )
  const whyOf = (
    officer: string,
    by: string,
    approver: { officer: string; inPlaceOf?: string },
  ) => {
    const known = { ...moment, standing: givenTo(officer, by) }
    const may = mayApprove(facts, proposal, known, approver)
    return may.decision === 'refuse' ? may.why : 'permit'
  }
  assert.equal(whyOf('bob', 'pim', { officer: 'bob' }), 'wayBack')
  assert.equal(whyOf('pim', 'bob', { officer: 'bob' }), 'wayBack', 'nor the other way round')
  assert.equal(whyOf('bob', 'pim', { officer: 'eve', inPlaceOf: 'bob' }), 'wayBack')
  assert.equal(whyOf('bob', 'toor', { officer: 'bob' }), 'permit')
  assert.equal(whyOf('bob', 'pim', { officer: 'eve' }), 'permit')
})

test('a roster is not approved once whoever proposed it may not do so any more', () => {
  const facts = factsOf(announced('cyd'))
  const command = { proposalId: 'p1', told: [right], fingerprintOf, ...left }
  const decided = approveRoster(facts, proposal, command, { officer: 'bob' })
  assert.equal(decided.decision === 'refuse' && decided.why, 'proposerMayNot')
})

test('a roster that became faulty while it waited is not approved', () => {
  const facts = factsOf(announced('cyd'), announced('cyd', 2))
  const command = { proposalId: 'p1', told: [right], fingerprintOf, ...moment }
  const decided = approveRoster(facts, proposal, command, { officer: 'bob' })
  assert.equal(decided.decision === 'refuse' && decided.why, 'rosterFaulty')
  assert.equal(mayApprove(facts, proposal, moment, { officer: 'bob' }).decision, 'permit')
})

test('one proposal waits at a time, for a week; the same roster is not proposed', () => {
  const facts = factsOf(announced('cyd'))
  const command = { proposalId: 'p2', entries: next, now: NOW }
  const made = proposeRoster(facts, undefined, command, {})
  assert.equal(made.decision, 'permit')
  const history = made.decision === 'permit' ? made.value : []
  const recorded = history.map(
    (event, index): Recorded<SealingWorkEvent> => ({
      event,
      version: index + 1,
      at: NOW,
      by: 'pim',
    }),
  )
  const open = openProposal(recorded)
  assert.equal(open?.proposedBy, 'pim')
  const last = { ...command, now: addMs(NOW, 7 * DAY_MS - 1) }
  assert.equal(proposeRoster(facts, open, last, {}).decision, 'refuse')
  const after = { ...command, now: addMs(NOW, 7 * DAY_MS) }
  assert.equal(proposeRoster(facts, open, after, {}).decision, 'permit')
  const ended: Recorded<SealingWorkEvent> = {
    event: { type: 'rosterProposalEnded', proposalId: 'p2', outcome: 'rejected' },
    version: 2,
    at: NOW,
    by: 'bob',
  }
  assert.equal(openProposal([...recorded, ended]), undefined)
  const same = proposeRoster(facts, undefined, { ...command, entries: [...first].reverse() }, {})
  assert.equal(same.decision === 'refuse' && same.why, 'nothingNew')
})

test('who stood in an old roster with a key that is not in the new one can still open', () => {
  const keys = fold(
    ...started,
    announced('cyd'),
    announced('bob', 2),
    setTo([entry('ada'), entry('bob', 'inner', 2), outer], 'd2'),
  )
  assert.deepEqual(formerHolders(keys, 'd1'), ['bob'])
  assert.deepEqual(formerHolders(keys, 'd2'), [])
  assert.deepEqual(formerHolders(keys, 'unknown'), [])
})
