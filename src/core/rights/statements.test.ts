/** Who may answer to what, until when, and how much. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, calendarDate, DAY_MS, type Instant, instant } from '../../base/time.ts'
import type { Admission } from '../access/case-access.ts'
import type { SharedPart } from '../access/rules.ts'
import { afterEvents, type CaseEvent, type CaseState, noCase } from '../case/case.ts'
import { answerableTo, type FileStatement, fileStatement } from './statements.ts'

const opensAt = instant('2026-11-02T10:00:00.000Z')
const endsAt = instant('2026-11-16T10:00:00.000Z')
const acting = (now: Instant) => ({ officer: 'by', roles: [], authority: 'a', now })

const hearing = (measureId: string) => ({
  type: 'hearingOpened',
  measureId,
  rung: 'correctiveOrder',
  opensAt,
  endsAt,
  source: '',
  steps: [],
})
const guest = (person: string, answersAs?: string) => ({
  type: 'guestAdmitted',
  person,
  sees: ['hearing'],
  legalOrder: 'EU',
  until: addMs(endsAt, DAY_MS),
  reason: '',
  ...(answersAs ? { answersAs } : {}),
})
const events = [
  hearing('one'),
  hearing('two'),
  guest('looks'),
  guest('answers', 'respondent'),
] as unknown as readonly CaseEvent[]
const heard = afterEvents(noCase, events, acting(opensAt))

const admitted = (
  capacity: Admission['capacity'],
  sees: readonly SharedPart[] = ['summary', 'hearing', 'embargo', 'letters', 'notices'],
  person = 'them',
): Admission => ({ person, capacity, sees, legalOrder: 'EU', until: endsAt })

const respondent = admitted('respondent')
const vendor = admitted('vendor')

function file(
  state: CaseState,
  who: Admission,
  said: Partial<FileStatement>,
  now: Instant = opensAt,
) {
  const command = { statementId: 'id', text: 'We say so.', subjectId: 'one', ...said }
  return fileStatement(state, who, command, { now })
}

const whyOf = (decision: { decision: string; why?: string }) => decision.why ?? decision.decision

test('by default nobody answers: not a guest who looks, not an auditor, not to what is not shared', () => {
  const before = addMs(opensAt, -1)
  for (const [who, now, why] of [
    [admitted('guest', ['hearing'], 'looks'), opensAt, 'notAsked'],
    [admitted('guest', ['hearing'], 'unknown'), opensAt, 'notAsked'],
    [admitted('auditor', ['wholeCase', 'hearing']), opensAt, 'notAsked'],
    [admitted('respondent', ['summary', 'letters']), opensAt, 'hearingNotShared'],
    [respondent, before, 'hearingNotOpen'],
    [respondent, endsAt, 'hearingNotOpen'],
    [admitted('affectedPerson'), opensAt, 'noNotice'],
    [respondent, addMs(endsAt, -1), 'permit'],
    [admitted('guest', ['hearing'], 'answers'), opensAt, 'permit'],
    [vendor, opensAt, 'permit'],
  ] as const) {
    assert.equal(whyOf(answerableTo(heard, who, now)), why, JSON.stringify([who, now]))
    if (why !== 'permit') assert.equal(whyOf(file(heard, who, {}, now)), why)
  }
  assert.equal(whyOf(answerableTo(noCase, respondent, opensAt)), 'hearingNotOpen')
})

test('what is empty, too long, in the past or of another hearing is refused', () => {
  for (const [who, said, why] of [
    [respondent, { text: '' }, 'nothingSaid'],
    [respondent, { text: ' \r\n\t' }, 'nothingSaid'],
    [respondent, { text: 'x'.repeat(20_001) }, 'textTooLong'],
    [respondent, { subjectId: 'three' }, 'hearingNotOpen'],
    [respondent, { text: '', acknowledges: true }, 'nothingSaid'],
    [vendor, { text: '' }, 'nothingSaid'],
    [vendor, { text: '', fixOn: calendarDate('2026-10-31') }, 'dateImpossible'],
    [respondent, { text: 'x'.repeat(20_000) }, 'permit'],
    [vendor, { text: '', acknowledges: true }, 'permit'],
    [vendor, { text: '', fixOn: calendarDate('2026-11-02') }, 'permit'],
  ] as const) {
    assert.equal(whyOf(file(heard, who, said)), why, JSON.stringify(said).slice(0, 80))
  }
})

test('a statement to a hearing is a representation too; only a vendor dates a fix', () => {
  const said = file(heard, respondent, { text: 'a\r\nb', fixOn: calendarDate('2026-12-01') })
  assert.ok(said.decision === 'permit')
  const [filed, received] = said.value.events
  assert.deepEqual(filed, said.value.filed)
  assert.equal(said.value.filed.text, 'a\nb')
  assert.equal(said.value.filed.fixOn, null)
  assert.equal(received?.type, 'representationReceived')
  const after = afterEvents(heard, said.value.events, acting(opensAt))
  assert.deepEqual(
    after.enforcement.hearings.map(({ representations }) => representations),
    [1, 0],
  )
  const ofVendor = file(heard, vendor, {})
  assert.ok(ofVendor.decision === 'permit' && ofVendor.value.events.length === 1)
})

test('the same twice is one; five a day and forty in a case', () => {
  let state = heard
  let now = opensAt
  const say = (text: string, subjectId = 'one') => {
    const said = file(state, respondent, { text, subjectId }, now)
    if (said.decision === 'permit') state = afterEvents(state, said.value.events, acting(now))
    return whyOf(said)
  }
  assert.equal(say('first'), 'permit')
  assert.equal(say('  first\n'), 'alreadyFiled')
  assert.equal(say('first', 'two'), 'permit', 'to another hearing it is another statement')
  for (const text of ['3', '4', '5']) assert.equal(say(text), 'permit')
  assert.equal(say('6'), 'tooManyStatements')
  assert.equal(whyOf(file(state, { ...respondent, person: 'else' }, {})), 'permit')
  for (let day = 1; day < 8; day++) {
    now = addMs(opensAt, day * DAY_MS)
    for (let one = 0; one < 5; one++) assert.equal(say(`${day} ${one}`), 'permit')
  }
  now = addMs(opensAt, 9 * DAY_MS)
  assert.equal(say('forty-one'), 'tooManyStatements')
})
