import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../../base/time.ts'
import { type CaseEvent, foldCase } from '../case/case.ts'
import { answerLead, isLedHere, leadAnswered, offerLead } from './lead.ts'

const [A, B, C] = ['meridia.example', 'albion.example', 'sierra.example']
const at = '2026-03-02T09:00:00.000Z' as Instant
const reason = 'the vendor sits in our country'
const fold = (events: readonly object[]) =>
  foldCase(
    events.map((event, index) => ({ event: event as CaseEvent, version: index + 1, at, by: 'x' })),
  )
const opened = (leadCaseId: string | null) => ({
  ...{ type: 'caseOpened', title: 'A case (invented)', kinds: ['disclosure'], lead: A },
  ...{ leadCaseId, filedOn: null },
})
const joined = (participant: string) => ({
  ...{ type: 'participantJoined', participant, roles: ['coordinator'] },
})
const has = (participant: string) => ({
  ...{ type: 'reportStateChanged', participant, event: 'receive', from: 'start', to: 'received' },
})
const atA = [opened(null), joined(A), joined(B), has(B)]
const offered = { type: 'leadOffered', from: A, to: B, releaseId: 'r1' }
const atB = [opened('c1'), joined(A), joined(B), offered]
const whyOf = (decided: { decision: string; why?: string }) => decided.why ?? 'permitted'

test('the lead passes when the other accepts, and each side knows who leads', () => {
  const state = fold([...atA, offered])
  const yes = answerLead(fold(atB), { self: B, answer: 'accept', reason })
  assert.equal(yes.decision, 'permit')
  const there = fold([...atB, ...(yes.decision === 'permit' ? yes.value : [])])
  const heard = leadAnswered(state, { by: B, answer: 'accept' })
  const here = fold([...atA, offered, ...(heard.decision === 'permit' ? heard.value : [])])
  assert.deepEqual([there.lead, here.lead], [B, B])
  assert.deepEqual([isLedHere(there), isLedHere(here)], [true, false])
  assert.deepEqual(here.formerLeads, [A])
  const roles = here.disclosure.participants.find(({ id }) => id === B)?.roles
  assert.deepEqual(roles, ['coordinator', 'caseOwner', 'caseManager'])
  const told = heard.decision === 'permit' ? JSON.stringify(heard.value) : ''
  assert.ok(!told.includes(reason), 'the reason stays where it was given')
})

test('the lead may come back, and one leads at any time', () => {
  const passed = (from: string, to: string, isHere: boolean) => ({
    ...{ type: 'leadPassed', from, to, isHere },
  })
  const gone = [...atA, passed(A, B, false)]
  assert.equal(isLedHere(fold(gone)), false)
  assert.equal(isLedHere(fold([...gone, passed(B, A, true)])), true)
  assert.equal(isLedHere(fold([...atB, passed(A, B, true), passed(B, A, false)])), false)
  assert.equal(isLedHere(fold([...atB, passed(A, C, false)])), false)
})

test('a refusal leaves the lead where it is, and the offer may be made anew', () => {
  const no = leadAnswered(fold([...atA, offered]), { by: B, answer: 'refuse' })
  const after = fold([...atA, offered, ...(no.decision === 'permit' ? no.value : [])])
  assert.deepEqual([after.lead, after.leadOffer], [A, null])
  assert.equal(whyOf(offerLead(after, { from: A, to: B, releaseId: 'r2' })), 'permitted')
})

test('who may offer, to whom, and who may answer', () => {
  const offer = (events: readonly object[], from: string, to: string) =>
    whyOf(offerLead(fold(events), { from, to, releaseId: 'r' }))
  assert.equal(offer(atA, A, B), 'permitted')
  assert.equal(offer(atA, B, A), 'notTheLead')
  assert.equal(offer(atA, A, A), 'ownAuthority')
  assert.equal(offer(atA, A, C), 'notInCase')
  assert.equal(offer([...atA, offered], A, B), 'offeredAlready')
  assert.equal(offer([opened(null), joined(A), joined(B)], A, B), 'reportNotReceived')
  const left = { type: 'participantLeft', participant: B, keepsEmbargo: true, reason }
  assert.equal(offer([...atA, left], A, B), 'notInCase')
  const proposed = {
    ...{ type: 'embargoChanged', event: 'propose', from: 'none', to: 'proposed' },
    terms: { embargoId: 'e1', until: '2026-04-02T09:00:00.000Z', zone: 'Europe/Brussels' },
  }
  assert.equal(offer([...atA, proposed], A, B), 'consentMissing')
  const answer = (self: string, why = reason) =>
    whyOf(answerLead(fold(atB), { self, answer: 'accept', reason: why }))
  assert.deepEqual([answer(C), answer(B, 'short')], ['nothingOffered', 'reasonMissing'])
  const stranger = leadAnswered(fold([...atA, offered]), { by: C, answer: 'accept' })
  assert.equal(whyOf(stranger), 'nothingOffered')
})

test('who left the case takes no lead by an offer of before', () => {
  const left = { type: 'participantLeft', participant: B, keepsEmbargo: false, reason }
  const yes = answerLead(fold([...atB, left]), { self: B, answer: 'accept', reason })
  assert.equal(whyOf(yes), 'hasLeft')
  const state = fold([...atA, offered, left])
  assert.equal(whyOf(leadAnswered(state, { by: B, answer: 'accept' })), 'hasLeft')
  assert.equal(whyOf(leadAnswered(state, { by: B, answer: 'refuse' })), 'permitted')
})
