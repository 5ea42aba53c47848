/**
 * The worked examples of the twelve patterns of clocks, and the wrong answers that guides
 * and programs give. A date means that all of that day is in time; `-` is none.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../base/canonical-json.ts'
import { evalDue } from './law.ts'

type Row = readonly [
  what: string,
  line: Readonly<Record<string, Json>>,
  state: string,
  strict: string,
  legal: string,
  wrong?: readonly string[],
]

const annexIii = { highRiskRoute: 'annex_iii' }
const criminal = { criminalProceedings: true }
const q = (clock: string, start: string | null, timeZone: string, more = {}) => ({
  ...{ clock, start, timeZone },
  ...more,
})

const performed = (...times: readonly string[]) => ({
  events: times.map((at) => ({ event: 'performed', at })),
})
const found = { events: [{ event: 'classified', at: '2028-01-13T10:00+01:00' }] }
const [BRU, PAR, BER] = ['Europe/Brussels', 'Europe/Paris', 'Europe/Berlin']
const [SIN, SHA, SAO] = ['Asia/Singapore', 'Asia/Shanghai', 'America/Sao_Paulo']
const [LA, CHI, NYC] = ['America/Los_Angeles', 'America/Chicago', 'America/New_York']
const from = '2028-01-10T09:00+01:00'
const series = '2026-11-30T10:00-08:00'

// biome-ignore format: a table that a lawyer can read
const ROWS: readonly Row[] = [
  ['1 fixed maximum', q('eu.ai_act/sir_general', '2028-01-14T10:30+00:00', 'Europe/Dublin', { facts: annexIii }), 'due', '2028-01-29', '2028-01-31', ['2028-01-28', '2028-02-04']],
  ['2 qualitative with a cap', q('eu.gdpr/breach_sa', '2026-10-23T14:20+02:00', PAR), 'due', '2026-10-26T13:20+01:00', '2026-10-26T14:00+01:00', ['2026-10-26T14:20+01:00']],
  ['3 purely qualitative', q('ch.fadp/breach', '2026-11-24T08:00+01:00', 'Europe/Zurich'), 'qualitative', '-', '-'],
  ['4 most specific: general', q('eu.ai_act/sir_general', from, BRU, { facts: annexIii }), 'due', '2028-01-25', '2028-01-25'],
  ['4 most specific: death, from the same awareness', q('eu.ai_act/sir_death', from, BRU, { facts: { ...annexIii, deathOfPerson: true }, ...found }), 'due', '2028-01-20', '2028-01-20', ['2028-01-23']],
  ['4 most specific: reclassified', q('eu.ai_act/sir_critical', from, BRU, found), 'overdue_on_reclassification', '2028-01-12', '2028-01-12'],
  ['4b two days over a weekend', q('eu.ai_act/sir_critical', '2028-01-14T09:00+01:00', BRU, { facts: annexIii }), 'due', '2028-01-16', '2028-01-18', ['2028-01-17']],
  ['4c before the scope date', q('eu.ai_act/sir_general', '2026-11-24T09:00+01:00', BRU), 'confirm', '2026-12-09', '2026-12-09'],
  ['5 chained start', q('eu.cra/sev_final', '2027-01-31T16:00+01:00', BRU), 'due', '2027-02-28', '2027-03-01', ['2027-03-03']],
  ['5 before the submission', q('eu.cra/sev_final', null, BRU, { events: [{ event: 'aware', at: '2027-01-28T16:00+01:00' }] }), 'not_started', '-', '-'],
  ['6 from the remedy', q('eu.cra/aev_final', '2026-11-20T12:00+01:00', BRU), 'due', '2026-12-04', '2026-12-04', ['2026-11-15']],
  ['7 assess', q('sg.pdpa/assess', '2026-11-02T09:00+08:00', SIN), 'advisory', '2026-12-02', '2026-12-02'],
  ['7 then notify', q('sg.pdpa/regulator', '2026-11-27T16:00+08:00', SIN), 'due', '2026-11-30', '2026-11-30', ['2026-12-02']],
  ['8 business days', q('br.lgpd/incident', '2026-11-18T10:00-03:00', SAO), 'due', '2026-11-24', '2026-11-24', ['2026-11-23', '2026-11-21']],
  ['8 twenty business days', q('br.lgpd/supplement', '2026-11-18T10:00-03:00', SAO), 'due', '2026-12-17', '2026-12-17'],
  ['8b working days', q('eu.ai_act/corrective_period', '2026-12-14T10:00+01:00', PAR), 'due', '2027-01-06', '2027-01-06', ['2027-01-04', '2026-12-29']],
  ['9 months', q('eu.ai_act/msa_request_aio', '2026-10-30T12:00+01:00', BRU), 'due', '2027-02-28', '2027-03-01', ['2027-02-27']],
  ['10 CII operator', q('cn.incident/cii', '2026-11-25T08:10+08:00', SHA), 'due', '2026-11-25T09:10+08:00', '2026-11-25T09:10+08:00', ['2026-11-25T12:10+08:00']],
  ['10 state organ', q('cn.incident/state_organ', '2026-11-25T08:10+08:00', SHA), 'due', '2026-11-25T10:10+08:00', '2026-11-25T10:10+08:00'],
  ['10 network operator', q('cn.incident/netop', '2026-11-25T08:10+08:00', SHA), 'due', '2026-11-25T12:10+08:00', '2026-11-25T12:10+08:00', ['2026-11-25T09:10+08:00']],
  ['10 department, from its own receipt', q('cn.incident/cii_escalate', '2026-11-25T09:05+08:00', SHA), 'due', '2026-11-25T09:35+08:00', '2026-11-25T09:35+08:00', ['2026-11-25T08:40+08:00']],
  ['11 silence is agreement', q('eu.gdpr/rro', '2026-11-27T15:00+01:00', PAR), 'due', '2026-12-25', '2026-12-28'],
  ['12a recurring, first', q('us-ca.sb53/internal_risk', series, LA), 'due', '2027-02-28', '2027-03-01'],
  ['12a recurring, second', q('us-ca.sb53/internal_risk', series, LA, performed('2027-02-20T10:00-08:00')), 'due', '2027-05-30', '2027-06-01', ['2027-05-28']],
  ['12a recurring, third', q('us-ca.sb53/internal_risk', series, LA, performed('2027-02-20T10:00-08:00', '2027-05-20T10:00-07:00')), 'due', '2027-08-30', '2027-08-30', ['2027-08-28']],
  ['12a recurring, fourth', q('us-ca.sb53/internal_risk', series, LA, performed('2027-02-20T10:00-08:00', '2027-05-20T10:00-07:00', '2027-08-20T10:00-07:00')), 'due', '2027-11-30', '2027-11-30', ['2027-11-28']],
  ['12b validity', q('eu.gdpr/urgency', '2027-04-30T10:00+02:00', PAR), 'due', '2027-07-30', '2027-07-30'],
  ['12b backwards, not moved', q('eu.gdpr/proc_urgency', '2027-04-30T10:00+02:00', PAR), 'due', '2027-07-02', '2027-07-02', ['2027-05-28']],
  ['12c cure period, no rule to move it', q('us-tx.traiga/cure', '2026-11-24T10:00-06:00', CHI), 'due', '2027-01-23', '2027-01-23', ['2027-01-25']],
  ['e-Evidence, 8 hours', q('eu.eevidence/epo_emerg', '2026-12-24T17:05+01:00', BER, { facts: { ...criminal, imminentRisk: true } }), 'due', '2026-12-25T01:05+01:00', '2026-12-25T02:00+01:00'],
  ['e-Evidence, 96 hours', q('eu.eevidence/emerg_objection', '2026-12-24T17:05+01:00', BER, { facts: { ...criminal, imminentRisk: true } }), 'due', '2026-12-28T17:05+01:00', '2026-12-28T18:00+01:00'],
  ['e-Evidence, 10 days', q('eu.eevidence/epo', '2026-12-16T10:00+01:00', BER, { facts: criminal }), 'due', '2026-12-26', '2026-12-28'],
  ['e-Evidence, 5 working days', q('eu.eevidence/recognise', '2026-12-22T10:00+01:00', BER, { facts: criminal }), 'due', '2026-12-30', '2026-12-30'],
  ['72 hours over the US change', q('us-ny.raise/csi', '2027-03-12T22:00-05:00', NYC), 'due', '2027-03-15T23:00-04:00', '2027-03-15T23:00-04:00'],
  ['24 hours over the US change', q('us-ca.sb53/imminent', '2026-10-31T20:00-07:00', LA), 'due', '2026-11-01T19:00-08:00', '2026-11-01T19:00-08:00'],
  ['72 hours over the EU spring change', q('eu.gdpr/breach_sa', '2027-03-26T23:50+01:00', PAR), 'due', '2027-03-30T00:50+02:00', '2027-03-30T01:00+02:00', ['2027-03-29T23:50+02:00']],
]

for (const [what, line, state, strict, legal, wrong = []] of ROWS) {
  test(`${what}: ${line['clock']}`, () => {
    const { state: found, strictDue, legalDue } = evalDue(line) as Record<string, Json>
    const zone = String(line['timeZone'])
    const dates = [strictDue, legalDue].map((due) => (due === null ? null : msOf(String(due))))
    assert.deepEqual([found, ...dates], [state, exclusive(strict, zone), exclusive(legal, zone)])
    for (const mistake of wrong) assert.ok(!dates.includes(exclusive(mistake, zone)), mistake)
  })
}

test('the effect of silence does not fire on 26 December', () => {
  const { steps } = evalDue(q('eu.gdpr/rro', '2026-11-27T15:00+01:00', PAR)) as Record<string, Json>
  const silence = (steps as { rule: string; at: string }[]).find(({ rule }) => rule === 'silence')
  assert.equal(silence?.at, '2026-12-29T00:00:00+01:00[Europe/Paris]')
})

function msOf(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds
}

function exclusive(text: string, timeZone: string): number | null {
  if (text === '-') return null
  if (text.includes('T')) return msOf(text)
  return Temporal.PlainDate.from(text).add({ days: 1 }).toZonedDateTime({ timeZone })
    .epochMilliseconds
}
