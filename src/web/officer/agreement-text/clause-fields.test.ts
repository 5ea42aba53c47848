import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ringAgreement } from '../../../../test/support/ring.ts'
import { agreementFromModel } from '../../../core/agreement/agreement-model.ts'
import { CLAUSE_MEMBERS, type Clause, isUnderstood } from '../../../core/agreement/clause.ts'
import { modelAgreements } from '../../../wire/model-agreements.ts'
import { CLAUSE_FIELDS, clauseValues, readClause } from './clause-fields.ts'
import { textCommand, withClause, withNewClause, withoutClause } from './edit-text.ts'

const ZONE = 'Europe/Brussels'
const ring = ringAgreement()

test('every member of every kind has a field, but for a condition', () => {
  for (const [kind, { must, may = [] }] of Object.entries(CLAUSE_MEMBERS)) {
    const fields = Object.keys(CLAUSE_FIELDS[kind as Clause['kind']])
    const heads = new Set(fields.map((name) => name.split('.')[0]))
    const members = [...must, ...may].filter((name) => name !== 'when')
    assert.deepEqual([...heads].toSorted(), members.toSorted(), kind)
  }
})

test('what the form shows of a clause of every model comes back as the same clause', () => {
  let compared = 0
  for (const model of Object.values(modelAgreements)) {
    const { id, quorum, validFromAt, sunsetAt } = ring
    const parties = ring.parties.map((party, index) => ({
      ...{ ...party, legalOrder: ['EU', 'GB', 'US-CA'][index] ?? 'EU' },
    }))
    const text = agreementFromModel(model, { id, parties, quorum, validFromAt, sunsetAt })
    for (const clause of text.clauses) {
      const read = readClause(clause, clauseValues(clause, ZONE), text, ZONE)
      assert.deepEqual('clause' in read ? read.clause : read.errors, clause)
      compared += 1
    }
  }
  assert.ok(compared > 80)
})

test('a form that says too little, or what cannot be, comes back with what is wrong', () => {
  const wrong: readonly [Clause['kind'], Record<string, string | string[]>, string][] = [
    ['duty', { duty_kind: 'deleteBy' }, 'duty_withinDays'],
    ['duty', { duty_kind: 'forgetBy', duty_withinDays: '3' }, 'duty_kind'],
    ['duty', { duty_kind: 'deleteBy', duty_withinDays: 'soon' }, 'duty_withinDays'],
    ['dispute', { steps: 'the liaisons, two weeks' }, 'steps'],
    ['dispute', { steps: 'the liaisons: 14\nthe heads: 0' }, 'steps'],
    ['handling', { categories: ['nothing'], tlp: 'RED', codes: [] }, 'categories'],
    ['handling', { categories: ['caseSummary'], tlp: 'PINK' }, 'tlp'],
    [
      'permitRelease',
      { categories: ['caseSummary'], between: ['{"from":"a","to":"b"}'] },
      'between',
    ],
    ['exempt', { clauses: ['4.1'], until: 'never' }, 'until'],
    ['costs', {}, 'borneBy'],
    ['confidentiality', { survivesDays: '0' }, 'survivesDays'],
  ]
  for (const [kind, given, field] of wrong) {
    const before = { id: 'x', text: 'x', kind } as unknown as Clause
    const read = readClause(before, { id: 'x', text: 'Words.', ...given }, ring, ZONE)
    assert.ok('errors' in read, `${kind} ${JSON.stringify(given)}`)
    assert.ok(
      read.errors.some((error) => error.field === field),
      JSON.stringify(read.errors),
    )
  }
})

test('lists that are left open are left out, a condition stays, and a lasting duty has no days', () => {
  const permit = ring.clauses.find(({ kind }) => kind === 'permitRelease') as Clause
  const when = { fact: 'imminentRisk', is: true }
  const conditional = { ...permit, when } as Clause
  const read = readClause(conditional, clauseValues(conditional, ZONE), ring, ZONE)
  assert.ok('clause' in read && 'when' in read.clause && !('between' in read.clause))
  const duty = { id: 'd', text: 'x', kind: 'duty' } as unknown as Clause
  const values = { id: 'd', text: 'Not on.', duty_kind: 'noOnwardTransfer', duty_withinDays: '9' }
  const lasting = readClause(duty, values, ring, ZONE)
  assert.ok('clause' in lasting && isUnderstood(lasting.clause))
  assert.deepEqual('duty' in lasting.clause && lasting.clause.duty, { kind: 'noOnwardTransfer' })
})

test('clauses are added under a free number, changed and removed; other buttons do nothing', () => {
  const added = withNewClause(withNewClause(ring, 'statement'), 'statement')
  const ids = added.clauses.map(({ id }) => id)
  assert.equal(new Set(ids).size, ring.clauses.length + 2)
  assert.deepEqual(withoutClause(added, added.clauses.length - 1).clauses.length, ids.length - 1)
  const [first] = ring.clauses
  assert.ok(first)
  assert.equal(withClause(ring, 0, { ...first, text: 'New.' }).clauses[0]?.text, 'New.')
  assert.deepEqual(textCommand('edit:3', ''), { what: 'edit', at: 3 })
  assert.deepEqual(textCommand('add', 'duty'), { what: 'add', kind: 'duty' })
  for (const pressed of ['', 'edit', 'edit:-1', 'edit:9999', 'drop:1', 'constructor']) {
    assert.equal(textCommand(pressed, 'duty'), undefined, pressed)
  }
  assert.equal(textCommand('add', 'constructor'), undefined)
})
