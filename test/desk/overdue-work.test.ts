/** What nobody did on its day becomes a task, once: the review of a hold, a remedy. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { askForOverdueWork } from '../../src/app/desk/overdue-work.ts'
import { addMs, DAY_MS, type Instant } from '../../src/base/time.ts'
import { deskKernel } from '../support/desk-kernel.ts'

const CHALLENGE = '0198c000-0000-7000-8000-0000000000c1'

async function desk(t: TestContext) {
  const world = await deskKernel(t)
  const { kernel, enrol } = world
  const ada = await enrol('Ada Invented', ['caseOfficer'])
  const ben = await enrol('Ben Invented', ['caseOfficer'])
  const caseId = await world.openCase('An invented case', ada)
  const day = (count: number): Instant => addMs(kernel.clocks.caseNow(), count * DAY_MS)
  const hold = (holdId: string, reviewAt: Instant) =>
    world.append(caseId, ben.officer, {
      ...{ type: 'legalHoldPlaced', holdId, ground: 'g', exhibits: null, reviewAt },
      inPlaceOf: null,
    } as never)
  const remedy = (remedyId: string, responsible: string, dueAt: Instant) =>
    world.append(caseId, ada.officer, {
      ...{ type: 'remedyOrdered', remedyId, challengeId: CHALLENGE, kind: 'erase', text: 't' },
      ...{ responsible, dueAt, followUpAt: addMs(dueAt, DAY_MS) },
    } as never)
  const tasks = async () =>
    (await kernel.desk.records.tasksOf(caseId)).map(({ title, assignee, doneAt }) => [
      title.split(' ').slice(0, 3).join(' '),
      assignee === ada.officer ? 'ada' : assignee === ben.officer ? 'ben' : assignee,
      doneAt !== null,
    ])
  const id = () => kernel.random.uuidByTime()
  return { ...world, ada, ben, caseId, day, hold, remedy, tasks, id }
}

test('on the day of its review, and not before, a hold becomes a task of whoever has the case', async (t) => {
  const { kernel, hold, tasks, day, pass, id, append, caseId, ben } = await desk(t)
  const lifted = id()
  await hold(id(), day(2))
  await hold(lifted, day(2))
  await hold(id(), day(50))
  await append(caseId, ben.officer, {
    type: 'legalHoldLifted',
    holdId: lifted,
    reason: 'r',
  } as never)
  assert.equal(await askForOverdueWork(kernel), 0)
  pass(2 * DAY_MS + 1)
  assert.equal(await askForOverdueWork(kernel), 1)
  assert.deepEqual(await tasks(), [['A legal hold', 'ada', false]])
})

test('a remedy past its day is a task of the officer who answers for it, once, also when it is done', async (t) => {
  const { kernel, remedy, tasks, day, pass, id, append, caseId, ada, ben } = await desk(t)
  const finished = id()
  await remedy(id(), ben.officer, day(1))
  await remedy(finished, ada.officer, day(1))
  await remedy(id(), id(), day(1))
  await append(caseId, ada.officer, { type: 'remedyDone', remedyId: finished, proof: 'p' } as never)
  assert.equal(await askForOverdueWork(kernel), 0)
  pass(DAY_MS + 1)
  assert.equal(await askForOverdueWork(kernel), 2)
  assert.deepEqual((await tasks()).toSorted(), [
    // Nobody has the second one's id: whoever has the case gets it.
    ['A remedy that', 'ada', false],
    ['A remedy that', 'ben', false],
  ])
  const [first] = await kernel.desk.records.openTasksFor(ben.officer)
  assert.ok(first)
  const at = kernel.clocks.caseNow()
  await kernel.desk.records.finishTask({ caseId, taskId: first.id, by: ben.officer, at })
  pass(DAY_MS)
  assert.equal(await askForOverdueWork(kernel), 0)
  assert.equal((await tasks()).length, 2)
})
