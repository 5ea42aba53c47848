import assert from 'node:assert/strict'
import test from 'node:test'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { addMs, instant, MINUTE_MS } from '../../base/time.ts'
import { bitsFor, workTickets } from './work-tickets.ts'

const NOW = instant('2026-11-22T10:00:30.000Z')
const later = (minutes: number) => addMs(NOW, minutes * MINUTE_MS)
const make = (fill = 1) =>
  workTickets(nodePrimitives, new Uint8Array(32).fill(fill), (size) => new Uint8Array(size).fill(9))

test('a ticket says how much work it wants, for an hour', () => {
  const tickets = make()
  const { ticket, workBits } = tickets.issue(NOW)
  assert.equal(workBits, 15)
  assert.equal(tickets.bitsOf(ticket, NOW), 15)
  assert.equal(tickets.bitsOf(ticket, later(60)), 15)
  assert.equal(tickets.bitsOf(ticket, later(61)), undefined)
  assert.equal(tickets.bitsOf(ticket, later(-1)), 15)
  assert.equal(tickets.bitsOf(ticket, later(-2)), undefined)
})

test('a ticket that was changed, or is of another node, is none', () => {
  const { ticket } = make().issue(NOW)
  const bad = [
    '',
    'x',
    ticket.replace('.15.', '.0.'),
    ticket.replace('.15.', '.99.'),
    ticket.slice(0, -1),
    `${ticket}0`,
    ticket.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    make(2).issue(NOW).ticket,
  ]
  for (const one of bad) assert.equal(make().bitsOf(one, NOW), undefined, one)
})

test('the price follows what the node takes in, and comes down again', () => {
  const tickets = make()
  const flood = (count: number, minute: number) => {
    for (let n = 0; n < count; n++) tickets.count(later(minute))
  }
  flood(60, 0)
  assert.equal(tickets.issue(later(0)).workBits, 15)
  flood(1, 0)
  assert.equal(tickets.issue(later(0)).workBits, 16)
  flood(5000, 1)
  assert.equal(tickets.issue(later(1)).workBits, 20)
  assert.equal(tickets.issue(later(2)).workBits, 20)
  assert.equal(tickets.issue(later(3)).workBits, 15)
})

const STEPS = [
  [0, 15],
  [60, 15],
  [61, 16],
  [120, 16],
  [121, 17],
  [240, 17],
  [1920, 20],
  [1_000_000, 20],
] as const
for (const [perMinute, bits] of STEPS) {
  test(`${perMinute} a minute cost ${bits} bits`, () => assert.equal(bitsFor(perMinute), bits))
}
