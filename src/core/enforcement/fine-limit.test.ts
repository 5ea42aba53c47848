/** A fine stays within the maximum of the law, and looks at fines of others first. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basis, isTrue, packWith, tier } from '../../../test/support/law-sanctions.ts'
import { folded, NOW, officer } from '../../../test/support/ring.ts'
import type { CalendarDate } from '../../base/time.ts'
import { moneyFrom } from '../law/money.ts'
import { packRef } from '../law/pack.ts'
import { type KnownFine, priorFines } from '../law/prior-fines.ts'
import { findTier, sanctionCap } from '../law/sanction-cap.ts'
import type { FiningFactors, PersonKind, SanctionTier } from '../law/sanction-tier.ts'
import { approveOrder, imposeFine } from './decide-measure.ts'
import { type EnforcementState, foldEnforcement, noEnforcement } from './enforcement.ts'
import type { FineLimit } from './fine-limit.ts'
import { recordOtherFine } from './other-fines.ts'

const ada = officer('ada')
const bo = officer('bo')
const taken = { basis: 'art. 16', reason: 'shown', officers: ['ada', 'bo'] } as const

const disobeyed: EnforcementState = folded(
  foldEnforcement,
  noEnforcement,
  [
    { type: 'operatorNamed', operatorId: 'o', name: 'Larkspur', role: 'provider', invented: true },
    { type: 'measureTaken', measureId: 'm1', rung: 'warning', ...taken },
    {
      type: 'rungSkipped',
      rung: 'commitments',
      ground: 'noCommitmentsProposedInTime',
      reason: 'none',
    },
    { type: 'measureTaken', measureId: 'm2', rung: 'correctiveOrder', ...taken },
    { type: 'nonComplianceRecorded', measureId: 'm2', since: NOW, facts: 'still on sale' },
  ],
  'ada',
  NOW,
)

const TIERS: readonly SanctionTier[] = [
  tier('t2', 'higher_of', { fixed: [15_000_000], percent: 3 }),
  tier('sme', 'lower_of', { persons: 'sme', modifies: ['xx.act/t2'] }),
  tier('bill', 'fixed_cap', { fixed: [5], isBinding: false }),
  tier('later', 'fixed_cap', {
    fixed: [5],
    appliesFrom: { date: '2100-01-01' as CalendarDate, basis: basis('1') },
  }),
  tier('repeated', 'fixed_cap', { fixed: [5], when: isTrue('repeated') }),
  tier('either', 'higher_of', { fixed: [10], percent: 5, isAlternative: true }),
  tier('floor', 'higher_of', { fixed: [10], percent: 2, isFloorOfCap: true }),
  tier('range', 'fixed_range', { fixed: [2, 8] }),
]
const { pack } = packWith(TIERS)

type Asked = {
  readonly turnover?: string
  readonly is?: readonly PersonKind[]
  readonly facts?: Readonly<Record<string, boolean>>
}

function limit(id: string, { turnover, is = [], facts = {} }: Asked = {}): FineLimit {
  const [amount, currency = 'EUR'] = (turnover ?? '').split(' ')
  const found = findTier(pack, `xx.act/${id}`)
  const question = {
    turnover: turnover === undefined ? null : moneyFrom(amount, currency, 'turnover'),
    ...{ benefit: null, violations: null, days: null, is, facts },
    on: '2026-11-22' as CalendarDate,
  }
  const cap = found && sanctionCap(pack, found, question, true)
  return { tier: `xx.act/${id}`, cap, pack: packRef(pack) }
}

const FINE = {
  measureId: 'm3',
  basis: 'art. 99(4)',
  reason: 'the order was not obeyed',
  currency: 'EUR',
  factors: { gravity: 'minors were harmed' },
  otherFines: 'none known',
}

function fine(euros: number, change: Partial<Parameters<typeof imposeFine>[1]> = {}) {
  return imposeFine(disobeyed, { ...FINE, amountMinor: euros * 100, ...change }, ada)
}

type Row = readonly [name: string, euros: number, limit: FineLimit, expected: string]
const ROWS: readonly Row[] = [
  ['at the maximum', 24_000_000, limit('t2', { turnover: '800000000' }), 'permitted'],
  ['a cent above would do', 24_000_001, limit('t2', { turnover: '800000000' }), 'aboveMaximum'],
  [
    'a small enterprise',
    240_001,
    limit('t2', { turnover: '8000000', is: ['sme'] }),
    'aboveMaximum',
  ],
  ['a small enterprise', 240_000, limit('t2', { turnover: '8000000', is: ['sme'] }), 'permitted'],
  ['turnover unknown, below the fixed amount', 15_000_000, limit('t2'), 'permitted'],
  ['turnover unknown, above it', 15_000_001, limit('t2'), 'maximumOpen'],
  ['small, turnover unknown', 1, limit('t2', { is: ['sme'] }), 'maximumOpen'],
  ['small, above what can be', 15_000_001, limit('t2', { is: ['sme'] }), 'aboveMaximum'],
  ['no such tier', 1, limit('none'), 'unknownTier'],
  ['a bill', 1, limit('bill'), 'tierNotInForce'],
  ['not in force yet', 1, limit('later'), 'tierNotInForce'],
  ['outside the tier', 1, limit('repeated', { facts: { repeated: false } }), 'tierDoesNotApply'],
  ['turnover in dollars', 1, limit('t2', { turnover: '5 USD' }), 'currencyDiffers'],
  ['side by side: the higher', 50, limit('either', { turnover: '1000' }), 'permitted'],
  ['side by side: above both', 51, limit('either', { turnover: '1000' }), 'aboveMaximum'],
  ['a floor of the maximum', 10, limit('floor', { turnover: '1' }), 'permitted'],
  ['above the floor: national law', 11, limit('floor', { turnover: '1' }), 'maximumOpen'],
  ['the top of a range', 8, limit('range'), 'permitted'],
  ['above a range', 9, limit('range'), 'aboveMaximum'],
]

for (const [name, euros, limit, expected] of ROWS) {
  test(`${name}: ${euros} euro is ${expected}`, () => {
    const decided = fine(euros, { limit })
    assert.equal(decided.decision === 'refuse' ? decided.why : 'permitted', expected)
  })
}

test('a fine in another currency than the maximum is refused', () => {
  const decided = fine(1, { currency: 'USD', limit: limit('t2', { turnover: '800000000' }) })
  assert.equal(decided.decision === 'refuse' && decided.why, 'currencyDiffers')
})

test('a refusal shows the steps of the maximum and its source', () => {
  const { because } = fine(24_000_001, { limit: limit('t2', { turnover: '800000000' }) })
  assert.match(because[0]?.text ?? '', /EUR 24,000,001 is above .* EUR 24,000,000$/)
  assert.match(because[0]?.source ?? '', /an invented statute, art\. 9/)
  assert.ok(because.some(({ text }) => text === '3 % of EUR 800,000,000 is EUR 24,000,000.'))
})

test('the history keeps the maximum that it was held to, as plain JSON', () => {
  const decided = fine(100, { limit: limit('t2', { turnover: '800000000' }) })
  assert.equal(decided.decision, 'permit')
  const [event] = decided.decision === 'permit' ? decided.value : []
  const kept = event?.type === 'measureProposed' ? event.fine?.limit : undefined
  assert.equal(kept?.maximumMinor, '2400000000')
  assert.deepEqual(kept?.pack, { id: 'law.xx', version: '1.0.0', digest: 'd' })
  assert.deepEqual(JSON.parse(JSON.stringify(event)), event)
})

const FACTORS: FiningFactors = {
  factors: ['prior_fines_same_infringement'],
  priorFines: ['prior_fines_same_infringement'],
  bars: [
    {
      id: 'one',
      trigger: 'fine',
      same: 'conduct',
      instrument: 'xx.data',
      when: null,
      text: 'no second fine',
      basis: basis('35(2)'),
    },
  ],
  basis: basis('99(7)'),
}
const solberg: KnownFine & { readonly isKnown: boolean } = {
  fineId: 'f1',
  authority: 'solberg.example',
  isOwn: false,
  instrument: 'xx.act',
  state: 'imposed',
  sameInfringement: 'yes',
  sameConduct: 'yes',
  amountMinor: 500,
  currency: 'EUR',
  decidedOn: null,
  source: 'its letter',
  isKnown: false,
}

function told(state: EnforcementState, change: Partial<typeof solberg> = {}): EnforcementState {
  const decided = recordOtherFine(state, { ...solberg, ...change }, ada)
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  if (decided.decision !== 'permit') return state
  return folded(foldEnforcement, state, decided.value, 'ada', NOW)
}

function afterOthers(change: Partial<typeof solberg>) {
  const state = told(disobeyed, change)
  const rules = { id: 'xx.act', fining: FACTORS }
  const known = { fines: state.otherFines, participants: [], facts: {} }
  const findings = priorFines(pack, rules, known)
  return imposeFine(state, { ...FINE, amountMinor: 100, priorFines: findings }, ada)
}

test('a fine of another weighs, bars, or must be assessed first', () => {
  const why = (change: Partial<typeof solberg>) => {
    const decided = afterOthers(change)
    return decided.decision === 'refuse' ? decided.why : 'permitted'
  }
  assert.equal(why({}), 'permitted')
  assert.equal(why({ instrument: 'xx.data' }), 'barredByOther')
  assert.equal(why({ sameInfringement: 'open', sameConduct: 'open' }), 'otherFinesOpen')
  assert.equal(why({ instrument: 'xx.data', state: 'annulled' }), 'permitted')
})

test('what was found about others is in the proposal; one that comes later stops the approval', () => {
  const decided = afterOthers({})
  assert.equal(decided.decision, 'permit')
  if (decided.decision !== 'permit') return
  const [event] = decided.value
  assert.equal(event?.type, 'measureProposed')
  const found = event?.type === 'measureProposed' ? event.fine : null
  assert.deepEqual(found?.knownFines, ['f1'])
  assert.match(found?.priorFines?.[0]?.because.text ?? '', /^solberg\.example has imposed a fine/)
  const proposed = folded(foldEnforcement, told(disobeyed), decided.value, 'ada', NOW)
  assert.equal(approveOrder(proposed, { measureId: 'm3' }, bo).decision, 'permit')
  const later = told(proposed, { fineId: 'f2', authority: 'brena.example' })
  const refused = approveOrder(later, { measureId: 'm3' }, bo)
  assert.equal(refused.decision === 'refuse' && refused.why, 'otherFinesNotChecked')
  const none = told(proposed, { fineId: 'f2', authority: 'brena.example', state: 'none' })
  assert.equal(approveOrder(none, { measureId: 'm3' }, bo).decision, 'permit')
})

test('a fine of another that is recorded again replaces what was known of it', () => {
  const twice = told(told(disobeyed), { isKnown: true, state: 'annulled' })
  assert.deepEqual(
    twice.otherFines.map(({ fineId, state }) => [fineId, state]),
    [['f1', 'annulled']],
  )
})

const WRONG: readonly (readonly [string, EnforcementState, Partial<typeof solberg>])[] = [
  ['noOperator', noEnforcement, {}],
  ['unknownFine', disobeyed, { isKnown: true }],
  ['reasonMissing', disobeyed, { source: ' ' }],
  ['reasonMissing', disobeyed, { authority: '' }],
  ['amountFaulty', disobeyed, { currency: null }],
  ['amountFaulty', disobeyed, { amountMinor: null }],
]

for (const [why, state, change] of WRONG) {
  test(`not recorded: ${why} ${JSON.stringify(change)}`, () => {
    const decided = recordOtherFine(state, { ...solberg, ...change }, ada)
    assert.equal(decided.decision === 'refuse' && decided.why, why)
  })
}
