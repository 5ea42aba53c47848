import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import type { DisclosureFiguresFile } from '../../../wire/open-data/disclosure-figures.ts'
import { loadCatalogues } from '../../messages.ts'
import { disclosureModel } from './disclosure.ts'

const locales = path.join(import.meta.dirname, '../../../../locales')
const messages = loadCatalogues(locales).messagesFor('en', 'public')

type Row = DisclosureFiguresFile['rows'][number]
const row = (figure: Row['figure'], key: string, value: number | null, over = {}): Row => ({
  ...{ figure, by: 'all', key, statistic: 'count', value },
  ...{ why: value === null ? 'withheld' : null, ...over },
})
const modelOf = (...rows: Row[]) =>
  disclosureModel(
    { v: 1, authority: 'X', before: '2027-04-01', simulatedClock: false, watermark: null, rows },
    messages,
  )

test('every word of a closed list has a text of its own', () => {
  const model = modelOf(
    ...['inForce', 'expired', 'fixReady', 'alreadyPublic'].map((one) => row('embargoes', one, 5)),
    ...['health', 'public-services', 'notStated'].map((one) => row('sector', one, 5)),
    ...['seriousIncident', 'record'].map((one) => row('form', one, 5)),
    ...['portal', 'AVID'].map((one) => row('channel', one, 5)),
    ...['fr', 'und'].map((one) => row('language', one, 5)),
  )
  assert.deepEqual(
    model.counts.map(({ id, cells }) => [id, cells.map(({ label }) => label)]),
    [
      [
        'embargoes',
        [
          'In force',
          'Kept to the agreed end',
          'Ended early: a fix was ready',
          'Broken: it became public',
        ],
      ],
      ['language', ['French', 'Not known']],
      ['sector', ['Health', 'Public services and benefits', 'Not stated']],
      [
        'form',
        [
          'My organisation must report a serious incident under a law',
          'No form: a record from another system',
        ],
      ],
      ['channel', ['The reporting pages of this authority', 'AVID']],
    ],
  )
})

test('what is withheld has no number, neither in a table nor in the chart', () => {
  const model = modelOf(
    row('timeToFix', 'done', null),
    row('timeToFix', 'all', null, { statistic: 'medianDays' }),
    row('timeToTriage', 'all', 1, { statistic: 'medianDays' }),
    row('timeToTriage', 'all', null, { statistic: 'p90Days', why: 'notReached' }),
  )
  const [, triage, fix] = model.times
  assert.deepEqual([triage?.median, triage?.p90], ['1 day', 'Not reached yet'])
  assert.equal(fix?.median, messages.t('chart.hidden'))
  assert.deepEqual(fix?.cells, [{ label: 'Done' }])
  assert.deepEqual(model.medians, [
    { label: 'Time to acknowledge' },
    { label: 'Time to judge', count: 1 },
    { label: 'Time to fix' },
    { label: 'Time to publish' },
  ])
})

const SHARES = [
  [30, 10, 0.25],
  [40, undefined, 0],
  [null, 10, null],
  [30, null, null],
  [undefined, undefined, null],
] as const
for (const [accepted, overruled, share] of SHARES) {
  test(`accepted ${accepted}, overruled ${overruled}: ${share} overruled`, () => {
    const rows = [
      ...(accepted === undefined ? [] : [row('priorities', 'accepted', accepted)]),
      ...(overruled === undefined ? [] : [row('priorities', 'overruled', overruled)]),
    ]
    assert.equal(modelOf(...rows).overruled, share)
  })
}

test('nothing counted is said, not drawn as zero', () => {
  assert.equal(modelOf().hasFigures, false)
  assert.deepEqual(modelOf().counts, [])
})
