import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Decision } from '../../base/decision.ts'
import { addMs, DAY_MS, HOUR_MS, type Instant, instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { letterDue } from './case-state.ts'
import {
  answerInvitation,
  expireInvitations,
  inviteParticipant,
  mayReceiveContent,
} from './consent.ts'
import {
  caseStateOf,
  type DisclosureState,
  foldDisclosure,
  initialDisclosure,
  isBoundByEmbargo,
  isUnderEmbargo,
  participantOf,
} from './disclosure-state.ts'
import { endEmbargo, expireEmbargo } from './embargo-end.ts'
import { proposeEmbargo, refuseEmbargo, rejectProposal, setEmbargoEnd } from './embargo-start.ts'
import type { DisclosureEvent } from './events.ts'
import { destination } from './machine.ts'
import { consentMachine, embargoMachine } from './machines.ts'
import { addParticipant } from './participant.ts'
import { recordProgress } from './progress.ts'
import {
  acceptReport,
  closeReport,
  deferReport,
  invalidateReport,
  receiveReport,
  validateReport,
} from './report.ts'

const start = instant('2026-11-22T09:00:00.000Z')
const lead = 'meridia.example'
const peer = 'albion.example'
const third = 'sierra.example'
const vendor = 'larkspur'
const evidence = 'seen by the duty officer'
const zone = 'Europe/Brussels'
const ground = 'a fix is being made'

const actingAt = (now: Instant): Acting => ({
  officer: 'officer-1',
  roles: ['caseOfficer'],
  authority: lead,
  now,
})
const acting = actingAt(start)
const inDays = (days: number) => addMs(start, days * DAY_MS)

type AnyDecision = Decision<readonly DisclosureEvent[], string>
type Judged = Decision<unknown, string>
type Step = (state: DisclosureState) => AnyDecision

function fold(state: DisclosureState, events: readonly DisclosureEvent[]): DisclosureState {
  return events.reduce(
    (sofar, event, index) =>
      foldDisclosure(sofar, { event, version: index + 1, at: start, by: 'officer-1' }),
    state,
  )
}

/** The state after steps that are all permitted. */
function after(...steps: readonly Step[]): DisclosureState {
  return steps.reduce((state, step) => {
    const decision = step(state)
    assert.ok(decision.decision === 'permit', JSON.stringify(decision))
    return fold(state, decision.value)
  }, initialDisclosure)
}

function why(decision: Judged): string {
  if (decision.decision === 'permit') return 'permitted'
  assert.ok(decision.because.length > 0, 'a refusal names its rule')
  return decision.why
}

function eventsOf(decision: AnyDecision): readonly DisclosureEvent[] {
  assert.ok(decision.decision === 'permit', JSON.stringify(decision))
  return decision.value
}

const received: Step = (state) =>
  receiveReport(state, { participant: lead, roles: ['caseOwner', 'caseManager'] }, acting)
const receivedPublic: Step = (state) =>
  receiveReport(
    state,
    { participant: lead, roles: ['caseOwner'], publicSources: ['https://paper.example/1'] },
    acting,
  )
const withVendor: Step = (state) =>
  addParticipant(state, { participant: vendor, roles: ['vendor', 'deployer'] }, acting)
const endSet: Step = (state) => setEmbargoEnd(state, { until: inDays(30), zone, ground }, acting)
const valid: Step = (state) => validateReport(state, { participant: lead }, acting)
const accepted: Step = (state) => acceptReport(state, { participant: lead }, acting)
const proposed =
  (embargoId = 'e1', days = 30, participant = lead): Step =>
  (state) =>
    proposeEmbargo(state, { participant, embargoId, until: inDays(days), zone }, acting)
const invited =
  (participant: string, answerBy?: Instant): Step =>
  (state) =>
    inviteParticipant(
      state,
      { participant, roles: ['coordinator'], ...(answerBy && { answerBy }) },
      acting,
    )
const answered =
  (participant: string, answer: 'accept' | 'decline', embargoId = 'e1'): Step =>
  (state) =>
    answerInvitation(state, { participant, answer, embargoId }, acting)
const noted =
  (letter: 'V' | 'F' | 'D' | 'P' | 'X' | 'A', participant?: string): Step =>
  (state) =>
    recordProgress(state, { letter, evidence, ...(participant && { participant }) }, acting)

const opened = [received, endSet, valid, accepted, withVendor]
const running = [...opened, proposed(), invited(peer), invited(third), answered(peer, 'accept')]

describe('report', () => {
  test('is received once by each participant', () => {
    assert.equal(after(received).receivedAt, start)
    assert.equal(why(received(after(received))), 'alreadyReceived')
  })

  test('makes a case manager a coordinator, and a vendor aware', () => {
    const state = after(received, (s) =>
      receiveReport(s, { participant: vendor, roles: ['vendor'] }, acting),
    )
    assert.deepEqual(participantOf(state, lead)?.roles, ['caseOwner', 'caseManager', 'coordinator'])
    assert.equal(participantOf(state, vendor)?.vendorState, 'Vfd')
    assert.equal(participantOf(state, lead)?.vendorState, 'vfd')
  })

  test('is not valid until an embargo end is set or refused', () => {
    const decision = valid(after(received))
    assert.equal(why(decision), 'embargoEndMissing')
    assert.equal(decision.because[0]?.source, 'Vultron DUR-07-004')
    assert.equal(participantOf(after(received, endSet, valid), lead)?.reportState, 'valid')
    const refused: Step = (s) => refuseEmbargo(s, { ground: 'alreadyPublic' }, acting)
    const state = after(receivedPublic, refused, valid)
    assert.equal(participantOf(state, lead)?.reportState, 'valid')
  })

  test('that is valid cannot close, nor a stranger act', () => {
    const state = after(received, endSet, valid)
    assert.equal(why(closeReport(state, { participant: lead }, acting)), 'stepNotInMachine')
    assert.equal(why(closeReport(state, { participant: peer }, acting)), 'unknownParticipant')
    assert.equal(why(invalidateReport(state, { participant: lead }, acting)), 'stepNotInMachine')
  })

  test('stays open while an embargo is in force', () => {
    assert.equal(
      why(closeReport(after(...running), { participant: lead }, acting)),
      'embargoInForce',
    )
    const ended = after(...running, noted('P'))
    assert.equal(why(closeReport(ended, { participant: lead }, acting)), 'permitted')
  })
})

describe('embargo end', () => {
  const cases: readonly [string, Parameters<typeof setEmbargoEnd>[1], string][] = [
    ['now', { until: start, zone, ground }, 'endNotInFuture'],
    ['in the past', { until: inDays(-1), zone, ground }, 'endNotInFuture'],
    ['in 366 days', { until: inDays(366), zone, ground }, 'endTooFar'],
    ['in 91 days without a reason', { until: inDays(91), zone, ground }, 'justificationMissing'],
    [
      'in 91 days with too short a reason',
      { until: inDays(91), zone, ground, justification: 'because' },
      'justificationMissing',
    ],
    ['in 90 days', { until: inDays(90), zone, ground }, 'permitted'],
    [
      'in 365 days with a reason',
      { until: inDays(365), zone, ground, justification: 'hardware in the field' },
      'permitted',
    ],
  ]
  for (const [name, command, expected] of cases) {
    test(`${name}: ${expected}`, () => {
      assert.equal(why(setEmbargoEnd(after(received), command, acting)), expected)
    })
  }

  test('in no time zone is malformed', () => {
    for (const zone of ['Mars/Olympus', '', '+01:00']) {
      const command = { until: inDays(3), zone, ground }
      assert.throws(() => setEmbargoEnd(after(received), command, acting), { code: 'malformed' })
    }
  })

  const bars = [
    ['P', 'alreadyPublic'],
    ['X', 'alreadyPublic'],
    ['A', 'attacksObserved'],
  ] as const
  for (const [letter, expected] of bars) {
    test(`after ${letter} is refused: ${expected}`, () => {
      const state = after(received, noted(letter))
      assert.equal(why(endSet(state)), expected)
      assert.equal(why(proposed()(state)), expected)
    })
  }

  test('is set or refused once', () => {
    assert.equal(why(endSet(after(received, endSet))), 'alreadyDecided')
    const refusal = { ground: 'notSought', reason: 'the finder wants it public' } as const
    assert.equal(why(refuseEmbargo(after(received, endSet), refusal, acting)), 'alreadyDecided')
  })

  test('is refused only on a ground that the case bears out', () => {
    const state = after(received)
    for (const ground of ['alreadyPublic', 'exploitPublic', 'attacksObserved'] as const) {
      assert.equal(why(refuseEmbargo(state, { ground }, acting)), 'notBorneOut')
    }
    assert.equal(why(refuseEmbargo(state, { ground: 'fixDeployed' }, acting)), 'notBorneOut')
    assert.equal(why(refuseEmbargo(state, { ground: 'notSought' }, acting)), 'reasonMissing')
  })

  test('of a public report is refused, and the refusal names the rule', () => {
    const state = after(receivedPublic)
    assert.equal(state.publicState, 'Pxa')
    assert.equal(why(endSet(state)), 'alreadyPublic')
    const [event] = eventsOf(refuseEmbargo(state, { ground: 'alreadyPublic' }, acting))
    assert.ok(event?.type === 'embargoEndRefused')
    assert.equal(event.because[0]?.rule, 'disclosure.noEmbargoWhenPublic')
  })
})

describe('embargo', () => {
  test('is in force once another party accepts, and binds only those who did', () => {
    const waiting = after(...opened, proposed(), invited(peer), invited(third))
    assert.equal(waiting.embargo, 'proposed')
    assert.equal(isUnderEmbargo(waiting), false)
    const state = after(...running)
    assert.equal(state.embargo, 'active')
    assert.equal(state.terms?.embargoId, 'e1')
    assert.deepEqual(
      [lead, peer, third].map((id) => isBoundByEmbargo(state, id)),
      [true, true, false],
    )
    assert.equal(why(mayReceiveContent(state, third)), 'consentMissing')
    assert.equal(why(mayReceiveContent(state, 'nobody.example')), 'consentMissing')
    assert.equal(mayReceiveContent(state, peer).decision, 'permit')
  })

  test('is not started by its proposer alone', () => {
    const state = after(...opened, proposed())
    assert.equal(why(answered(lead, 'accept')(state)), 'stepNotInMachine')
  })

  test('a decline speaks for the one who declines', () => {
    const state = after(...running, answered(third, 'decline'))
    assert.equal(state.embargo, 'active')
    assert.equal(participantOf(state, third)?.consent, 'declined')
    assert.equal(participantOf(state, peer)?.consent, 'signatory')
  })

  test('an answer to other terms is no consent', () => {
    assert.equal(why(answered(third, 'accept', 'e9')(after(...running))), 'otherTerms')
  })

  test('of two proposals the one that ends first is decided first', () => {
    const state = after(...opened, proposed('long', 60), proposed('short', 20), invited(peer))
    assert.deepEqual(
      state.proposals.map((terms) => terms.embargoId),
      ['short', 'long'],
    )
    assert.equal(why(answered(peer, 'accept', 'long')(state)), 'shorterFirst')
    const agreed = after(
      ...opened,
      proposed('long', 60),
      proposed('short', 20),
      invited(peer),
      answered(peer, 'accept', 'short'),
    )
    assert.equal(agreed.terms?.embargoId, 'short')
    assert.equal(agreed.embargo, 'revise')
    assert.deepEqual(
      agreed.proposals.map((terms) => terms.embargoId),
      ['long'],
    )
  })

  test('a revision makes every consent lapse once, and the old terms stand if it fails', () => {
    const revised = after(...running, proposed('e2', 60))
    assert.equal(revised.embargo, 'revise')
    assert.equal(revised.terms?.embargoId, 'e1')
    assert.equal(participantOf(revised, peer)?.consent, 'lapsed')
    assert.equal(participantOf(revised, lead)?.consent, 'signatory')
    const again = eventsOf(proposed('e3', 50)(revised))
    assert.ok(again.every((event) => event.type !== 'consentChanged'))
    const reject: Step = (s) => rejectProposal(s, { reason: 'no agreement found' }, acting)
    const stands = after(...running, proposed('e2', 60), reject)
    assert.equal(stands.embargo, 'active')
    assert.equal(stands.terms?.embargoId, 'e1')
    const taken = after(...running, proposed('e2', 60), answered(peer, 'accept', 'e2'))
    assert.equal(taken.terms?.embargoId, 'e2')
    assert.equal(taken.embargo, 'active')
  })

  test('does not begin from a dead report or after the fix is deployed', () => {
    const dead: Step = (s) => invalidateReport(s, { participant: lead }, acting)
    assert.equal(why(proposed()(after(received, dead))), 'reportNotLive')
    assert.equal(why(proposed('e1', 30, 'nobody')(after(received))), 'unknownParticipant')
    const deferred: Step = (s) => deferReport(s, { participant: lead }, acting)
    assert.equal(why(proposed()(after(received, endSet, valid, deferred))), 'reportNotLive')
  })

  test('an embargo that ended does not begin again', () => {
    const agreed: Step = (s) =>
      endEmbargo(s, { reason: 'agreed', explanation: 'all parties are ready' }, acting)
    const state = after(...running, agreed)
    assert.equal(state.embargo, 'exited')
    assert.deepEqual(state.ended, { why: 'agreed', at: start })
    assert.equal(why(proposed('e2')(state)), 'embargoOver')
    assert.equal(why(invited('new.example')(state)), 'nothingToJoin')
    assert.deepEqual(eventsOf(answered(peer, 'accept')(state)), [])
  })

  test('ends only for a reason that the case bears out', () => {
    const state = after(...running)
    assert.equal(why(endEmbargo(state, { reason: 'fixReady' }, acting)), 'notBorneOut')
    assert.equal(why(endEmbargo(state, { reason: 'fixDeployed' }, acting)), 'notBorneOut')
    assert.equal(why(endEmbargo(state, { reason: 'expired' }, acting)), 'notBorneOut')
    assert.equal(why(endEmbargo(state, { reason: 'agreed' }, acting)), 'explanationMissing')
    assert.equal(
      why(endEmbargo(after(received), { reason: 'expired' }, acting)),
      'noEmbargoInForce',
    )
  })

  test('expires at its end, not a millisecond earlier', () => {
    const state = after(...running)
    const early = actingAt(addMs(inDays(30), -1))
    assert.equal(why(expireEmbargo(state, {}, early)), 'notYetDue')
    const [event] = eventsOf(expireEmbargo(state, {}, actingAt(inDays(30))))
    assert.ok(event?.type === 'embargoChanged' && event.why === 'expired')
    assert.equal(why(expireEmbargo(after(received), {}, acting)), 'noEmbargoInForce')
  })

  test('a proposal whose end has come falls', () => {
    const state = after(...opened, proposed())
    const [event] = eventsOf(expireEmbargo(state, {}, actingAt(inDays(31))))
    assert.ok(event?.type === 'embargoChanged' && event.to === 'none')
  })
})

describe('invitation', () => {
  const dueOf = (state: DisclosureState) => participantOf(state, peer)?.answerBy

  test('is open for seven days, or longer, but never under 72 hours', () => {
    assert.equal(dueOf(after(...opened, proposed(), invited(peer))), inDays(7))
    const short = invited(peer, addMs(start, HOUR_MS))
    assert.equal(dueOf(after(...opened, proposed(), short)), addMs(start, 72 * HOUR_MS))
    assert.equal(dueOf(after(...opened, proposed(), invited(peer, inDays(10)))), inDays(10))
  })

  test('needs something to join, and goes not to a signatory', () => {
    assert.equal(why(invited(peer)(after(received))), 'nothingToJoin')
    assert.equal(why(invited(peer)(after(...running))), 'stepNotInMachine')
  })

  test('silence is recorded as silence, and a late yes to the same terms counts', () => {
    const silence: Step = (s) => expireInvitations(s, {}, actingAt(inDays(7)))
    assert.deepEqual(eventsOf(expireInvitations(after(...running), {}, actingAt(inDays(6)))), [])
    const late = after(...running, silence)
    assert.equal(participantOf(late, third)?.isTimedOut, true)
    assert.equal(participantOf(late, third)?.consent, 'declined')
    const state = after(...running, silence, answered(third, 'accept'))
    assert.equal(participantOf(state, third)?.consent, 'signatory')
  })

  test('after a no it takes a fresh invitation', () => {
    const state = after(...running, answered(third, 'decline'))
    assert.equal(why(answered(third, 'accept')(state)), 'stepNotInMachine')
    const again = after(...running, answered(third, 'decline'), invited(third))
    assert.equal(why(answered(third, 'accept')(again)), 'permitted')
  })
})

describe('progress', () => {
  for (const letter of ['P', 'X', 'A'] as const) {
    test(`${letter} ends an embargo in the same decision, in order`, () => {
      const state = after(...running)
      const events = eventsOf(noted(letter)(state))
      const types = events.map((event) => event.type)
      const order = ['progressChanged', 'embargoChanged', 'consentChanged']
      assert.deepEqual(
        types,
        [...types].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
      )
      const resets = events.filter((event) => event.type === 'consentChanged')
      assert.deepEqual(
        resets.map((event) => event.participant),
        [lead, peer, third],
      )
      assert.equal(fold(state, events).embargo, 'exited')
    })

    test(`${letter} makes a proposal fall`, () => {
      const state = after(...opened, proposed(), invited(peer), noted(letter))
      assert.equal(state.embargo, 'none')
      assert.equal(participantOf(state, peer)?.consent, 'noEmbargo')
    })
  }

  test('a public exploit brings public awareness, and that the vendor', () => {
    const events = eventsOf(noted('X')(after(received, withVendor)))
    assert.deepEqual(
      events.map((event) => event.type === 'progressChanged' && event.letter),
      ['X', 'P', 'V'],
    )
  })

  test('only a vendor that took the report on has a fix, and only one that deploys deploys', () => {
    const reached: Step = (s) =>
      receiveReport(s, { participant: vendor, roles: ['vendor'] }, acting)
    const open = [received, endSet]
    assert.equal(why(noted('F', lead)(after(...open))), 'notTheirStep')
    assert.equal(why(noted('F')(after(...open))), 'unknownParticipant')
    assert.equal(why(noted('V', 'nobody')(after(...open))), 'unknownParticipant')
    assert.equal(why(noted('V', vendor)(after(...open, reached))), 'alreadySet')
    assert.equal(why(noted('F', vendor)(after(...open, reached))), 'reportNotAccepted')
    const tookOn: readonly Step[] = [
      ...open,
      reached,
      (s) => validateReport(s, { participant: vendor }, acting),
      (s) => acceptReport(s, { participant: vendor }, acting),
    ]
    assert.equal(why(noted('D', vendor)(after(...tookOn))), 'notTheirStep')
    const fixed = after(...tookOn, noted('F', vendor))
    assert.equal(participantOf(fixed, vendor)?.vendorState, 'VFd')
    const deployer: Step = (s) =>
      addParticipant(s, { participant: vendor, roles: ['deployer'] }, acting)
    const deployed = after(...tookOn, noted('F', vendor), deployer, noted('D', vendor))
    assert.equal(participantOf(deployed, vendor)?.vendorState, 'VFD')
    assert.equal(why(proposed()(deployed)), 'fixDeployed')
    const skipped = after(...tookOn, deployer)
    assert.equal(why(noted('D', vendor)(skipped)), 'stepNotInMachine')
  })

  test('needs evidence, and is recorded once', () => {
    const thin = recordProgress(after(received), { letter: 'P', evidence: 'heard  ' }, acting)
    assert.equal(why(thin), 'evidenceMissing')
    assert.equal(why(noted('P')(after(received, noted('P')))), 'alreadySet')
  })
})

test('whatever is tried, in whatever order, the machines and the rules hold', () => {
  const anyStep = fc.oneof(
    fc.constantFrom<Step>(received, endSet, valid, accepted, withVendor),
    fc
      .tuple(fc.constantFrom('e1', 'e2'), fc.integer({ min: 1, max: 80 }))
      .map(([id, days]) => proposed(id, days)),
    fc.constantFrom(peer, third).map((id) => invited(id)),
    fc
      .tuple(
        fc.constantFrom(lead, peer, third),
        fc.constantFrom('accept' as const, 'decline' as const),
        fc.constantFrom('e1', 'e2'),
      )
      .map(([id, answer, embargoId]) => answered(id, answer, embargoId)),
    fc
      .tuple(fc.constantFrom('V', 'F', 'D', 'P', 'X', 'A'), fc.constantFrom(undefined, vendor))
      .map(([letter, id]) => noted(letter as 'V', id)),
    fc.constant<Step>((s) => expireEmbargo(s, {}, actingAt(inDays(40)))),
    fc.constant<Step>((s) => rejectProposal(s, { reason: 'no agreement found' }, acting)),
    fc.constant<Step>((s) => expireInvitations(s, {}, actingAt(inDays(8)))),
  )
  const anyStart = fc.constantFrom<readonly Step[]>([], opened, running)
  fc.assert(
    fc.property(anyStart, fc.array(anyStep, { maxLength: 40 }), (before, steps) => {
      let state = after(...before)
      for (const step of steps) {
        const decision = step(state)
        if (decision.decision === 'refuse') continue
        for (const event of decision.value) {
          if (event.type === 'embargoChanged') {
            assert.equal(event.from, state.embargo)
            assert.equal(destination(embargoMachine, event.from, event.event), event.to)
          }
          if (event.type === 'consentChanged') {
            assert.equal(event.from, participantOf(state, event.participant)?.consent)
            assert.equal(destination(consentMachine, event.from, event.event), event.to)
          }
          state = fold(state, [event])
        }
        if (state.publicState !== 'pxa') assert.equal(isUnderEmbargo(state), false)
        if (isUnderEmbargo(state)) assert.ok(state.terms)
        for (const each of state.participants) {
          if (!each.roles.includes('vendor')) continue
          assert.equal(letterDue(caseStateOf(state, each)), undefined)
        }
      }
    }),
    { numRuns: 300 },
  )
})
