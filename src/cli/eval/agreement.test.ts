import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ringAgreement } from '../../../test/support/ring.ts'
import type { Json } from '../../base/canonical-json.ts'
import type { AgreementDocument } from '../../core/agreement/document.ts'
import { answerLine, ENGINES } from './eval.ts'

const engine = ENGINES['agreement']
assert.ok(engine)
const answerTo = (line: unknown) => JSON.parse(answerLine(engine, JSON.stringify(line)))
const document = ringAgreement()
const lint = (change: object, more: object = {}) =>
  answerTo({ document: { ...document, ...change }, ...more }).findings as {
    severity: string
    code: string
    where: string
    text: string
    source?: string
  }[]
const withClause = (clause: object) => ({
  clauses: [...document.clauses, { id: 'x', text: 't', ...clause }],
})

test('a document of a wrong form is told where, and that it must end', () => {
  const table: readonly [string, object][] = [
    ['dateMissing sunsetAt', { sunsetAt: undefined }],
    ['dateMissing sunsetAt', { sunsetAt: null }],
    ['dateMissing reviewAt', { reviewAt: undefined }],
    ['form title', { title: 7 }],
    ['form parties', { parties: 'everybody' }],
    ['form parties/0/node', { parties: [{ ...document.parties[0], node: 'Not A Node' }] }],
    ['form onFridays', { onFridays: true }],
    ['form handling/tlp', { handling: { tlp: 'WHITE' } }],
    [
      'form transferInstruments/0/kind',
      { transferInstruments: [{ ...document.transferInstruments[0], kind: 'handshake' }] },
    ],
    ['form clauses', { clauses: Array.from({ length: 101 }, () => document.clauses[0]) }],
  ]
  for (const [expected, change] of table) {
    const found = lint(change)
    const lines = found.map(({ code, where }) => `${code} ${where}`)
    assert.ok(lines.includes(expected), `${expected} in ${lines}`)
    assert.ok(found.every(({ severity }) => severity === 'error'))
  }
})

test('an unknown constraint, purpose, category or code is named', () => {
  const permit = {
    kind: 'permitRelease',
    categories: ['caseSummary'],
    purposes: ['investigation'],
    releaseKinds: ['case'],
    duties: ['7.1'],
  }
  const table: readonly [string, RegExp, object][] = [
    ['notUnderstood', /its kind permitOnFridays is not known/, { kind: 'permitOnFridays' }],
    ['fault', /its member onlyOn is not known/, { ...permit, onlyOn: 'Friday' }],
    ['fault', /its condition cannot be read/, { ...permit, when: { fact: 'x', before: 3 } }],
    ['fault', /purpose that is not listed: curiosity/, { ...permit, purposes: ['curiosity'] }],
    ['fault', /category that is not listed: rumours/, { ...permit, categories: ['rumours'] }],
    [
      'fault',
      /its handling code H9 is not known/,
      { kind: 'handling', categories: ['statistics'], tlp: 'RED', codes: ['H9'] },
    ],
    [
      'fault',
      /its TLP label WHITE is not known/,
      { kind: 'handling', categories: ['statistics'], tlp: 'WHITE', codes: [] },
    ],
  ]
  for (const [code, text, clause] of table) {
    const [first] = lint(withClause(clause))
    assert.deepEqual([first?.severity, first?.code, first?.where], ['error', code, 'clauses/x'])
    assert.match(first?.text ?? '', text)
  }
})

test('the packs that count can be named; without their law nothing is said of it', () => {
  const [first, second] = document.parties
  const parties = [{ ...first, legalOrder: 'CN' }, second]
  const blocked = lint({ parties }).filter(({ code }) => code === 'lawBlocks')
  assert.ok(blocked.length > 0)
  assert.match(blocked[0]?.source ?? '', /PIPL 41/)
  const without = lint({ parties }, { against: ['gb'] })
  assert.deepEqual(
    without.filter(({ code }) => code === 'lawBlocks'),
    [],
  )
  assert.ok(without.some(({ code, text }) => code === 'noPack' && /CN/.test(text)))
})

test('the day asked about counts, and without it the start', () => {
  const codes = (more: object) => lint({}, more).map(({ code }) => code)
  assert.ok(!codes({}).includes('ended'))
  assert.ok(codes({ on: '2027-11-01' }).includes('ended'))
  assert.ok(!codes({ on: '2027-10-31' }).includes('ended'))
})

test('two versions are compared', () => {
  const newer: AgreementDocument = {
    ...document,
    version: 2,
    onwardTransfer: { clause: '7.2', allowed: 'never' },
  }
  const answer = answerTo({ old: document, new: newer })
  assert.deepEqual(answer, {
    verdict: 'less',
    changes: [
      {
        change: 'changed',
        where: 'onwardTransfer',
        effect: 'less',
        text: 'What was received may never be passed on.',
      },
    ],
    ways: { opened: [], closed: [] },
  })
})

test('a line that is no question is an error that names the member', () => {
  const table: readonly [string, Json][] = [
    ['question', []],
    ['question', null],
    ['question/aside', { document: {}, aside: 1 }],
    ['question/old', { document: {}, old: {} }],
    ['document', { document: 'text' }],
    ['against', { document: {}, against: [] }],
    ['against/0', { document: {}, against: ['ATLANTIS'] }],
    ['on', { document: {}, on: '2027-02-30' }],
    ['old', { new: {} }],
    ['old/id', { old: {}, new: {} }],
    ['new/id', { old: document as unknown as Json, new: {} }],
  ]
  for (const [field, line] of table) {
    const { error } = answerTo(line)
    assert.deepEqual([error?.code, error?.field], ['malformed', field], JSON.stringify(line))
  }
})
