import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { instant } from '../../base/time.ts'
import { type AdvisoriesState, foldAdvisories, noAdvisories } from './advisories.ts'
import {
  type AdvisoryContent,
  type AdvisoryEvent,
  REVISION_KINDS,
  type RevisionKind,
  type SafetyNoticeContent,
  SECTORS,
} from './advisory-events.ts'
import {
  changedMembers,
  draftToPublish,
  draftVersion,
  dropDraft,
  whyReviewed,
  withdrawal,
} from './advisory-steps.ts'

const advisory: AdvisoryContent = {
  is: 'advisory',
  lang: 'en',
  title: 'Unsafe advice (invented)',
  product: 'Companion',
  severity: 'low',
  sectors: [],
  summary: 'What happens.',
  vendor: 'Larkspur (invented)',
  versionRange: null,
  status: 'known_affected',
  remediation: 'Update.',
  forUsers: null,
}
const notice: SafetyNoticeContent = {
  is: 'safetyNotice',
  lang: 'en',
  title: 'Do not rely on it',
  product: 'Companion',
  severity: 'low',
  sectors: [],
  whatHappens: 'Wrong doses.',
  whoIsConcerned: 'Everybody.',
  whatToDo: 'Ask a pharmacist.',
  help: null,
}
const at = instant('2026-12-01T09:00:00.000Z')
const folded = (...events: AdvisoryEvent[]): AdvisoriesState =>
  events.reduce(
    (state, event, index) =>
      foldAdvisories(state, { event, version: index + 7, at, by: 'meridia-iris' }),
    noAdvisories,
  )
const published = (number: number, kind: RevisionKind, content = advisory): AdvisoryEvent => ({
  type: 'advisoryPublished',
  trackingId: 'A-1',
  digest: '',
  document: {},
  revision: { number, kind, summary: 'Why.', content },
})
const nothing = folded()
const once = folded(published(1, 'first'))
const withdrawn = folded(published(1, 'first'), published(2, 'withdrawal'))
const asked = { trackingId: 'A-1', summary: 'Why.' } as const
const wider = { ...advisory, versionRange: 'before 5' }
const worded = { ...advisory, summary: 'Clearer.' }

test('the first version is number one, each later one the next', () => {
  const first = draftVersion(nothing, { ...asked, kind: 'first', content: advisory })
  assert.equal(first.decision, 'permit')
  assert.equal(first.decision === 'permit' && first.value[0]?.revision.number, 1)
  for (const [kind, content] of [
    ['clarification', worded],
    ['correction', worded],
    ['fixAvailable', { ...advisory, remediation: 'Take 4.3.' }],
    ['newAffected', wider],
  ] as const) {
    const next = draftVersion(once, { ...asked, kind, content })
    assert.equal(next.decision === 'permit' && next.value[0]?.revision.number, 2, kind)
  }
})

const refusals: readonly (readonly [string, AdvisoriesState, RevisionKind, object])[] = [
  ['firstComesFirst', nothing, 'correction', worded],
  ['firstComesFirst', nothing, 'withdrawal', advisory],
  ['onlyOneFirst', once, 'first', worded],
  ['nothingChanged', once, 'clarification', advisory],
  ['nothingChanged', once, 'newAffected', advisory],
  ['noNewAffected', once, 'newAffected', worded],
  ['otherKindOfText', once, 'correction', notice],
  ['withdrawnIsLast', withdrawn, 'correction', worded],
  ['withdrawnIsLast', withdrawn, 'first', worded],
]
for (const [why, state, kind, content] of refusals) {
  test(`a version is refused: ${why}, ${kind}`, () => {
    const decision = draftVersion(state, { ...asked, kind, content: content as AdvisoryContent })
    assert.equal(decision.decision === 'refuse' && decision.why, why)
  })
}

test('a draft of an advisory does not become a notice', () => {
  const drafted = draftVersion(nothing, { ...asked, kind: 'first', content: advisory })
  assert.equal(drafted.decision, 'permit')
  const state = folded(...(drafted.decision === 'permit' ? drafted.value : []))
  const turned = draftVersion(state, { ...asked, kind: 'first', content: notice })
  assert.equal(turned.decision === 'refuse' && turned.why, 'otherKindOfText')
})

test('only the draft that was looked at is published', () => {
  const draft: AdvisoryEvent = {
    type: 'advisoryDrafted',
    trackingId: 'A-1',
    revision: { number: 1, kind: 'first', summary: 'Why.', content: advisory },
  }
  const state = folded(draft)
  const why = (trackingId: string, draftedAs: number) => {
    const decision = draftToPublish(state, { trackingId, draftedAs })
    return decision.decision === 'refuse' ? decision.why : 'permit'
  }
  assert.equal(why('A-1', 7), 'permit')
  assert.equal(why('A-1', 8), 'draftChanged')
  assert.equal(why('A-1', Number.NaN), 'draftChanged')
  assert.equal(why('A-2', 7), 'noDraft')
  assert.equal(dropDraft(state, { trackingId: 'A-2' }).decision, 'refuse')
  assert.equal(dropDraft(state, { trackingId: 'A-1' }).decision, 'permit')
})

test('a withdrawal keeps the text, takes the next number, and is once', () => {
  const last = withdrawal(once, { ...asked, summary: 'It was no flaw.' })
  assert.deepEqual(last.decision === 'permit' && last.value, {
    number: 2,
    kind: 'withdrawal',
    summary: 'It was no flaw.',
    content: advisory,
  })
  for (const [state, why] of [
    [nothing, 'notPublished'],
    [withdrawn, 'withdrawnIsLast'],
  ] as const) {
    const refused = withdrawal(state, asked)
    assert.equal(refused.decision === 'refuse' && refused.why, why)
  }
})

test('which versions a second officer reads first', () => {
  const rules = (content: AdvisoryContent | SafetyNoticeContent) =>
    REVISION_KINDS.filter((kind) => whyReviewed({ number: 1, kind, summary: '', content }))
  assert.deepEqual(rules(advisory), ['correction', 'withdrawal'])
  assert.deepEqual(rules({ ...advisory, severity: 'medium' }), ['correction', 'withdrawal'])
  for (const severity of ['high', 'critical'] as const) {
    assert.deepEqual(rules({ ...advisory, severity }), [
      'first',
      'correction',
      'newAffected',
      'withdrawal',
    ])
  }
  assert.deepEqual(rules(notice), ['first', 'correction', 'withdrawal'])
})

test('two versions differ in what was changed, and in nothing else', () => {
  assert.deepEqual(changedMembers(advisory, { ...advisory }), [])
  assert.deepEqual(changedMembers(advisory, { ...advisory, title: 'Other', sectors: ['health'] }), [
    'title',
    'sectors',
  ])
})

test('the sectors are those of the lexicon', () => {
  const text = readFileSync('vocabulary/comity-lexicon.json', 'utf8')
  const ids = [...text.matchAll(/"id": "sector\.([a-z-]+)"/g)].map(([, id]) => id)
  assert.deepEqual([...SECTORS], ids)
})
