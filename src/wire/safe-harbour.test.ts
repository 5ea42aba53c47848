import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { SafeHarbourDocument } from '../core/law/safe-harbour.ts'
import {
  chosenItems,
  requireSafeHarbour,
  type SafeHarbourIssued,
  safeHarbourDigest,
  safeHarbourVocabulary,
} from './safe-harbour.ts'

const { promises, conditions, limits } = safeHarbourVocabulary

test('what everybody reads in English is what is signed', () => {
  const file = new URL('../../locales/en/public/safe-harbour.json', import.meta.url)
  const messages = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  const groups = [
    ['safePromise', promises],
    ['safeCondition', conditions],
    ['safeLimit', limits],
  ] as const
  for (const [group, items] of groups) {
    for (const { id, text } of items) assert.equal(messages[`word.${group}.${id}`], text)
  }
})

test('what always stands is there whatever was chosen, and nothing unknown is', () => {
  const ids = chosenItems(promises, ['noAction', 'invented']).map(({ id }) => id)
  assert.deepEqual(ids, ['noAction', 'lasting'])
  assert.ok(limits.some(({ id }) => id === 'prosecutors'))
  assert.ok(limits.some(({ id }) => id === 'thirdParties'))
})

test('a statement with another text, author or node is no statement', () => {
  const document = { node: 'meridia.example', scope: 'Invented.' } as SafeHarbourDocument
  const digest = safeHarbourDigest(nodePrimitives, document)
  const issued = { digest, document, draftedBy: 'ada', officer: 'ben' } as SafeHarbourIssued
  const place = { node: 'meridia.example', by: 'ben' }
  requireSafeHarbour(nodePrimitives, issued, place)
  const changed: [Partial<SafeHarbourIssued>, object][] = [
    [{ document: { ...document, scope: 'Everything.' } }, {}],
    [{ digest: '0'.repeat(64) }, {}],
    [{ draftedBy: 'ben' }, {}],
    [{ officer: 'eve' }, {}],
    [{}, { node: 'albion.example' }],
    [{}, { by: 'eve' }],
  ]
  for (const [event, where] of changed) {
    assert.throws(() =>
      requireSafeHarbour(nodePrimitives, { ...issued, ...event }, { ...place, ...where }),
    )
  }
})
