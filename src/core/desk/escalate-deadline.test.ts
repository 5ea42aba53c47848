import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../base/time.ts'
import { type EscalationView, escalateDeadline } from './escalate-deadline.ts'

const at = (text: string) => instant(`2026-${text}T10:00:00.000Z`)
const NOW = at('11-20')
const PERIOD = { clock: 'eu.aiact/serious-incident', dueAt: at('11-22') }
const RULE = { withinDays: 3, silentDays: 5 }
const view: EscalationView = {
  owner: 'ines',
  ownerActedAt: at('11-19'),
  isOwnerHere: true,
  isOwnerAbsent: false,
  deputies: ['oskar', 'mina'],
  earlier: [],
}
const decide = (changed: Partial<EscalationView>, period = PERIOD) =>
  escalateDeadline(period, { ...view, ...changed }, RULE, NOW)

test('a period of an owner who is there and works is left alone', () => {
  assert.equal(decide({}), undefined)
  assert.equal(decide({ ownerActedAt: at('11-15') }), undefined)
})

test('absent, silent or gone: the first deputy gets it, with the ground', () => {
  assert.deepEqual(
    [
      decide({ isOwnerAbsent: true }),
      decide({ ownerActedAt: at('11-14') }),
      decide({ isOwnerHere: false, isOwnerAbsent: true }),
    ].map((event) => [event?.deputy, event?.ground]),
    [
      ['oskar', 'absent'],
      ['oskar', 'silent'],
      ['oskar', 'left'],
    ],
  )
})

test('a period that ends later than the rule says is not passed on; a late one is', () => {
  const isOwnerAbsent = true
  assert.equal(decide({ isOwnerAbsent }, { ...PERIOD, dueAt: at('11-24') }), undefined)
  assert.ok(decide({ isOwnerAbsent }, { ...PERIOD, dueAt: at('11-23') }))
  assert.ok(decide({ isOwnerAbsent }, { ...PERIOD, dueAt: at('11-01') }))
})

test('it is passed on once, and again only when that deputy is away too', () => {
  const earlier = [{ ...PERIOD, deputy: 'oskar' }]
  assert.equal(decide({ isOwnerAbsent: true, earlier }), undefined)
  assert.equal(decide({ isOwnerAbsent: true, earlier, deputies: ['mina'] })?.deputy, 'mina')
  const other = [{ ...PERIOD, clock: 'another', deputy: 'oskar' }]
  assert.equal(decide({ isOwnerAbsent: true, earlier: other })?.deputy, 'oskar')
})

test('nobody is deputy of themselves, and without a deputy nothing is recorded', () => {
  assert.equal(decide({ isOwnerAbsent: true, deputies: ['ines'] }), undefined)
  assert.equal(decide({ isOwnerAbsent: true, deputies: [] }), undefined)
})
