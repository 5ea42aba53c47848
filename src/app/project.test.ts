import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drafts } from '../../test/support/package-record.ts'
import { logWorld } from '../../test/support/package-world.ts'
import { MERIDIA, NOW, recorded } from '../../test/support/ring.ts'
import { addMs, DAY_MS } from '../base/time.ts'
import { openAccess } from '../core/access/case-access.ts'
import type { CaseEvent } from '../core/case/case.ts'
import type { Recorded } from '../core/case/recorded.ts'
import { todaysEvent } from '../wire/event-versions.ts'
import type { AnyEvent, StreamKind } from './ports/streams.ts'
import { projectStream } from './project.ts'

/** A whole record of every kind, in which events bear on each other. */
const all = drafts(logWorld().log)
const historyOf = (kind: StreamKind): readonly Recorded<AnyEvent>[] =>
  all
    .filter((draft) => draft.kind === kind)
    .map(({ event, by }, index) => recorded(todaysEvent(event), by, addMs(NOW, index), index + 1))

const opened: CaseEvent = {
  type: 'caseOpened',
  title: 'Title (invented)',
  kinds: ['disclosure', 'enforcement'],
  lead: MERIDIA,
  leadCaseId: null,
  filedOn: null,
}
const because = [
  { rule: 'a', text: 'one' },
  { rule: 'b', text: 'two' },
  { rule: 'a', text: 'three' },
]
const projected = (...events: CaseEvent[]) =>
  projectStream(
    'case',
    [opened, ...events].map((event, index) =>
      recorded(event, 'iris', addMs(NOW, index * DAY_MS), index + 1),
    ),
  )
const decisionsOf = (...events: CaseEvent[]) =>
  projected(...events).decisions.map(({ act, decision, why, rules }) => [act, decision, why, rules])

test('the same history gives the same rows', () => {
  for (const kind of ['case', 'agreement', 'law', 'authority'] as const) {
    assert.deepEqual(projectStream(kind, historyOf(kind)), projectStream(kind, historyOf(kind)))
  }
})

test('a stream gives rows of its own kind only', () => {
  const filled = (kind: StreamKind) =>
    Object.entries(projectStream(kind, historyOf(kind)))
      .filter(([, rows]) => rows.length > 0)
      .map(([name]) => name)
  assert.ok(filled('case').includes('cases'))
  assert.ok(!filled('case').includes('agreements') && !filled('case').includes('signOffs'))
  assert.deepEqual(filled('agreement'), ['agreements'])
  assert.deepEqual(filled('law'), ['signOffs'])
  assert.deepEqual(filled('authority'), [])
})

test('a stream without its first event gives nothing', () => {
  for (const kind of ['case', 'agreement', 'law', 'authority'] as const) {
    assert.ok(Object.values(projectStream(kind, [])).every((rows) => rows.length === 0))
  }
})

const { proposals: _, guests: __, documents: ___, views: ____, ...openToAll } = openAccess

test('a case is one row, opened and changed at case time', () => {
  const { cases } = projected({ type: 'affectedPersonRecorded', personId: 'p' })
  assert.deepEqual(cases, [
    {
      title: 'Title (invented)',
      lead: MERIDIA,
      leadCaseId: null,
      phase: 'triage',
      priority: null,
      priorityStanding: null,
      isUnderEmbargo: false,
      openedAt: NOW,
      changedAt: addMs(NOW, DAY_MS),
      access: {
        ...openToAll,
        operators: [],
        authorities: [MERIDIA],
        reviewers: [],
        orders: [],
      },
    },
  ])
})

test('a refusal is a decision with its reason and each of its rules once', () => {
  const refusals: [CaseEvent, string][] = [
    [{ type: 'actRefused', act: 'imposeFine', why: 'no', because }, 'imposeFine'],
    [{ type: 'measureRefused', measureId: null, rung: 'fine', why: 'no', because }, 'fine'],
    [{ type: 'embargoEndRefused', why: 'alreadyPublic', because }, 'setEmbargoEnd'],
  ]
  for (const [event, act] of refusals) {
    const why = 'why' in event ? event.why : ''
    assert.deepEqual(decisionsOf(event), [[act, 'refuse', why, ['a', 'b']]])
  }
})

test('a decision is counted as what it was', () => {
  const review = (outcome: 'approved' | 'upheld' | 'rejected' | 'dismissed') =>
    decisionsOf({
      type: 'reviewDecided',
      reviewId: 'r',
      outcome,
      reason: 'because',
      remedy: null,
    } as CaseEvent)[0]?.[1]
  assert.deepEqual((['approved', 'upheld', 'rejected', 'dismissed'] as const).map(review), [
    'permit',
    'permit',
    'refuse',
    'refuse',
  ])
  assert.deepEqual(decisionsOf({ type: 'affectedPersonRecorded', personId: 'p' }), [])
})

test('a decision names the version at which it was taken, so that two of one kind stay two', () => {
  const refused: CaseEvent = { type: 'actRefused', act: 'imposeFine', why: 'no', because }
  assert.deepEqual(
    projected(refused, refused).decisions.map(({ version, decidedAt }) => [version, decidedAt]),
    [
      [2, addMs(NOW, DAY_MS)],
      [3, addMs(NOW, 2 * DAY_MS)],
    ],
  )
})

test('a notice is due, delayed, sent, then challenged', () => {
  const person: CaseEvent = { type: 'affectedPersonRecorded', personId: 'p' }
  const dueAt = addMs(NOW, 30 * DAY_MS)
  const delayed: CaseEvent = {
    type: 'noticeDelayed',
    personId: 'p',
    ground: 'ground',
    reason: 'reason',
    reviewAt: addMs(NOW, 10 * DAY_MS),
    dueAt,
  }
  const sent: CaseEvent = {
    type: 'noticeSent',
    noticeId: 'n',
    personId: 'p',
    channel: 'post',
    remedies: ['courtRemedy'],
  }
  const challenged: CaseEvent = {
    type: 'noticeChallenged',
    challengeId: 'c',
    noticeId: 'n',
    ground: 'ground',
  }
  const steps = [person, delayed, sent, challenged]
  const states = steps.map((_, index) => projected(...steps.slice(0, index + 1)).notices)
  assert.deepEqual(
    states.map(([row]) => row?.state),
    ['due', 'delayed', 'sent', 'challenged'],
  )
  assert.deepEqual(states.at(-1), [{ personId: 'p', state: 'challenged', dueAt, wasDelayed: true }])
})

test('sign-offs are counted by officer, and one simulated one marks all', () => {
  const signOff = (officer: string, simulated: boolean) =>
    recorded({
      type: 'lawPackSignedOff',
      ...{ pack: 'eu', version: '1', digest: 'ab', officer, simulated, excepted: [] },
    })
  const rowsOf = (...history: Recorded<AnyEvent>[]) => projectStream('law', history).signOffs
  const row = { pack: 'eu', version: '1' }
  assert.deepEqual(rowsOf(signOff('iris', false)), [{ ...row, officers: 1, simulated: false }])
  assert.deepEqual(rowsOf(signOff('iris', false), signOff('lena', true)), [
    { ...row, officers: 2, simulated: true },
  ])
  assert.deepEqual(rowsOf(signOff('iris', false), signOff('iris', false)), [
    { ...row, officers: 1, simulated: false },
  ])
})

const reportOf = (over: object = {}) =>
  ({
    type: 'reportAdmitted',
    filingId: 'f',
    report: {
      source: { format: 'portal', formatVersion: '1' },
      description: { language: 'fr-CA', text: 'Texte inventé' },
      stated: { kind: 'flaw', sector: 'criticalInfrastructure' },
      ...over,
    },
  }) as unknown as CaseEvent
const filedCase = { ...opened, filedOn: '2026-11-20' } as CaseEvent
/** Each event a day after the one before. */
const measured = (...events: CaseEvent[]) => {
  const history = [filedCase, ...events].map((event, index) =>
    recorded(event, 'iris', addMs(NOW, index * DAY_MS), index + 1),
  )
  return projectStream('case', history).disclosures
}
const later = (days: number) => addMs(NOW, days * DAY_MS)

test('a case without an admitted report gives no figure of disclosure', () => {
  assert.deepEqual(measured({ type: 'reportReceived', participant: MERIDIA }), [])
})

test('a report brings its language, form, channel and sector, and the day of its filing', () => {
  const [facts] = measured(reportOf())
  assert.deepEqual(
    [facts?.language, facts?.form, facts?.channel, facts?.sector, facts?.sectorAt],
    ['fr', 'flaw', 'portal', 'infrastructure', later(1)],
  )
  assert.deepEqual(
    [facts?.receivedAt, facts?.admittedAt, facts?.acknowledgedAt],
    ['2026-11-20T00:00:00.000Z', later(1), later(1)],
  )
  const avid = { source: { format: 'AVID', formatVersion: '1' }, stated: undefined }
  const description = { language: 'eng', text: 'Invented' }
  const [record] = measured(reportOf({ ...avid, description }))
  assert.deepEqual([record?.language, record?.form, record?.sector], ['en', null, null])
})

test('what somebody wrote in place of a language or a sector is no key', () => {
  const [facts] = measured(
    reportOf({
      description: { language: 'not a language at all', text: 'x' },
      stated: { kind: 'flaw', sector: 'Jane Doe, London' },
    }),
  )
  assert.deepEqual([facts?.language, facts?.sector], ['und', 'other'])
})

test('a sector that an officer names later counts from then', () => {
  const terms = [{ scheme: 'comity', id: 'sector.health', label: 'x', version: '1' }]
  const other = [{ ...terms[0], id: 'sector.finance' }]
  const [facts] = measured(
    reportOf({ stated: { kind: 'flaw' } }),
    { type: 'taxonomyAssigned', terms } as CaseEvent,
    { type: 'taxonomyAssigned', terms: other } as CaseEvent,
  )
  assert.deepEqual([facts?.sector, facts?.sectorAt], ['health', later(2)])
})

test('the first of each step counts, and only the own word on the report', () => {
  const step = (participant: string, event: string, from: string, to: string) =>
    ({ type: 'reportStateChanged', participant, event, from, to }) as CaseEvent
  const joined = (participant: string) =>
    ({ type: 'participantJoined', participant, roles: ['vendor'] }) as CaseEvent
  const letter = (which: string, participant: string) =>
    ({ type: 'progressChanged', letter: which, participant, evidence: 'x' }) as CaseEvent
  const priority = (decision: string) =>
    ({
      type: 'priorityDecided',
      decision,
      outcome: 'x',
      reason: 'x',
      computedOutcome: 'y',
    }) as CaseEvent
  const [facts] = measured(
    reportOf(),
    { type: 'reportReceived', participant: MERIDIA },
    joined(MERIDIA),
    joined('vendor'),
    letter('V', 'vendor'),
    step('vendor', 'receive', 'start', 'received'),
    step('vendor', 'validate', 'received', 'valid'),
    step(MERIDIA, 'receive', 'start', 'received'),
    step(MERIDIA, 'invalidate', 'received', 'invalid'),
    step(MERIDIA, 'validate', 'invalid', 'valid'),
    priority('overruled'),
    priority('accepted'),
    letter('F', 'vendor'),
    step('vendor', 'close', 'accepted', 'closed'),
  )
  assert.deepEqual(
    [facts?.vendorToldAt, facts?.triagedAt, facts?.fixedAt, facts?.closedAt],
    [later(5), later(9), later(13), null],
  )
  assert.deepEqual([facts?.priority, facts?.priorityAt], ['overruled', later(11)])
})

test('an embargo counts from its agreement, and ends with its reason', () => {
  const terms = { embargoId: 'e', until: later(90), zone: 'UTC' }
  const embargo = (event: string, from: string, to: string, over = {}) =>
    ({ type: 'embargoChanged', event, from, to, ...over }) as CaseEvent
  const agreed = [
    reportOf(),
    embargo('propose', 'none', 'proposed', { terms }),
    embargo('accept', 'proposed', 'active', { terms }),
    embargo('propose', 'active', 'revise', { terms }),
    embargo('reject', 'revise', 'active'),
  ]
  const [holds] = measured(...agreed)
  assert.deepEqual([holds?.embargoAt, holds?.embargoEndedAt], [later(3), null])
  const [broken] = measured(
    ...agreed,
    embargo('terminate', 'active', 'exited', { why: 'alreadyPublic' }),
  )
  assert.deepEqual(
    [broken?.embargoAt, broken?.embargoEndedAt, broken?.embargoWhy],
    [later(3), later(6), 'alreadyPublic'],
  )
  const [fallen] = measured(
    reportOf(),
    agreed[1] as CaseEvent,
    embargo('reject', 'proposed', 'none'),
  )
  assert.equal(fallen?.embargoAt, null)
})
