import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarDate } from '../../base/time.ts'
import { type FilingExtension, filingClocks, type Told } from './filing-clocks.ts'

const day = (text: string) => calendarDate(text)
const ACK = { kind: 'eu.whistle/ack', dueOn: day('2027-01-08'), source: 'x' }
const FEEDBACK = { kind: 'eu.whistle/feedback', dueOn: day('2027-04-08'), source: 'x' }
const told = (kind: string, on: string): Told => ({ kind, on: day(on) })
const statesOn = (today: string, ...said: readonly Told[]) =>
  filingClocks([ACK, FEEDBACK], said, day(today)).map(({ state }) => state)

test('a clock runs through its last day and is overdue after it', () => {
  assert.deepEqual(statesOn('2027-01-08'), ['due', 'due'])
  assert.deepEqual(statesOn('2027-01-09'), ['overdue', 'due'])
  assert.deepEqual(statesOn('2027-04-09'), ['overdue', 'overdue'])
})

test('an acknowledgement stops its own clock and no other', () => {
  assert.deepEqual(statesOn('2027-05-01', told('acknowledged', '2027-01-08')), ['met', 'overdue'])
})

test('feedback, an outcome and closing stop both; the first of them counts', () => {
  for (const kind of ['feedback', 'outcome', 'closed']) {
    assert.deepEqual(statesOn('2027-05-01', told(kind, '2027-01-02')), ['met', 'met'], kind)
  }
  const said = [told('feedback', '2027-04-20'), told('feedback', '2027-04-01')]
  assert.deepEqual(statesOn('2027-05-01', ...said), ['late', 'met'])
})

test('what comes after the day is late and stays so', () => {
  const said = [told('acknowledged', '2027-01-09'), told('closed', '2027-04-09')]
  assert.deepEqual(statesOn('2028-01-01', ...said), ['late', 'late'])
  assert.deepEqual(
    filingClocks([ACK], said, day('2028-01-01')).map(({ doneOn }) => doneOn),
    ['2027-01-09'],
  )
})

test('a question, an extension, a transfer and a follow-up stop nothing', () => {
  for (const kind of [
    'needMoreInformation',
    'extended',
    'transmitted',
    'protection',
    'followUp',
    'retaliation',
    '',
  ]) {
    assert.deepEqual(statesOn('2027-01-05', told(kind, '2027-01-02')), ['due', 'due'], kind)
  }
})

const LATER = { kind: 'eu.whistle/feedback', dueOn: day('2027-07-08'), source: 'y' }
const daysOn = (today: string, extensions: readonly FilingExtension[], ...said: readonly Told[]) =>
  filingClocks([ACK, FEEDBACK], said, day(today), extensions).map(({ dueOn, source, state }) => [
    ...[dueOn, source, state],
  ])

test('needing more time moves the day of feedback where law lets it, and no other', () => {
  const said = told('extended', '2027-04-08')
  assert.deepEqual(daysOn('2027-05-01', [LATER], said), [
    ['2027-01-08', 'x', 'overdue'],
    ['2027-07-08', 'y', 'due'],
  ])
  assert.equal(daysOn('2027-07-09', [LATER], said)[1]?.[2], 'overdue')
  assert.equal(daysOn('2027-07-09', [LATER], said, told('feedback', '2027-07-08'))[1]?.[2], 'met')
})

test('it moves nothing where law has no such day, after the day, or a second time', () => {
  const early = told('extended', '2027-03-01')
  const first = ['2027-04-08', 'x', 'overdue']
  assert.deepEqual(daysOn('2027-05-01', [], early)[1], first)
  assert.deepEqual(daysOn('2027-05-01', [LATER], told('extended', '2027-04-09'))[1], first)
  assert.deepEqual(daysOn('2027-05-01', [{ ...LATER, dueOn: day('2027-04-01') }], early)[1], first)
  assert.deepEqual(daysOn('2027-05-01', [{ ...LATER, kind: 'eu.whistle/other' }], early)[1], first)
  const twice = [early, told('extended', '2027-06-01'), told('extended', '2027-07-01')]
  assert.equal(daysOn('2027-08-01', [LATER], ...twice)[1]?.[0], '2027-07-08')
})

test('a clock that this does not know is stopped by nothing', () => {
  const other = { ...ACK, kind: 'xx.other/reply' }
  const [found] = filingClocks([other], [told('feedback', '2027-01-02')], day('2027-01-03'))
  assert.equal(found?.state, 'due')
})
