import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { CalendarDate } from '../../base/time.ts'
import { lawOfNode } from '../../node/law-of-node.ts'
import { type LegalKind, reportRoutes } from './report-routes.ts'

const LAW = fileURLToPath(new URL('../../../law', import.meta.url))
const DAY = '2026-11-23' as CalendarDate

function routesIn(memberState: string | undefined, kind: LegalKind, day = DAY) {
  const node = { profile: 'demo', ...(memberState ? { memberState } : {}) } as const
  const pack = lawOfNode(node, LAW).find(({ id }) => id === 'law.eu') ?? assert.fail('no pack')
  return reportRoutes(pack, kind, day)
}

const standings = (routes: ReturnType<typeof routesIn>) =>
  Object.fromEntries(routes.map(({ id, standing }) => [id, standing]))

test('only what an act of the Member State designates is official', () => {
  assert.deepEqual(standings(routesIn('XM', 'seriousIncident')), {
    'eu.ai_act/incident_report': 'official',
    'eu.ai_act/incident_report_ai_office': 'elsewhere',
    'eu.gdpr/breach_form': 'elsewhere',
    'eu.dsa/threat_to_life': 'elsewhere',
    'eu.cra/single_reporting_platform': 'elsewhere',
    'eu.nis2/national_form': 'elsewhere',
  })
  assert.deepEqual(standings(routesIn('XM', 'misconduct')), {
    'eu.whistle/external_channel': 'official',
  })
})

test('without a Member State nothing is official, and where to file is still said', () => {
  for (const kind of ['seriousIncident', 'misconduct', 'complaint'] as const) {
    const routes = routesIn(undefined, kind)
    assert.ok(routes.length > 0)
    for (const { standing, designation, where } of routes) {
      assert.notEqual(standing, 'official')
      assert.equal(designation, null)
      assert.ok(where)
    }
  }
})

test('a duty says its periods with their articles, and from when it holds', () => {
  const route = (day: CalendarDate) =>
    routesIn('XM', 'seriousIncident', day).find(({ id }) => id === 'eu.ai_act/incident_report')
  const now = route(DAY) ?? assert.fail('it is there')
  const periods = now.periods.flatMap(({ period, basis }) =>
    period ? [`${period.count} ${period.unit} ${basis.article}`] : [],
  )
  assert.deepEqual(periods, [
    '15 calendar_day 73(2)',
    '2 calendar_day 73(3)',
    '10 calendar_day 73(4)',
  ])
  assert.equal(now.from, '2027-12-02')
  assert.equal(route('2027-12-02' as CalendarDate)?.from, null)
})

test('what an authority owes is no duty of whoever reports', () => {
  for (const { periods } of routesIn('XM', 'seriousIncident')) {
    assert.ok(periods.every(({ basis }) => !['73(8)', '73(11)'].includes(basis.article)))
  }
})
