import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluateTable } from '../core/triage/decision-table.ts'
import { cisaCoordinatorTable, vocabularies } from './vocabulary.ts'

test('ids are unique, and each vocabulary names its source and version', () => {
  for (const vocabulary of vocabularies) {
    const ids = vocabulary.terms.map((term) => term.id)
    assert.equal(new Set(ids).size, ids.length, vocabulary.scheme)
    assert.notEqual(vocabulary.source, '')
    assert.notEqual(vocabulary.version, '')
  }
})

test('AVID has 48 effects and six lifecycle stages', () => {
  const terms = vocabularies.find((each) => each.scheme === 'avid')?.terms ?? []
  assert.equal(terms.filter((term) => term.group === 'effect').length, 48)
  assert.equal(terms.filter((term) => term.group === 'lifecycle').length, 6)
})

test('each harm names its source and how well it was read', () => {
  const terms = vocabularies.find((each) => each.scheme === 'ai-harm')?.terms ?? []
  assert.ok(terms.length > 0)
  for (const { id, source, evidence } of terms) {
    assert.ok(source, id)
    assert.ok(evidence === 'P' || evidence === 'S', id)
  }
})

test('the coordinator table has 36 rows and never falls as an input rises', () => {
  const { rows, inputs, outcome } = cisaCoordinatorTable
  assert.equal(rows.length, 36)
  const rank = (column: number, key: string | undefined) =>
    [...inputs, outcome][column]?.values.findIndex((value) => value.key === key) ?? -1
  for (const lower of rows) {
    for (const higher of rows) {
      const isAbove = inputs.every((_, i) => rank(i, lower[i]) <= rank(i, higher[i]))
      if (isAbove) assert.ok(rank(4, lower[4]) <= rank(4, higher[4]), `${lower} ${higher}`)
    }
  }
})

test('rows of the coordinator table', () => {
  const outcome = (text: string) => {
    const [E = '', A = '', TI = '', MWI = ''] = text.split(' ')
    const inputs = {
      'ssvc:E:1.1.0': E,
      'ssvc:A:2.0.0': A,
      'ssvc:TI:1.0.0': TI,
      'ssvc:MWI:1.0.0': MWI,
    }
    return evaluateTable(cisaCoordinatorTable, inputs).outcomes.map((value) => value.key)
  }
  // The row that another published package has wrong, and the corners.
  assert.deepEqual(outcome('N Y P H'), ['AT'])
  assert.deepEqual(outcome('N N P L'), ['T'])
  assert.deepEqual(outcome('P Y T M'), ['T*'])
  assert.deepEqual(outcome('A N T H'), ['AC'])
  assert.deepEqual(outcome('A Y P L'), ['AT'])
})
