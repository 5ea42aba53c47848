import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from '@sinclair/typebox/value'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { statementDigest, statementOf } from './filing-statement.ts'
import {
  answersSchema,
  FORM_VERSIONS,
  formsDigest,
  questionsOf,
  REPORT_FORMS,
  reportFormOf,
} from './report-forms.ts'

test('the forms in use are the last version: a changed form needs a line in versions.json', () => {
  assert.equal(FORM_VERSIONS.at(-1)?.digest, formsDigest(nodePrimitives))
  assert.deepEqual(
    FORM_VERSIONS.map(({ version }) => version),
    [1, 2, 3],
  )
})

test('a question means the same in every kind, and is asked once in each', () => {
  const known = new Map<string, string>()
  for (const form of REPORT_FORMS) {
    const questions = form.steps.flatMap((step) => step.questions)
    const ids = questions.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length, form.kind)
    for (const question of questions) {
      const text = JSON.stringify(question)
      assert.equal(known.get(question.id) ?? text, text, `${form.kind}: ${question.id}`)
      known.set(question.id, text)
    }
  }
})

test('every kind asks for a title, what happened and a language; few ask for more', () => {
  const required = Object.fromEntries(
    REPORT_FORMS.map((form) => [
      form.kind,
      questionsOf(form)
        .filter((question) => question.required)
        .map(({ id }) => id)
        .sort(),
    ]),
  )
  const always = ['language', 'title', 'whatHappened']
  assert.deepEqual(required, {
    flaw: always,
    incident: always,
    seriousIncident: ['companyContact', 'language', 'law', 'legalName', 'title', 'whatHappened'],
    misconduct: always,
    complaint: always,
  })
})

test('questions of a sector are asked of nobody else', () => {
  const form = reportFormOf('incident')
  const asked = (sector?: string) => questionsOf(form, sector).map(({ id }) => id)
  assert.ok(!asked().includes('patientEffect'))
  assert.ok(asked('health').includes('patientEffect'))
  assert.ok(!asked('finance').includes('patientEffect'))
  assert.deepEqual(asked('__proto__'), asked())
})

const good = { kind: 'flaw', title: 'A', whatHappened: 'B', language: 'en' }
for (const [what, answers] of [
  ['another kind', { ...good, kind: 'incident' }],
  ['no title', { ...good, title: '' }],
  ['a question of another kind', { ...good, legalName: 'X' }],
  ['a contact, which is sealed apart', { ...good, contact: 'X' }],
  ['a choice that is not offered', { ...good, howOften: 'never' }],
  ['a list where one is asked', { ...good, howOften: ['often'] }],
  ['a language that is none', { ...good, language: 'e' }],
  ['a text that is too long', { ...good, systemName: 'a'.repeat(301) }],
] as const) {
  test(`the machine form refuses ${what}`, () => {
    const schema = answersSchema(reportFormOf('flaw'))
    assert.ok(Value.Check(schema, good))
    assert.equal(Value.Check(schema, answers), false)
  })
}

const salt = Buffer.alloc(32, 7).toString('base64')
const company = { kind: 'seriousIncident', legalName: 'Invented Systems', law: 'eu.ai_act/x' }

test('an organisation that files by name gets a statement, and nobody else', () => {
  const statement = statementOf('node.example', company, salt)
  assert.deepEqual(statement, {
    v: 1,
    kind: 'filing-statement',
    origin: 'node.example',
    legalName: 'Invented Systems',
    registerNumber: null,
    law: 'eu.ai_act/x',
    salt,
  })
  assert.equal(statementOf('node.example', { ...company, kind: 'misconduct' }, salt), undefined)
  assert.equal(statementOf('node.example', { kind: 'seriousIncident' }, salt), undefined)
})

test('the digest of a statement is another one for every change and every salt', () => {
  const statement = statementOf('node.example', company, salt) ?? assert.fail()
  const changes = [{}, { legalName: 'Other' }, { law: 'other' }, { origin: 'b.example' }].concat([
    { registerNumber: '1' },
    { salt: Buffer.alloc(32, 8).toString('base64') },
  ] as never)
  const digests = changes.map((change) =>
    Buffer.from(statementDigest(nodePrimitives, { ...statement, ...change })).toString('hex'),
  )
  assert.equal(new Set(digests).size, changes.length)
})
