/**
 * The embargo of a case between three real nodes with clocks of their own: its lead proposes
 * a revision while one peer is down, one answers, silence is recorded when the time is over,
 * a late yes counts, a revision is rejected, and one leaves by its own message. A claim that
 * one makes of a public fact is held, and ends the embargo everywhere once it is adopted.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../../src/base/time.ts'
import type { DisclosureState } from '../../src/core/disclosure/disclosure-state.ts'
import { caseAt, type Place } from '../support/demo.ts'
import { NODE_OF, startThreeNodes } from '../support/three-nodes.ts'

const nodes = await startThreeNodes()
const { world, waitFor } = nodes
const telling = world.begin()
await telling.until('5.contact-refused')
const caseOf = (place: Place) => caseAt(telling.story, place)
const { meridia, albion, sierra } = world.hands

async function disclosureAt(place: Place): Promise<DisclosureState> {
  const { officer } = world.hands[place]
  const path = `/cases/${caseOf(place)}`
  return (await officer.get<{ state: { disclosure: DisclosureState } }>(path)).state.disclosure
}

const consentAt = async (place: Place, whose: Place) =>
  (await disclosureAt(place)).participants.find(({ id }) => id === NODE_OF[whose])

const until = (place: Place, what: string, holds: (state: DisclosureState) => boolean) =>
  waitFor(`${what} at ${place}`, async () => holds(await disclosureAt(place)))

const answer = { answer: 'accept', reason: 'The vendor needs the longer time.' }
const revise = async (days: number) => {
  const terms = { until: await nodes.inDays(days), zone: 'Europe/Brussels' }
  const input = { participant: NODE_OF.meridia, ...terms }
  await meridia.officer.do(caseOf('meridia'), 'proposeEmbargo', input)
  return terms.until
}

test('a revision reaches a peer that was down, and each answers for itself', async () => {
  let end = ''
  await nodes.whileAway('sierra', async () => {
    end = await revise(30)
    await until('albion', 'the revision', ({ embargo }) => embargo === 'revise')
    assert.equal((await consentAt('albion', 'albion'))?.consent, 'invited')
    assert.equal((await consentAt('meridia', 'sierra'))?.consent, 'invited')
  })
  await until('sierra', 'the revision', ({ embargo }) => embargo === 'revise')
  await albion.officer.do(caseOf('albion'), 'answerInvitation', answer)
  await until(
    'meridia',
    'the yes',
    ({ terms, embargo }) => embargo === 'active' && terms?.until === end,
  )
  assert.equal((await consentAt('meridia', 'albion'))?.consent, 'signatory')
  assert.equal(
    (await consentAt('meridia', 'sierra'))?.consent,
    'invited',
    'bound by its own yes only',
  )
})

test('silence is recorded when the time is over, at the lead alone; a late yes counts', async () => {
  await nodes.pass(8 * DAY_MS)
  await waitFor('the silence', async () => (await consentAt('meridia', 'sierra'))?.isTimedOut)
  assert.equal((await consentAt('meridia', 'sierra'))?.consent, 'declined')
  assert.equal((await consentAt('sierra', 'sierra'))?.consent, 'invited')
  await sierra.officer.do(caseOf('sierra'), 'answerInvitation', answer)
  await waitFor('the late yes', async () => {
    return (await consentAt('meridia', 'sierra'))?.consent === 'signatory'
  })
})

test('a rejected revision leaves the old terms, for those who had agreed to them', async () => {
  const before = (await disclosureAt('meridia')).terms
  await revise(60)
  for (const place of ['albion', 'sierra'] as const) {
    await until(place, 'the revision', ({ embargo }) => embargo === 'revise')
  }
  const reason = { reason: 'Nobody needs so much time.' }
  await meridia.officer.do(caseOf('meridia'), 'rejectProposal', reason)
  for (const place of ['albion', 'sierra'] as const) {
    await until(place, 'the rejection', ({ embargo }) => embargo === 'active')
    const { terms } = await disclosureAt(place)
    assert.equal(terms?.embargoId, before?.embargoId)
    assert.equal((await consentAt(place, place))?.consent, 'signatory')
    assert.equal((await consentAt('meridia', place))?.consent, 'signatory')
  }
})

test('a peer proposes other terms by message: all are asked, and its own yes is on record', async () => {
  const terms = { until: await nodes.inDays(20), zone: 'Europe/London' }
  const input = { ...terms, reason: 'The fix is in use sooner here.' }
  await albion.officer.do(caseOf('albion'), 'proposeTerms', input)
  for (const place of ['meridia', 'albion', 'sierra'] as const) {
    await until(place, 'the terms', ({ proposals }) => proposals[0]?.until === terms.until)
  }
  assert.equal((await consentAt('meridia', 'albion'))?.consent, 'signatory')
  assert.equal((await consentAt('albion', 'albion'))?.consent, 'signatory')
  assert.equal((await consentAt('sierra', 'sierra'))?.consent, 'invited')
  const [proposal] = (await disclosureAt('meridia')).proposals
  const own = {
    participant: NODE_OF.meridia,
    answer: 'accept',
    evidence: 'We agree to it (invented).',
  }
  await meridia.officer.do(caseOf('meridia'), 'recordEmbargoAnswer', {
    ...own,
    embargoId: proposal?.embargoId,
  })
  for (const place of ['meridia', 'albion', 'sierra'] as const) {
    const isInForce = ({ embargo, terms: now }: DisclosureState) =>
      embargo === 'active' && now?.until === terms.until
    await until(place, 'the new end', isInForce)
  }
  await sierra.officer.do(caseOf('sierra'), 'answerInvitation', answer)
  await waitFor('the yes', async () => {
    return (await consentAt('meridia', 'sierra'))?.consent === 'signatory'
  })
})

test('one leaves by its own message, the others are told, and it is asked nothing more', async () => {
  const input = { keepsEmbargo: 'yes', reason: 'The system is not used here.' }
  await albion.officer.do(caseOf('albion'), 'leaveCase', input)
  await waitFor('the leaving', async () => (await consentAt('meridia', 'albion'))?.left)
  assert.equal((await consentAt('meridia', 'albion'))?.left?.keepsEmbargo, true)
  await waitFor('sierra to be told', async () => (await consentAt('sierra', 'albion'))?.left)
  await revise(70)
  await until('sierra', 'the revision', ({ embargo }) => embargo === 'revise')
  const { embargo, proposals } = await disclosureAt('albion')
  assert.deepEqual([embargo, proposals], ['active', []])
  const again = await albion.officer.act(caseOf('albion'), 'leaveCase', input)
  assert.ok('refused' in again && again.refused.why === 'alreadyLeft')
})

test('a claim changes nothing until the lead adopts it; then the embargo is over everywhere', async () => {
  const input = { letter: 'A', evidence: 'Three providers show us logs (invented).' }
  await sierra.officer.do(caseOf('sierra'), 'claimPublicFact', input)
  const claim = await waitFor('the claim', async () => (await disclosureAt('meridia')).claims[0])
  assert.deepEqual([claim.participant, claim.decided], [NODE_OF.sierra, null])
  assert.equal((await disclosureAt('meridia')).embargo, 'revise')
  const adopt = { claimId: claim.claimId, outcome: 'adopted', reason: 'The logs are genuine.' }
  await meridia.officer.do(caseOf('meridia'), 'decideFactClaim', adopt)
  await until('sierra', 'the decision', ({ claims }) => claims[0]?.decided?.outcome === 'adopted')
  for (const place of ['meridia', 'sierra'] as const) {
    await until(place, 'the end', ({ ended }) => ended?.why === 'attacksObserved')
  }
})
