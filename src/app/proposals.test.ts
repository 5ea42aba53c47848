/** Proposals on a real database: who is let into a confidential case, and what the proposer's going changes. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { deskKernel } from '../../test/support/desk-kernel.ts'
import type { Decision } from '../base/decision.ts'
import { addMs, DAY_MS } from '../base/time.ts'
import { WHY_NO_ACCESS } from '../core/access/decide-access.ts'
import type { Acting } from '../core/case/recorded.ts'
import { personOf } from '../core/people/standing.ts'
import { decideCaseAccess } from './access.ts'
import type { ActDone } from './act.ts'
import { findCaseAct } from './acts.ts'
import { caseStream, foldCaseStream } from './case-stream.ts'
import { approveProposal, rejectProposal, withdrawProposal } from './proposals.ts'

const REASON = 'Needed for the hearing.'
const READ = { name: 'read', group: 'read' } as const

async function world(t: TestContext) {
  const desk = await deskKernel(t)
  const { kernel, enrol, append, openCase } = desk
  const [ada, bob, eve, gus, ivo] = [
    await enrol('Ada Invented', ['caseOfficer']),
    await enrol('Bob Invented', ['caseOfficer']),
    await enrol('Eve Invented', ['reviewer']),
    await enrol('Gus Invented', ['oversight']),
    await enrol('Ivo Invented', ['administrator']),
  ]
  const caseId = await openCase('Invented title', ada)
  const proved = (who: Acting): Acting => {
    const at = desk.now(who)
    return { ...at, steppedUpAt: at.now }
  }
  const act = (name: string, input: object, who: Acting) => {
    const found = findCaseAct(name) ?? assert.fail(name)
    return found.run(kernel, caseId, { input, acting: proved(who) })
  }
  const state = async () => foldCaseStream((await caseStream(kernel, caseId)).history)
  const last = async () => (await state()).access.proposals.at(-1) ?? assert.fail('no proposal')
  const approve = async (who: Acting) => {
    const { proposalId, digest } = await last()
    return approveProposal(kernel, { caseId, proposalId, digest }, proved(who))
  }
  const sees = async (who: Acting) =>
    (await decideCaseAccess(kernel, caseId, READ, desk.now(who))).decision === 'permit'
  const classified = await act(
    'classifyCase',
    { classification: 'confidential', reason: REASON },
    ada,
  )
  assert.equal(classified.decision, 'permit')
  const tell = (...events: readonly { readonly type: string }[]) =>
    append(kernel.authorityStreamId, ivo.officer, ...events)
  return { ...desk, ada, bob, eve, gus, ivo, caseId, act, state, last, approve, sees, tell, proved }
}

const whyOf = (decision: Decision<unknown>) =>
  decision.decision === 'refuse' ? decision.why : 'permit'
const eventsOf = (decision: Decision<ActDone>) =>
  decision.decision === 'permit' ? decision.value.events : decision.why

test('nobody is assigned to a confidential case before a second person says so', async (t) => {
  const { act, approve, sees, ada, bob, gus } = await world(t)
  const done = await act('assignOfficer', { officer: bob.officer, reason: REASON }, ada)
  assert.deepEqual(eventsOf(done), ['actProposed'])
  assert.ok(
    done.because.some(({ rule }) => rule === 'fourEyes:confidential'),
    'and says why',
  )
  assert.equal(await sees(bob), false)
  assert.equal(whyOf(await approve(ada)), 'samePerson')
  assert.equal(whyOf(await approve(bob)), 'notAssigned', 'who is to be let in is not in')
  assert.deepEqual(eventsOf(await approve(gus)), ['proposalApproved', 'officerAssigned'])
  assert.equal(await sees(bob), true)
  assert.equal(whyOf(await approve(gus)), 'alreadyAnswered')
})

test('in a case that is not confidential one person assigns', async (t) => {
  const { act, approve, ada, bob, gus, sees } = await world(t)
  await act('classifyCase', { classification: 'restricted', reason: REASON }, ada)
  assert.deepEqual(eventsOf(await approve(gus)), ['proposalApproved', 'caseClassified'])
  const done = await act('assignOfficer', { officer: bob.officer, reason: REASON }, ada)
  assert.deepEqual(eventsOf(done), ['officerAssigned'])
  assert.equal(await sees(bob), true)
})

test('a review in a confidential case is assigned by two, unless the reviewer is in it', async (t) => {
  const { act, approve, append, caseId, ada, eve, gus, ivo, enrol, sees } = await world(t)
  const lia = await enrol('Lia Invented', ['liaison'])
  const opened = (reviewId: string) => ({
    type: 'reviewOpened',
    reviewId,
    subject: { kind: 'challenge', challengeId: reviewId },
    covers: null,
    reviewerMustNotBe: [ada.officer],
  })
  await append(caseId, ivo.officer, opened('r1'), opened('r2'))
  await act('assignOfficer', { officer: lia.officer, reason: REASON }, ada)
  await approve(gus)
  const first = await act('assignReview', { reviewId: 'r1', reviewer: eve.officer }, lia)
  assert.deepEqual(eventsOf(first), ['actProposed'])
  assert.equal(await sees(eve), false)
  assert.deepEqual(eventsOf(await approve(gus)), ['proposalApproved', 'reviewAssigned'])
  assert.equal(await sees(eve), true)
  const other = await enrol('Rui Invented', ['reviewer'])
  await act('assignOfficer', { officer: other.officer, reason: REASON }, ada)
  await approve(gus)
  const second = await act('assignReview', { reviewId: 'r2', reviewer: other.officer }, lia)
  assert.deepEqual(eventsOf(second), ['reviewAssigned'])
})

type World = Awaited<ReturnType<typeof world>>
const gone: readonly [string, (world: World) => Promise<unknown>][] = [
  [
    'is leaving',
    ({ tell, ada }) => tell({ type: 'leavingStarted', officer: ada.officer, note: 'n' } as never),
  ],
  [
    'lost the role',
    ({ tell, ada }) =>
      tell({
        type: 'officerRolesChanged',
        officer: ada.officer,
        roles: ['counsel'],
        note: 'n',
      } as never),
  ],
  [
    'declared a conflict that nobody can read',
    ({ tell, ada }) =>
      tell({ type: 'conflictDeclared', conflictId: 'c', officer: ada.officer, note: 'n' } as never),
  ],
  [
    'turns out to have been absent',
    ({ tell, ada, now }) => {
      const at = now(ada).now
      const span = { fromAt: addMs(at, -DAY_MS), untilAt: addMs(at, DAY_MS) }
      return tell({ type: 'absenceSet', absenceId: 'a', officer: ada.officer, ...span } as never)
    },
  ],
]
for (const [what, happens] of gone) {
  test(`what somebody proposed who ${what} is not approved, and that is recorded`, async (t) => {
    const all = await world(t)
    const { act, approve, last, state, kernel, caseId, proved, ada, bob, gus, sees } = all
    await act('assignOfficer', { officer: bob.officer, reason: REASON }, ada)
    await happens(all)
    const refused = await approve(gus)
    assert.equal(whyOf(refused), 'proposerMayNot')
    assert.ok(refused.because.length > 1, 'with the reason of the decision about access')
    assert.equal(await sees(bob), false)
    assert.equal((await last()).answer, null)
    const { history } = await caseStream(kernel, caseId)
    const event = history.at(-1)?.event as { type: string; why?: string } | undefined
    assert.deepEqual([event?.type, event?.why], ['actRefused', 'proposerMayNot'])
    const { proposalId } = await last()
    const answer = { caseId, proposalId }
    const roles = personOf(await kernel.access.standing(), ada.officer)?.roles ?? []
    const withdrawn = await withdrawProposal(kernel, answer, proved({ ...ada, roles }))
    const whys: readonly string[] = WHY_NO_ACCESS
    assert.ok(whys.includes(whyOf(withdrawn)), 'the proposer does nothing in the case any more')
    assert.equal(
      whyOf(await rejectProposal(kernel, { ...answer, reason: 'late' }, proved(gus))),
      'permit',
    )
    assert.equal((await state()).access.proposals.at(-1)?.answer?.is, 'rejected')
  })
}

test('who is absent from tomorrow on has proposed all the same', async (t) => {
  const { act, approve, tell, ada, bob, gus, now, pass, sees } = await world(t)
  await act('assignOfficer', { officer: bob.officer, reason: REASON }, ada)
  const at = now(ada).now
  const span = { fromAt: addMs(at, DAY_MS), untilAt: addMs(at, 9 * DAY_MS) }
  await tell({ type: 'absenceSet', absenceId: 'a', officer: ada.officer, ...span } as never)
  pass(2 * DAY_MS)
  assert.equal(whyOf(await approve(gus)), 'permit')
  assert.equal(await sees(bob), true)
})

test('who is to be let in and declared a conflict meanwhile stays out', async (t) => {
  const { act, approve, tell, ada, bob, gus, sees } = await world(t)
  await act('assignOfficer', { officer: bob.officer, reason: REASON }, ada)
  await tell({
    type: 'conflictDeclared',
    conflictId: 'c',
    officer: bob.officer,
    note: 'n',
  } as never)
  assert.equal(whyOf(await approve(gus)), 'conflictOfInterest')
  assert.equal(await sees(bob), false)
})

test('a proposal is worth nothing after a week, and another content is not approved by it', async (t) => {
  const { act, approve, last, kernel, caseId, proved, ada, bob, eve, gus, pass } = await world(t)
  await act('assignOfficer', { officer: bob.officer, reason: REASON }, ada)
  const first = await last()
  await act('assignOfficer', { officer: eve.officer, reason: REASON }, ada)
  const second = await last()
  const mixed = { caseId, proposalId: first.proposalId, digest: second.digest }
  assert.equal(whyOf(await approveProposal(kernel, mixed, proved(gus))), 'otherContent')
  pass(7 * DAY_MS)
  assert.equal(whyOf(await approve(gus)), 'proposalExpired')
})

test('a measure is made by two who could both propose it at that moment', async (t) => {
  const { act, append, tell, caseId, ada, bob } = await world(t)
  const assigned = { type: 'officerAssigned', officer: bob.officer, reason: REASON }
  const measure = {
    type: 'measureProposed',
    measureId: 'm1',
    rung: 'correctiveOrder',
    basis: 'invented basis',
    reason: REASON,
    proposedBy: ada.officer,
    urgency: { ground: 'harm', reason: REASON },
    fine: null,
  }
  await append(caseId, ada.officer, assigned, measure)
  const approved = async (who: Acting) =>
    whyOf(await act('approveMeasure', { measureId: 'm1' }, who))
  assert.equal(await approved(ada), 'nothingToApprove')
  await tell({
    type: 'conflictDeclared',
    conflictId: 'c',
    officer: ada.officer,
    note: 'n',
  } as never)
  assert.equal(await approved(bob), 'proposerMayNot')
  await tell({ type: 'conflictWithdrawn', conflictId: 'c', note: 'n' } as never)
  assert.equal(await approved(bob), 'permit')
  assert.equal(await approved(bob), 'nothingToApprove', 'once')
})
