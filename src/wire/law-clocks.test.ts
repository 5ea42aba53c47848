/** Golden tests of clocks, competence and hearings over the packs that are shipped. */
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadLawPacks } from '../adapters/law-packs.ts'
import { calendarDate, type Instant, instantFromMs } from '../base/time.ts'
import {
  assessCaseCompetence,
  computeClocks,
  foldLaw,
  type LawContext,
  type LawEvent,
  type LawState,
  noLaw,
  recordClockEvent,
  recordFacts,
} from '../core/law/case-law.ts'
import { type ClockEvent, startEventOf } from '../core/law/clock-events.ts'
import { type ClockInput, evaluateClock } from '../core/law/clock-state.ts'
import { assessCompetence } from '../core/law/competence.ts'
import type { Facts } from '../core/law/condition.ts'
import { withClocks } from '../core/law/follow-clocks.ts'
import { hearingPeriod } from '../core/law/hearing.ts'
import { holidaysFrom } from '../core/law/holidays.ts'
import { type LawPack, packRef } from '../core/law/pack.ts'
import { noSignOffs, type SignOffs } from '../core/law/sign-off.ts'

const holidaysOf = holidaysFrom(() => createRequire(import.meta.url)('date-holidays'))
const loaded = loadLawPacks(fileURLToPath(new URL('../../law', import.meta.url)))
const packOf = (name: string): LawPack => {
  const found = loaded.find(({ id }) => id === `law.${name}`)
  assert.ok(found, name)
  return found
}
const eu = packOf('eu')
const gb = packOf('gb')
const california = packOf('us-ca')
const us = packOf('us')
const packs = [eu, gb, california, us]

const signed: SignOffs = {
  signOffs: packs.flatMap(({ id, version, digest }) =>
    ['ada', 'ben'].map((officer) => ({ pack: id, version, digest, officer, simulated: true })),
  ),
}

const at = (text: string): Instant => instantFromMs(Temporal.Instant.from(text).epochMilliseconds)

function event(name: ClockEvent['event'], when: string, clock: string | null = null): ClockEvent {
  return { event: name, clock, at: at(when), zone: 'UTC', evidence: 'exhibit 1' }
}

function input(events: readonly ClockEvent[], more: Partial<ClockInput> = {}): ClockInput {
  const latest = events.map((each) => each.at).sort()
  const now = latest.at(-1) ?? at('2026-11-24T00:00Z')
  return { events, facts: {}, now, signOffs: signed, holidaysOf, ...more }
}

const annexIii: Facts = { highRiskRoute: 'annex_iii' }

test('1. fixed maximum: AI Act 73(2) with an authority in Dublin', () => {
  const events = [event('aware', '2028-01-14T10:30+00:00')]
  const result = evaluateClock(
    eu,
    'eu.ai_act/sir_general',
    input(events, { facts: annexIii, zone: 'Europe/Dublin' }),
  )
  assert.equal(result.state, 'due')
  assert.equal(result.strictDue, '2028-01-30T00:00:00+00:00[Europe/Dublin]')
  assert.equal(result.legalDue, '2028-02-01T00:00:00+00:00[Europe/Dublin]')
  assert.equal(result.article, '73(2)')
  assert.equal(result.evidence, 'P')
})

test('2. qualitative with a cap: GDPR 33(1)', () => {
  const events = [event('aware', '2026-10-23T14:20+02:00')]
  const result = evaluateClock(eu, 'eu.gdpr/breach_sa', input(events, { zone: 'Europe/Paris' }))
  assert.equal(result.state, 'due')
  assert.equal(result.strictDue, '2026-10-26T13:20:00+01:00[Europe/Paris]')
  assert.equal(result.legalDue, '2026-10-26T14:00:00+01:00[Europe/Paris]')
  assert.match(result.plus ?? '', /without undue delay/)
})

test('3. purely qualitative: no date, whatever happened', () => {
  const events = [event('aware', '2026-11-24T08:00+01:00')]
  const result = evaluateClock(eu, 'eu.gdpr/breach_ds', input(events))
  assert.equal(result.state, 'qualitative')
  assert.equal(result.strictDue, null)
  assert.equal(result.legalDue, null)
})

test('4. most specific wins: one report, the shortest period that is triggered', () => {
  const aware = event('aware', '2028-01-10T09:00+01:00')
  const facts = { ...annexIii, seriousIncident: true }
  const governing = (more: Facts, events: readonly ClockEvent[] = []) => {
    const asked = input([aware, ...events], { facts: { ...facts, ...more } })
    const general = evaluateClock(eu, 'eu.ai_act/sir_general', asked)
    return general.governedBy ? evaluateClock(eu, general.governedBy, asked) : general
  }

  const general = governing({})
  assert.equal(general?.clock, 'eu.ai_act/sir_general')
  assert.equal(general?.strictDue, '2028-01-26T00:00:00+01:00[Europe/Brussels]')

  const death = governing({ deathOfPerson: true })
  assert.equal(death?.clock, 'eu.ai_act/sir_death')
  assert.equal(death?.strictDue, '2028-01-21T00:00:00+01:00[Europe/Brussels]')

  const found = event('classified', '2028-01-13T10:00+01:00', 'eu.ai_act/sir_critical')
  const critical = governing({ deathOfPerson: true, widespreadInfringement: true }, [found])
  assert.equal(critical?.clock, 'eu.ai_act/sir_critical')
  assert.equal(critical?.state, 'overdue_on_reclassification')
  assert.equal(critical?.strictDue, '2028-01-13T00:00:00+01:00[Europe/Brussels]')
  assert.equal(critical?.classifiedAt, at('2028-01-13T10:00+01:00'))
})

test('4b. two calendar days over a weekend', () => {
  const events = [event('aware', '2028-01-14T09:00+01:00')]
  const result = evaluateClock(eu, 'eu.ai_act/sir_critical', input(events, { facts: annexIii }))
  assert.equal(result.strictDue, '2028-01-17T00:00:00+01:00[Europe/Brussels]')
  assert.equal(result.legalDue, '2028-01-19T00:00:00+01:00[Europe/Brussels]')
})

test('4c. before the scope date: confirm, with both keys and both dates', () => {
  const events = [event('aware', '2026-11-24T09:00+01:00')]
  for (const facts of [{}, annexIii, { highRiskRoute: 'annex_i' }]) {
    const result = evaluateClock(eu, 'eu.ai_act/sir_general', input(events, { facts }))
    assert.equal(result.state, 'confirm')
    assert.notEqual(result.strictDue, null)
    assert.equal(result.provisionFrom, '2026-08-02')
    assert.deepEqual(result.scopeFrom, ['2027-12-02', '2028-08-02'])
    assert.ok(result.because.some(({ rule }) => rule === 'law:scope-later'))
  }
})

test('4d. between the two scope dates the facts decide, and without them it stays open', () => {
  const events = [event('aware', '2028-01-14T09:00+01:00')]
  const state = (facts: Facts) =>
    evaluateClock(eu, 'eu.ai_act/sir_general', input(events, { facts })).state
  assert.equal(state(annexIii), 'due')
  assert.equal(state({ highRiskRoute: 'annex_i' }), 'confirm')
  assert.equal(state({ highRiskRoute: 'none' }), 'confirm')
  assert.equal(state({}), 'confirm')
})

test('5. chained start: CRA 14(4)(c) from the submitted notification', () => {
  const final = 'eu.cra/sev_final'
  const aware = event('aware', '2027-01-28T16:00+01:00')
  assert.equal(evaluateClock(eu, final, input([aware])).state, 'not_started')
  assert.equal(evaluateClock(eu, final, input([aware])).strictDue, null)

  const sent = event('notification_submitted', '2027-01-31T16:00+01:00', 'eu.cra/sev_notif')
  const result = evaluateClock(eu, final, input([aware, sent]))
  assert.equal(result.state, 'due')
  assert.equal(result.strictDue, '2027-03-01T00:00:00+01:00[Europe/Brussels]')
  assert.equal(result.legalDue, '2027-03-02T00:00:00+01:00[Europe/Brussels]')
  assert.equal(evaluateClock(eu, 'eu.cra/sev_notif', input([aware, sent])).state, 'met')

  const other = event('notification_submitted', '2027-01-31T16:00+01:00', 'eu.cra/aev_notif')
  const unnamed = event('notification_submitted', '2027-01-31T16:00+01:00')
  assert.equal(evaluateClock(eu, final, input([other])).state, 'not_started')
  assert.equal(evaluateClock(eu, final, input([unnamed])).state, 'not_started')
})

test('6. start on the remedy: CRA 14(2)(c), never from awareness', () => {
  const final = 'eu.cra/aev_final'
  const aware = event('aware', '2026-11-01T12:00+01:00')
  assert.equal(evaluateClock(eu, final, input([aware])).state, 'not_started')
  const remedy = event('remedy_available', '2026-11-20T12:00+01:00')
  const result = evaluateClock(eu, final, input([aware, remedy]))
  assert.equal(result.strictDue, '2026-12-05T00:00:00+01:00[Europe/Brussels]')
  assert.equal(result.legalDue, result.strictDue)
})

test('8b. working days: AI Act 79(2) with an authority in Paris', () => {
  const events = [event('order_received', '2026-12-14T10:00+01:00')]
  const paris = { zone: 'Europe/Paris' }
  const result = evaluateClock(eu, 'eu.ai_act/corrective_period', input(events, paris))
  assert.equal(result.state, 'due')
  assert.equal(result.strictDue, '2027-01-07T00:00:00+01:00[Europe/Paris]')
  assert.equal(result.legalDue, result.strictDue)
})

test('9. months: AI Act 75(2a)', () => {
  const events = [event('request_received', '2026-10-30T12:00+01:00')]
  const result = evaluateClock(eu, 'eu.ai_act/msa_request_aio', input(events))
  assert.equal(result.strictDue, '2027-03-01T00:00:00+01:00[Europe/Brussels]')
  assert.equal(result.legalDue, '2027-03-02T00:00:00+01:00[Europe/Brussels]')
})

test('11. silence may have its effect only after the later date', () => {
  const events = [event('draft_received', '2026-11-27T15:00+01:00')]
  const paris = { zone: 'Europe/Paris' }
  const result = evaluateClock(eu, 'eu.gdpr/rro', input(events, paris))
  assert.equal(result.legalDue, '2026-12-29T00:00:00+01:00[Europe/Paris]')
  const state = (now: string) =>
    evaluateClock(eu, 'eu.gdpr/rro', input(events, { ...paris, now: at(now) })).state
  assert.equal(state('2026-12-26T00:00+01:00'), 'due')
  assert.equal(state('2026-12-28T23:59:59+01:00'), 'due')
  assert.equal(state('2026-12-29T00:00+01:00'), 'overdue')
})

test('12. a provisional measure ends at the earlier date and is never late', () => {
  const events = [event('measure_adopted', '2027-04-30T10:00+02:00')]
  const more = { zone: 'Europe/Paris', now: at('2027-12-01T00:00Z') }
  const result = evaluateClock(eu, 'eu.gdpr/urgency', input(events, more))
  assert.equal(result.state, 'due')
  assert.equal(result.strictDue, '2027-07-31T00:00:00+02:00[Europe/Paris]')
  assert.equal(result.legalDue, result.strictDue)
})

test('a variant for banned practices shortens the objection window', () => {
  const events = [event('report_received', '2026-11-24T09:00+01:00')]
  const due = (facts: Facts) =>
    evaluateClock(eu, 'eu.ai_act/safeguard_objection', input(events, { facts })).strictDue
  assert.match(due({}) ?? '', /^2027-02-25/)
  assert.match(due({ prohibitedPractice: true }) ?? '', /^2026-12-25/)
})

const discovery = event('discovery', '2026-11-24T09:00-08:00')
const belief = event('determination_or_reasonable_belief', '2026-11-24T09:00-05:00')
const aware = event('aware', '2026-11-24T09:00+01:00')
const received = event('report_received', '2026-11-24T09:00+01:00')
const acknowledged = event('notification_submitted', '2026-11-26T09:00+01:00', 'eu.whistle/ack')

for (const [pack, clock, events, state] of [
  [california, 'us-ca.sb53/csi', [discovery], 'due'],
  [california, 'us-ca.sb53/imminent', [discovery], 'due'],
  [california, 'us-ca.sb53/internal_risk', [], 'not_started'],
  [california, 'us-ca.sb53/amend', [], 'qualitative'],
  [california, 'us-ca.sb53/csi', [], 'not_started'],
  [california, 'us-ca.sb53/nothing', [discovery], 'unknown_clock'],
  [california, 'eu.gdpr/breach_sa', [aware], 'unknown_clock'],
  [gb, 'uk.dp/breach', [aware], 'due'],
  [gb, 'uk.csrb/initial', [aware], 'advisory'],
  [us, 'us.circia/incident', [belief], 'advisory'],
  [us, 'us.circia/incident', [], 'not_started'],
  [eu, 'eu.nis2/ew', [aware], 'confirm'],
  [eu, 'eu.nis2/interm', [], 'qualitative'],
  [eu, 'eu.whistle/ack', [received], 'confirm'],
  [eu, 'eu.whistle/ack', [received, acknowledged], 'met'],
  [eu, 'eu.whistle/feedback', [received], 'not_started'],
  [eu, 'eu.whistle/feedback', [received, acknowledged], 'confirm'],
  [
    eu,
    'eu.gdpr/proc_transmit',
    [event('complaint_received', '2026-11-24T09:00Z')],
    'not_yet_applicable',
  ],
  [eu, 'eu.gdpr/proc_transmit', [event('complaint_received', '2027-04-05T09:00Z')], 'due'],
  [eu, 'eu.cra/aev_ew', [event('aware', '2026-09-10T12:00+02:00')], 'not_yet_applicable'],
  [eu, 'eu.cra/aev_ew', [event('aware', '2026-09-11T00:00+02:00')], 'due'],
] as const) {
  test(`${clock} with ${events.map((e) => e.event).join(', ') || 'no event'}: ${state}`, () => {
    const result = evaluateClock(pack, clock, input(events))
    assert.equal(result.state, state, JSON.stringify(result.because))
    assert.ok(result.because.length > 0)
    const hasDates =
      ['due', 'confirm', 'advisory', 'met'].includes(state) && result.steps.length > 0
    assert.equal(result.strictDue !== null, hasDates)
  })
}

test('nothing is due before two officers signed the pack off', () => {
  const one: SignOffs = { signOffs: signed.signOffs.filter(({ officer }) => officer === 'ada') }
  const forOther: SignOffs = {
    signOffs: signed.signOffs.map((each) => ({ ...each, digest: 'of another file' })),
  }
  for (const signOffs of [noSignOffs, one, forOther]) {
    const result = evaluateClock(california, 'us-ca.sb53/csi', input([discovery], { signOffs }))
    assert.equal(result.state, 'confirm')
    assert.ok(result.because.some(({ rule }) => rule === 'law:not-signed-off'))
  }
})

test('only clocks whose text was read can be due', () => {
  for (const pack of packs) {
    for (const { id, start } of pack.instruments.flatMap(({ clocks }) => clocks)) {
      const events = start === null ? [] : [event(start.event, '2030-01-07T10:00Z', start.ofClock)]
      const facts = { highRiskRoute: 'annex_iii' }
      const result = evaluateClock(pack, id, input(events, { facts }))
      if (result.state === 'due') assert.equal(result.evidence, 'P', id)
      assert.notEqual(result.state, 'unknown_clock', id)
    }
  }
})

test('performed in time is met, performed late stays overdue', () => {
  const done = (when: string) => event('performed', when, 'us-ca.sb53/csi')
  const state = (...events: ClockEvent[]) => {
    const now = at('2027-03-01T00:00Z')
    return evaluateClock(california, 'us-ca.sb53/csi', input([discovery, ...events], { now })).state
  }
  assert.equal(state(), 'overdue')
  assert.equal(state(done('2026-12-09T23:59:59-08:00')), 'met')
  assert.equal(state(done('2026-12-10T00:00:00-08:00')), 'overdue')
})

test('a regime stands in only where the law lets it', () => {
  const mark = (clock: string) => event('satisfied_by', '2026-11-25T09:00Z', clock)
  const csi = 'us-ca.sb53/csi'
  assert.equal(evaluateClock(california, csi, input([discovery, mark(csi)])).state, 'satisfied_by')
  const breach = 'eu.gdpr/breach_sa'
  assert.equal(evaluateClock(eu, breach, input([aware, mark(breach)])).state, 'due')
})

test('a clock whose trigger is not met does not run', () => {
  const facts = { personalDataBreach: false }
  const result = evaluateClock(eu, 'eu.gdpr/breach_sa', input([aware], { facts }))
  assert.equal(result.state, 'not_started')
  assert.equal(result.strictDue, null)
})

test('the event that a clock waits for can be asked', () => {
  assert.deepEqual(startEventOf(eu, 'eu.cra/sev_final'), {
    event: 'notification_submitted',
    clock: 'eu.cra/sev_notif',
  })
  assert.equal(startEventOf(gb, 'uk.dp/complaint_progress'), undefined)
})

test('hearing: the order may be made after ten working days, not a moment before', () => {
  const hearing = hearingPeriod(eu, at('2026-11-23T10:00+01:00'), holidaysOf)
  assert.equal(hearing?.clock, 'eu.msr/hearing')
  assert.equal(hearing?.article, '18(3)')
  assert.equal(hearing?.earliestText, '2026-12-08T00:00:00+01:00[Europe/Brussels]')
  assert.equal(hearing?.earliest, at('2026-12-08T00:00+01:00'))
  assert.ok((hearing?.steps.length ?? 0) > 3)
  const paris = { zone: 'Europe/Paris', measure: 'corrective_order' }
  const overNewYear = hearingPeriod(eu, at('2026-12-18T10:00+01:00'), holidaysOf, paris)
  assert.equal(overNewYear?.earliestText, '2027-01-06T00:00:00+01:00[Europe/Paris]')
})

test('hearing: a pack that names none gives none, not a guess', () => {
  for (const pack of [gb, california]) {
    assert.equal(hearingPeriod(pack, at('2026-11-23T10:00Z'), holidaysOf), undefined)
  }
  const fine = { measure: 'information_request' }
  assert.equal(hearingPeriod(eu, at('2026-11-23T10:00Z'), holidaysOf, fine), undefined)
})

const larkspur: Facts = {
  offeredIn: ['EU', 'GB', 'US-CA'],
  usedIn: ['BE', 'GB', 'US-CA'],
  establishedIn: ['BE'],
  isAiSystem: true,
  sameProviderGpaiModel: false,
  inVeryLargePlatform: false,
  processesPersonalData: true,
}

const sameModel: Facts = {
  ...larkspur,
  sameProviderGpaiModel: true,
  roles: ['provider'],
  annexIProduct: false,
  annexIIIArea: 'employment',
  financialServiceUse: false,
  lawEnforcementProvider: false,
}

function competent(facts: Facts, authority: string) {
  const on = calendarDate('2026-11-23')
  return assessCompetence(packs, facts, on).find((finding) => finding.authority === authority)
}

for (const [authority, facts, answer, open] of [
  ['eu.msa', larkspur, 'yes', []],
  ['eu.dpa', larkspur, 'yes', []],
  ['uk.ico', larkspur, 'yes', []],
  ['eu.aio', larkspur, 'no', []],
  ['eu.aio', sameModel, 'yes', []],
  ['eu.msa', sameModel, 'no', []],
  ['eu.aio', { ...sameModel, roles: ['deployer'], sameUndertakingAsProvider: false }, 'no', []],
  ['eu.msa', { ...sameModel, roles: ['deployer'], sameUndertakingAsProvider: false }, 'yes', []],
  ['eu.aio', { ...sameModel, annexIProduct: true }, 'no', []],
  ['eu.msa', { ...sameModel, annexIProduct: true }, 'yes', []],
  ['eu.aio', { ...sameModel, annexIIIArea: 'critical_infrastructure' }, 'no', []],
  ['eu.msa', { ...sameModel, financialServiceUse: true }, 'yes', []],
  ['eu.aio', { ...sameModel, annexIProduct: true, inVeryLargePlatform: true }, 'yes', []],
  [
    'eu.aio',
    { ...larkspur, sameProviderGpaiModel: true, roles: ['provider'] },
    'open',
    ['annexIProduct', 'annexIIIArea', 'financialServiceUse', 'lawEnforcementProvider'],
  ],
  [
    'eu.msa',
    {},
    'open',
    [
      'isAiSystem',
      'offeredIn',
      'usedIn',
      'inVeryLargePlatform',
      'sameProviderGpaiModel',
      'annexIProduct',
      'annexIIIArea',
      'financialServiceUse',
      'lawEnforcementProvider',
      'roles',
      'sameUndertakingAsProvider',
    ],
  ],
  ['eu.msa', { ...larkspur, offeredIn: ['GB'], usedIn: ['GB'] }, 'no', []],
  ['uk.ofcom', larkspur, 'open', ['userToUserOrSearchService']],
  ['uk.ofcom', { ...larkspur, userToUserOrSearchService: false }, 'no', []],
  ['us-ca.oes', larkspur, 'open', ['frontierDeveloper']],
  ['us-ca.oes', { ...larkspur, frontierDeveloper: true }, 'yes', []],
  [
    'us-ca.oes',
    { offeredIn: ['US'], usedIn: [], harmIn: [], developedIn: [], frontierDeveloper: true },
    'open',
    ['offeredIn'],
  ],
  ['us-ca.cppa', { ...larkspur, usesAdmt: true }, 'open', ['us-ca.ccpa_admt/cppa']],
  ['us.cisa', { ...larkspur, coveredEntity: true }, 'no', []],
] as const) {
  test(`competence of ${authority}: ${answer} ${open.join(', ')}`, () => {
    const finding = competent(facts as Facts, authority)
    assert.equal(finding?.competent, answer)
    assert.deepEqual(
      finding?.openQuestions.map(({ fact }) => fact),
      open,
    )
    assert.ok(finding?.because.some(({ source }) => source !== undefined))
    for (const { text } of finding?.openQuestions ?? []) assert.match(text, /\?$/)
  })
}

const acting = {
  officer: 'ada',
  roles: ['caseOfficer'],
  authority: 'meridia.example',
  now: at('2026-11-25T09:00Z'),
} as const
const context: LawContext = { packs, signOffs: signed, holidaysOf }

function fold(state: LawState, events: readonly LawEvent[]): LawState {
  return events.reduce(
    (folded, each, n) =>
      foldLaw(folded, { event: each, version: n + 1, at: acting.now, by: 'ada' }),
    state,
  )
}

test('a case records facts and events, assesses competence and keeps each computation', () => {
  const facts = recordFacts(noLaw, { facts: larkspur }, acting)
  assert.ok(facts.decision === 'permit')
  let state = fold(noLaw, facts.value)
  assert.equal(recordFacts(state, { facts: larkspur }, acting).decision, 'refuse')

  const assessed = assessCaseCompetence(state, {}, acting, context)
  assert.ok(assessed.decision === 'permit')
  state = fold(state, assessed.value)
  assert.deepEqual(state.competence?.packs, packs.map(packRef))

  const started = recordClockEvent(state, discovery, acting, context)
  assert.ok(started.decision === 'permit')
  state = fold(state, started.value)
  const clocks = ['us-ca.sb53/csi', 'eu.cra/aev_final', 'no.such/clock']
  const computed = computeClocks(state, { clocks, zone: 'Europe/Paris' }, acting, context)
  assert.ok(computed.decision === 'permit')
  assert.deepEqual(JSON.parse(JSON.stringify(computed.value)), computed.value)
  state = fold(state, computed.value)
  assert.deepEqual(
    clocks.map((id) => state.clocks[id]?.state),
    ['due', 'not_started', 'unknown_clock'],
  )
  assert.match(state.clocks['us-ca.sb53/csi']?.strictDue ?? '', /America\/Los_Angeles/)
})

test('what a case follows is computed anew with each event, and only what changed is recorded', () => {
  const first = recordClockEvent(noLaw, discovery, acting, context)
  assert.ok(first.decision === 'permit')
  assert.deepEqual(withClocks(noLaw, first.value, acting, context), first.value)
  const clocks = ['us-ca.sb53/csi', 'eu.cra/aev_final']
  const computed = computeClocks(fold(noLaw, first.value), { clocks }, acting, context)
  assert.ok(computed.decision === 'permit')
  const state = fold(noLaw, [...first.value, ...computed.value])
  assert.equal(state.clocks['eu.cra/aev_final']?.state, 'not_started')

  const remedy = { ...discovery, event: 'remedy_available', zone: 'Europe/Brussels' }
  const second = recordClockEvent(state, remedy, acting, context)
  assert.ok(second.decision === 'permit')
  const [event, after, ...none] = withClocks(state, second.value, acting, context)
  assert.deepEqual(none, [])
  assert.equal(event?.type, 'clockEventRecorded')
  assert.ok(after?.type === 'clocksComputed')
  assert.deepEqual(
    after.results.map(({ clock }) => clock),
    ['eu.cra/aev_final'],
  )
  assert.ok(after.results[0]?.strictDue)
  assert.deepEqual(
    after.packs.map(({ id }) => id),
    ['law.eu'],
  )
})

for (const [what, clock, facts, where] of [
  ['the single platform', 'eu.cra/aev_ew', {}, /single reporting platform/],
  ['the AI Office', 'eu.ai_act/sir_general', toAiOffice(), /AI Office/],
  ['words of the pack as recipient', 'eu.ai_act/sir_to_commission', {}, /information exchange/],
  ['nobody while the recipient is open', 'eu.ai_act/sir_general', {}, null],
] as const) {
  test(`a report is filed with ${what}, and not through this program`, () => {
    const { filing } = evaluateClock(
      eu,
      clock,
      input([event('aware', '2028-01-14T09:00Z')], { facts }),
    )
    if (where === null) {
      assert.equal(filing, undefined)
      return
    }
    assert.match(filing?.where ?? '', where)
    assert.equal(filing?.designation, null)
  })
}

function toAiOffice(): Facts {
  const areas = { annexIProduct: false, annexIIIArea: 'education' }
  const bodies = { financialServiceUse: false, lawEnforcementProvider: false }
  return { inVeryLargePlatform: true, ...areas, ...bodies }
}

const future = { ...discovery, at: at('2026-11-25T09:00:00.001Z') }
for (const [why, command] of [
  ['unknownEvent', { ...discovery, event: 'full_moon' }],
  ['unknownEvent', { ...discovery, event: 'constructor' }],
  ['unknownClock', { ...discovery, clock: 'eu.gdpr/none' }],
  ['unknownClock', { ...discovery, event: 'performed', clock: null }],
  ['unknownClock', { ...discovery, event: 'classified', clock: null }],
  ['unknownClock', { ...discovery, event: 'notification_submitted', clock: null }],
  ['unknown-zone', { ...discovery, zone: '+01:00' }],
  ['unknown-zone', { ...discovery, zone: 'Europe/Atlantis' }],
  ['inTheFuture', future],
  ['noEvidence', { ...discovery, evidence: ' ' }],
  ['alreadyRecorded', discovery],
] as const) {
  test(`a clock event is refused: ${why}`, () => {
    const state = { ...noLaw, events: why === 'alreadyRecorded' ? [discovery] : [] }
    const decision = recordClockEvent(state, command, acting, context)
    assert.equal(decision.decision === 'refuse' && decision.why, why)
  })
}

test('computing needs packs, clocks and a place that a pack knows', () => {
  const why = (command: { clocks: string[]; zone?: string }, ctx = context) => {
    const decision = computeClocks(noLaw, command, acting, ctx)
    return decision.decision === 'refuse' ? decision.why : 'permitted'
  }
  assert.equal(why({ clocks: [] }), 'noClocks')
  assert.equal(why({ clocks: ['eu.gdpr/rro'] }, { ...context, packs: [] }), 'noPacks')
  assert.equal(why({ clocks: ['eu.gdpr/rro'], zone: 'Asia/Tokyo' }), 'unknown-zone')
  const empty = assessCaseCompetence(noLaw, {}, acting, context)
  assert.equal(empty.decision === 'refuse' && empty.why, 'noFacts')
})
