/** A follow-up about retaliation starts one clock and a task, before admission or after it. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openCase } from '../../src/app/open-case.ts'
import type { FollowUpKind } from '../../src/app/ports/filings.ts'
import { utcDateOf } from '../../src/base/time.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { newFiling } from '../support/new-filing.ts'

const ANSWERS = { title: 'x', whatHappened: 'y', isPublic: 'no', language: 'en' } as const

async function place(t: TestContext) {
  const desk = await deskKernel(t)
  const { kernel } = desk
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const filing = newFiling()
  assert.ok(await kernel.filings.add(filing))
  const write = (kind: FollowUpKind, token = kernel.random.bytes(32)) =>
    kernel.streams.transact((unit) =>
      unit.takeFollowUp(
        {
          id: kernel.random.uuid(),
          filingId: filing.id,
          isFromReporter: true,
          kind,
          on: utcDateOf(kernel.clocks.caseNow()),
          sealed: kernel.random.bytes(64),
          sealedFor: filing.sealedFor,
        },
        token,
      ),
    )
  const admit = async () => {
    const input = { filingId: filing.id, title: 'A case', answers: ANSWERS }
    const opened = await openCase(kernel, input, desk.now(iris))
    assert.equal(opened.decision, 'permit')
    return opened.value.streamId
  }
  const types = async (caseId: string) =>
    ((await kernel.streams.read(caseId))?.history ?? []).map(({ event }) => event.type)
  return { ...desk, iris, filing, write, admit, types }
}

test('what was said while the report waited starts the clock when it is admitted', async (t) => {
  const { kernel, iris, write, admit, types } = await place(t)
  assert.deepEqual(await write('followUp'), { caseId: undefined })
  assert.equal((await kernel.filings.waiting())[0]?.saysRetaliation, false)
  assert.deepEqual(await write('retaliation'), { caseId: undefined })
  assert.equal((await kernel.filings.waiting())[0]?.saysRetaliation, true)
  const caseId = await admit()
  const said = (await types(caseId)).filter((type) => type === 'retaliationReported')
  assert.equal(said.length, 1)
  const tasks = await kernel.desk.records.openTasksFor(iris.officer)
  assert.match(tasks.map(({ title }) => title).join(), /Protect a reporter/)
})

test('a report without such a word starts none', async (t) => {
  const { kernel, iris, write, admit, types } = await place(t)
  await write('followUp')
  assert.ok(!(await types(await admit())).includes('retaliationReported'))
  assert.deepEqual(await kernel.desk.records.openTasksFor(iris.officer), [])
})

test('a follow-up names the case of its filing, and counts once', async (t) => {
  const { kernel, filing, write, admit } = await place(t)
  const caseId = await admit()
  const token = kernel.random.bytes(32)
  assert.deepEqual(await write('retaliation', token), { caseId })
  assert.equal(await write('retaliation', token), undefined)
  assert.equal((await kernel.filings.messages(filing.id)).length, 1)
})
