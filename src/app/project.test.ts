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
