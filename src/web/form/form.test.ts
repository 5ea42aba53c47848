import assert from 'node:assert/strict'
import test from 'node:test'
import { Type } from '@sinclair/typebox'
import { instant } from '../../base/time.ts'
import { type FieldSchema, type FormSchema, formModel } from './form-model.ts'
import { localTimeOf, readForm } from './read-form.ts'

const schema: FormSchema = Type.Object({
  reason: Type.String({ minLength: 3, maxLength: 500 }),
  title: Type.Optional(Type.String({ maxLength: 20, pattern: '^[^<]*$' })),
  outcome: Type.Union([Type.Literal('accept'), Type.Literal('overrule')]),
  turns: Type.Array(Type.Union([Type.Literal('t1'), Type.Literal('t2')]), { minItems: 1 }),
  days: Type.Integer({ minimum: 1, maximum: 90 }),
  endsAt: Type.String({ format: 'instant' }),
  heardOn: Type.Optional(Type.String({ format: 'date' })),
  confirmed: Type.Boolean(),
  version: Type.String({ widget: 'hidden' }),
})

const good = {
  reason: '  The reply is late.\r\nTwice. ',
  outcome: 'accept',
  turns: ['t1', 't2'],
  days: '30',
  endsAt: '2026-11-22T18:05',
  confirmed: 'true',
  version: '7',
}
const zone = 'Europe/Brussels'

test('a form shows each kind of field and keeps what was typed', () => {
  const errors = [{ field: 'days', reason: 'number' }]
  const raw = { ...good, days: 'soon' }
  const model = formModel('decide', schema, raw, errors, { action: '/x', hidden: { token: 'k' } })
  const kinds = Object.fromEntries(model.fields.map((field) => [field.name, field.kind]))
  assert.deepEqual(kinds, {
    reason: 'textarea',
    title: 'text',
    outcome: 'radios',
    turns: 'checkboxes',
    days: 'number',
    endsAt: 'instant',
    heardOn: 'date',
    confirmed: 'confirm',
  })
  assert.deepEqual(model.hidden, [
    { name: 'token', value: 'k' },
    { name: 'version', value: '7' },
  ])
  const days = model.fields.find((field) => field.name === 'days')
  assert.equal(days?.value, 'soon')
  assert.equal(days?.error?.reason, 'number')
  const turns = model.fields.find((field) => field.name === 'turns')
  assert.deepEqual(turns?.choices.map((choice) => choice.isChosen), [true, true])
  assert.equal(model.refused, undefined)
})

test('a refused act keeps the reasons of the decision', () => {
  const because = [{ rule: 'hearing', text: 'The operator was not heard.' }]
  const decision = { decision: 'refuse', because }
  const model = formModel('decide', schema, {}, [], { action: '/x', decision })
  assert.deepEqual(model.refused, because)
})

test('a good form is read into typed values', () => {
  const read = readForm(schema, { ...good, stray: 'ignored' }, zone)
  assert.deepEqual(read, {
    isValid: true,
    values: {
      reason: 'The reply is late.\nTwice.',
      outcome: 'accept',
      turns: ['t1', 't2'],
      days: 30,
      endsAt: '2026-11-22T17:05:00.000Z',
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
  ['days', '1.5', 'number'],
  ['days', '1e3', 'number'],
  ['days', '0', 'tooSmall'],
  ['days', '91', 'tooLarge'],
  ['endsAt', 'tomorrow', 'instant'],
  ['endsAt', '2026-13-40T10:00', 'instant'],
  ['endsAt', '2026-03-29T02:30', 'instant'],
  ['endsAt', '2026-10-25T02:30', 'instant'],
  ['heardOn', '2026-02-30', 'date'],
  ['confirmed', undefined, 'required'],
  ['confirmed', 'yes', 'required'],
]
for (const [field, value, reason] of bad) {
  test(`${field} = ${JSON.stringify(value)?.slice(0, 30)} is refused as ${reason}`, () => {
    const read = readForm(schema, { ...good, [field]: value }, zone)
    assert.ok(!read.isValid)
    assert.deepEqual(
      read.errors.map((error) => [error.field, error.reason]),
      [[field, reason]],
    )
  })
}

test('a time control shows the instant in the zone of the form', () => {
  const at = instant('2026-11-22T17:05:00.000Z')
  assert.equal(localTimeOf(at, zone), '2026-11-22T18:05')
  assert.equal(localTimeOf(at, 'America/Los_Angeles'), '2026-11-22T09:05')
})

test('a schema that no form can show is our bug', () => {
  const odd: FieldSchema = { type: 'object' }
  const form: FormSchema = { type: 'object', properties: { odd } }
  assert.throws(() => formModel('x', form, {}, [], { action: '/' }), /invariant/)
})
