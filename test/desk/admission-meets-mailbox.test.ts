/** A filing is admitted while its reporter writes, or with tags that somebody chose badly. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openCase } from '../../src/app/open-case.ts'
import { utcDateOf } from '../../src/base/time.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { newFiling } from '../support/new-filing.ts'

const ANSWERS = { title: 'x', whatHappened: 'y', isPublic: 'no', language: 'en' } as const

async function place(t: TestContext) {
  const { kernel, enrol } = await deskKernel(t)
  const iris = await enrol('Iris Quill (invented)', ['caseOfficer'])
  const admit = async (filingId: string) => {
    const opened = await openCase(kernel, { filingId, title: 'A case', answers: ANSWERS }, iris)
    assert.equal(opened.decision, 'permit')
    return opened.value.streamId
  }
  return { kernel, admit }
}

test('a follow-up that meets the admission is heard of by one of the two', async (t) => {
  const { kernel, admit } = await place(t)
  const filing = newFiling()
  assert.ok(await kernel.filings.add(filing))
  const id = kernel.random.uuid()
  const message = {
    ...{ id, filingId: filing.id, isFromReporter: true, kind: 'retaliation' as const },
    on: utcDateOf(kernel.clocks.caseNow()),
    sealed: kernel.random.bytes(64),
    sealedFor: filing.sealedFor,
  } as const
  let admitted: Promise<string> | undefined
  const taken = await kernel.streams.transact(async (unit) => {
    const found = await unit.takeFollowUp(message, kernel.random.bytes(32))
    admitted = admit(filing.id)
    // Written, and not yet there for others: long enough for an admission to overtake it.
    await Promise.race([admitted, new Promise((resolve) => setTimeout(resolve, 500))])
    return found
  })
  assert.deepEqual(taken, { caseId: undefined })
  const stream = await kernel.streams.read((await admitted) ?? '')
  const types = stream?.history.map(({ event }) => event.type) ?? []
  assert.ok(types.includes('retaliationReported'), types.join())
})

test('a report whose tag was listed before is admitted all the same', async (t) => {
  const { kernel, admit } = await place(t)
  const one = newFiling()
  const other = newFiling({ tags: one.tags })
  for (const filing of [one, other]) assert.ok(await kernel.filings.add(filing))
  await admit(one.id)
  await admit(other.id)
})
