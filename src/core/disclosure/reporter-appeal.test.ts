import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarDate, instant } from '../../base/time.ts'
import type { AppealSubject } from './recognition-events.ts'
import { foldRecognition, noRecognition, type RecognitionEvent } from './recognition-state.ts'
import {
  type AppealFacts,
  type DecideAppeal,
  decideAppeal,
  escalateAppeal,
  fileAppeal,
  mayAppeal,
} from './reporter-appeal.ts'

const NOW = instant('2026-03-01T10:00:00.000Z')
const TODAY = calendarDate('2026-03-01')
const ESCALATION = { body: 'Ombudsperson (invented)', address: 'ombud.example' }
const credit = {
  recognition: noRecognition,
  hasMailbox: true,
  isMisconduct: false,
  isUnderEmbargo: false,
  publishedAt: null,
  embargoEndedAt: null,
}
const facts: AppealFacts = {
  credit,
  reportState: 'received',
  participant: 'meridia.example',
  owed: [{ kind: 'x/feedback', dueOn: calendarDate('2026-02-28'), source: 's' }],
  told: [],
  handlers: ['iris'],
}

const why = (decision: { readonly decision: string; readonly why?: string }) =>
  decision.decision === 'refuse' ? decision.why : 'permit'

test('there must be something to appeal against', () => {
  const ask = (changed: Partial<AppealFacts>, about: AppealSubject) =>
    why(mayAppeal({ ...facts, ...changed }, about, TODAY))
  assert.equal(ask({}, 'rejection'), 'notRejected')
  for (const reportState of ['valid', 'accepted', 'start', undefined] as const) {
    assert.equal(ask({ reportState }, 'rejection'), 'notRejected', String(reportState))
  }
  for (const reportState of ['invalid', 'deferred', 'closed'] as const) {
    assert.equal(ask({ reportState }, 'rejection'), 'permit', String(reportState))
  }
  assert.equal(ask({ told: [{ kind: 'closed', on: TODAY }] }, 'rejection'), 'permit')
  assert.equal(ask({}, 'delay'), 'permit')
  assert.equal(ask({ told: [{ kind: 'feedback', on: TODAY }] }, 'delay'), 'notLate')
  assert.equal(ask({ told: [{ kind: 'needMoreInformation', on: TODAY }] }, 'delay'), 'permit')
  assert.equal(ask({ owed: [] }, 'delay'), 'notLate')
  const due = { kind: 'x/feedback', dueOn: TODAY, source: 's' }
  assert.equal(ask({ owed: [due] }, 'delay'), 'notLate', 'the last day is not over')
  assert.equal(ask({}, 'credit'), 'nothingCredited')
  assert.equal(ask({ credit: { ...credit, publishedAt: NOW } }, 'credit'), 'permit')
  const hidden = { ...credit, publishedAt: NOW, isMisconduct: true }
  assert.equal(ask({ credit: hidden }, 'credit'), 'misconduct')
})

function filed(about: AppealSubject, able: readonly string[], changed: Partial<AppealFacts> = {}) {
  const asked = { ...facts, ...changed }
  const events = fileAppeal(asked, {
    appealId: 'a1',
    about,
    now: NOW,
    able,
    escalation: ESCALATION,
  })
  return { asked, events, after: withEvents(asked, events) }
}

function withEvents(
  before: AppealFacts,
  events: readonly { readonly type: string }[],
): AppealFacts {
  const recognition = events.reduce(
    (state, event) =>
      foldRecognition(state, { event: event as RecognitionEvent, at: NOW, by: 'x', version: 1 }),
    before.credit.recognition,
  )
  return { ...before, credit: { ...before.credit, recognition } }
}

test('the first three who took no part are asked; the period is thirty days', () => {
  const { events, after } = filed('delay', ['iris', 'odo', 'pia', 'rui', 'sam'])
  assert.deepEqual(events, [
    {
      ...{ type: 'reporterAppealed', appealId: 'a1', about: 'delay' },
      dueAt: '2026-03-31T10:00:00.000Z',
      barred: ['iris'],
      asked: ['odo', 'pia', 'rui'],
    },
  ])
  assert.equal(why(mayAppeal(after, 'delay', TODAY)), 'alreadyAppealed')
})

test('where nobody is left, the reporter is told where to turn', () => {
  for (const able of [[], ['iris']]) {
    const { events } = filed('delay', able)
    assert.deepEqual(events[1], {
      ...{ type: 'reporterAppealEscalated', appealId: 'a1' },
      ...ESCALATION,
    })
  }
})

const GOOD: DecideAppeal = {
  appealId: 'a1',
  outcome: 'reversed',
  reasons: 'The report was closed without a look at the second file.',
  roles: [],
  creditId: 'c1',
}
const acting = (officer: string, inPlaceOf?: string) => ({
  officer,
  roles: ['caseOfficer'] as const,
  authority: 'meridia.example',
  now: NOW,
  ...(inPlaceOf ? { inPlaceOf } : {}),
})

test('a rejection that is reversed reopens the report, and an answer is owed in two weeks', () => {
  const { after } = filed('rejection', ['odo'], { reportState: 'closed' })
  const done = decideAppeal(after, GOOD, acting('odo'))
  assert.deepEqual(done.decision === 'permit' && done.value, [
    {
      ...{ type: 'reporterAppealDecided', appealId: 'a1', outcome: 'reversed' },
      reasons: GOOD.reasons,
      answerBy: '2026-03-15T10:00:00.000Z',
    },
    {
      ...{ type: 'reportReopened', participant: 'meridia.example', appealId: 'a1' },
      from: 'closed',
    },
  ])
})

test('what stands changes nothing; what is sent back only owes an answer', () => {
  const { after } = filed('rejection', ['odo'], { reportState: 'invalid' })
  const upheld = decideAppeal(after, { ...GOOD, outcome: 'upheld' }, acting('odo'))
  assert.equal(upheld.decision === 'permit' && upheld.value.length, 1)
  const [event] = upheld.decision === 'permit' ? upheld.value : []
  assert.equal(event?.type === 'reporterAppealDecided' && event.answerBy, null)
  const back = decideAppeal(after, { ...GOOD, outcome: 'sentBack' }, acting('odo'))
  const [sent] = back.decision === 'permit' ? back.value : []
  assert.ok(sent?.type === 'reporterAppealDecided' && sent.answerBy !== null)
})

test('credit that is reversed is set anew, under the name that stands', () => {
  const { after } = filed('credit', ['odo'])
  const named = withEvents(after, [
    { type: 'creditChosen', shownAs: 'name', name: 'Kite' } as never,
  ])
  const done = decideAppeal(named, { ...GOOD, roles: ['finder', 'analyst'] }, acting('odo'))
  assert.deepEqual(done.decision === 'permit' && done.value[1], {
    ...{ type: 'creditSet', creditId: 'c1', roles: ['analyst', 'finder'], name: 'Kite' },
  })
  assert.equal(why(decideAppeal(named, GOOD, acting('odo'))), 'rolesMissing')
})

test('who took part, or came to take part, or stands in for one, does not decide', () => {
  const { after } = filed('rejection', ['odo'], { reportState: 'closed' })
  const later = { ...after, handlers: ['iris', 'pia'] }
  for (const who of [acting('iris'), acting('pia'), acting('odo', 'iris'), acting('odo', 'pia')]) {
    assert.equal(why(decideAppeal(later, GOOD, who)), 'notIndependent', who.officer)
  }
  assert.equal(why(decideAppeal(later, GOOD, acting('odo'))), 'permit')
})

test('a decision without reasons, of no appeal, or twice is refused', () => {
  const { after } = filed('rejection', ['odo'], { reportState: 'closed' })
  assert.equal(
    why(decideAppeal(after, { ...GOOD, reasons: 'No.' }, acting('odo'))),
    'reasonsMissing',
  )
  assert.equal(
    why(decideAppeal(after, { ...GOOD, appealId: 'a2' }, acting('odo'))),
    'unknownAppeal',
  )
  assert.equal(
    why(decideAppeal(after, { ...GOOD, roles: ['finder'] }, acting('odo'))),
    'rolesNotAsked',
  )
  const once = decideAppeal(after, GOOD, acting('odo'))
  const decided = withEvents(after, once.decision === 'permit' ? once.value.slice(0, 1) : [])
  assert.equal(why(decideAppeal(decided, GOOD, acting('odo'))), 'alreadyDecided')
})

test('it goes to the authority above only when nobody is left', () => {
  const { after } = filed('rejection', ['odo'], { reportState: 'closed' })
  const escalate = (changed: Partial<AppealFacts>, able: readonly string[]) =>
    why(escalateAppeal({ ...after, ...changed }, { appealId: 'a1', able, escalation: ESCALATION }))
  assert.equal(escalate({}, ['odo']), 'somebodyIsLeft')
  assert.equal(escalate({ handlers: ['iris', 'odo'] }, ['odo']), 'permit')
  assert.equal(escalate({}, []), 'permit')
  const { after: above } = filed('rejection', [], { reportState: 'closed' })
  assert.equal(
    why(escalateAppeal(above, { appealId: 'a1', able: [], escalation: ESCALATION })),
    'alreadyDecided',
  )
})
