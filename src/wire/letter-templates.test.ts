import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldsOf, letterTemplates, MERGE_FIELDS, mergeLetter } from './letter-templates.ts'

test('templates name only fields that exist, and each has the officer’s own text', () => {
  assert.ok(letterTemplates.length >= 4)
  for (const template of letterTemplates) {
    const fields = fieldsOf(template)
    assert.ok(fields.includes('text'), template.id)
    for (const field of fields) {
      assert.ok((MERGE_FIELDS as readonly string[]).includes(field), `${template.id} ${field}`)
    }
  }
})

test('a value that looks like a field stays text, and blank lines make paragraphs', () => {
  const template = {
    id: 'x',
    version: 1,
    language: 'en',
    subject: 'On {{matter}}',
    paragraphs: ['{{text}}', 'End of {{ref}}.'],
  }
  const values = { matter: '{{ref}} $& $1', text: 'One.\n\nTwo {{matter}}.', ref: 'MER-1' }
  assert.deepEqual(mergeLetter(template, values), {
    subject: 'On {{ref}} $& $1',
    paragraphs: ['One.', 'Two {{matter}}.', 'End of MER-1.'],
  })
})
