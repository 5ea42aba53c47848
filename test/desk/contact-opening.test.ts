/** Who reported is opened by an officer of each group, on a ground, and the reporter hears of it. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { findCaseAct } from '../../src/app/acts.ts'
import { openMailboxById } from '../../src/app/open-mailbox.ts'
import { approveProposal } from '../../src/app/proposals.ts'
import { readTakenContact, takeContactStep } from '../../src/app/sealed-contact.ts'
import { DAY_MS } from '../../src/base/time.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { newFiling } from '../support/new-filing.ts'

const GROUND = 'The reporter asked to be called before anything is published.'
const MAILBOX = new Uint8Array(32).fill(5)

async function place(t: TestContext, contact: Uint8Array<ArrayBuffer> | undefined) {
  const desk = await deskKernel(t)
  const { kernel } = desk
  const inner = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const second = await desk.enrol('Odo Fern (invented)', ['caseOfficer'])
  const outer = await desk.enrol('Lena Bridge (invented)', ['liaison'])
  const overseer = await desk.enrol('Vera Watch (invented)', ['oversight'])
  const entries = [
    { recipient: 'age1a', layer: 'inner', holder: { officer: inner.officer } },
    { recipient: 'age1b', layer: 'inner', holder: { officer: second.officer } },
    { recipient: 'age1c', layer: 'outer', holder: { officer: outer.officer } },
  ]
  const digest = 'ab'.repeat(32)
  const roster = { type: 'sealingRosterSet', entries, digest, proposedBy: null }
  await desk.append(kernel.authorityStreamId, kernel.node.id, roster)
  const mailboxHash = new Uint8Array(kernel.primitives.sha256(MAILBOX))
  const filing = newFiling({ contact, sealedFor: digest, mailboxHash })
  assert.ok(await kernel.filings.add(filing))
  const caseId = await desk.openCase('A case', inner)
  const report = { type: 'reportAdmitted', report: {}, filingId: filing.id }
  await desk.append(caseId, inner.officer, report)
  const proved = (acting: Acting): Acting => ({
    ...desk.now(acting),
    steppedUpAt: desk.now(acting).now,
  })
  const propose = async (acting: Acting, input: object) => {
    const act = findCaseAct('openContact')
    assert.ok(act)
    return act.run(kernel, caseId, { input, acting: proved(acting) })
  }
  const proposed = async (acting: Acting, input: object = {}) => {
    const done = await propose(acting, { ground: GROUND, basis: 'reporterAgreed', ...input })
    assert.equal(done.decision, 'permit')
    assert.deepEqual(done.value.events, ['actProposed'])
    return done.value.result as { readonly proposalId: string; readonly digest: string }
  }
  const approve = (
    acting: Acting,
    shown: { readonly proposalId: string; readonly digest: string },
  ) => approveProposal(kernel, { caseId, ...shown }, proved(acting))
  const mailbox = async () => {
    const opened = await openMailboxById(kernel, MAILBOX)
    assert.ok(opened)
    return opened
  }
  const types = async () =>
    ((await kernel.streams.read(caseId))?.history ?? []).map(({ event }) => event.type)
  return {
    ...desk,
    inner,
    second,
    outer,
    overseer,
    caseId,
    proposed,
    approve,
    mailbox,
    types,
    proved,
  }
}

const SEALED = new Uint8Array([1, 2, 3])

test('one officer of each group opens it; the reporter is told and oversight looks', async (t) => {
  const { kernel, inner, outer, overseer, proposed, approve, mailbox } = await place(t, SEALED)
  assert.deepEqual((await mailbox()).contactOpenings, [])
  const shown = await proposed(inner)
  assert.deepEqual((await mailbox()).contactOpenings, [])
  const done = await approve(outer, shown)
  assert.equal(done.decision, 'permit')
  assert.deepEqual(done.value.events, ['proposalApproved', 'contactTakenOut'])
  assert.deepEqual(done.value.result, { sealedContact: 'AQID' })
  const told = (await mailbox()).contactOpenings.map(({ basis }) => basis)
  assert.deepEqual(told, ['reporterAgreed'])
  const tasks = await kernel.desk.records.openTasksFor(overseer.officer)
  assert.match(tasks.map(({ title }) => title).join(), /who reported/)
})

test('either group may begin, and a ground can forbid to tell', async (t) => {
  const { inner, outer, proposed, approve, mailbox, types } = await place(t, SEALED)
  const notToldBecause = 'A court forbids it for as long as it hears witnesses.'
  const done = await approve(inner, await proposed(outer, { notToldBecause, basis: 'legalDuty' }))
  assert.equal(done.decision, 'permit')
  assert.deepEqual((await mailbox()).contactOpenings, [])
  assert.ok((await types()).includes('contactTakenOut'))
})

test('two of one group, one alone, or somebody without a key do not', async (t) => {
  const { inner, second, overseer, proposed, approve, mailbox, types } = await place(t, SEALED)
  const shown = await proposed(inner)
  for (const [acting, why] of [
    [inner, 'samePerson'],
    [second, 'sameGroup'],
    [overseer, 'sameGroup'],
  ] as const) {
    const no = await approve(acting, shown)
    assert.equal(no.decision, 'refuse')
    assert.equal(no.why, why)
  }
  assert.ok(!(await types()).includes('contactTakenOut'))
  assert.deepEqual((await mailbox()).contactOpenings, [])
})

test('where no contact was left there is nothing to open', async (t) => {
  const { inner, outer, proposed, approve } = await place(t, undefined)
  const no = await approve(outer, await proposed(inner))
  assert.equal(no.decision, 'refuse')
  assert.equal(no.why, 'noContact')
})

test('the two, and nobody else, get the sealed contact, and each step is on record', async (t) => {
  const { kernel, inner, outer, second, overseer, caseId, proposed, approve, proved } = await place(
    t,
    SEALED,
  )
  const step = { caseId, step: 'fetched' as const }
  const shown = await proposed(inner)
  const early = await takeContactStep(kernel, step, proved(inner))
  assert.equal(early.decision === 'refuse' && early.why, 'notTheTwo')
  await approve(outer, shown)
  for (const [acting, layers] of [
    [inner, ['inner']],
    [outer, ['outer']],
  ] as const) {
    const taken = await readTakenContact(kernel, caseId, proved(acting))
    assert.deepEqual(taken?.layers, layers)
    assert.deepEqual([taken?.proposedBy, taken?.approvedBy], [inner.officer, outer.officer])
    const got = await takeContactStep(kernel, step, proved(acting))
    assert.equal(got.decision, 'permit')
    assert.deepEqual([...got.value], [1, 2, 3])
  }
  const read = await takeContactStep(kernel, { caseId, step: 'read' }, proved(inner))
  assert.equal(read.decision, 'permit')
  for (const acting of [second, overseer]) {
    assert.equal(await readTakenContact(kernel, caseId, proved(acting)), undefined)
    const no = await takeContactStep(kernel, step, proved(acting))
    assert.equal(no.decision === 'refuse' && no.why, 'notTheTwo')
  }
  const { steppedUpAt: _, ...stale } = proved(inner)
  const unproved = await takeContactStep(kernel, step, stale)
  assert.equal(unproved.decision === 'refuse' && unproved.why, 'stepUpNeeded')
  const stream = await kernel.streams.read(kernel.sealingStreamId)
  const filingId = (await kernel.streams.read(caseId))?.history
    .map(({ event }) => event as { readonly filingId?: string })
    .find(({ filingId }) => typeof filingId === 'string')?.filingId
  const steps = (stream?.history ?? []).map(({ event, by }) => ({ ...event, by }))
  assert.deepEqual(steps, [
    { type: 'contactHandled', filingId, step: 'fetched', by: inner.officer },
    { type: 'contactHandled', filingId, step: 'fetched', by: outer.officer },
    { type: 'contactHandled', filingId, step: 'read', by: inner.officer },
  ])
})

test('after seven days the two have to ask again', async (t) => {
  const desk = await place(t, SEALED)
  const { kernel, inner, outer, caseId, proposed, approve, proved } = desk
  await approve(outer, await proposed(inner))
  desk.pass(7 * DAY_MS - 60_000)
  const step = { caseId, step: 'fetched' as const }
  const last = await takeContactStep(kernel, step, proved(outer))
  assert.equal(last.decision, 'permit')
  desk.pass(60_000)
  const late = await takeContactStep(kernel, step, proved(outer))
  assert.equal(late.decision === 'refuse' && late.why, 'notTheTwo')
  const stream = await kernel.streams.read(kernel.sealingStreamId)
  assert.equal(stream?.history.length, 1)
})
