import assert from 'node:assert/strict'
import { test } from 'node:test'
import { officer } from '../../../test/support/ring.ts'
import { ownDataOf, unansweredSections } from './own-data.ts'

const { now } = officer('ada')
const at = now
const review = { openedAt: at, outcome: 'upheld', reason: 'right', remedy: 'put right' }
const notice = { noticeId: 'n1', personId: 'p1', channel: 'post', sentAt: at }
const rights = {
  persons: [
    { personId: 'p1', delay: null },
    { personId: 'p2', delay: null },
  ],
  notices: [
    { ...notice, challengeIds: ['c1'], challenges: [{ ground: 'it was not me', at }] },
    { ...notice, noticeId: 'n2', personId: 'p2', challengeIds: ['c2'], withholds: undefined },
  ],
  reviews: [
    { ...review, subject: { kind: 'challenge', id: 'c1' } },
    { ...review, subject: { kind: 'challenge', id: 'c2' }, reason: 'of another' },
  ],
  remedies: [{ challengeId: 'c2', kind: 'erase', text: 'of another', dueAt: at, doneAt: null }],
  consents: [],
  messages: [
    { personId: 'p1', isFromPerson: true, text: 'mine', at },
    { personId: 'p2', isFromPerson: true, text: 'theirs', at },
  ],
}
const exhibit = {
  ...{ exhibitId: 'e1', name: 'transcript', mediaType: 'text/plain', parts: 2 },
  ...{ origin: 'sealedHere', derivedFrom: null, isDestroyed: false },
}
const sent = {
  ...{ releaseId: 'r1', kind: 'case', decidedAt: at, recipient: 'albion.example' },
  ...{ categories: ['personalData'], purpose: 'investigation', withdrawn: null },
}
type State = Parameters<typeof ownDataOf>[0]
const stateOf = (change: object = {}) =>
  ({
    rights,
    triage: { report: null },
    releases: { permitted: [sent, { ...sent, kind: 'stub', recipient: 'stub.example' }] },
    evidence: { exhibits: [exhibit, { ...exhibit, exhibitId: 'e2', name: 'bound' }], orders: [] },
    ...change,
  }) as unknown as State
const textOf = (state: State, category: string, person = 'p1') =>
  ownDataOf(state, person, now).find((one) => one.category === category)?.text

test('a person gets every section of their own and none of another person', () => {
  const all = ownDataOf(stateOf(), 'p1', now)
  assert.deepEqual(
    all.map(({ category }) => category),
    ['notices', 'statements', 'decisions', 'messages', 'releases', 'exhibits'],
  )
  const whole = JSON.stringify(all)
  for (const other of ['theirs', 'of another', 'stub.example']) {
    assert.ok(!whole.includes(other), other)
  }
  assert.match(textOf(stateOf(), 'statements') ?? '', /it was not me/)
  assert.match(textOf(stateOf(), 'remedies', 'p2') ?? '', /erase: of another/)
  assert.equal(textOf(stateOf(), 'remedies'), undefined)
})

test('a recipient that the notice does not name, and an exhibit under an order, stay unnamed', () => {
  const withholds = { recipients: ['albion.example'] }
  const [own, other] = rights.notices
  const unnamed = stateOf({ rights: { ...rights, notices: [{ ...own, withholds }, other] } })
  assert.ok(!(textOf(unnamed, 'releases') ?? '').includes('albion'))
  assert.match(textOf(stateOf(), 'releases') ?? '', /albion\.example/)
  const order = { orderId: 'o1', exhibits: ['e2'], until: null, lifted: null }
  const bound = stateOf({
    evidence: {
      exhibits: [exhibit, { ...exhibit, exhibitId: 'e2', name: 'bound' }],
      orders: [order],
    },
  })
  assert.ok((textOf(bound, 'exhibits') ?? '').includes('transcript'))
  assert.ok(!(textOf(bound, 'exhibits') ?? '').includes('bound'))
})

test('a section is given, or withheld with ground and reason; else it is named', () => {
  const held = [{ category: 'report' }, { category: 'messages' }] as const
  const rules = (parts: readonly { category: string }[], reason: string) =>
    unansweredSections(held, parts, [{ category: 'messages', ground: 'othersData', reason }])
  assert.equal(rules([{ category: 'report' }], 's. 7').length, 0)
  assert.equal(rules([{ category: 'report' }], ' ').length, 1)
  assert.match(rules([], 's. 7')[0]?.text ?? '', /"report"/)
})
