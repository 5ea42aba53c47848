/** Whose duty a clock is, and what a remedy is for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from './clock.ts'
import { dutyClassOf, remedyClassOf } from './subjects.ts'

const duties: readonly [Pick<Clock, 'stage' | 'by'>, string | undefined][] = [
  [{ stage: 'notification', by: 'controller' }, 'incident_report'],
  [{ stage: 'public_notice', by: null }, 'notice_to_persons'],
  // Cyber Resilience Act, article 16(2) with 2026/881: the CSIRT, not the manufacturer, holds back
  [{ stage: 'evidence_hold', by: 'csirt' }, undefined],
  // article 13 of the e-Evidence Regulation: the issuing authority informs the person
  [{ stage: 'data_subject_notice', by: 'issuing_authority' }, undefined],
  [{ stage: 'notification', by: 'market_surveillance_authority' }, undefined],
  [{ stage: 'objection_window', by: 'operator' }, undefined],
]
for (const [clock, duty] of duties) {
  test(`${clock.stage} by ${clock.by ?? 'whom the law does not say'} is ${duty ?? 'no duty of operators'}`, () => {
    assert.equal(dutyClassOf(clock), duty)
  })
}

test('an appeal of a provider against an order is no remedy of people harmed', () => {
  assert.equal(remedyClassOf({ kind: 'judicial', who: 'Providers that are fined' }), 'of_operators')
  assert.equal(remedyClassOf({ kind: 'judicial', who: 'A person whose data leaked' }), 'sue')
})
