/** The model agreements that the product ships: fictional, readable, and without a fault. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { addMs, DAY_MS } from '../../src/base/time.ts'
import { shippedLaw } from '../../src/cli/law/shipped-law.ts'
import { agreementFromModel } from '../../src/core/agreement/agreement-model.ts'
import {
  AGREEMENT_PHASES,
  CARVE_OUTS,
  CLAUSE_MEMBERS,
  COST_BEARERS,
  DUTY_KINDS,
  isUnderstood,
  SAFE_HARBOURS,
} from '../../src/core/agreement/clause.ts'
import {
  documentInEffect,
  EXEMPTIBLE,
  phaseAt,
} from '../../src/core/agreement/clauses-in-effect.ts'
import type { AgreementDocument } from '../../src/core/agreement/document.ts'
import { lintAgreement } from '../../src/core/agreement/lint/lint-agreement.ts'
import { lintContext } from '../../src/wire/agreement-lint.ts'
import { modelAgreements } from '../../src/wire/model-agreements.ts'
import { ringAgreement, START } from '../support/ring.ts'

const QUORUM = `witness w meridia.example/witness+2400cb11+BBdFU7RW3d/GkI7KscEB/mqyHiuqBhd5W31DpjSCmT/V
quorum w
`
const { packs } = shippedLaw()
const context = lintContext(nodePrimitives, packs, START)
const between = (name: string, orders: readonly string[] = ['EU', 'GB']): AgreementDocument => {
  const model = modelAgreements[name]
  assert.ok(model)
  return agreementFromModel(model, {
    id: '01990000-0000-7000-8000-0000000000a1',
    parties: ringAgreement()
      .parties.slice(0, 2)
      .map((party, n) => ({
        ...party,
        legalOrder: orders[n] ?? '',
      })),
    quorum: QUORUM,
    validFromAt: START,
    sunsetAt: addMs(START, 3 * 365 * DAY_MS),
  })
}

test('every model file is one of the models, and each says that it is fictional', () => {
  const files = readdirSync('agreements').filter((name) => name.endsWith('.json'))
  const names = files.map((name) => name.slice(0, -5)).filter((name) => name !== 'enforcement-tree')
  assert.deepEqual(names.toSorted(), Object.keys(modelAgreements).toSorted())
  for (const [name, { title, clauses }] of Object.entries(modelAgreements)) {
    assert.match(title, /fictional/, name)
    assert.ok(
      clauses.some(({ text }) => /fictional model and creates no legal/.test(text)),
      name,
    )
  }
})

for (const name of Object.keys(modelAgreements)) {
  test(`the model ${name} lints clean between parties under the law of the EU and of the UK`, () => {
    const found = lintAgreement(between(name), context).filter(
      ({ severity }) => severity !== 'note',
    )
    assert.deepEqual(found, [])
    assert.ok(between(name).clauses.every(isUnderstood))
  })
}

for (const name of ['joint-investigation', 'disclosure-ring', 'emergency']) {
  test(`the model ${name} is called wrong where a law forbids it, and without its instruments`, () => {
    const errors = (document: AgreementDocument) =>
      lintAgreement(document, context).flatMap(({ severity, code }) =>
        severity === 'error' ? [code] : [],
      )
    assert.ok(errors(between(name, ['CN', 'GB'])).includes('lawBlocks'))
    assert.ok(errors({ ...between(name), transferInstruments: [] }).includes('neverPermits'))
  })
}

test('phases and exemptions of a model are counted from the start', () => {
  const document = between('joint-investigation')
  const at = (days: number) => documentInEffect(document, addMs(START, days * DAY_MS)).clauses
  const has = (days: number, id: string) => at(days).some((clause) => clause.id === id)
  assert.equal(phaseAt(document, START), 'pilot')
  assert.deepEqual([has(0, '2.5'), has(179, '2.5'), has(180, '2.5')], [false, false, true])
  assert.deepEqual([has(0, '3.6'), has(89, '3.6'), has(90, '3.6')], [false, false, true])
})

test('the page for lawyers explains every kind of clause with each of its values, and every model', () => {
  const page = readFileSync('agreements/README.md', 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  for (const [kind, { must, may = [] }] of Object.entries(CLAUSE_MEMBERS)) {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${kind}\``))
    assert.ok(row, kind)
    for (const member of [...must, ...may])
      assert.ok(row.includes(`\`${member}\``), `${kind} ${member}`)
  }
  const words = [
    ...DUTY_KINDS,
    ...CARVE_OUTS,
    ...AGREEMENT_PHASES,
    ...COST_BEARERS,
    ...SAFE_HARBOURS,
    ...EXEMPTIBLE,
  ]
  for (const word of words) assert.ok(page.includes(`\`${word}\``), word)
  for (const name of Object.keys(modelAgreements))
    assert.ok(page.includes(`\`${name}.json\``), name)
})
