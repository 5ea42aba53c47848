import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAgreement } from '../../../test/support/careful-reader.ts'
import {
  ALBION,
  folded,
  MERIDIA,
  officer,
  ringAgreement,
  SIERRA,
  SUNSET,
} from '../../../test/support/ring.ts'
import { ringBasis, ringRelease, ringTest } from '../../../test/support/ring-release.ts'
import { type SeededRandom, seededRandom } from '../../../test/support/seeded-random.ts'
import { noAgreement } from '../agreement/agreement.ts'
import { foldRights, noRights, type RightsEvent } from '../rights/rights.ts'
import type { PrepareRelease, ReleaseBasis } from './basis.ts'
import { prepareRelease, releaseQuestion } from './decide-release.ts'
import { type PreviewItem, previewRelease, withTest } from './preview-release.ts'
import type { ReleaseQuestion } from './request.ts'

const ada = officer('ada')
const REASON = 'a reason of more than twenty characters'
const CATEGORIES = [
  ...['coordinationStub', 'caseSummary', 'technicalFacts', 'exhibitTranscript'],
  ...['personalData', 'statistics', 'reporterContact', 'unheardOf'],
]
const record = Object.fromEntries(CATEGORIES.slice(0, -1).map((id) => [id, { what: id }]))

function approved(releaseId: string, recipient: string, exhibitId: string): readonly RightsEvent[] {
  const reviewId = `v-${releaseId}`
  const purpose = 'investigation'
  const covers = { recipient, purpose, categories: ['exhibitTranscript'], exhibitId }
  return [
    {
      type: 'reviewOpened',
      reviewId,
      subject: { kind: 'release', id: releaseId },
      covers,
      reviewerMustNotBe: [],
    },
    {
      ...{ type: 'reviewDecided', reviewId, outcome: 'approved', reviewer: 'judge' },
      ...{ reason: REASON, remedy: null },
    },
  ]
}

const basis = ringBasis({ rights: noRights })
const command: PrepareRelease = { ...ringRelease, categories: ['caseSummary'], record }

const item = (changes: Partial<PrepareRelease>, test = ringTest()): PreviewItem => ({
  command: { ...command, ...changes },
  test,
})
const ask = (question: ReleaseQuestion) => readAgreement(ringAgreement(), question)

function randomBasis(random: SeededRandom): ReleaseBasis {
  const reviews = random.chance(0.7) ? approved('r1', random.pick([ALBION, SIERRA]), 'x1') : []
  return {
    ...basis,
    agreement: random.chance(0.1) ? noAgreement : basis.agreement,
    rights: folded(foldRights, noRights, reviews),
    embargo: {
      state: random.pick(['none', 'proposed', 'active', 'exited'] as const),
      signatories: random.some([MERIDIA, ALBION, SIERRA], 0.8),
    },
    conflicted: random.some(['ada', 'judge'], 0.1),
  }
}

function randomItem(random: SeededRandom): PreviewItem {
  const kind = random.pick(['stub', 'case', 'exhibit'] as const)
  const categories = random.some(CATEGORIES, 0.1)
  return item(
    {
      kind,
      categories: categories.length > 0 ? categories : ['caseSummary'],
      recipient: random.pick([ALBION, SIERRA, MERIDIA, 'outside.example']),
      purpose: random.pick(['investigation', 'coordinatedDisclosure', 'statistics', 'none']),
      ...(kind === 'exhibit' ? { exhibitId: random.pick(['x1', 'x2']) } : {}),
      legalBasis: random.chance(0.05) ? ' ' : 'statute 1',
    },
    ringTest(random.chance(0.1) ? 'necessity' : undefined),
  )
}

test('on 4,000 random cases the preview says what the decision says', () => {
  const seed = Number(process.env['COMITY_SEED'] ?? 51)
  const random = seededRandom(seed)
  const seen = { goes: 0, stays: 0 }
  for (let n = 0; n < 4000; n += 1) {
    const on = randomBasis(random)
    const acting = officer('ada', { now: random.chance(0.05) ? SUNSET : ada.now })
    const one = randomItem(random)
    const [previewed] = previewRelease(on, [one], acting, ask)
    const tested = {
      ...on,
      rights: withTest(on.rights, one.command, one.test ?? assert.fail(), acting),
    }
    const answers = ask(releaseQuestion(one.command, acting))
    const decided = prepareRelease(tested, one.command, acting, answers)
    const told = `seed ${seed}, case ${n}: ${JSON.stringify([previewed, decided])}`
    assert.ok(previewed, told)
    seen[previewed.outcome] += 1
    if (decided.decision === 'refuse') {
      assert.ok(previewed.outcome === 'stays', told)
      assert.deepEqual([previewed.why, previewed.because], [decided.why, decided.because], told)
      assert.ok(previewed.remedies.length > 0, told)
    } else {
      const [event] = decided.value
      assert.ok(previewed.outcome === 'goes' && event?.type === 'releaseDecided', told)
      assert.deepEqual([previewed.view, previewed.duties], [event.view, event.duties], told)
    }
  }
  assert.ok(seen.goes > 100 && seen.stays > 100, JSON.stringify(seen))
})

test('what goes is shown with its minimised view and its duties; what stays, with its reasons', () => {
  const [goes, stays] = previewRelease(
    basis,
    [item({}), item({ categories: ['reporterContact'] })],
    ada,
    ask,
  )
  assert.ok(goes?.outcome === 'goes')
  assert.deepEqual(goes.view, { caseSummary: { what: 'caseSummary' } })
  assert.deepEqual(
    goes.duties.map(({ dutyId, owedBy }) => [dutyId, owedBy]),
    [
      ['7.1', ALBION],
      ['7.2', ALBION],
      ['7.4', ALBION],
    ],
  )
  assert.ok(stays?.outcome === 'stays')
  assert.equal(stays.why, 'categoryNotReleasable')
  assert.ok(stays.because.some(({ rule }) => rule === 'clause:4.2'))
})

test('every remedy is named, so that meeting one and failing at the next surprises nobody', () => {
  const alone = { ...basis, embargo: { state: 'active', signatories: [MERIDIA] } } as const
  const asked = { kind: 'exhibit', categories: ['exhibitTranscript'], exhibitId: 'x1' } as const
  const [stays] = previewRelease(alone, [item(asked)], ada, ask)
  assert.ok(stays?.outcome === 'stays')
  assert.deepEqual(stays.remedies, ['embargoConsent', 'review'])
})

test('a thousand exhibits ask the engine once', () => {
  let asked = 0
  const counting = (question: ReleaseQuestion) => {
    asked += 1
    return ask(question)
  }
  const exhibits = Array.from({ length: 1000 }, (_, n) =>
    item({ kind: 'exhibit', categories: ['exhibitTranscript'], exhibitId: `x${n}` }),
  )
  const previewed = previewRelease(basis, exhibits, ada, counting)
  assert.equal(previewed.length, 1000)
  assert.equal(asked, 1)
  previewRelease(basis, [item({}), item({ purpose: 'statistics' })], ada, counting)
  assert.equal(asked, 3)
})

test('a test that is on record is not made up again: one about something else does not count', () => {
  const covers = { recipient: SIERRA, purpose: 'investigation', categories: ['caseSummary'] }
  const subject = { kind: 'release', id: 'r1' } as const
  const recorded = { testId: 't1', subject, test: ringTest(), officer: 'ada', at: ada.now, covers }
  const on = { ...basis, rights: { ...noRights, tests: [recorded] } }
  const asked = { command, test: undefined }
  const [stays, goes] = previewRelease(
    on,
    [asked, { ...asked, command: { ...command, recipient: SIERRA } }],
    ada,
    ask,
  )
  assert.deepEqual(
    [stays?.outcome, stays?.outcome === 'stays' && stays.why, goes?.outcome],
    ['stays', 'rightsTestMissing', 'goes'],
  )
})
