import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, NOW, SIERRA } from '../../../../test/support/ring.ts'
import type { CasePreview, ReleasePreview } from '../../../app/preview-release.ts'
import { leavesOf, releasePreviewModel } from './presenter.ts'

type Item = ReleasePreview['items'][number]

const head = { id: 'case-1', ref: 'MER-2026-0001', title: 'A case (invented)' }
const nameOf = (id: string) => ({ id, name: `Authority of ${id} (fictional)` })
const reviewMissing = [{ rule: 'clause:5.2', text: 'a reviewer approves it' }]

const goes: Item = {
  categories: ['caseSummary'],
  exhibitId: null,
  exhibit: null,
  outcome: 'goes',
  view: { caseSummary: { title: 'A title', terms: [], opened: null } },
  duties: [{ dutyId: '7.1', kind: 'deleteBy', text: 'Delete it.', owedBy: ALBION, dueAt: NOW }],
  because: [{ rule: 'clause:4.1', text: 'It may be given.' }],
}
const stays: Item = {
  categories: ['reporterContact'],
  exhibitId: null,
  exhibit: null,
  outcome: 'stays',
  why: 'categoryNotReleasable',
  because: [{ rule: 'clause:4.2', text: 'Never.' }],
  remedies: ['amendAgreement', 'review'],
}

function exhibit(n: number, because = reviewMissing): Item {
  return {
    categories: ['exhibitTranscript'],
    exhibitId: `x${n}`,
    exhibit: { name: `Exhibit ${n}`, parts: 4, origin: 'redactedHere', hidden: 1 },
    outcome: 'stays',
    why: 'reviewMissing',
    because,
    remedies: ['review'],
  }
}

function modelOf(previews: readonly ReleasePreview[]) {
  const preview: CasePreview = {
    purpose: 'investigation',
    kind: 'case',
    recipients: [ALBION, SIERRA],
    purposes: ['assistance'],
    previews,
  }
  return releasePreviewModel({ preview, head, chosen: '', at: NOW, nameOf })
}

const to = (recipient: string, ...items: readonly Item[]): ReleasePreview => ({
  recipient,
  agreement: null,
  items,
})

test('a thousand exhibits about which the same is said are one row, another reason a second', () => {
  const many = Array.from({ length: 999 }, (_, n) => exhibit(n))
  const other = exhibit(999, [{ rule: 'order:o1', text: 'a protective order stands against it' }])
  const [part] = modelOf([to(ALBION, ...many, other)]).previews
  assert.deepEqual(
    part?.exhibits.map(({ names, because }) => [names.length, because[0]?.rule]),
    [
      [999, 'clause:5.2'],
      [1, 'order:o1'],
    ],
  )
})

test('every value that would leave is shown with its place, and nothing else', () => {
  const [part] = modelOf([to(ALBION, goes, stays)]).previews
  assert.deepEqual(part?.goes[0]?.content, [
    { name: 'title', value: 'A title' },
    { name: 'terms', value: '–' },
    { name: 'opened', value: '–' },
  ])
  assert.deepEqual(part?.stays[0]?.remedies, ['amendAgreement', 'review'])
  assert.deepEqual(leavesOf(['a', { b: false }]), [
    { name: '0', value: 'a' },
    { name: '1/b', value: 'false' },
  ])
})

test('side by side, a category that one agreement does not know goes to that authority not', () => {
  const { rows } = modelOf([to(ALBION, goes, stays), to(SIERRA, stays, exhibit(1))])
  assert.deepEqual(
    rows.map(({ category, cells }) => [category, ...cells.map(({ outcome }) => outcome)]),
    [
      ['caseSummary', 'goes', 'stays'],
      ['reporterContact', 'stays', 'stays'],
    ],
  )
  assert.deepEqual(modelOf([to(ALBION, goes)]).rows, [])
})

test('the purpose that was asked about is offered again, though no agreement knows it', () => {
  assert.deepEqual(modelOf([]).purposes, ['assistance', 'investigation'])
})
