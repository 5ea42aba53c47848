/**
 * A reporter is thanked by the name of both voices, and appeals: in a node's own database,
 * from the mailbox to the public lines.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { findCaseAct } from '../../src/app/acts.ts'
import { openCase } from '../../src/app/open-case.ts'
import { openMailboxById } from '../../src/app/open-mailbox.ts'
import type { FollowUpKind } from '../../src/app/ports/filings.ts'
import { appealOf, mayAppealNow, startAppeal } from '../../src/app/reporter-appeals.ts'
import { chooseReporterCredit } from '../../src/app/reporter-credit.ts'
import { DAY_MS, utcDateOf } from '../../src/base/time.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import type { ShownAs } from '../../src/core/disclosure/recognition-events.ts'
import { deskKernel, NODE, stayInOneMonth } from '../support/desk-kernel.ts'
import { newFiling } from '../support/new-filing.ts'

const MAILBOX = new Uint8Array(32).fill(6)
const ESCALATION = { body: 'Ombudsperson (invented)', address: 'ombud.example' }
const ANSWERS = { title: 'x', whatHappened: 'y', isPublic: 'no', language: 'en' } as const
const NO_DAYS: { kind: string; dueOn: never; source: string }[] = []

async function place(t: TestContext, kind: 'flaw' | 'misconduct' = 'flaw', owed = NO_DAYS) {
  const desk = await deskKernel(t)
  const { kernel } = desk
  Object.assign(kernel, { intake: { escalation: ESCALATION } })
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const entries = [{ recipient: 'age1a', layer: 'inner', holder: { officer: iris.officer } }]
  const roster = {
    ...{ type: 'sealingRosterSet', entries, digest: 'ab'.repeat(32), proposedBy: null },
  }
  await desk.append(kernel.authorityStreamId, kernel.node.id, roster)
  const mailboxHash = new Uint8Array(kernel.primitives.sha256(MAILBOX))
  const made = newFiling({ mailboxHash })
  const receipt = { ...made.acceptedReceipt.receipt, clocks: owed }
  const filing = { ...made, acceptedReceipt: { ...made.acceptedReceipt, receipt } }
  assert.ok(await kernel.filings.add(filing))
  const admit = async () => {
    const answers = { ...ANSWERS, kind }
    const opened = await openCase(
      kernel,
      { filingId: filing.id, title: 'A case', answers },
      desk.now(iris),
    )
    assert.equal(opened.decision, 'permit')
    return opened.value.streamId
  }
  const act = async (name: string, caseId: string, by: Acting, input: object) => {
    const now = desk.now(by)
    const found = findCaseAct(name)
    assert.ok(found, name)
    return found.run(kernel, caseId, { input, acting: { ...now, steppedUpAt: now.now } })
  }
  const choose = (shownAs: ShownAs, name: string) =>
    chooseReporterCredit(kernel, MAILBOX, { shownAs, name })
  const voice = async () => (await openMailboxById(kernel, MAILBOX))?.voice
  const lines = (before = '9999-12') =>
    kernel.registers.thanks.page({ before, year: undefined, skip: 0, limit: 10 })
  /** As the mailbox does, without the sealing, which other tests show. */
  const appeal = async (kind: FollowUpKind) => {
    const about = appealOf(kind)
    assert.ok(about)
    const found = await kernel.filings.find(filing.id)
    assert.ok(found)
    const may = await mayAppealNow(kernel, found, about)
    if (may.decision === 'refuse') return may.why
    const id = kernel.random.uuid()
    await kernel.streams.transact(async (unit) => {
      const taken = await unit.takeFollowUp(
        {
          ...{ id, filingId: filing.id, isFromReporter: true, kind },
          on: utcDateOf(kernel.clocks.caseNow()),
          sealed: kernel.random.bytes(64),
          sealedFor: filing.sealedFor,
        },
        kernel.random.bytes(32),
      )
      if (taken?.caseId) await startAppeal(kernel, unit, taken.caseId, { id, about })
    })
    return id
  }
  const close = (caseId: string, by: Acting) =>
    desk.append(caseId, by.officer, {
      ...{ type: 'reportStateChanged', participant: NODE.id, event: 'close' },
      ...{ from: 'invalid', to: 'closed' },
    } as { readonly type: string })
  const tasks = async (who: Acting) =>
    (await kernel.desk.records.openTasksFor(who.officer)).map(({ title }) => title).join()
  const reportState = async (caseId: string) => {
    const history = (await kernel.streams.read(caseId))?.history ?? []
    return history.map(({ event }) => event.type)
  }
  return { ...desk, iris, admit, act, choose, voice, lines, appeal, close, tasks, reportState }
}

test('a line appears when both have spoken and the case has ended, and goes when it is taken back', async (t) => {
  const desk = await place(t)
  stayInOneMonth(desk)
  const { iris, admit, act, choose, voice, lines, close } = desk
  const early = await choose('pseudonym', 'Blue Kite')
  assert.equal(early.decision === 'refuse' && early.why, 'notAdmitted')
  assert.equal((await voice())?.credit, null)
  const caseId = await admit()
  const roles = ['finder', 'analyst']
  const asked = await act('thankReporter', caseId, iris, { roles })
  assert.equal(asked.decision, 'permit')
  const other = await act('thankReporter', caseId, iris, { roles, name: 'Blue Kite' })
  assert.equal(other.decision === 'refuse' && other.why, 'nameNotChosen')
  assert.equal((await choose('pseudonym', 'Blue Kite')).decision, 'permit')
  assert.deepEqual((await voice())?.credit, {
    ...{ shownAs: 'pseudonym', name: 'Blue Kite', roles: ['analyst', 'finder'] },
    ...{ isAgreed: false, creditId: null },
  })
  assert.equal(
    (await act('thankReporter', caseId, iris, { roles, name: 'Blue Kite' })).decision,
    'permit',
  )
  assert.equal((await lines()).total, 0, 'the case goes on')
  await close(caseId, iris)
  const { rows, total } = await lines()
  assert.equal(total, 1)
  const [line] = rows
  assert.deepEqual([line?.name, line?.roles], ['Blue Kite', ['analyst', 'finder']])
  assert.match(line?.month ?? '', /^2\d{3}-\d\d$/)
  assert.equal((await lines(line?.month)).total, 0, 'its month is not over')
  assert.equal((await voice())?.credit?.creditId, null, 'nor is there a certificate')
  assert.equal((await choose('nothing', '')).decision, 'permit')
  assert.equal((await lines()).total, 0)
})

test('who reported misconduct cannot be named, whatever anybody asks', async (t) => {
  const { iris, admit, act, choose, voice, lines, close } = await place(t, 'misconduct')
  const caseId = await admit()
  const named = await choose('name', 'Odo Fern')
  assert.equal(named.decision === 'refuse' && named.why, 'misconduct')
  const thanked = await act('thankReporter', caseId, iris, { roles: ['finder'] })
  assert.equal(thanked.decision === 'refuse' && thanked.why, 'misconduct')
  await close(caseId, iris)
  assert.equal((await voice())?.credit, null)
  assert.equal((await lines()).total, 0)
})

test('a rejection is appealed, decided by somebody independent, and the report is open again', async (t) => {
  const { enrol, iris, admit, act, appeal, close, tasks, voice, reportState } = await place(t)
  const odo = await enrol('Odo Fern (invented)', ['reviewer'])
  const caseId = await admit()
  assert.equal(await appeal('appealRejection'), 'notRejected')
  await close(caseId, iris)
  const appealId = await appeal('appealRejection')
  assert.equal(await appeal('appealRejection'), 'alreadyAppealed')
  assert.match(await tasks(odo), /Decide an appeal/)
  assert.doesNotMatch(await tasks(iris), /Decide an appeal/)
  const input = { appealId, outcome: 'reversed', reasons: 'The second file was never looked at.' }
  const own = await act('decideReporterAppeal', caseId, iris, input)
  assert.equal(own.decision === 'refuse' && own.why, 'notIndependent')
  assert.equal((await act('decideReporterAppeal', caseId, odo, input)).decision, 'permit')
  assert.ok((await reportState(caseId)).includes('reportReopened'))
  const told = (await voice())?.appeals[0]
  assert.deepEqual([told?.outcome, told?.reasons], ['reversed', input.reasons])
  assert.match(await tasks(iris), /Answer the reporter/)
  assert.deepEqual((await voice())?.mayAppeal, [], 'it is open again')
})

test('where nobody is independent the reporter is told who stands above', async (t) => {
  const { iris, admit, act, appeal, close, voice, enrol } = await place(t)
  const caseId = await admit()
  await close(caseId, iris)
  const appealId = await appeal('appealRejection')
  assert.deepEqual((await voice())?.appeals[0]?.escalated, ESCALATION)
  const again = await act('escalateReporterAppeal', caseId, iris, { appealId })
  assert.equal(again.decision === 'refuse' && again.why, 'alreadyDecided')
  // Somebody who came later may still decide it here.
  const odo = await enrol('Odo Fern (invented)', ['caseOfficer'])
  const input = { appealId, outcome: 'upheld', reasons: 'It was outside what we may look at.' }
  assert.equal((await act('decideReporterAppeal', caseId, odo, input)).decision, 'permit')
})

test('a report that nobody opens is late, and the appeal waits for it', async (t) => {
  const today = utcDateOf(new Date(Date.now() + DAY_MS).toISOString() as never)
  const ack = [{ kind: 'x/ack', dueOn: today as never, source: 'invented' }]
  const { enrol, pass, admit, appeal, tasks, voice } = await place(t, 'flaw', ack)
  const odo = await enrol('Odo Fern (invented)', ['reviewer'])
  assert.equal(await appeal('appealDelay'), 'notLate')
  assert.equal(await appeal('appealRejection'), 'notRejected')
  assert.equal(await appeal('appealCredit'), 'nothingCredited')
  pass(3 * DAY_MS)
  assert.deepEqual((await voice())?.mayAppeal, ['delay'])
  await appeal('appealDelay')
  await admit()
  assert.match(await tasks(odo), /Decide an appeal/)
  assert.equal((await voice())?.appeals[0]?.about, 'delay')
})
