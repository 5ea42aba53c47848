/** Joint work on a case, on a real database: due rows, tasks, access, two cases of one task force. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { findCaseAct } from '../../src/app/acts.ts'
import { foldCaseStream } from '../../src/app/case-stream.ts'
import { askForOverdueWork } from '../../src/app/desk/overdue-work.ts'
import { DAY_MS } from '../../src/base/time.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { deskKernel } from '../support/desk-kernel.ts'

async function world(t: TestContext) {
  const desk = await deskKernel(t)
  const { kernel } = desk
  const ada = await desk.enrol('Ada', ['caseOfficer'])
  const caseId = await desk.openCase('An invented case', ada)
  const run = async (name: string, input: object, acting: Acting = ada, onCase = caseId) => {
    const act = findCaseAct(name)
    assert.ok(act, name)
    const decision = await act.run(kernel, onCase, { input, acting: desk.now(acting) })
    return decision.decision === 'refuse' ? decision.why : 'permitted'
  }
  const jointOf = async (id = caseId) => {
    const stream = await kernel.streams.read(id)
    return foldCaseStream(stream?.history ?? []).joint
  }
  const tasksOf = async (officer: string) =>
    (await desk.database.selectFrom('work_task').select(['assignee']).execute()).filter(
      ({ assignee }) => assignee === officer,
    ).length
  return { desk, kernel, ada, caseId, run, jointOf, tasksOf }
}

test('items of a playbook fall due, and one that is late becomes a task of its owner once', async (t) => {
  const { desk, kernel, ada, run, jointOf, tasksOf } = await world(t)
  const ben = await desk.enrol('Ben', ['caseOfficer'])
  const admin = await desk.enrol('Cyn', ['administrator'])
  const playbook = { playbook: 'triage', officer: ada.officer }
  assert.equal(await run('startPlaybook', { ...playbook, officer: admin.officer }), 'ownerMayNot')
  assert.equal(await run('startPlaybook', playbook), 'permitted')
  assert.equal(await run('startPlaybook', playbook), 'runningAlready')
  const [first, second, ...others] = (await jointOf()).playbooks[0]?.items ?? []
  assert.ok(first && second)
  const pass = { itemId: first.itemId, step: 'reassigned', officer: ben.officer, reason: 'Hers.' }
  assert.equal(await run('changePlaybookItem', pass), 'permitted')
  const away = { itemId: second.itemId, step: 'reassigned', authority: 'albion.example' }
  assert.equal(await run('changePlaybookItem', { ...away, reason: 'x' }), 'notInTheCase')
  for (const { itemId } of [second, ...others]) {
    assert.equal(await run('changePlaybookItem', { itemId, step: 'done' }), 'permitted')
  }
  assert.equal(await askForOverdueWork(kernel), 0)
  desk.pass(4 * DAY_MS)
  assert.equal(await askForOverdueWork(kernel), 1)
  assert.equal(await askForOverdueWork(kernel), 0)
  assert.deepEqual([await tasksOf(ben.officer), await tasksOf(ada.officer)], [1, 0])
})

test('an action of a review is a task; a case closes without a review only with a reason', async (t) => {
  const { ada, run, jointOf, tasksOf } = await world(t)
  const nobody = { withoutReview: undefined }
  assert.equal(await run('closeCase', nobody), 'noReview')
  const review = { wentWell: 'Fast.', wentLate: 'Nothing.', lessons: 'Ask sooner.' }
  assert.equal(await run('recordAfterAction', review), 'permitted')
  const action = { text: 'Ask sooner', officer: ada.officer, dueOn: '2030-01-01' }
  assert.equal(await run('addReviewAction', action), 'permitted')
  assert.equal(await tasksOf(ada.officer), 1)
  assert.equal(await run('closeCase', {}), 'permitted')
  assert.equal(await run('closeCase', {}), 'alreadyClosed')
  assert.notEqual((await jointOf()).closed?.reviewId, null)
})

test('a task force works on two cases, ends in both, and opens neither', async (t) => {
  const { desk, ada, caseId, run, jointOf } = await world(t)
  const other = await desk.openCase('Another invented case', ada)
  const force = {
    ...{ name: 'Assistants', mandate: 'Test.', lead: ada.officer, officers: [], participants: [] },
    ...{ startsOn: '2026-12-01', endsOn: '2026-12-31' },
  }
  assert.equal(await run('formTaskForce', { ...force, endsOn: '2026-11-30' }), 'datesWrong')
  assert.equal(await run('formTaskForce', force), 'permitted')
  const [formed] = (await jointOf()).taskForces
  assert.ok(formed)
  const join = { homeCaseId: caseId, taskForceId: formed.taskForceId }
  assert.equal(
    await run('joinTaskForce', { ...join, taskForceId: other }, ada, other),
    'noTaskForce',
  )
  assert.equal(await run('joinTaskForce', join, ada, other), 'permitted')
  assert.equal(await run('joinTaskForce', join, ada, other), 'alreadyThere')
  const end = { taskForceId: formed.taskForceId, reason: 'Done.' }
  assert.equal(await run('endTaskForce', end), 'permitted')
  assert.equal((await jointOf(other)).taskForces[0]?.ended?.reason, 'Done.')
  assert.equal(await run('endTaskForce', end, ada, other), 'noTaskForce')
  const auditor = await desk.enrol('Dan', ['auditor'])
  const offer = { from: 'meridia.example', kind: 'staff', text: 'Two people.' }
  assert.notEqual(await run('offerSupport', offer, auditor), 'permitted')
  assert.equal(await run('offerSupport', offer), 'permitted')
})

test('what is typed and what is imported is one list', async (t) => {
  const { run, jointOf } = await world(t)
  const bom = {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6' },
    components: [
      {
        ...{ type: 'machine-learning-model', name: 'Tuned' },
        pedigree: { ancestors: [{ name: 'Base', type: 'machine-learning-model' }] },
      },
    ],
  }
  assert.equal(await run('importLineage', { document: JSON.stringify(bom) }), 'permitted')
  const clinic = { kind: 'organisation', name: 'Clinic', line: 'deployedBy', other: 'model:tuned' }
  assert.equal(await run('addLineage', clinic), 'permitted')
  assert.equal(await run('addLineage', { ...clinic, other: 'model:lost' }), 'unknownComponent')
  assert.equal(await run('addLineage', { ...clinic, kind: 'model' }), 'wrongKind')
  await assert.rejects(run('importLineage', { document: 'no json' }))
  const { edges } = (await jointOf()).lineage
  assert.deepEqual(
    edges.map(({ from, kind, to }) => [from, kind, to]),
    [
      ['model:tuned', 'derivedFrom', 'model:base'],
      ['model:tuned', 'deployedBy', 'organisation:clinic'],
    ],
  )
})
