/** The worked examples of the clock patterns that the shipped packs hold, and wrong questions. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comityError } from '../../../test/support/merkle.ts'
import type { Json } from '../../base/canonical-json.ts'
import { shippedLaw } from '../law/shipped-law.ts'
import { answerLine } from './eval.ts'
import { evalDue } from './law.ts'

const annexIii = { highRiskRoute: 'annex_iii' }
type Line = Readonly<Record<string, Json>>
const ask = (line: Line) => evalDue(line) as Record<string, Json>
const dates = (line: Line) => {
  const { state, strictDue, legalDue } = ask(line)
  return [state, strictDue, legalDue]
}

const EXAMPLES: readonly (readonly [string, Line, readonly (string | null)[]])[] = [
  [
    'fixed maximum, AI Act 73(2)',
    {
      clock: 'eu.ai_act/sir_general',
      start: '2028-01-14T10:30+00:00',
      timeZone: 'Europe/Dublin',
      facts: annexIii,
    },
    ['due', '2028-01-30T00:00:00+00:00[Europe/Dublin]', '2028-02-01T00:00:00+00:00[Europe/Dublin]'],
  ],
  [
    'hours over a clock change, GDPR 33(1)',
    { clock: 'eu.gdpr/breach_sa', start: '2026-10-23T14:20+02:00', timeZone: 'Europe/Paris' },
    ['due', '2026-10-26T13:20:00+01:00[Europe/Paris]', '2026-10-26T14:00:00+01:00[Europe/Paris]'],
  ],
  [
    'scope not there yet, AI Act 73(2)',
    {
      clock: 'eu.ai_act/sir_general',
      start: '2026-11-20T10:00:00+01:00',
      timeZone: 'Europe/Brussels',
    },
    [
      'confirm',
      '2026-12-06T00:00:00+01:00[Europe/Brussels]',
      '2026-12-08T00:00:00+01:00[Europe/Brussels]',
    ],
  ],
  [
    'no number, GDPR 34(1)',
    { clock: 'eu.gdpr/breach_ds', start: '2026-11-24T08:00+01:00', timeZone: 'Europe/Paris' },
    ['qualitative', null, null],
  ],
  [
    'chained start that has not come, CRA 14',
    { clock: 'eu.cra/sev_final', start: null, timeZone: 'Europe/Brussels' },
    ['not_started', null, null],
  ],
]

for (const [name, line, expected] of EXAMPLES) {
  test(`${name}: ${expected[0]}`, () => assert.deepEqual(dates(line), expected))
}

test('facts found late: its date had passed when they were classified', () => {
  const line = {
    clock: 'eu.ai_act/sir_critical',
    start: '2028-01-10T09:00+01:00',
    timeZone: 'Europe/Brussels',
    facts: { ...annexIii, widespreadInfringement: true },
  }
  assert.equal(ask(line)['state'], 'due')
  const events = [{ event: 'classified', at: '2028-01-13T10:00+01:00' }]
  const { state, strictDue } = ask({ ...line, events })
  assert.equal(state, 'overdue_on_reclassification')
  assert.equal(strictDue, '2028-01-13T00:00:00+01:00[Europe/Brussels]')
})

test('what was done in time is met, what was done late is not', () => {
  const line = { clock: 'eu.gdpr/breach_sa', start: '2026-10-20T10:00Z', timeZone: 'Europe/Paris' }
  const done = (at: string) => ask({ ...line, events: [{ event: 'performed', at }] })['state']
  assert.equal(done('2026-10-22T10:00Z'), 'met')
  assert.equal(done('2026-10-24T10:00Z'), 'overdue')
})

test('every clock of every shipped pack answers, with its counting and its source', () => {
  let dated = 0
  for (const { calendar, instruments } of shippedLaw().packs) {
    const timeZone = calendar.places[0]?.zone as string
    for (const clock of instruments.flatMap((instrument) => instrument.clocks)) {
      const line = { clock: clock.id, start: '2028-01-14T09:00Z', timeZone }
      const { state, strictDue, legalDue, steps, source, evidence } = ask(line)
      assert.ok(String(source).includes(clock.basis.article), clock.id)
      assert.equal(evidence, clock.basis.evidence)
      assert.notEqual(state, 'unknown_clock')
      assert.equal(strictDue === null, legalDue === null, clock.id)
      assert.equal(strictDue === null, (steps as readonly Json[]).length === 0, clock.id)
      if (strictDue !== null) dated++
    }
  }
  assert.ok(dated > 30, `${dated} clocks gave a date`)
})

test('every zone of the world answers', () => {
  for (const timeZone of Intl.supportedValuesOf('timeZone')) {
    const line = { clock: 'eu.gdpr/rro', start: '2026-11-27T15:00+01:00', timeZone }
    const { state, strictDue, steps } = ask(line)
    assert.equal(state, 'due', timeZone)
    assert.ok(String(strictDue).endsWith(`[${timeZone}]`), `${strictDue}`)
    assert.ok(JSON.stringify(steps).includes(timeZone))
  }
})

test('a zone is taken as the database spells it', () => {
  const line = { clock: 'eu.gdpr/rro', start: '2026-11-27T15:00+01:00', timeZone: 'europe/paris' }
  assert.equal(ask(line)['strictDue'], '2026-12-26T00:00:00+01:00[Europe/Paris]')
})

test('a clock that no pack has is unknown, not an error', () => {
  const none = { strictDue: null, legalDue: null, steps: [], source: null, evidence: null }
  const line = { clock: 'eu.ai_act/none', start: null, timeZone: 'Europe/Brussels' }
  assert.deepEqual(ask(line), { state: 'unknown_clock', ...none })
})

const GOOD = { clock: 'eu.gdpr/breach_sa', start: '2026-10-20T10:00Z', timeZone: 'Europe/Paris' }
const WRONG: readonly (readonly [string, Line, string])[] = [
  ['no clock', { ...GOOD, clock: '' }, 'clock'],
  ['a start without offset', { ...GOOD, start: '2026-10-20T10:00' }, 'start'],
  ['a start that is no date', { ...GOOD, start: '2026-02-30T10:00Z' }, 'start'],
  ['a start at the end of time', { ...GOOD, start: '+275760-09-13T00:00:00Z' }, 'start'],
  ['a start beyond time', { ...GOOD, start: '+275760-09-13T00:00:01Z' }, 'start'],
  ['an offset for a zone', { ...GOOD, timeZone: '+01:00' }, 'timeZone'],
  ['a zone that is none', { ...GOOD, timeZone: 'Europe/Atlantis' }, 'timeZone'],
  ['facts that are a list', { ...GOOD, facts: [] }, 'facts'],
  ['a fact that is nothing', { ...GOOD, facts: { deathOfPerson: null } }, 'facts/deathOfPerson'],
  ['events that are no list', { ...GOOD, events: {} }, 'events'],
  [
    'too many events',
    { ...GOOD, events: Array(201).fill({ event: 'aware', at: GOOD.start }) },
    'events',
  ],
  ['an event that is a text', { ...GOOD, events: ['performed'] }, 'events/0'],
  ['an event without a moment', { ...GOOD, events: [{ event: 'performed' }] }, 'events/0/at'],
  ['an event without a name', { ...GOOD, events: [{ at: GOOD.start }] }, 'events/0/event'],
  [
    'an event of a clock that is a number',
    { ...GOOD, events: [{ event: 'aware', at: GOOD.start, clock: 1 }] },
    'events/0/clock',
  ],
  ['a zone that is a number', { ...GOOD, timeZone: 1 }, 'timeZone'],
  ['a start that is a number', { ...GOOD, start: 1 }, 'start'],
  ['no start at all', { clock: GOOD.clock, timeZone: GOOD.timeZone }, 'start'],
  ['a fact that is a list of numbers', { ...GOOD, facts: { roles: [1] } }, 'facts/roles'],
  [
    'an unknown event',
    { ...GOOD, events: [{ event: 'rumour', at: GOOD.start }] },
    'events/0/event',
  ],
  ['an event at no time', { ...GOOD, events: [{ event: 'performed', at: 'soon' }] }, 'events/0/at'],
]

for (const [name, line, field] of WRONG) {
  test(`refused: ${name}`, () => {
    assert.throws(() => evalDue(line), { code: 'malformed', field })
  })
}

test('no clock leaves the calendar, whenever it starts', () => {
  for (const start of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z']) {
    for (const { calendar, instruments } of shippedLaw().packs) {
      const timeZone = calendar.places[0]?.zone as string
      for (const { id } of instruments.flatMap(({ clocks }) => clocks)) {
        const answer = answerLine(evalDue, JSON.stringify({ clock: id, start, timeZone }))
        assert.match(answer, /^\{"(state|error)":/, `${id} from ${start}`)
      }
    }
  }
})

test('before it applies nothing is counted, not even where holidays are not known', () => {
  const line = { clock: 'eu.gdpr/rro', start: '1995-01-14T10:30Z', timeZone: 'Europe/Paris' }
  assert.deepEqual(dates(line), ['not_yet_applicable', null, null])
})

test('a year without known holidays is an error, never a guess', () => {
  const line = {
    clock: 'eu.ai_act/sir_general',
    start: '2299-01-14T10:30Z',
    timeZone: 'Europe/Paris',
  }
  assert.throws(() => evalDue(line), comityError('malformed'))
})
