import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../../../test/support/access.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { RIGHTS_QUESTIONS } from '../../core/rights/rights-test.ts'
import type { Kernel } from '../kernel.ts'
import type { OutgoingMessage, Unit } from '../ports/streams.ts'
import { requestAssistance } from './assistance-acts.ts'

const CASE = '018f3c1e-0000-7000-8000-000000000001'
const now = '2026-03-02T09:00:00.000Z' as Instant
const reason = 'a reason of more than twenty characters'

test('a request in a case of another authority goes to the one that leads it, and nobody else', async () => {
  const opened = {
    ...{ type: 'caseOpened', title: 'Invitation by meridia.example', kinds: ['disclosure'] },
    ...{ lead: 'meridia.example', leadCaseId: CASE, filedOn: null },
  }
  const history = [{ event: opened, version: 1, at: now, by: 'officer-1' }]
  const sent: OutgoingMessage[] = []
  const stream = { id: CASE, kind: 'case', history, append: async () => {} }
  const unit = { open: async () => stream, send: async (it: OutgoingMessage) => sent.push(it) }
  const kernel = {
    streams: {
      read: async () => ({ ...stream, sealedEvents: [] }),
      transact: async <T>(work: (unit: Unit) => Promise<T>) => work(unit as unknown as Unit),
    },
    access: openDesk,
    attestations: {},
    clocks: { wireNow: () => now },
    node: { id: 'albion.example', legalOrder: 'GB' },
    random: { uuidByTime: () => CASE },
    registers: { agreements: async () => [] },
  } as unknown as Kernel
  const acting = { officer: 'officer-1', roles: ['caseOfficer'], authority: 'albion.example', now }
  const why = async (requestedAuthority: string) => {
    const reasons = Object.fromEntries(RIGHTS_QUESTIONS.map((question) => [question, reason]))
    const input = {
      ...{ requestedAuthority, type: 'info', exhibitId: CASE, purpose: 'investigation' },
      ...{ power: reason, classification: reason, provision: reason, facts: reason },
      ...{ ownEnquiries: reason, answerWithinDays: 30, ...reasons },
    }
    const call = { input, acting: acting as unknown as Acting }
    const decision = await requestAssistance.run(kernel, CASE, call)
    return decision.decision === 'refuse' && decision.why
  }
  assert.equal(await why('sierra.example'), 'notTheLead')
  assert.equal(await why('meridia.example'), 'agreementNotInForce')
  assert.deepEqual(sent, [])
})
