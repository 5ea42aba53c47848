import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import { foldDisclosure, initialDisclosure } from './disclosure-state.ts'
import type { DisclosureEvent } from './events.ts'
import { waitingIn } from './waiting.ts'

const start = '2026-03-02T09:00:00.000Z' as Instant
const day = (count: number) => addMs(start, count * DAY_MS)
const [LEAD, VENDOR] = ['meridia.example', 'Larkspur (invented)']
const terms = { embargoId: 'e1', until: day(20), zone: 'Europe/Brussels' }

/** One event a day, from the first day on. */
function waiting(events: readonly DisclosureEvent[], on: number) {
  const history = events.map(
    (event, index): Recorded<DisclosureEvent> => ({
      ...{ event, version: index + 1, at: day(index), by: 'officer-1' },
    }),
  )
  const state = history.reduce(foldDisclosure, initialDisclosure)
  return waitingIn(state, LEAD, history, day(on)).map(({ what, whom, about, since, dueAt }) => [
    what,
    whom,
    about,
    since,
    dueAt,
  ])
}

const lead: readonly DisclosureEvent[] = [
  { type: 'reportReceived', participant: LEAD },
  { type: 'participantJoined', participant: LEAD, roles: ['caseOwner', 'coordinator'] },
  {
    ...{ type: 'reportStateChanged', participant: LEAD },
    ...{ event: 'receive', from: 'start', to: 'received' },
  },
]
const vendor: DisclosureEvent = {
  ...{ type: 'participantJoined', participant: VENDOR, roles: ['vendor'] },
}
const proposed: DisclosureEvent = {
  ...{ type: 'embargoChanged', event: 'propose', from: 'none', to: 'proposed' },
  ...{ terms, participant: LEAD },
}
const consent = (event: 'invite' | 'accept' | 'decline' | 'revise', more: object = {}) =>
  ({
    ...{ type: 'consentChanged', participant: VENDOR, event },
    ...{
      invite: { from: 'noEmbargo', to: 'invited', answerBy: day(9) },
      accept: { from: 'invited', to: 'signatory', embargoId: 'e1' },
      decline: { from: 'invited', to: 'declined' },
      revise: { from: 'signatory', to: 'lapsed' },
    }[event],
    ...more,
  }) as DisclosureEvent
const adopted: DisclosureEvent = {
  ...{ type: 'embargoChanged', event: 'accept', from: 'proposed', to: 'active' },
  ...{ terms, participant: VENDOR },
}
const stepped = (event: 'receive' | 'validate' | 'accept', to: string) =>
  ({ type: 'reportStateChanged', participant: VENDOR, event, from: 'start', to }) as DisclosureEvent
const aware: DisclosureEvent = {
  ...{ type: 'progressChanged', letter: 'V', participant: VENDOR, evidence: 'received it' },
}

test('the lead sets an end before its report is valid, and judges it', () => {
  assert.deepEqual(waiting(lead, 3), [
    ['embargoEnd', LEAD, null, day(0), null],
    ['judgeReport', LEAD, null, day(2), null],
  ])
})

test('an open proposal waits for its decision, a party for its invitation, then it for its answer', () => {
  const base = [...lead.slice(1, 2), vendor, proposed]
  assert.deepEqual(waiting(base, 3), [
    ['proposal', LEAD, null, day(2), null],
    ['inviteAnew', LEAD, VENDOR, day(1), null],
  ])
  const invited = [...base, consent('invite')]
  assert.deepEqual(waiting(invited, 4)[1], ['embargoAnswer', VENDOR, null, day(3), day(9)])
  assert.deepEqual(waiting(invited, 9)[1], ['noAnswer', VENDOR, null, day(3), day(9)])
  const silent = [...invited, consent('decline', { why: 'timedOut' })]
  assert.deepEqual(waiting(silent, 9)[1], ['noAnswer', VENDOR, null, day(4), null])
  const no = [...invited, consent('decline')]
  assert.deepEqual(waiting(no, 9).slice(1), [], 'a no waits for nobody')
})

test('who consented gets the report, judges it, takes it on, names its products, fixes them', () => {
  const base = [
    ...lead.slice(1, 2),
    vendor,
    proposed,
    consent('invite'),
    adopted,
    consent('accept'),
  ]
  assert.deepEqual(waiting(base, 6), [['giveReport', LEAD, VENDOR, day(5), null]])
  const has = [...base, stepped('receive', 'received'), aware]
  assert.deepEqual(waiting(has, 8), [
    ['judgeReport', VENDOR, null, day(6), null],
    ['productStatus', VENDOR, null, day(7), null],
  ])
  const works = [...has, stepped('validate', 'valid'), stepped('accept', 'accepted')]
  assert.deepEqual(waiting(works, 10), [
    ['productStatus', VENDOR, null, day(7), null],
    ['fix', VENDOR, null, day(9), null],
  ])
  const said = (status: 'affected' | 'notAffected'): DisclosureEvent => ({
    ...{ type: 'productStatusStated', participant: VENDOR, product: 'A', status },
    evidence: 'its letter of March',
  })
  assert.deepEqual(waiting([...works, said('affected')], 11), [['fix', VENDOR, null, day(9), null]])
  assert.deepEqual(waiting([...works, said('notAffected')], 11), [])
  assert.deepEqual(waiting([...works, said('notAffected')], 20), [
    ['embargoOver', LEAD, null, day(20), day(20)],
  ])
})

test('nothing waits for who left or closed', () => {
  const base = [...lead.slice(1, 2), vendor]
  const left: DisclosureEvent = {
    ...{
      type: 'participantLeft',
      participant: VENDOR,
      keepsEmbargo: true,
      reason: 'not concerned',
    },
  }
  assert.deepEqual(waiting(base, 2), [['giveReport', LEAD, VENDOR, day(1), null]])
  assert.deepEqual(waiting([...base, left], 3), [])
  assert.deepEqual(waiting([...base, stepped('receive', 'closed')], 3), [])
})
