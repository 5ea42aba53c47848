import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MERIDIA, NOW, recorded } from '../../test/support/ring.ts'
import { type CaseEvent, foldCase } from '../core/case/case.ts'
import { reportFromPortal } from '../core/triage/portal-report.ts'
import { caseRecord, coordinationStub } from './case-record.ts'

const WORDS = ['Title (invented)', 'What happened (invented)', 'Larkspur Dialogue Ltd (invented)']
const [TITLE = '', STORY = '', DEVELOPER = ''] = WORDS
const FILING = '5d7e7a52-0d6f-4a0e-8c1f-8a1d8f9a1c11'
const PERSON = '5d7e7a52-0d6f-4a0e-8c1f-8a1d8f9a1c22'

const opened: CaseEvent = {
  type: 'caseOpened',
  title: TITLE,
  kinds: ['disclosure'],
  lead: MERIDIA,
  leadCaseId: null,
  filedOn: null,
}
const admitted: CaseEvent = {
  type: 'reportAdmitted',
  filingId: FILING,
  report: reportFromPortal({
    reportId: FILING,
    language: 'en',
    title: TITLE,
    description: STORY,
    developers: [DEVELOPER],
    deployers: [],
    artifacts: [{ kind: 'System', name: 'Larkspur Companion' }],
    references: [{ url: 'https://press.example/story' }],
    reportedOn: NOW.slice(0, 10) as never,
    isPublic: false,
  }),
}
const person: CaseEvent = { type: 'affectedPersonRecorded', personId: PERSON }
const stateOf = (...events: CaseEvent[]) =>
  foldCase(events.map((event, index) => recorded(event, 'iris', NOW, index + 1)))

const full = stateOf(opened, admitted, person)

test('a stub says that there is a case, and nothing that was written about it', () => {
  const stub = JSON.stringify(coordinationStub(full))
  for (const word of [...WORDS, FILING, PERSON, 'press.example']) {
    assert.ok(!stub.includes(word), word)
  }
  assert.deepEqual(coordinationStub(full), {
    kinds: ['disclosure'],
    urgency: null,
    harms: [],
    embargoUntil: null,
  })
})

test('what the report says stands in one category, what the officer named the case in another', () => {
  const { technicalFacts, caseSummary, ...rest } = caseRecord(full)
  assert.ok(JSON.stringify(technicalFacts).includes(STORY))
  assert.ok(JSON.stringify(technicalFacts).includes(DEVELOPER))
  assert.ok(JSON.stringify(caseSummary).includes(TITLE))
  assert.ok(!JSON.stringify(caseSummary).includes(STORY))
  for (const word of WORDS) assert.ok(!JSON.stringify(rest).includes(word), word)
})

test('affected persons are named by id, in the category of personal data alone', () => {
  const { personalData, ...rest } = caseRecord(full)
  assert.deepEqual(personalData, { affectedPersons: [PERSON] })
  assert.ok(!JSON.stringify(rest).includes(PERSON))
})

test('the reporter is in no category: neither a contact nor the id of the filing', () => {
  const record = caseRecord(full)
  assert.equal(record['reporterContact'], 'sealed; not part of the case record')
  assert.ok(!JSON.stringify(record).includes(FILING))
})

test('a case without a report has no technical facts, and every category nevertheless', () => {
  const empty = caseRecord(stateOf({ ...opened, lead: 'albion.example', leadCaseId: PERSON }))
  assert.equal(empty['technicalFacts'], null)
  assert.deepEqual(Object.keys(empty), Object.keys(caseRecord(full)))
})
