/** What a case shares holds what the rules name, whatever else the case holds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instant } from '../../base/time.ts'
import { type CaseEvent, foldCase } from '../case/case.ts'
import { SHARED_PARTS, type SharedPart } from './rules.ts'
import { sharedView } from './shared-view.ts'

const at = instant('2026-11-02T10:00:00.000Z')
const endsAt = instant('2026-11-16T10:00:00.000Z')
const canary = (name: string) => `canary-${name}`

const PERSON = 'own-person'

function release(releaseId: string, whose: string) {
  return {
    type: 'releaseDecided',
    decision: 'permit',
    releaseId,
    kind: 'case',
    recipient: whose,
    purpose: canary(`${whose}Purpose`),
    legalBasis: canary('legalBasis'),
    categories: ['incident'],
    because: [],
    duties: [{ dutyId: canary('duty'), text: canary(`${whose}Duty`), dueAt: null, owedBy: 'x' }],
    view: { incident: canary(`${whose}View`) },
    preparedBy: canary('preparer'),
    reviewedBy: canary('releaseReviewer'),
  }
}

const shared = (person: string, part: string, documentId: string) => ({
  type: 'documentShared',
  person,
  part,
  documentId,
  reason: canary('shareReason'),
})

function statement(person: string, words: string) {
  return {
    type: 'statementFiled',
    statementId: canary('statement'),
    person,
    capacity: 'vendor',
    about: { kind: 'report' },
    text: canary(words),
    acknowledges: false,
    fixOn: null,
  }
}

/** Every text that an officer may write into these events is a canary. */
const EVENTS = [
  {
    type: 'caseOpened',
    title: canary('title'),
    kinds: ['enforcement'],
    lead: canary('lead'),
    leadCaseId: canary('leadCase'),
    filedOn: null,
  },
  {
    type: 'operatorNamed',
    operatorId: canary('operatorId'),
    name: canary('operator'),
    role: 'deployer',
    invented: true,
  },
  {
    type: 'measureTaken',
    measureId: canary('measureId'),
    rung: 'warning',
    basis: canary('basis'),
    reason: canary('reason'),
    officers: [canary('officer')],
  },
  {
    type: 'hearingOpened',
    measureId: canary('hearingId'),
    rung: 'correctiveOrder',
    opensAt: at,
    endsAt,
    source: canary('source'),
    steps: [{ at: canary('stepAt'), reason: canary('step') }],
  },
  {
    type: 'representationReceived',
    measureId: canary('hearingId'),
    exhibitId: canary('exhibit'),
    summary: canary('representation'),
  },
  {
    type: 'measureProposed',
    measureId: canary('proposedId'),
    rung: 'restriction',
    basis: canary('proposedBasis'),
    reason: canary('proposedReason'),
    proposedBy: canary('proposer'),
    urgency: { ground: canary('urgency'), reason: canary('urgencyReason') },
    fine: null,
  },
  {
    type: 'advisoryPublished',
    trackingId: canary('tracking'),
    digest: canary('digest'),
    document: { document: { title: canary('advisory') }, notes: canary('note') },
  },
  { type: 'caseClassified', classification: 'restricted', reason: canary('classified') },
  {
    type: 'personAdmitted',
    person: canary('person'),
    capacity: 'respondent',
    sees: ['summary'],
    legalOrder: 'EU',
    until: endsAt,
    reason: canary('admitted'),
  },
  {
    type: 'guestAdmitted',
    person: canary('guest'),
    sees: ['hearing'],
    legalOrder: 'EU',
    until: endsAt,
    reason: canary('guestReason'),
  },
  {
    type: 'letterMade',
    letterId: 'own-letter',
    template: canary('template'),
    templateVersion: 1,
    to: canary('address'),
    subject: canary('ownSubject'),
    docxDigest: '00',
    pdfDigest: null,
  },
  {
    type: 'letterMade',
    letterId: 'letter-of-another',
    template: canary('template'),
    templateVersion: 1,
    to: canary('address'),
    subject: canary('subjectOfAnother'),
    docxDigest: '00',
    pdfDigest: null,
  },
  { type: 'letterMade', letterId: 'letter-of-nobody', subject: canary('subjectOfNobody') },
  { type: 'affectedPersonRecorded', personId: canary('affected') },
  {
    type: 'noticeSent',
    noticeId: 'own-notice',
    personId: canary('affected'),
    channel: 'post',
    remedies: [canary('remedyKey')],
  },
  { type: 'noticeSent', noticeId: 'notice-of-another', personId: canary('affected2') },
  {
    type: 'noticeChallenged',
    challengeId: 'own',
    noticeId: 'own-notice',
    ground: canary('ground'),
  },
  {
    type: 'reviewOpened',
    reviewId: canary('review'),
    subject: { kind: 'challenge', id: 'own' },
    covers: null,
    reviewerMustNotBe: [canary('barred')],
  },
  {
    type: 'reviewDecided',
    reviewId: canary('review'),
    outcome: 'upheld',
    reviewer: canary('reviewer'),
    reason: canary('reviewReason'),
    remedy: canary('reviewRemedy'),
  },
  release('own-release', 'own'),
  release('release-of-another', 'another'),
  {
    type: 'handOverMade',
    handOverId: 'own-package',
    releaseId: 'own-release',
    recipient: 'own',
    digest: canary('packageDigest'),
    sizeBytes: 1,
  },
  {
    type: 'handOverMade',
    handOverId: 'package-of-another',
    releaseId: 'release-of-another',
    recipient: 'another',
    digest: canary('packageDigest'),
    sizeBytes: 1,
  },
  shared(PERSON, 'letters', 'own-letter'),
  shared(PERSON, 'letters', 'letter-that-is-none'),
  shared('another', 'letters', 'letter-of-another'),
  shared(PERSON, 'notices', 'own-notice'),
  shared('another', 'notices', 'notice-of-another'),
  shared(PERSON, 'handOvers', 'own-package'),
  shared('another', 'handOvers', 'package-of-another'),
  statement('another', 'wordsOfAnother'),
  {
    type: 'sharedViewed',
    person: canary('viewer'),
    capacity: 'vendor',
    sees: [],
  },
  { type: 'actRefused', act: canary('act'), why: canary('why'), because: [] },
] as unknown as readonly CaseEvent[]

const state = foldCase(
  EVENTS.map((event, index) => ({ event, version: index + 1, at, by: canary('by') })),
)

const MAY_HOLD: Readonly<Record<SharedPart, readonly string[]>> = {
  summary: ['title'],
  hearing: [],
  measures: ['basis'],
  advisories: ['tracking', 'advisory'],
  embargo: [],
  letters: ['ownSubject'],
  notices: ['reviewReason', 'reviewRemedy'],
  handOvers: ['ownPurpose', 'ownDuty', 'ownView'],
  exhibits: [],
  drafts: [],
  wholeCase: [],
}

function canariesIn(view: object): readonly string[] {
  return [...JSON.stringify(view).matchAll(/canary-([a-zA-Z]+)/g)].map(([, name = '']) => name)
}

test('each part, and all of them together, hold what they may and nothing else', () => {
  assert.equal(canariesIn(state).includes('reason'), true, 'the search finds what the case holds')
  for (const part of SHARED_PARTS) {
    assert.deepEqual(
      canariesIn(sharedView(state, { sees: [part], person: PERSON }, at)).toSorted(),
      MAY_HOLD[part].toSorted(),
    )
  }
  const all = Object.values(MAY_HOLD).flat()
  assert.deepEqual(
    canariesIn(sharedView(state, { sees: SHARED_PARTS, person: PERSON }, at)).toSorted(),
    all.toSorted(),
  )
})

test('nothing shared is nothing shown', () => {
  assert.deepEqual(sharedView(state, { sees: [] }, at), {})
  assert.deepEqual(sharedView(state, { sees: ['wholeCase'] }, at), {})
})

test('a proposed measure is none, and a hearing is open in its time only', () => {
  const { measures, hearings } = sharedView(state, { sees: ['measures', 'hearing'] }, at)
  assert.deepEqual(
    measures?.map(({ measure }) => measure),
    ['warning'],
  )
  assert.deepEqual(hearings, [{ measure: 'correctiveOrder', opensAt: at, endsAt, isOpen: true }])
  const late = sharedView(state, { sees: ['hearing'] }, endsAt)
  assert.equal(late.hearings?.[0]?.isOpen, false)
})

/** Everything that is shared with this person, in any order of events and whatever else happens. */
test('no order of sharing, taking back and letting go shows a document of another', () => {
  const parts = [
    ['letters', 'own-letter', 'letter-of-another', 'letter-of-nobody'],
    ['notices', 'own-notice', 'notice-of-another'],
    ['handOvers', 'own-package', 'package-of-another'],
  ] as const
  const acts = parts.flatMap(([part, ...ids]) =>
    ids.flatMap((documentId) => [
      shared(PERSON, part, documentId),
      shared('another', part, documentId),
      { type: 'documentWithdrawn', person: PERSON, documentId, reason: '' },
      { type: 'documentWithdrawn', person: 'another', documentId, reason: '' },
    ]),
  )
  const ends = [
    { type: 'personRemoved', person: PERSON, reason: '' },
    { type: 'personRemoved', person: 'another', reason: '' },
  ]
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...acts, ...ends), { maxLength: 30 }),
      fc.subarray([...SHARED_PARTS]),
      (more, sees) => {
        const events = [...EVENTS.filter(({ type }) => type !== 'documentShared'), ...more]
        const moved = foldCase(
          events.map((event, index) => ({
            event: event as CaseEvent,
            version: index + 1,
            at,
            by: 'by',
          })),
        )
        const view = sharedView(moved, { sees, person: PERSON }, at)
        // The plain rule: the last word about this person and this document is that it is shared.
        const expected = parts.flatMap(([part, ...ids]) =>
          ids.filter((documentId) => {
            const last = more.findLast(
              (one) =>
                one.person === PERSON &&
                (one.type === 'personRemoved' ||
                  ('documentId' in one && one.documentId === documentId)),
            )
            return sees.includes(part) && last?.type === 'documentShared'
          }),
        )
        const shown = [
          ...(view.letters ?? []).map(({ letterId }) => letterId),
          ...(view.notices ?? []).map(({ noticeId }) => noticeId),
          ...(view.handOvers ?? []).map(({ handOverId }) => handOverId),
        ]
        assert.deepEqual(shown.toSorted(), expected.toSorted())
        assert.equal(view.answers, undefined)
      },
    ),
    { numRuns: 500 },
  )
})
