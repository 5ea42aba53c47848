/** What a case shares holds what the rules name, whatever else the case holds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../base/time.ts'
import { type CaseEvent, foldCase } from '../case/case.ts'
import { SHARED_PARTS, type SharedPart } from './rules.ts'
import { sharedView } from './shared-view.ts'

const at = instant('2026-11-02T10:00:00.000Z')
const endsAt = instant('2026-11-16T10:00:00.000Z')
const canary = (name: string) => `canary-${name}`

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
  wholeCase: [],
}

function canariesIn(view: object): readonly string[] {
  return [...JSON.stringify(view).matchAll(/canary-([a-zA-Z]+)/g)].map(([, name = '']) => name)
}

test('each part, and all of them together, hold what they may and nothing else', () => {
  assert.equal(canariesIn(state).includes('reason'), true, 'the search finds what the case holds')
  for (const part of SHARED_PARTS) {
    assert.deepEqual(
      canariesIn(sharedView(state, [part], at)).toSorted(),
      MAY_HOLD[part].toSorted(),
    )
  }
  const all = Object.values(MAY_HOLD).flat()
  assert.deepEqual(canariesIn(sharedView(state, SHARED_PARTS, at)).toSorted(), all.toSorted())
})

test('nothing shared is nothing shown', () => {
  assert.deepEqual(sharedView(state, [], at), {})
  assert.deepEqual(sharedView(state, ['wholeCase'], at), {})
})

test('a proposed measure is none, and a hearing is open in its time only', () => {
  const { measures, hearings } = sharedView(state, ['measures', 'hearing'], at)
  assert.deepEqual(
    measures?.map(({ measure }) => measure),
    ['warning'],
  )
  assert.deepEqual(hearings, [{ measure: 'correctiveOrder', opensAt: at, endsAt, isOpen: true }])
  const late = sharedView(state, ['hearing'], endsAt)
  assert.equal(late.hearings?.[0]?.isOpen, false)
})
