/** An offered lead waits in the work of those who have the case, until it is answered. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from '../../src/adapters/random.ts'
import { findCaseAct } from '../../src/app/acts.ts'
import { workListOf } from '../../src/app/desk/work-list.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'

const LEAD = 'albion.example'
const joined = (participant: string) => ({
  ...{ type: 'participantJoined', participant, roles: ['coordinator'] },
})

test('an offer waits until it is answered; one that this authority made does not', async (t) => {
  const desk = await deskKernel(t)
  const ada = await desk.enrol('Ada', ['caseOfficer'])
  const caseId = systemRandom.uuidByTime()
  const opened = {
    ...{ type: 'caseOpened', title: 'A case (invented)', kinds: ['disclosure'] },
    ...{ leadCaseId: systemRandom.uuidByTime(), filedOn: null },
  }
  const add = (id: string, ...events: readonly { readonly type: string }[]) =>
    desk.append(id, ada.officer, ...events)
  const start = async (id: string, lead: object) => {
    await desk.kernel.streams.transact((unit) => unit.create(id, 'case'))
    await add(id, { ...opened, ...lead }, joined(LEAD), joined(NODE.id))
  }
  const leads = async () =>
    (await workListOf(desk.kernel, desk.now(ada))).waiting
      .filter(({ what }) => what === 'lead')
      .map((one) => one.caseId)
  await start(caseId, { lead: LEAD })
  const ours = systemRandom.uuidByTime()
  await start(ours, { lead: NODE.id, leadCaseId: null })
  assert.deepEqual(await leads(), [])
  const offer = (from: string, to: string) => ({ type: 'leadOffered', from, to, releaseId: 'r1' })
  await add(caseId, offer(LEAD, NODE.id))
  await add(ours, offer(NODE.id, LEAD))
  assert.deepEqual(await leads(), [caseId])
  const refuse = { answer: 'refuse', reason: 'Nobody here has time.' }
  const early = await findCaseAct('answerLead')?.run(desk.kernel, ours, {
    ...{ input: refuse, acting: desk.now(ada) },
  })
  assert.equal(early?.decision, 'refuse')
  await add(caseId, { ...refuse, type: 'leadOfferAnswered' } as { type: string })
  assert.deepEqual(await leads(), [])
  const back = [offer(LEAD, NODE.id), { type: 'leadOfferAnswered', answer: 'accept' }]
  const passed = { type: 'leadPassed', from: LEAD, to: NODE.id, isHere: true }
  await add(caseId, ...back, passed, offer(NODE.id, LEAD))
  assert.deepEqual(await leads(), [], 'who leads now has offered it')
  const gone = { type: 'leadPassed', from: NODE.id, to: LEAD, isHere: false }
  await add(ours, { type: 'leadOfferAnswered', answer: 'accept' } as { type: string }, gone)
  await add(ours, offer(LEAD, NODE.id))
  assert.deepEqual(await leads(), [ours], 'offered back')
})
