import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import { caseActs } from '../../app/acts.ts'
import { loadCatalogues } from '../messages.ts'
import { type FormSchema, fieldsOf } from './field-spec.ts'

const { has } = loadCatalogues(path.join(import.meta.dirname, '../../../locales')).messagesFor(
  'en',
  'officers',
)
const known = (key: string) => {
  const name = key.slice(key.lastIndexOf('.') + 1)
  return [key, `field.${name}`, `choice.${name}`].some(has)
}

test('every act has a name, and every field and choice of its form has words', () => {
  const missing: string[] = []
  for (const { name, topic, input } of caseActs) {
    for (const key of [`act.${name}`, `word.actGroup.${topic}`]) if (!has(key)) missing.push(key)
    for (const field of fieldsOf(name, input as FormSchema)) {
      if (field.kind !== 'zone' && !known(`act.${name}.${field.name}`)) {
        missing.push(`act.${name}.${field.name}`)
      }
      for (const choice of field.choices) {
        if ('key' in choice && !known(choice.key)) missing.push(choice.key)
      }
    }
  }
  assert.deepEqual(missing, [])
})
