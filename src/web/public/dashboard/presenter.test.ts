import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import { instant } from '../../../base/time.ts'
import { loadCatalogues } from '../../messages.ts'
import { dashboardModel } from './presenter.ts'

const locales = path.join(import.meta.dirname, '../../../../locales')
const messages = loadCatalogues(locales).messagesFor('en', 'public')
const asOf = instant('2026-11-22T09:00:00.000Z')

const modelOf = (counts: Readonly<Record<string, Readonly<Record<string, number>>>>) => {
  const rows = Object.entries(counts).flatMap(([measure, own]) =>
    Object.entries(own).map(([key, count]) => ({ measure, key, count })),
  )
  return dashboardModel({ rows, advisories: 1, asOf, messages })
}
const figureOf = (model: ReturnType<typeof modelOf>, name: string) =>
  model.figures.find(({ figure }) => figure === name)

test('large counts are shown, with the words of the catalogue', () => {
  const model = modelOf({ decisions: { permit: 63, refuse: 17 } })
  assert.deepEqual(figureOf(model, 'decisions'), { figure: 'decisions', count: 80 })
  assert.deepEqual(figureOf(model, 'refusals'), { figure: 'refusals', count: 17 })
  const cells = [
    { label: 'Permitted', count: 63 },
    { label: 'Refused', count: 17 },
  ]
  assert.deepEqual(model.tables, [{ id: 'decisions', cells, isDrawn: true }])
})

test('a small count stands nowhere, neither as a cell nor as a figure', () => {
  const model = modelOf({
    cases: { triage: 2, published: 1 },
    decisions: { permit: 90, refuse: 3 },
    refusals: { underEmbargo: 3 },
    clocks: { overdue: 4, due: 30, met: 40 },
    notices: { sent: 1 },
  })
  assert.doesNotMatch(JSON.stringify(model.tables), /"count":[1-4]\b/)
  for (const name of ['cases', 'refusals', 'notices', 'overdue']) {
    assert.deepEqual(figureOf(model, name), { figure: name })
  }
  assert.equal(model.tables.find(({ id }) => id === 'cases')?.isDrawn, false)
  assert.deepEqual(figureOf(model, 'decisions'), { figure: 'decisions', count: 93 })
})

test('nothing counted is zero, not withheld, and advisories are public anyway', () => {
  const model = modelOf({})
  assert.deepEqual(model.tables, [])
  for (const { figure, count } of model.figures) {
    assert.equal(count, figure === 'advisories' ? 1 : 0, figure)
  }
})
