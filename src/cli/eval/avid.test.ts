import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpusLines } from '../../../test/support/corpus.ts'
import { evalAvid } from './avid.ts'
import { evalDisclosureHistory } from './disclosure-history.ts'

const sample = {
  data_type: 'AVID',
  data_version: '0.3.3',
  metadata: { report_id: 'AVID-2026-R9001' },
  affects: { developer: ['Larkspur Dialogue Ltd (invented)'], deployer: [], artifacts: [] },
  problemtype: { classof: '', description: { lang: 'eng', value: 'a title' } },
  references: null,
  description: { lang: 'eng', value: 'a description' },
  unheard: { of: [1, null] },
}

test('a record comes back from the case events, with nothing lost', () => {
  assert.deepEqual(evalAvid(sample), { record: sample, lost: [] })
})

test('what JSON cannot carry is listed as lost', () => {
  const record = { ...sample, unheard: { of: [-0, 1] } }
  assert.deepEqual((evalAvid(record) as { lost: unknown }).lost, ['/unheard/of/0'])
})

test('a record with a missing member is malformed', () => {
  const { description: _, ...record } = sample
  assert.throws(() => evalAvid(record), { code: 'malformed', field: '/description' })
})

const lines = [
  ...(corpusLines('avid/reports.jsonl') ?? []),
  ...(corpusLines('avid/vulnerabilities.jsonl') ?? []),
]
test('all published records come back', {
  skip: lines.length === 0 && 'COMITY_CORPUS is not set',
}, () => {
  for (const line of lines) {
    const record = JSON.parse(line)
    assert.deepEqual(evalAvid(record), { record, lost: [] })
  }
})

test('an order of events is judged, with the reason', () => {
  const legal = evalDisclosureHistory({ history: 'VFDPXA' }) as Record<string, unknown>
  assert.equal(legal['legal'], true)
  assert.equal(typeof legal['why'], 'string')
  const illegal = evalDisclosureHistory({ history: 'FVDPXA' }) as Record<string, unknown>
  assert.equal(illegal['legal'], false)
  assert.match(String(illegal['why']), /vendor is aware/)
})

for (const line of [null, [], 'VFDPXA', {}, { history: 7 }, { history: null }, { history: 'V' }]) {
  test(`${JSON.stringify(line)} is no order of events`, () => {
    assert.throws(() => evalDisclosureHistory(line), { code: 'malformed' })
  })
}
