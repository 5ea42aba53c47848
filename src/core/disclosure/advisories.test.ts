import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../base/time.ts'
import { foldCase } from '../case/case.ts'
import { isWithdrawn } from './advisories.ts'
import type { AdvisoryContent, AdvisoryEvent, SafetyNoticeContent } from './advisory-events.ts'

const advisory: AdvisoryContent = {
  is: 'advisory',
  lang: 'en',
  title: 'Companion gives unsafe advice (invented)',
  product: 'Larkspur Companion',
  severity: 'high',
  sectors: ['health'],
  summary: 'What happens.',
  vendor: 'Larkspur (invented)',
  versionRange: 'before 4.2',
  status: 'known_affected',
  remediation: 'Update.',
  forUsers: null,
}
const notice: SafetyNoticeContent = {
  is: 'safetyNotice',
  lang: 'en',
  title: 'Do not rely on its advice about medicines',
  product: 'Larkspur Companion',
  severity: 'high',
  sectors: ['health'],
  whatHappens: 'It gives wrong doses.',
  whoIsConcerned: 'Everybody who asks it about medicines.',
  whatToDo: 'Ask a pharmacist.',
  help: null,
}
const DAY = (day: number) => instant(`2026-12-0${day}T09:00:00.000Z`)
const folded = (...events: AdvisoryEvent[]) =>
  foldCase(
    events.map((event, index) => ({
      event,
      version: index + 1,
      at: DAY(index + 1),
      by: 'meridia-iris',
    })),
  )
const published = (number: number, changes: object = {}): AdvisoryEvent => ({
  type: 'advisoryPublished',
  trackingId: 'A-1',
  digest: `d${number}`,
  document: { number },
  revision: { number, kind: 'first', summary: 'First version.', content: advisory, ...changes },
})

test('all versions stay, the latest document counts', () => {
  const { publications } = folded(
    published(1),
    published(2, { kind: 'correction', summary: 'Versions before 4.1 were never affected.' }),
    published(3, { kind: 'withdrawal', summary: 'It was no flaw.' }),
  )
  assert.equal(publications.length, 1)
  const [one] = publications
  assert.ok(one)
  assert.deepEqual(
    one.revisions.map(({ number, kind, at, by }) => [number, kind, at, by]),
    [
      [1, 'first', DAY(1), 'meridia-iris'],
      [2, 'correction', DAY(2), 'meridia-iris'],
      [3, 'withdrawal', DAY(3), 'meridia-iris'],
    ],
  )
  assert.deepEqual([one.publishedAt, one.digest, one.document], [DAY(1), 'd3', { number: 3 }])
  assert.equal(isWithdrawn(one), true)
})

test('a draft stands until another, its publication or its end', () => {
  const draft = (number: number): AdvisoryEvent => ({
    type: 'advisoryDrafted',
    trackingId: 'A-1',
    revision: { number, kind: 'clarification', summary: 'Clearer.', content: advisory },
  })
  const other: AdvisoryEvent = {
    type: 'advisoryDrafted',
    trackingId: 'N-1',
    revision: { number: 1, kind: 'first', summary: 'First version.', content: notice },
  }
  const ids = (...events: AdvisoryEvent[]) =>
    folded(...events).advisoryDrafts.map(({ trackingId, revision }) => [
      trackingId,
      revision.number,
    ])
  assert.deepEqual(ids(draft(1), other, draft(2)), [
    ['N-1', 1],
    ['A-1', 2],
  ])
  assert.deepEqual(ids(draft(1), other, published(1)), [['N-1', 1]])
  const dropped: AdvisoryEvent = { type: 'advisoryDraftDropped', trackingId: 'N-1' }
  assert.deepEqual(ids(draft(1), other, dropped), [['A-1', 1]])
})

test('a safety notice is no advisory: the case is not public by it', () => {
  const { safetyNotices, publications } = folded({
    type: 'safetyNoticePublished',
    trackingId: 'N-1',
    revision: { number: 1, kind: 'first', summary: 'First version.', content: notice },
  })
  assert.equal(publications.length, 0)
  assert.deepEqual(
    safetyNotices.map(({ trackingId, revisions }) => [trackingId, revisions[0]?.content.title]),
    [['N-1', 'Do not rely on its advice about medicines']],
  )
})
