/** Who is kept out of a case: by the reporter's word at the admission, or by an act later. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deskKernel } from '../../test/support/desk-kernel.ts'
import { foldCaseAccess, openAccess } from '../core/access/case-access.ts'
import { barOfficer, closesOnBar, liftBar } from '../core/access/steer-case.ts'
import { noCase } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { decideCaseAccess, listCases } from './access.ts'
import type { CaseAct } from './act.ts'
import { barOfficer as barOfficerAct } from './acts/access-acts.ts'
import { toldOf } from './answer-shared.ts'
import { openCase } from './open-case.ts'
import type { Officer } from './ports/people.ts'
import { ableToDecide } from './reporter-appeals.ts'

const READ = { name: 'readCase', group: 'readShared' } as const
const ANSWERS = { title: 'T', whatHappened: 'Something invented happened.', language: 'en' }

test('whom the reporter names sees nothing of the case from its admission on', async (t) => {
  const { kernel, enrol } = await deskKernel(t)
  const [ada, bob, eve] = await Promise.all([
    enrol('Ada', ['caseOfficer']),
    enrol('Bob', ['caseOfficer']),
    enrol('Eve', ['caseOfficer', 'oversight']),
  ])
  const barred = [eve.officer]
  const opened = await openCase(kernel, { title: 'T', answers: ANSWERS, barred }, ada)
  assert.equal(opened.decision, 'permit')
  const caseId = opened.decision === 'permit' ? opened.value.streamId : ''
  const may = (who: Acting) => decideCaseAccess(kernel, caseId, READ, who)
  assert.equal((await may(bob)).decision, 'permit')
  const refused = await may(eve)
  assert.equal(refused.decision === 'refuse' && refused.why, 'barred')
  assert.equal((await listCases(kernel, eve)).length, 0)
  assert.equal((await listCases(kernel, bob)).length, 1)
})

test('nobody keeps itself out, nor somebody whom this authority does not have', async (t) => {
  const { kernel, enrol } = await deskKernel(t)
  const ada = await enrol('Ada', ['caseOfficer'])
  for (const officer of [ada.officer, 'somebody', '']) {
    const asked = { title: 'T', answers: ANSWERS, barred: [officer] }
    await assert.rejects(openCase(kernel, asked, ada), { code: 'malformed', field: 'barred' })
  }
})

const ada = { officer: 'ada', roles: ['caseOfficer'] } as unknown as Acting
const reason = 'for a reason (invented)'
const recorded = (event: object) => ({ event, at: '', by: 'ada', version: 1 }) as never

test('who is kept out is assigned no more, and comes back by lifting it', () => {
  const assigned = { ...openAccess, assigned: ['eve', 'ada'] }
  const asked = { officer: 'eve', ground: 'other', reason, others: ['eve', 'bob'] } as const
  const bar = barOfficer(assigned, asked, ada)
  assert.equal(bar.decision, 'permit')
  const [event] = bar.decision === 'permit' ? bar.value : []
  const out = foldCaseAccess(assigned, recorded(event ?? {}))
  assert.deepEqual([out.barred, out.assigned], [['eve'], ['ada']])
  const again = barOfficer(out, asked, ada)
  assert.equal(again.decision === 'refuse' && again.why, 'alreadyBarred')
  const lifted = liftBar(out, { officer: 'eve', reason }, ada)
  const [back] = lifted.decision === 'permit' ? lifted.value : []
  assert.deepEqual(foldCaseAccess(out, recorded(back ?? {})).barred, [])
})

test('not oneself, not who is not kept out, not the last one of a closed case', () => {
  const whyOf = (decided: ReturnType<typeof barOfficer>) =>
    decided.decision === 'refuse' ? decided.why : 'permit'
  const bar = (officer: string, others = ['eve', 'bob']) =>
    ({ officer, ground: 'other', reason, others }) as const
  assert.equal(whyOf(barOfficer(openAccess, bar('ada'), ada)), 'ownBar')
  assert.equal(whyOf(liftBar(openAccess, { officer: 'eve', reason }, ada)), 'notBarredNow')
  const closed = { ...openAccess, classification: 'confidential', assigned: ['eve'] } as const
  assert.equal(whyOf(barOfficer(closed, bar('eve'), ada)), 'lastAssigned')
})

test('who is kept out is given no task about the case, nor an appeal to decide', () => {
  const person = (id: string) => ({ id, name: id, roles: ['caseOfficer'] }) as unknown as Officer
  const officers = [person('eve'), person('ada'), person('bob')]
  const out = { ...openAccess, barred: ['eve'] }
  const ids = (some: readonly Officer[]) => some.map(({ id }) => id)
  const told = toldOf({ access: out, handlers: ['eve', 'ada'] }, officers)
  assert.deepEqual(ids(told), ['ada'])
  assert.deepEqual(ids(toldOf({ access: out, handlers: ['eve'] }, officers)), ['ada', 'bob'])
  const able = ableToDecide({ access: out }, officers, { entries: [] })
  assert.deepEqual(ids(able), ['ada', 'bob'])
})

test('nobody makes itself the only one who sees a case', async (t) => {
  const bar = { officer: 'eve', ground: 'other', reason } as const
  const whyOf = (state: typeof openAccess, others: readonly string[]) => {
    const decided = barOfficer(state, { ...bar, others }, ada)
    return decided.decision === 'refuse' ? decided.why : 'permit'
  }
  assert.equal(whyOf(openAccess, ['eve', 'bob']), 'permit')
  assert.equal(whyOf(openAccess, ['eve']), 'nobodyLeft')
  assert.equal(whyOf({ ...openAccess, barred: ['bob'] }, ['eve', 'bob']), 'nobodyLeft')

  const { kernel, enrol } = await deskKernel(t)
  const [one, two, three] = await Promise.all([
    enrol('Ada', ['caseOfficer']),
    enrol('Bob', ['caseOfficer']),
    enrol('Eve', ['oversight']),
  ])
  const barred = [two.officer, three.officer]
  const opened = await openCase(kernel, { title: 'T', answers: ANSWERS, barred }, one)
  assert.equal(opened.decision === 'refuse' && opened.why, 'nobodyLeft')
})

test('a closed case from which somebody is kept out takes two persons', () => {
  const takesTwo = (act: CaseAct, access: object) =>
    act.secondPerson({ ...noCase, access: { ...openAccess, ...access } }) !== undefined
  assert.equal(takesTwo(barOfficerAct, {}), false)
  assert.equal(takesTwo(barOfficerAct, { classification: 'restricted' }), true)
  const out = { ...openAccess, barred: ['eve'] }
  assert.equal(closesOnBar(out, { classification: 'confidential' }), true)
  assert.equal(closesOnBar(out, { classification: 'open' }), false)
  assert.equal(closesOnBar(openAccess, { classification: 'confidential' }), false)
})
