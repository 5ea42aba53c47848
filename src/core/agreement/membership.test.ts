/** Single parties join and leave; the others go on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALBION,
  digestOf,
  folded,
  MERIDIA,
  NOW,
  ringAgreement,
  ringInForce,
  SIERRA,
} from '../../../test/support/ring.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { ownStepBar, stepBar } from './admit-step.ts'
import { type AgreementState, foldAgreement, noAgreement, requireInForce } from './agreement.ts'
import type { AgreementEvent, AgreementStep } from './agreement-events.ts'
import type { Clause } from './clause.ts'
import { dueEvents, signAgreement, silentConsent } from './decide-agreement.ts'
import type { AgreementDocument, AgreementParty } from './document.ts'
import { audience } from './membership.ts'

const NEW = 'borealis.example'
const days = (count: number) => addMs(NOW, count * DAY_MS)
const clause = (joining: 'signatures' | 'silence'): Clause => ({
  ...{ id: '91.1', text: 'Others may join; a party may leave with thirty days of notice.' },
  ...{ kind: 'membership', joining, noticeDays: 30 },
})
const plain = ringAgreement()
const bySignature = ringAgreement({ clauses: [...plain.clauses, clause('signatures')] })
const bySilence = ringAgreement({ clauses: [...plain.clauses, clause('silence')] })
const newcomer: AgreementParty = {
  ...{ node: NEW, name: 'Authority of the north (fictional)', legalOrder: 'US-CA' },
  messageKeys: [{ id: 'n1', fingerprint: '9'.repeat(64) }],
}

type Text = Extract<AgreementStep, { type: 'agreementTextOffered' }>

function admitting(base: AgreementDocument, changes: Partial<Text> = {}, more = {}): Text {
  const document = { ...base, version: 2, parties: [...base.parties, newcomer], ...more }
  const said = { party: ALBION, document, digest: digestOf(document), reason: 'it asked' }
  const rest = { signBy: days(60), rapid: false, joining: [NEW] }
  return { type: 'agreementTextOffered', ...said, ...rest, ...changes }
}

const take = (state: AgreementState, events: readonly AgreementEvent[], at: Instant = NOW) =>
  folded(foldAgreement, state, events, 'ada', at)
const settled = (state: AgreementState, at: Instant) => take(state, dueEvents(state, at), at)
const why = (bar: { readonly why: string } | undefined) => bar?.why
const signature = (party: string, digest: string) => ({
  ...{ party, officer: 'x', digest, signature: 'AA==', simulated: true },
})
const sign = (party: string, digest: string): AgreementEvent => ({
  type: 'agreementSigned',
  ...signature(party, digest),
})
const present = (state: AgreementState, at: Instant) => {
  const force = requireInForce(state, at)
  return force.decision === 'permit' ? force.value.document.parties.map(({ node }) => node) : null
}

test('a party joins when it and all others have signed; until then nothing changes', () => {
  const step = admitting(bySignature)
  const state = ringInForce(bySignature)
  assert.equal(stepBar(state, step), undefined)
  const offered = take(state, [step])
  assert.deepEqual(audience(offered).toSorted(), [ALBION, NEW, MERIDIA, SIERRA])
  const almost = take(
    offered,
    [MERIDIA, ALBION, SIERRA].map((party) => sign(party, step.digest)),
  )
  assert.deepEqual(present(settled(almost, NOW), NOW), [MERIDIA, ALBION, SIERRA])
  const joined = settled(take(almost, [sign(NEW, step.digest)]), NOW)
  assert.deepEqual(present(joined, NOW), [MERIDIA, ALBION, SIERRA, NEW])
})

test('whoever is named without a clause, without the step saying so, or in place of others, does not join', () => {
  const others = bySignature.parties.filter(({ node }) => node !== SIERRA)
  const refused: readonly [AgreementState, Text][] = [
    [ringInForce(), admitting(plain)],
    [ringInForce(bySignature), admitting(bySignature, { joining: [] })],
    [ringInForce(bySignature), admitting(bySignature, { joining: [NEW, 'nobody.example'] })],
    [ringInForce(bySignature), admitting(bySignature, { joining: [SIERRA] })],
    [ringInForce(bySignature), admitting(bySignature, {}, { parties: bySignature.parties })],
    [ringInForce(bySignature), admitting(bySignature, {}, { parties: [...others, newcomer] })],
    [ringInForce(bySignature), admitting(bySignature, {}, { parties: others, version: 2 })],
  ]
  for (const [state, step] of refused) assert.equal(why(stepBar(state, step)), 'partiesChanged')
  const outsider = admitting(bySignature, { party: NEW })
  assert.equal(why(stepBar(ringInForce(bySignature), outsider)), 'notAParty')
})

test('silence lets a party join only where the clause says so, and changes nothing else', () => {
  const rapid = (base: AgreementDocument, more = {}) => admitting(base, { rapid: true }, more)
  const [first, ...rest] = bySilence.parties
  assert.ok(first)
  const renamed = [{ ...first, legalOrder: 'US' }, ...rest, newcomer]
  const state = ringInForce(bySilence)
  assert.equal(stepBar(state, rapid(bySilence)), undefined)
  assert.equal(why(stepBar(state, rapid(bySilence, { parties: renamed }))), 'rapidNotAllowed')
  assert.equal(why(stepBar(state, rapid(bySilence, { title: 'New' }))), 'rapidNotAllowed')
  assert.equal(why(stepBar(ringInForce(bySignature), rapid(bySignature))), 'rapidNotAllowed')
  const step = rapid(bySilence)
  const waiting = take(state, [step])
  assert.equal(silentConsent(waiting, SIERRA, days(30 - 1e-6)), undefined)
  assert.equal(silentConsent(waiting, SIERRA, days(30))?.digest, step.digest)
  assert.equal(silentConsent(waiting, NEW, days(40)), undefined, 'who joins signs')
})

test('the stream of a new party begins with the text that names it', () => {
  const step = admitting(bySilence, { rapid: true })
  const { document, digest } = step
  const drafted = take(noAgreement, [{ type: 'agreementDrafted', document, digest }])
  assert.equal(stepBar(drafted, step), undefined)
  assert.equal(why(stepBar(drafted, { ...step, joining: [] })), 'wrongPhase')
  assert.equal(why(stepBar(drafted, { ...step, digest: 'b'.repeat(64) })), 'wrongPhase')
  const offered = take(drafted, [step])
  assert.equal(offered.phase, 'offered')
  const all = [MERIDIA, ALBION, SIERRA, NEW].map((party) => sign(party, digest))
  assert.equal(settled(take(offered, all), NOW).phase, 'inForce')
})

const leaves = (party: string, endsAt: Instant): AgreementStep => ({
  ...{ type: 'agreementLeavingNotified', party, reason: 'a new statute' },
  ...{ endsAt, survivingDuties: ['4.1'] },
})

test('a notice of leaving runs as long as the clause says, once, of more than two parties', () => {
  const state = ringInForce(bySignature)
  assert.equal(stepBar(state, leaves(SIERRA, days(30))), undefined)
  assert.equal(ownStepBar(state, leaves(SIERRA, days(30)), NOW), undefined)
  assert.equal(why(ownStepBar(state, leaves(SIERRA, days(30 - 1e-6)), NOW)), 'endTooSoon')
  const statement = { officer: 'x', at: NOW, signature: 'AA==' }
  const early = { ...leaves(SIERRA, days(29)), statement }
  assert.equal(why(stepBar(state, early)), 'endTooSoon', 'a peer’s notice is measured, too')
  assert.equal(why(stepBar(ringInForce(), leaves(SIERRA, days(30)))), 'partiesChanged')
  const two = ringAgreement({
    ...{ clauses: bySignature.clauses, parties: bySignature.parties.slice(0, 2) },
  })
  assert.equal(why(stepBar(ringInForce(two), leaves(ALBION, days(30)))), 'partiesChanged')
  const noticed = take(state, [leaves(SIERRA, days(30))])
  assert.equal(why(stepBar(noticed, leaves(SIERRA, days(40)))), 'laterEnd')
  assert.equal(stepBar(noticed, leaves(ALBION, days(40))), undefined)
})

test('from the end of the notice on only the others are parties, and who left takes no step', () => {
  const noticed = take(ringInForce(bySignature), [leaves(SIERRA, days(30))])
  assert.deepEqual(present(noticed, days(30 - 1e-6)), [MERIDIA, ALBION, SIERRA])
  assert.deepEqual(present(noticed, days(30)), [MERIDIA, ALBION], 'before it is recorded, too')
  const left = settled(noticed, days(30))
  assert.equal(left.phase, 'inForce')
  assert.deepEqual(audience(left), [MERIDIA, ALBION])
  const reason = 'x'
  const suspends: AgreementStep = {
    ...{ type: 'agreementSuspended', party: SIERRA, reason, reviewAt: days(60) },
  }
  assert.equal(why(stepBar(left, suspends)), 'hasLeft')
  assert.equal(stepBar(left, { ...suspends, party: ALBION }), undefined)
  const dispute: AgreementStep = {
    ...{ type: 'clauseDisputeOpened', party: SIERRA, disputeId: 'd1', clause: '4.1', reason },
    ...{ steps: [], suspendsClause: false },
  }
  assert.equal(stepBar(left, dispute), undefined, 'its duties survive, so does their dispute')
  assert.deepEqual(audience(left, dispute), [MERIDIA, ALBION, SIERRA])
})

test('a text after the leaving names the others; who left comes back only by joining', () => {
  const left = settled(take(ringInForce(bySignature), [leaves(SIERRA, days(30))]), days(30))
  const parties = bySignature.parties.filter(({ node }) => node !== SIERRA)
  const without = admitting(bySignature, { joining: [] }, { parties, title: 'Of two' })
  assert.equal(stepBar(left, without), undefined)
  const still = admitting(bySignature, { joining: [] }, { parties: bySignature.parties })
  assert.equal(why(stepBar(left, still)), 'partiesChanged')
  const back = admitting(bySignature, { joining: [SIERRA] }, { parties: bySignature.parties })
  assert.equal(stepBar(left, back), undefined)
  const all = [MERIDIA, ALBION, SIERRA].map((party) => sign(party, back.digest))
  const again = settled(take(left, [back, ...all], days(31)), days(31))
  assert.deepEqual(present(again, days(31)), [MERIDIA, ALBION, SIERRA])
  assert.deepEqual(again.departures, [])
})

test('a text from before the leaving does not bring back by a late signature who has left', () => {
  const document = { ...bySignature, version: 2, title: 'Another title' }
  const digest = digestOf(document)
  const offer = admitting(bySignature, { document, digest, joining: [] })
  const state = take(ringInForce(bySignature), [offer, leaves(SIERRA, days(30))])
  const left = settled(state, days(30))
  const acting = { officer: 'x', roles: [], authority: SIERRA, now: days(30) }
  const late = signAgreement(left, signature(SIERRA, digest), acting)
  assert.equal(late.decision === 'refuse' && late.why, 'hasLeft')
})

test('with fewer than two parties left the agreement ends, in whatever order they gave notice', () => {
  for (const [one, other] of [
    [SIERRA, ALBION],
    [ALBION, SIERRA],
  ] as const) {
    const noticed = take(ringInForce(bySignature), [leaves(one, days(30)), leaves(other, days(40))])
    const first = settled(noticed, days(30))
    assert.equal(first.phase, 'inForce')
    const last = settled(first, days(40))
    assert.equal(last.phase, 'retired')
    assert.equal(present(last, days(40)), null)
    assert.deepEqual(
      settled(noticed, days(41)).phase,
      'retired',
      'also where both are found at once',
    )
  }
})
