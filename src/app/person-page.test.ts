import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '../base/time.ts'
import type { Recorded } from '../core/case/recorded.ts'
import type { Kernel } from './kernel.ts'
import { sayOnConsent, writeToAuthority } from './person-page.ts'
import type { AnyEvent, OutgoingMessage, Unit } from './ports/streams.ts'

const now = '2026-03-02T09:00:00.000Z' as Instant
const ALBION = 'albion.example'

const release = (releaseId: string) => [
  {
    ...{ type: 'releaseDecided', releaseId, kind: 'case', recipient: ALBION, agreement: null },
    ...{ policyDigest: '', purpose: 'investigation', legalBasis: 'a law' },
    ...{ categories: ['personalData'], rightsTest: null, emergency: null, decision: 'permit' },
    ...{ why: null, because: [], duties: [], view: {}, preparedBy: 'ada', reviewedBy: null },
  },
  { type: 'releaseSent', releaseId, messageId: `message of ${releaseId}` },
]
const covers = { recipients: [ALBION], categories: ['personalData'], purposes: ['investigation'] }
const events = [
  { type: 'affectedPersonRecorded', personId: 'p1' },
  { type: 'noticeSent', noticeId: 'n1', personId: 'p1', channel: 'letter', remedies: ['x'] },
  {
    ...{ type: 'consentGiven', consentId: 'c1', personId: 'p1', covers },
    ...{ how: 'inWriting', shownBy: 'a letter' },
  },
  ...release('left'),
  ...release('waits'),
  ...release('stopped'),
  { type: 'releaseStopped', releaseId: 'stopped', why: 'orderForbids', because: [] },
] as unknown as readonly AnyEvent[]

test('who takes consent back calls back what left, and what only waited never leaves', async () => {
  const history: Recorded<AnyEvent>[] = events.map((event, index) => {
    return { event, version: index + 1, at: now, by: 'ada' }
  })
  const sent: OutgoingMessage[] = []
  const stream = {
    ...{ id: 'case', kind: 'case', history },
    append: async (more: readonly AnyEvent[]) => {
      for (const event of more)
        history.push({ event, version: history.length + 1, at: now, by: 'x' })
    },
  }
  const unit = {
    open: async () => stream,
    send: async (message: OutgoingMessage) => sent.push(message),
    takeBack: async (id: string) => id === 'message of waits',
  }
  const kernel = {
    node: { id: 'meridia.example' },
    clocks: { caseNow: () => now },
    peers: { find: () => ({}) },
    personsAffected: { findByCode: async () => ({ id: 'p1', caseId: 'case' }) },
    streams: {
      read: async () => stream,
      transact: async <T>(work: (unit: Unit) => Promise<T>) => work(unit as unknown as Unit),
    },
  } as unknown as Kernel
  const said = await sayOnConsent(kernel, 'code', { consentId: 'c1', word: 'withdraw' })
  assert.equal(said.decision, 'permit')
  const told = sent.map(({ content }) => (content as { releaseId: string }).releaseId)
  assert.deepEqual(told, ['left'])
  const types = history.slice(events.length).map(({ event }) => event.type)
  const withdrawn = ['releaseWithdrawn', 'releaseWithdrawn', 'releaseWithdrawn']
  assert.deepEqual(types, ['consentWithdrawn', ...withdrawn, 'releaseStopped'])
})

test('what a person writes is on record and a task of those who handle the case, at once or not at all', async () => {
  const handlers = [
    { id: 'ada', roles: ['caseOfficer'] },
    { id: 'oz', roles: ['administrator'] },
  ]
  const written = async (addTask: () => Promise<void>) => {
    const history = events.map((event, index) => ({
      event,
      version: index + 1,
      at: now,
      by: 'ada',
    }))
    const added: { assignee: string; title: string }[] = []
    const stream = {
      ...{ id: 'case', kind: 'case', history },
      append: async (more: readonly AnyEvent[]) => {
        for (const event of more) history.push({ event, version: 99, at: now, by: 'x' })
      },
    }
    const unit = {
      open: async () => stream,
      addTask: async (task: { assignee: string; title: string }) => {
        await addTask()
        added.push(task)
      },
    }
    const kernel = {
      node: { id: 'meridia.example', zone: 'Europe/Brussels' },
      clocks: { caseNow: () => now },
      random: { uuid: () => 'm1', uuidByTime: () => 't1' },
      people: { officers: async () => handlers },
      personsAffected: { findByCode: async () => ({ id: 'p1', caseId: 'case' }) },
      streams: {
        read: async () => stream,
        transact: async <T>(work: (unit: Unit) => Promise<T>) => work(unit as unknown as Unit),
      },
    } as unknown as Kernel
    const said = await writeToAuthority(kernel, 'code', 'When do I hear from you?')
    return { said, added, last: history.at(-1)?.event.type }
  }
  const { said, added, last } = await written(async () => undefined)
  assert.equal(said.decision, 'permit')
  assert.equal(last, 'personWrote')
  assert.deepEqual(
    added.map(({ assignee }) => assignee),
    ['ada'],
  )
  assert.ok(!added[0]?.title.includes('hear'), 'the title says that somebody wrote, never what')
  // The transaction that cannot have the task has no message either: it throws as a whole.
  await assert.rejects(written(async () => Promise.reject(new Error('no right'))))
})
