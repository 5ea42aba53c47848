import assert from 'node:assert/strict'
import test from 'node:test'
import {
  sampleAdvisoryText,
  sampleNoticeText,
  sampleTextRows,
} from '../../../test/support/advisory-samples.ts'
import { advisoriesModel, filterKey, textFilter } from './advisories/presenter.ts'
import { publicTextModel } from './public-text.ts'

test('versions stand newest first, each with what it changed', () => {
  const [second, first] = sampleAdvisoryText.versions
  assert.deepEqual([second?.number, first?.number], [2, 1])
  assert.deepEqual(first?.changes, [])
  assert.deepEqual(
    second?.changes.map(({ name, before, after }) => [name, before, after]),
    [
      ['sectors', ['health', 'consumer'], ['health']],
      ['remediation', ['Turn the companion off for minors.'], ['Update to version 4.2.']],
    ],
  )
  assert.equal(
    sampleAdvisoryText.product,
    'Larkspur Dialogue Ltd (invented) Larkspur Companion before 4.2',
  )
  assert.equal(sampleAdvisoryText.withdrawn, null)
})

test('what was withdrawn keeps its text and says why', () => {
  assert.equal(
    sampleNoticeText.withdrawn,
    'Version 4.2 no longer does this, and older ones are gone.',
  )
  assert.equal(sampleNoticeText.parts.length, 4)
  assert.equal(publicTextModel({ trackingId: 'X', revisions: [] }), undefined)
})

test('each filter leaves what fits, and a word that is none leaves all', () => {
  const ids = (query: unknown) =>
    advisoriesModel(sampleTextRows, textFilter(query), true).advisories.map(({ id }) => id)
  const [advisory, notice] = ['MER-2026-0004', 'NOTICE-2026-0001']
  assert.deepEqual(ids({}), [advisory, notice])
  assert.deepEqual(ids({ kind: 'safetyNotice' }), [notice])
  assert.deepEqual(ids({ sector: 'consumer' }), [advisory])
  assert.deepEqual(ids({ sector: 'health', severity: 'high' }), [advisory, notice])
  assert.deepEqual(ids({ severity: 'low' }), [])
  assert.deepEqual(ids({ state: 'withdrawn' }), [notice])
  assert.deepEqual(ids({ state: 'revised' }), [advisory])
  assert.deepEqual(ids({ textLang: 'fr' }), [])
  for (const bad of [
    undefined,
    null,
    'x',
    { kind: 'x' },
    { kind: ['advisory'] },
    { sector: '%' },
  ]) {
    assert.deepEqual(ids(bad), [advisory, notice])
    assert.equal(filterKey(textFilter(bad)), '////')
  }
})
