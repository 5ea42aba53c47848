import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  ALBION,
  digestOf,
  folded,
  MERIDIA,
  NOW,
  officer,
  ringAgreement,
  ringInForce,
  SIERRA,
  START,
  SUNSET,
} from '../../../test/support/ring.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { changedMembers, ownStepBar, STEP_PHASES, stepBar } from './admit-step.ts'
import {
  type AgreementState,
  foldAgreement,
  isInForce,
  noAgreement,
  requireNamed,
} from './agreement.ts'
import type { AgreementEvent, AgreementStep } from './agreement-events.ts'
import type { Clause } from './clause.ts'
import { dueEvents, signAgreement, silentConsent } from './decide-agreement.ts'
import { disputedClauses, disputeSteps } from './dispute.ts'
import type { AgreementDocument } from './document.ts'
import { amendmentOf, openText } from './offered-texts.ts'

const PARTIES = [MERIDIA, ALBION, SIERRA]
const days = (count: number) => addMs(NOW, count * DAY_MS)
const first = ringAgreement()
const RAPID: Clause = {
  ...{ id: '90.1', text: 'Keys and languages may change with thirty days of notice.' },
  ...{ kind: 'rapidAmendment', noticeDays: 30, members: ['messageKeys', 'languageRule'] },
}
const DISPUTE: Clause = {
  ...{ id: '90.2', text: 'Disputes go to the liaison officers, then to the heads.' },
  ...{ kind: 'dispute', suspendsClause: true },
  steps: [
    { before: 'liaison officers', withinDays: 10 },
    { before: 'heads of the authorities', withinDays: 20 },
  ],
}
const withTerms = ringAgreement({ clauses: [...first.clauses, RAPID, DISPUTE] })
const rapidRule = { clause: first.languageRule.clause, accepted: ['en', 'fr'] }

function next(version: number, changes: Partial<AgreementDocument> = {}, base = first) {
  return { ...base, version, ...changes }
}

function offered(
  party: string,
  document: AgreementDocument,
  changes: Partial<Extract<AgreementStep, { type: 'agreementTextOffered' }>> = {},
): Extract<AgreementStep, { type: 'agreementTextOffered' }> {
  const said = { party, document, digest: digestOf(document), reason: 'because', rapid: false }
  return { type: 'agreementTextOffered', ...said, signBy: days(30), ...changes }
}

function take(state: AgreementState, step: AgreementStep, at: Instant = NOW): AgreementState {
  assert.equal(stepBar(state, step), undefined)
  return folded(foldAgreement, state, [step], 'ada', at)
}

function settled(state: AgreementState, now: Instant): AgreementState {
  return folded(foldAgreement, state, dueEvents(state, now), 'node', now)
}

function sign(state: AgreementState, party: string, digest: string, at: Instant = NOW) {
  const given = { party, officer: 'ada', digest, signature: 'AA==', simulated: true, signedAt: at }
  return signAgreement(state, given, officer('ada', { now: at }))
}

function signed(state: AgreementState, digest: string, parties = PARTIES, at: Instant = NOW) {
  return parties.reduce((sofar, party) => {
    const decided = sign(sofar, party, digest, at)
    assert.equal(decided.decision, 'permit', JSON.stringify(decided))
    return decided.decision === 'permit'
      ? folded(foldAgreement, sofar, decided.value, 'ada', at)
      : sofar
  }, state)
}

const why = (bar: { readonly why: string } | undefined) => bar?.why
const refusedAs = (decided: ReturnType<typeof sign>) =>
  decided.decision === 'refuse' ? decided.why : 'permitted'

function firstOffer(document = first, signBy: Instant = days(30)): AgreementState {
  const digest = digestOf(document)
  return folded(foldAgreement, noAgreement, [
    { type: 'agreementDrafted', document, digest },
    { type: 'agreementOffered', digest, offeredBy: MERIDIA, signBy },
  ])
}

test('a counter-offer voids the signatures before it', () => {
  const state = signed(firstOffer(), digestOf(first), [MERIDIA, ALBION])
  const counter = next(2, { title: 'Another title' })
  const statement = { officer: 'x', at: NOW, signature: 'AA==' }
  const countered = take(state, offered(SIERRA, counter, { statement }))
  assert.equal(countered.phase, 'offered')
  assert.deepEqual(openText(countered)?.signatures, [])
  assert.equal(refusedAs(sign(countered, MERIDIA, digestOf(first))), 'alreadySigned')
  assert.equal(refusedAs(sign(countered, SIERRA, digestOf(first))), 'digestMismatch')
  assert.equal(refusedAs(sign(countered, SIERRA, 'ff')), 'digestMismatch')
  const all = settled(signed(countered, digestOf(counter)), NOW)
  assert.equal(isInForce(all, NOW), true)
  assert.equal(all.document?.title, 'Another title')
})

test('the old version applies until all have signed the next, then only the next', () => {
  const second = next(2, { title: 'Second' })
  const digest = digestOf(second)
  let state = take(ringInForce(), offered(ALBION, second))
  state = settled(signed(state, digest, [MERIDIA, ALBION]), NOW)
  assert.equal(state.digest, digestOf(first))
  assert.equal(isInForce(state, NOW), true)
  state = settled(signed(state, digest, [SIERRA]), NOW)
  assert.equal(state.digest, digest)
  assert.equal(amendmentOf(state), null)
  assert.deepEqual(
    state.earlier.map((earlier) => [earlier.digest, earlier.endedAt]),
    [[digestOf(first), NOW]],
  )
})

test('a text that is signed by all waits for its start', () => {
  const second = next(2, { validFromAt: days(60), reviewAt: days(90) })
  const step = offered(ALBION, second)
  const all = signed(take(ringInForce(), step), digestOf(second))
  assert.deepEqual(dueEvents(all, days(59)), [])
  const ref = { id: first.id, version: 2, digest: digestOf(second) }
  assert.deepEqual(dueEvents(all, days(60)), [{ type: 'agreementAmended', successor: ref }])
})

test('what is on its way stays under the version that it names, for a while', () => {
  const second = next(2, { title: 'Second' })
  const offeredIt = take(ringInForce(), offered(ALBION, second))
  const state = settled(signed(offeredIt, digestOf(second)), NOW)
  const old = { id: first.id, version: 1, digest: digestOf(first) }
  const asked = (now: Instant, ref = old) => {
    const named = requireNamed(state, ref, now)
    return named.decision === 'permit' ? named.value.document.version : named.why
  }
  assert.equal(asked(days(7 - 1e-6)), 1)
  assert.equal(asked(days(7)), 'anotherAgreement')
  assert.equal(asked(NOW, { ...old, version: 2, digest: digestOf(second) }), 2)
  assert.equal(asked(NOW, { ...old, version: 3 }), 'anotherAgreement')
  assert.equal(asked(NOW, { ...old, digest: 'ff' }), 'anotherAgreement')
  assert.equal(asked(NOW, { ...old, id: 'another' }), 'anotherAgreement')
  assert.equal(asked(SUNSET), 'agreementNotInForce')
})

test('an offer lapses at its deadline; a signature given before it counts when it arrives', () => {
  const digest = digestOf(first)
  const two = signed(firstOffer(), digest, [MERIDIA, ALBION])
  const lapsed = settled(two, days(30))
  assert.equal(lapsed.phase, 'lapsed')
  assert.equal(refusedAs(sign(lapsed, SIERRA, digest, days(30))), 'deadlinePassed')
  const late = { party: SIERRA, officer: 'x', digest, signature: 'AA==', simulated: true }
  const inTime = { ...late, signedAt: days(29) }
  const decided = signAgreement(lapsed, inTime, officer('ada', { now: days(31) }))
  assert.equal(decided.decision, 'permit')
  const all = folded(foldAgreement, lapsed, decided.decision === 'permit' ? decided.value : [])
  assert.equal(isInForce(settled(all, days(31)), days(31)), true)

  const second = next(2, { title: 'Second' })
  const amending = take(ringInForce(), offered(ALBION, second))
  const partly = signed(amending, digestOf(second), [MERIDIA, ALBION])
  const over = settled(partly, days(30))
  assert.equal(amendmentOf(over), null)
  assert.equal(isInForce(over, days(30)), true)
  const last = { ...inTime, digest: digestOf(second) }
  const again = signAgreement(over, last, officer('ada', { now: days(31) }))
  assert.equal(again.decision, 'permit')
  const both = folded(foldAgreement, over, again.decision === 'permit' ? again.value : [])
  assert.equal(settled(both, days(31)).digest, digestOf(second))
})

test('a suspension is of one party; only that party ends it', () => {
  const suspend = (party: string): AgreementStep => ({
    ...{ type: 'agreementSuspended', party, reason: 'keys were lost', code: 'keysCompromised' },
    reviewAt: days(30),
  })
  const resume = (party: string): AgreementStep => ({
    ...{ type: 'agreementResumed', party, reason: 'new keys are in use' },
  })
  const one = take(ringInForce(), suspend(ALBION))
  assert.equal(one.phase, 'suspended')
  assert.equal(isInForce(one, NOW), false)
  assert.equal(why(stepBar(one, resume(MERIDIA))), 'onlyBySuspendingParty')
  const both = take(one, suspend(SIERRA))
  assert.equal(take(both, resume(ALBION)).phase, 'suspended')
  assert.equal(take(take(both, resume(ALBION)), resume(SIERRA)).phase, 'inForce')
})

test('a suspension of clauses leaves the rest in force', () => {
  const step: AgreementStep = {
    ...{ type: 'agreementSuspended', party: ALBION, reason: 'too much was sent' },
    ...{ reviewAt: days(30), clauses: ['4.1'] },
  }
  const state = take(ringInForce(), step)
  assert.equal(isInForce(state, NOW), true)
  assert.deepEqual([...disputedClauses(state)], ['4.1'])
  const resumed = take(state, { type: 'agreementResumed', party: ALBION, reason: 'mended' })
  assert.deepEqual([...disputedClauses(resumed)], [])
})

test('a retirement runs its notice; of two notices the earlier end counts', () => {
  const retire = (party: string, endsAt: Instant): AgreementStep => ({
    ...{ type: 'agreementRetirementNotified', party, reason: 'the law has changed' },
    ...{ endsAt, survivingDuties: ['7.1'] },
  })
  const notified = take(ringInForce(), retire(ALBION, days(60)))
  assert.equal(notified.phase, 'retiring')
  assert.equal(isInForce(notified, days(60 - 1e-6)), true)
  assert.equal(isInForce(notified, days(60)), false)
  assert.equal(why(stepBar(notified, retire(SIERRA, days(61)))), 'laterEnd')
  const earlier = take(notified, retire(SIERRA, days(59)))
  const reason = 'the law has changed'
  assert.deepEqual(dueEvents(earlier, days(59)), [
    { type: 'agreementRetired', party: SIERRA, reason },
  ])
  const retired = settled(earlier, days(59))
  assert.equal(retired.phase, 'retired')
  assert.deepEqual(dueEvents(retired, SUNSET), [])
})

test('an ended agreement is renewed by a text that all sign', () => {
  const ended = settled(ringInForce(), SUNSET)
  const renewed = next(2, {
    validFromAt: SUNSET,
    reviewAt: addMs(SUNSET, DAY_MS),
    sunsetAt: addMs(SUNSET, 365 * DAY_MS),
  })
  const step = offered(ALBION, renewed, { signBy: addMs(SUNSET, 9 * DAY_MS) })
  const later = addMs(SUNSET, DAY_MS)
  const state = signed(take(ended, step, later), digestOf(renewed), PARTIES, later)
  assert.equal(isInForce(state, later), false)
  assert.equal(isInForce(settled(state, later), later), true)
})

test('a rapid amendment changes only what its clause lists', () => {
  const state = ringInForce(withTerms)
  const rapid = (changes: Partial<AgreementDocument>, base = withTerms) =>
    offered(ALBION, next(2, changes, base), { rapid: true })
  const [party, ...others] = first.parties
  assert.ok(party)
  const keys = [{ id: 'k2', fingerprint: 'a'.repeat(64) }]
  assert.equal(stepBar(state, rapid({ languageRule: rapidRule })), undefined)
  const rekeyed = { parties: [{ ...party, messageKeys: keys }, ...others] }
  assert.equal(stepBar(state, rapid(rekeyed)), undefined)
  const refused: readonly Partial<AgreementDocument>[] = [
    { title: 'New' },
    { sunsetAt: addMs(SUNSET, DAY_MS) },
    { handling: { tlp: 'CLEAR' } },
    { parties: [{ ...party, legalOrder: 'US', messageKeys: keys }, ...others] },
    { languageRule: rapidRule, title: 'New' },
    { clauses: withTerms.clauses.slice(1) },
  ]
  for (const changes of refused)
    assert.equal(why(stepBar(state, rapid(changes))), 'rapidNotAllowed')
  const without = rapid({ languageRule: rapidRule }, first)
  assert.equal(why(stepBar(ringInForce(), without)), 'rapidNotAllowed')
  const unsigned = rapid({ languageRule: rapidRule })
  assert.equal(why(stepBar(firstOffer(withTerms), unsigned)), 'rapidNotAllowed')
  assert.deepEqual(changedMembers(withTerms, next(2, rekeyed, withTerms)), [
    'version',
    'messageKeys',
  ])
})

test('silence consents when the notice has passed, not before, and an objection ends it', () => {
  const second = next(2, { languageRule: rapidRule }, withTerms)
  const digest = digestOf(second)
  const step = offered(ALBION, second, { rapid: true, signBy: days(60) })
  const state = take(ringInForce(withTerms), step)
  assert.equal(silentConsent(state, SIERRA, days(30 - 1e-6)), undefined)
  assert.equal(silentConsent(state, SIERRA, days(30))?.digest, digest)
  assert.equal(silentConsent(state, 'outside.example', days(30)), undefined)
  const object: AgreementStep = {
    ...{ type: 'agreementObjected', party: SIERRA, digest, reason: 'nobody here reads it' },
  }
  const ended = take(state, object)
  assert.equal(amendmentOf(ended), null)
  assert.equal(isInForce(ended, NOW), true)
  const consented = signed(state, digest, [SIERRA])
  assert.equal(why(stepBar(consented, object)), 'alreadySigned')
  const plain = take(ringInForce(withTerms), offered(ALBION, second))
  assert.equal(why(stepBar(plain, object)), 'nothingOffered')
  assert.equal(silentConsent(plain, SIERRA, days(40)), undefined)
})

test('a dispute stops its clause until the party that opened it declares it resolved', () => {
  const state = ringInForce(withTerms)
  const { steps, suspendsClause } = disputeSteps(withTerms, NOW)
  assert.deepEqual(steps, [
    { before: 'liaison officers', dueAt: days(10) },
    { before: 'heads of the authorities', dueAt: days(30) },
  ])
  const open: AgreementStep = {
    ...{ type: 'clauseDisputeOpened', party: ALBION, disputeId: 'd1', clause: '4.1' },
    ...{ reason: 'more was sent than the clause permits', steps, suspendsClause },
  }
  const opened = take(state, open)
  assert.deepEqual([...disputedClauses(opened)], ['4.1'])
  assert.equal(isInForce(opened, NOW), true)
  const taken = (step: number): AgreementStep => ({
    ...{ type: 'clauseDisputeStepTaken', party: ALBION, disputeId: 'd1', step },
    outcome: 'no agreement yet',
  })
  const after = take(opened, taken(0))
  assert.equal(why(stepBar(after, taken(0))), 'stepTaken')
  assert.equal(why(stepBar(after, taken(2))), 'stepTaken')
  const resolve = (party: string): AgreementStep => ({
    ...{ type: 'clauseDisputeResolved', party, disputeId: 'd1', outcome: 'settled' },
    reason: 'the parts were deleted',
  })
  assert.equal(why(stepBar(after, resolve(MERIDIA))), 'onlyByOpener')
  const resolved = take(after, resolve(ALBION))
  assert.deepEqual([...disputedClauses(resolved)], [])
  assert.equal(why(stepBar(resolved, resolve(ALBION))), 'unknownDispute')
  assert.equal(why(stepBar(resolved, open)), 'unknownDispute')
  assert.equal(why(stepBar(state, { ...open, clause: '99' } as AgreementStep)), 'unknownClause')
  const noSteps = ringInForce()
  const lasting = { ...open, ...disputeSteps(first, NOW) } as AgreementStep
  assert.deepEqual([...disputedClauses(take(noSteps, lasting))], [])
})

test('a dispute has the steps, the days and the effect that the agreement gives, and no other', () => {
  const open = (more: object = {}, at: AgreementDocument = withTerms): AgreementStep =>
    ({
      ...{ type: 'clauseDisputeOpened', party: ALBION, disputeId: 'd1', clause: '4.1' },
      ...{ reason: 'more was sent', ...disputeSteps(at, NOW) },
      statement: { officer: 'gil', at: NOW, signature: '' },
      ...more,
    }) as AgreementStep
  const liaison = { before: 'liaison officers', dueAt: days(10) }
  const heads = { before: 'heads of the authorities', dueAt: days(30) }
  const bad = [
    open({ suspendsClause: false }),
    open({ steps: [] }),
    open({ steps: [liaison] }),
    open({ steps: [heads, liaison] }),
    open({ steps: [liaison, { ...heads, before: 'a court' }] }),
    open({ steps: [liaison, heads, { before: 'a court', dueAt: days(50) }] }),
    open({ steps: [liaison, { ...heads, dueAt: days(300) }] }),
    open({ steps: [{ ...liaison, dueAt: days(0) }, heads] }),
    open({ statement: { officer: 'gil', at: days(-5), signature: '' } }),
    open({}, first),
  ]
  const state = ringInForce(withTerms)
  for (const step of bad) {
    assert.equal(why(stepBar(state, step)), 'disputeNotAsAgreed', JSON.stringify(step))
  }
  assert.equal(stepBar(state, open()), undefined)
  // Without a dispute clause there are no steps, and no clause is suspended.
  assert.equal(why(stepBar(ringInForce(), open())), 'disputeNotAsAgreed')
  assert.equal(stepBar(ringInForce(), open({}, first)), undefined)
  assert.deepEqual([...disputedClauses(take(state, open()))], ['4.1'])
})

test('a text that only its offerer has signed gives a dispute nothing', () => {
  const next = ringAgreement({ version: 2, clauses: [...withTerms.clauses] })
  const digest = digestOf(next)
  const opened = (at: AgreementDocument) =>
    ({
      ...{ type: 'clauseDisputeOpened', party: ALBION, disputeId: 'd1', clause: '4.1' },
      ...{ reason: 'more was sent', ...disputeSteps(at, NOW) },
      statement: { officer: 'gil', at: NOW, signature: '' },
    }) as AgreementStep
  const waiting = take(ringInForce(), offered(ALBION, next))
  const alone = signed(waiting, digest, [ALBION])
  assert.equal(why(stepBar(alone, opened(next))), 'disputeNotAsAgreed')
  // All but one are known here to have signed: there it may bind already.
  const more = signed(alone, digest, [MERIDIA])
  assert.equal(stepBar(more, opened(next)), undefined)
  assert.equal(stepBar(more, opened(first)), undefined)
  // The earlier text counts for what was on its way.
  const bound = settled(signed(more, digest, [SIERRA]), NOW)
  assert.equal(bound.digest, digest)
  assert.equal(stepBar(bound, opened(first)), undefined)
})

test('a step that does not count is refused with its reason', () => {
  const force = ringInForce()
  const waiting = firstOffer()
  const second = next(2, { title: 'Second' })
  const digest = digestOf(second)
  const amending = take(force, offered(ALBION, second))
  const suspend = {
    type: 'agreementSuspended',
    party: ALBION,
    reason: 'x',
    reviewAt: days(1),
  } as const
  const withdraw = (party: string, of = digest) =>
    ({ type: 'agreementOfferWithdrawn', party, digest: of, reason: 'x' }) as const
  const [one, two] = first.parties
  assert.ok(one && two)
  const table: readonly [string, AgreementState, AgreementStep][] = [
    ['wrongPhase', noAgreement, suspend],
    ['notAParty', force, { ...suspend, party: 'outside.example' }],
    ['reasonMissing', force, { ...suspend, reason: '  ' }],
    ['unknownClause', force, { ...suspend, clauses: ['99'] }],
    ['unknownClause', force, { ...suspend, clauses: [] }],
    ['onlyBySuspendingParty', force, { type: 'agreementResumed', party: ALBION, reason: 'x' }],
    ['notLater', force, offered(ALBION, next(1, { title: 'Same number' }))],
    ['notLater', amending, offered(SIERRA, next(1))],
    ['notLater', amending, offered(SIERRA, second)],
    ['notLater', take(amending, withdraw(ALBION)), offered(ALBION, second)],
    [
      'anotherAgreement',
      force,
      offered(ALBION, { ...second, id: '01990000-0000-7000-8000-00000000000f' }),
    ],
    ['partiesChanged', force, offered(ALBION, next(2, { parties: [one, two] }))],
    ['documentFaulty', force, offered(ALBION, next(2, { title: ' ' }))],
    ['nothingOffered', force, withdraw(ALBION)],
    ['nothingOffered', amending, withdraw(ALBION, digestOf(first))],
    ['notTheOfferer', amending, withdraw(SIERRA)],
    ['alreadySigned', signed(amending, digest, [ALBION]), withdraw(ALBION)],
  ]
  for (const [expected, state, step] of table) {
    assert.equal(why(stepBar(state, step)), expected, `${step.type} in ${state.phase}`)
  }
  const own: readonly [string, AgreementState, AgreementStep][] = [
    ['wrongPhase', waiting, suspend],
    ['wrongPhase', settled(force, SUNSET), suspend],
    ['reviewDateMissing', force, { ...suspend, reviewAt: NOW }],
    ['notLater', take(amending, offered(SIERRA, next(3))), offered(SIERRA, next(2))],
    ['deadlinePassed', force, offered(ALBION, second, { signBy: NOW })],
    ['alreadySigned', signed(amending, digest, [SIERRA]), offered(SIERRA, next(3))],
    ['pastSunset', force, offered(ALBION, next(2, { validFromAt: START, sunsetAt: NOW }))],
    [
      'endTooSoon',
      force,
      {
        ...{ type: 'agreementRetirementNotified', party: ALBION, reason: 'x', endsAt: NOW },
        survivingDuties: [],
      },
    ],
  ]
  for (const [expected, state, step] of own) {
    assert.equal(why(ownStepBar(state, step, NOW)), expected, step.type)
  }
  assert.equal(withdrawn(amending).digest, digestOf(first))
  assert.equal(amendmentOf(withdrawn(amending)), null)
  assert.equal(take(waiting, withdraw(MERIDIA, digestOf(first))).phase, 'withdrawn')
  function withdrawn(state: AgreementState) {
    return take(state, withdraw(ALBION))
  }
})

test('no step leads out of retirement', () => {
  for (const [type, phases] of Object.entries(STEP_PHASES)) {
    if (!type.startsWith('clauseDispute')) assert.ok(!phases.includes('retired'), type)
  }
})

/**
 * Three nodes with a queue between each two of them, in order. Each may offer, sign or
 * withdraw; messages arrive in any order across queues. A signature brings the offer that it
 * is about. In the end all are in the same state, on the same way.
 */
test('concurrent offers end at one text everywhere, and the same texts have bound everywhere', () => {
  type Move = { readonly who: number; readonly what: 'counter' | 'sign' | 'withdraw' | 'hear' }
  const moves = fc.array(
    fc.record({
      who: fc.integer({ min: 0, max: 2 }),
      what: fc.constantFrom<Move['what']>('counter', 'sign', 'withdraw', 'hear', 'hear', 'hear'),
      pick: fc.integer({ min: 0, max: 1 }),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(moves, fc.boolean(), (list, isAmendment) => {
      const states = PARTIES.map(() => (isAmendment ? ringInForce() : firstOffer()))
      const queues = PARTIES.map(() => PARTIES.map((): (readonly AgreementEvent[])[] => []))
      const bound = new Set<string>(isAmendment ? [digestOf(first)] : [])
      const steps = new Map<string, AgreementStep>()
      let title = 0
      const apply = (who: number, event: AgreementEvent): boolean => {
        const state = states[who] as AgreementState
        if (event.type === 'agreementSigned') {
          const decided = signAgreement(state, event, officer('x'))
          if (decided.decision === 'refuse') return false
        } else if (stepBar(state, event as AgreementStep)) return false
        const after = settled(folded(foldAgreement, state, [event]), NOW)
        states[who] = after
        for (const { digest } of after.earlier) bound.add(digest)
        if (after.since) bound.add(after.digest ?? '')
        return true
      }
      const own = (who: number, events: readonly AgreementEvent[]) => {
        const last = events.at(-1) as AgreementEvent
        const state = states[who] as AgreementState
        const isSigning = last.type === 'agreementSigned'
        const bar = isSigning ? undefined : ownStepBar(state, last as AgreementStep, NOW)
        if (bar || !apply(who, last)) return
        for (const [to, queue] of (queues[who] ?? []).entries()) if (to !== who) queue.push(events)
      }
      const hear = (who: number, from: number) => {
        for (const event of queues[from]?.[who]?.shift() ?? []) apply(who, event)
      }
      for (const { who, what, pick } of list) {
        const party = PARTIES[who] as string
        const state = states[who] as AgreementState
        const open = openText(state)
        if (what === 'hear') hear(who, [0, 1, 2].filter((one) => one !== who)[pick] as number)
        if (what === 'counter') {
          const version = state.lastVersion + 1
          const step = offered(party, next(version, { title: `Title ${title++}` }))
          steps.set(step.digest, step)
          own(who, [step])
        }
        if (what === 'sign' && open) {
          const signature = { party, officer: 'x', digest: open.digest, signature: 'AA==' }
          const step = steps.get(open.digest)
          const signed = { type: 'agreementSigned' as const, ...signature, simulated: true }
          own(who, [...(step ? [step] : []), { ...signed, signedAt: NOW }])
        }
        if (what === 'withdraw' && open) {
          own(who, [{ type: 'agreementOfferWithdrawn', party, digest: open.digest, reason: 'x' }])
        }
      }
      for (let round = 0; round < 400; round++) hear(round % 3, (round + 1 + (round % 2)) % 3)
      for (const [from, row] of queues.entries()) {
        for (const to of row.keys()) while (row[to]?.length) hear(to, from)
      }
      const ends = new Set(
        states.map((state) => {
          const { phase, digest } = state
          const binds = phase === 'withdrawn' ? null : digest
          return JSON.stringify([phase, binds, openText(state)?.digest])
        }),
      )
      assert.equal(ends.size, 1, [...ends].join(' '))
      // Each text that ever bound anywhere has bound everywhere, in the same order.
      const lines = states.map(({ earlier, digest, since }) =>
        [...earlier.map((one) => one.digest), since ? digest : ''].join(),
      )
      assert.equal(new Set(lines).size, 1)
      const everywhere = new Set(lines[0]?.split(',').filter(Boolean))
      assert.deepEqual(bound, everywhere)
    }),
    { numRuns: 500 },
  )
})
