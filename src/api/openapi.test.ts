import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { caseActs } from '../app/acts.ts'

type Form = { readonly properties: object; readonly required?: readonly string[] }

type Operation = {
  readonly summary?: string
  readonly operationId?: string
  readonly responses: Readonly<Record<string, object>>
  readonly requestBody?: { readonly content: { 'application/json': { schema: Form } } }
}

const file = new URL('../../protocol/openapi.json', import.meta.url)
const text = readFileSync(file, 'utf8')
const described = JSON.parse(text) as {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}
const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)

test('every act is described with the members that it is checked for', () => {
  for (const act of caseActs) {
    const found = operations.find(({ operationId }) => operationId === act.name)
    assert.ok(found, act.name)
    const schema = found.requestBody?.content['application/json'].schema
    const { properties, required } = act.input as Form
    assert.deepEqual(Object.keys(schema?.properties ?? {}), Object.keys(properties), act.name)
    assert.deepEqual(schema?.required, required, act.name)
  }
})

test('every operation says what it does and how it fails', () => {
  assert.match(described.openapi, /^3\.1\./)
  for (const { path, method, summary, responses } of operations) {
    assert.ok(summary, `${method} ${path} has no summary`)
    assert.ok(responses['default'], `${method} ${path} describes no problem`)
  }
})

test('every reference leads somewhere; nothing of the demonstration or of peers is in it', () => {
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    assert.ok(Object.hasOwn(described.components.schemas, name), name)
  }
  for (const { path } of operations) {
    assert.match(path, /^\/(api\/v1|open-data|csaf)\//)
  }
})
