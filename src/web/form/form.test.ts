import assert from 'node:assert/strict'
import test from 'node:test'
import { Type } from '@sinclair/typebox'
import { instant } from '../../base/time.ts'
import { type FormHints, type FormSchema, fieldsOf } from './field-spec.ts'
import { formModel } from './form-model.ts'
import { localTimeOf, readForm } from './read-form.ts'

const schema: FormSchema = Type.Object({
  reason: Type.String({ minLength: 3, maxLength: 500 }),
  title: Type.Optional(Type.String({ maxLength: 20, pattern: '^[^<]*$' })),
  outcome: Type.Union([Type.Literal('accept'), Type.Literal('overrule')]),
  turns: Type.Array(Type.Union([Type.Literal('t1'), Type.Literal('t2')]), { minItems: 1 }),
  terms: Type.Array(Type.Object({ scheme: Type.String(), id: Type.String() })),
  links: Type.Optional(Type.Array(Type.String({ maxLength: 10 }))),
  days: Type.Integer({ minimum: 1, maximum: 90 }),
  until: Type.String({ maxLength: 30 }),
  zone: Type.String({ maxLength: 60 }),
  heardOn: Type.Optional(Type.String()),
  clock: Type.Union([Type.String({ maxLength: 80 }), Type.Null()]),
  inputs: Type.Record(Type.String(), Type.String()),
  test: Type.Object({ necessity: Type.String({ minLength: 2 }) }),
  facts: Type.Record(Type.String(), Type.Union([Type.Boolean(), Type.Number()])),
  isUrgent: Type.Boolean(),
  confirmed: Type.Boolean(),
  version: Type.String(),
})
const term = '{"scheme":"s","id":"a"}'
const hints: FormHints = {
  widgets: { version: 'hidden', confirmed: 'confirm' },
  choices: { terms: [{ value: term, text: 'A' }] },
  records: { inputs: { impact: [{ value: 'high', text: 'High' }] } },
}

const good = {
  reason: '  The reply is late.\r\nTwice. ',
  outcome: 'accept',
  turns: ['t1', 't2'],
  terms: term,
  links: ' a \n\n b',
  days: '30',
  until: '2026-11-22T18:05',
  'inputs.impact': 'high',
  'test.necessity': 'needed',
  facts: '{"harm": true}',
  confirmed: 'true',
  version: '7',
}
const zone = 'Europe/Brussels'

test('every part of a schema has a control', () => {
  const kinds = Object.fromEntries(fieldsOf('x', schema, hints).map((f) => [f.name, f.kind]))
  assert.deepEqual(kinds, {
    reason: 'textarea',
    title: 'text',
    outcome: 'radios',
    turns: 'checkboxes',
    terms: 'checkboxes',
    links: 'lines',
    days: 'number',
    until: 'instant',
    zone: 'zone',
    heardOn: 'date',
    clock: 'text',
    'inputs.impact': 'select',
    'test.necessity': 'text',
    facts: 'json',
    isUrgent: 'checkbox',
    confirmed: 'confirm',
    version: 'hidden',
  })
})

test('a form keeps what was typed beside its error', () => {
  const errors = [{ field: 'days', reason: 'number' }]
  const raw = { ...good, days: 'soon' }
  const options = { ...hints, action: '/x', hidden: { token: 'k' } }
  const model = formModel('decide', schema, raw, errors, options)
  assert.deepEqual(model.hidden, [
    { name: 'token', value: 'k' },
    { name: 'version', value: '7' },
  ])
  const days = model.fields.find((field) => field.name === 'days')
  assert.equal(days?.value, 'soon')
  assert.equal(days?.error?.reason, 'number')
  const turns = model.fields.find((field) => field.name === 'turns')
  assert.deepEqual(
    turns?.choices.map((choice) => choice.isChosen),
    [true, true],
  )
  assert.equal(model.refused, undefined)
})

test('a refused act keeps the reasons of the decision', () => {
  const because = [{ rule: 'hearing', text: 'The operator was not heard.' }]
  const decision = { decision: 'refuse', because }
  const model = formModel('decide', schema, {}, [], { action: '/x', decision })
  assert.deepEqual(model.refused, because)
})

test('a form that wants nothing but a fresh proof can be sent, and says so', () => {
  const proof = { rule: 'access:stepUpNeeded', text: 'Prove it.' }
  const other = { rule: 'access:roleMissing', text: 'No.' }
  const shown = (because: (typeof proof)[], decision = 'refuse') =>
    formModel('decide', schema, {}, [], { action: '/x', decision: { decision, because } })
  assert.deepEqual(shown([proof]).wantsProof, [proof])
  assert.equal(shown([proof]).refused, undefined)
  for (const because of [[other], [proof, other]]) {
    assert.deepEqual(shown(because).refused, because)
    assert.equal(shown(because).wantsProof, undefined)
  }
  assert.equal(shown([proof], 'permit').wantsProof, undefined)
})

test('a good form is read into the input of the command', () => {
  const read = readForm(schema, { ...good, stray: 'ignored' }, { ...hints, zone })
  assert.deepEqual(read, {
    isValid: true,
    input: {
      reason: 'The reply is late.\nTwice.',
      outcome: 'accept',
      turns: ['t1', 't2'],
      terms: [{ scheme: 's', id: 'a' }],
      links: ['a', 'b'],
      days: 30,
      until: '2026-11-22T17:05:00.000Z',
      zone,
      clock: null,
      inputs: { impact: 'high' },
      test: { necessity: 'needed' },
      facts: { harm: true },
      isUrgent: false,
      confirmed: true,
      version: '7',
    },
  })
})

const bad: [string, string | string[] | undefined, string][] = [
  ['reason', undefined, 'required'],
  ['reason', '   ', 'required'],
  ['reason', 'no', 'tooShort'],
  ['reason', 'x'.repeat(501), 'tooLong'],
  ['reason', ['a long text', 'a long text'], 'repeated'],
  ['reason', 'lone \ud800 surrogate', 'characters'],
  ['reason', 'nul \0 byte', 'characters'],
  ['title', '<script>', 'pattern'],
  ['outcome', 'delete', 'choice'],
  ['outcome', '', 'required'],
  ['turns', ['t1', 't9'], 'choice'],
  ['turns', [], 'required'],
  ['terms', '{"scheme":"s","id":"b"}', 'choice'],
  ['links', 'much too long for a link', 'tooLong'],
  ['inputs.impact', 'huge', 'choice'],
  ['inputs.impact', '', 'required'],
  ['test.necessity', 'x', 'tooShort'],
  ['facts', '{harm: true}', 'json'],
  ['facts', '{"__proto__": {"admin": true}}', 'json'],
  ['days', '1.5', 'number'],
  ['days', '1e3', 'number'],
  ['days', '0', 'tooSmall'],
  ['days', '91', 'tooLarge'],
  ['until', 'tomorrow', 'instant'],
  ['until', '2026-13-40T10:00', 'instant'],
  ['until', '2026-03-29T02:30', 'instant'],
  ['until', '2026-10-25T02:30', 'instant'],
  ['heardOn', '2026-02-30', 'date'],
  ['confirmed', undefined, 'required'],
  ['confirmed', 'yes', 'required'],
]
for (const [field, value, reason] of bad) {
  test(`${field} = ${JSON.stringify(value)?.slice(0, 30)} is refused as ${reason}`, () => {
    const read = readForm(schema, { ...good, [field]: value }, { ...hints, zone })
    assert.ok(!read.isValid)
    assert.deepEqual(
      read.errors.map((error) => [error.field, error.reason]),
      [[field, reason]],
    )
  })
}

test('the entries of a record become fields, and their values keep their type', () => {
  const facts: FormSchema = Type.Object({
    facts: Type.Record(Type.String(), Type.Union([Type.Boolean(), Type.String()])),
  })
  const choices = ['true', 'false', 'minors'].map((value) => ({ value, text: value }))
  const records = { facts: { harm: choices, group: choices } }
  const read = readForm(facts, { 'facts.harm': 'true', 'facts.group': 'minors' }, { records, zone })
  assert.deepEqual(read, { isValid: true, input: { facts: { harm: true, group: 'minors' } } })
})

test('a time control shows the instant in the zone of the form', () => {
  const at = instant('2026-11-22T17:05:00.000Z')
  assert.equal(localTimeOf(at, zone), '2026-11-22T18:05')
  assert.equal(localTimeOf(at, 'America/Los_Angeles'), '2026-11-22T09:05')
})
