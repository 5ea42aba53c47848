/** Who gets which notice, and to whom a period is passed: on real streams and lists. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailContext } from '../../src/adapters/postgres/desk/notices.ts'
import { findCaseAct } from '../../src/app/acts.ts'
import { escalateDeadlines } from '../../src/app/desk/escalate.ts'
import { confirmAddress, queueNotices, setPreference } from '../../src/app/desk/notices.ts'
import { queueRosterNotices } from '../../src/app/desk/roster-notice.ts'
import { addTask } from '../../src/app/desk/tasks.ts'
import { workListOf } from '../../src/app/desk/work-list.ts'
import { reconcileAccounts } from '../../src/app/people/reconcile.ts'
import { suspendEveryone } from '../../src/app/people/suspend.ts'
import { textFromUtf8 } from '../../src/base/bytes.ts'
import { addMs, DAY_MS, HOUR_MS, instantFromMs } from '../../src/base/time.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import type { MailConfig } from '../../src/node/config/mail.ts'
import { type DeskKernel, deskKernel, NODE } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'

const MAIL: MailConfig = {
  host: '127.0.0.1',
  port: 1,
  security: 'none',
  from: 'comity@authority.example',
  domains: ['authority.example'],
  escalation: { withinDays: 3, silentDays: 5 },
}
const TITLE = 'Canary chatbot and a named child'

async function mailsOf({ database }: DeskKernel) {
  const rows = await database.selectFrom('mail_out').selectAll().orderBy('send_at').execute()
  return rows.map((row) => {
    const text = textFromUtf8(keys.node.open(mailContext(row.id), row.sealed_message))
    return { sendAt: row.send_at.getTime(), ...(JSON.parse(text) as { to: string; text: string }) }
  })
}

const ask = (kernel: DeskKernel['kernel'], acting: Acting, more: object = {}) =>
  setPreference(
    kernel,
    { address: 'iris@authority.example', isUrgentWanted: true, ...more },
    acting,
  )

/** With the code that the mail brought, which is then gone from the queue. */
async function wish(desk: DeskKernel, acting: Acting, more: object = {}) {
  const asked = await ask(desk.kernel, acting, more)
  if (asked.decision === 'refuse' || asked.value.isConfirmed) return asked
  assert.equal(await confirmAddress(desk.kernel, await codeOf(desk), acting), true)
  await desk.database.deleteFrom('mail_out').where('officer_id', '=', acting.officer).execute()
  return asked
}

async function codeOf(desk: DeskKernel): Promise<string> {
  const said = (await mailsOf(desk)).map(
    ({ text }) => /([0-9A-Z]{4}-){5}[0-9A-Z]{4}/.exec(text)?.[0],
  )
  return said.findLast((code) => code !== undefined) ?? assert.fail('no code was sent')
}

test('an urgent notice leaves once for what is new, with counts and no content', async (t) => {
  const desk = await deskKernel(t, MAIL)
  const { kernel } = desk
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const caseId = await desk.openCase(TITLE, iris)
  await wish(desk, iris)
  assert.equal(await queueNotices(kernel), 0, 'nothing presses')
  const task = { title: 'Canary task', assignee: iris.officer, dueOn: '2020-01-01' }
  assert.equal((await addTask(kernel, caseId, task, iris)).decision, 'permit')
  assert.equal(await queueNotices(kernel), 1)
  assert.equal(await queueNotices(kernel), 0, 'not twice')
  desk.pass(2 * HOUR_MS)
  assert.equal(await queueNotices(kernel), 0, 'nothing new')
  const [mail] = await mailsOf(desk)
  assert.equal(mail?.to, 'iris@authority.example')
  assert.match(mail?.text ?? '', /Tasks: 1/)
  assert.ok(mail?.text.includes(`${NODE.urls.officers}/en/officer/my-work`))
  const said = JSON.stringify(await mailsOf(desk))
  for (const secret of ['Canary', 'chatbot', 'child', caseId, iris.officer, 'Iris']) {
    assert.ok(!said.includes(secret), secret)
  }
})

test('a proposal is told to whoever could be the second person, without what it is', async (t) => {
  const desk = await deskKernel(t, MAIL)
  const { kernel } = desk
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const odo = await desk.enrol('Odo Lamp (invented)', ['caseOfficer'])
  const gus = await desk.enrol('Gus Reed (invented)', ['oversight'])
  const caseId = await desk.openCase(TITLE, iris)
  const act = (name: string, input: object) =>
    findCaseAct(name)?.run(kernel, caseId, { input, acting: desk.now(iris) })
  await act('classifyCase', { classification: 'confidential', reason: 'Canary reason' })
  await act('assignOfficer', { officer: odo.officer, reason: 'Canary reason' })
  const waitsFor = async (who: Acting) =>
    (await workListOf(kernel, desk.now(who))).proposals.map((one) => one.act)
  assert.deepEqual(await waitsFor(gus), ['assignOfficer'])
  assert.deepEqual(await waitsFor(iris), [], 'not whoever proposed it')
  assert.deepEqual(await waitsFor(odo), [], 'not whom it would let in')
  for (const who of [iris, odo, gus]) {
    const address = `${who.officer}@authority.example`
    await wish(desk, who, { address, digestHour: 0 })
  }
  assert.equal(await queueNotices(kernel), 1)
  const [mail] = await mailsOf(desk)
  assert.match(mail?.to ?? '', new RegExp(gus.officer))
  assert.match(mail?.text ?? '', /Waiting for your second pair of eyes: 1/)
  desk.pass(6 * DAY_MS + HOUR_MS)
  assert.equal(await queueNotices(kernel), 1, 'and again before it expires')
  const mails = await mailsOf(desk)
  assert.match(mails.at(-1)?.text ?? '', /Due within a day, or late: 1/)
  for (const secret of ['Canary', 'chatbot', caseId, odo.officer, 'assign', 'Odo']) {
    assert.ok(!mails.some(({ text }) => text.includes(secret)), secret)
  }
  desk.pass(DAY_MS)
  assert.deepEqual(await waitsFor(gus), [], 'it has expired')
})

test('a digest that tells of reports leaves later, by a time that nobody chose', async (t) => {
  const delays = new Set<number>()
  const desk = await deskKernel(t, { ...MAIL, intakeDelayMinutes: 240 })
  const { kernel } = desk
  const waiting = { ...kernel.filings, waiting: async () => [{}, {}] }
  const withReports = { ...kernel, filings: waiting } as unknown as typeof kernel
  const before = Date.now()
  for (let n = 0; n < 6; n++) {
    const officer = await desk.enrol(`Officer ${n} (invented)`, ['caseOfficer'])
    await wish(desk, officer, { digestHour: 0 })
  }
  assert.equal(await queueNotices(withReports), 6)
  for (const { sendAt, text } of await mailsOf(desk)) {
    assert.match(text, /Reports: 2/)
    assert.ok(sendAt >= before && sendAt <= before + 240 * 60_000 + 60_000)
    delays.add(sendAt)
  }
  assert.equal(delays.size, 6)
  assert.ok(Math.max(...delays) - Math.min(...delays) > 60_000)
  assert.equal(await queueNotices(withReports), 0, 'once a day')
})

test('addresses that are none, or not of the authority, are refused', async (t) => {
  const desk = await deskKernel(t, MAIL)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  for (const address of [
    'iris',
    '@authority.example',
    'iris@elsewhere.example',
    'iris@authority.example.elsewhere.example',
    'iris@authority.example, other@elsewhere.example',
    'iris@authority.example\r\nBcc: other@elsewhere.example',
    '"x@elsewhere.example"@authority.example',
    '<iris@authority.example>',
  ]) {
    const refused = await ask(desk.kernel, iris, { address })
    assert.equal(refused.decision, 'refuse', address)
  }
  assert.equal(await desk.desk.notices.preference(iris.officer), undefined)
  assert.equal((await wish(desk, iris)).decision, 'permit')
})

test('without mail in the configuration nobody sets a wish, and no period is passed on', async (t) => {
  const desk = await deskKernel(t)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  assert.equal((await wish(desk, iris)).decision, 'refuse')
  assert.equal(await escalateDeadlines(desk.kernel), 0)
})

async function withPeriod(t: Parameters<typeof deskKernel>[0]) {
  const desk = await deskKernel(t, MAIL)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const odo = await desk.enrol('Odo Fern (invented)', ['caseOfficer'])
  const ada = await desk.enrol('Ada Heath (invented)', ['caseOfficer'])
  await desk.enrol('Lena Bridge (invented)', ['liaison'])
  const caseId = await desk.openCase(TITLE, iris)
  const dueAt = instantFromMs(Date.now() + 2 * DAY_MS)
  await desk.database
    .insertInto('p_deadline')
    .values({ stream_id: caseId, clock: 'eu.aiact/serious-incident', state: 'due', due_at: dueAt })
    .execute()
  const kept = async () => {
    const stream = await desk.kernel.streams.read(caseId)
    return stream?.history.map(({ event }) => event).filter((e) => e.type === 'deadlineEscalated')
  }
  const absent = (who: Acting) =>
    desk.append(desk.kernel.authorityStreamId, who.officer, {
      type: 'absenceSet',
      absenceId: desk.kernel.random.uuid(),
      officer: who.officer,
      fromAt: addMs(who.now, -DAY_MS),
      untilAt: addMs(who.now, 9 * DAY_MS),
    } as { type: string })
  return { desk, iris, odo, ada, caseId, kept, absent, dueAt }
}

test('a period whose owner is absent goes to the one delegated to, once, on record', async (t) => {
  const { desk, iris, odo, ada, kept, absent, caseId, dueAt } = await withPeriod(t)
  assert.equal(await escalateDeadlines(desk.kernel), 0, 'the owner is there')
  await absent(iris)
  await desk.append(desk.kernel.authorityStreamId, iris.officer, {
    type: 'delegationGiven',
    delegationId: desk.kernel.random.uuid(),
    from: iris.officer,
    to: ada.officer,
    roles: ['caseOfficer'],
    acts: null,
    fromAt: addMs(iris.now, -DAY_MS),
    untilAt: addMs(iris.now, 9 * DAY_MS),
  } as { type: string })
  await setPreference(desk.kernel, { address: 'ada@authority.example', isUrgentWanted: false }, ada)
  assert.equal(await escalateDeadlines(desk.kernel), 1)
  assert.deepEqual(await kept(), [
    {
      type: 'deadlineEscalated',
      clock: 'eu.aiact/serious-incident',
      dueAt,
      owner: iris.officer,
      deputy: ada.officer,
      ground: 'absent',
    },
  ])
  const [mail] = await mailsOf(desk)
  assert.equal(mail?.to, 'ada@authority.example')
  assert.ok(!mail?.text.includes('Canary'))
  // The list is written anew with the event; a clock that no law pack computed is not in it.
  await desk.database
    .insertInto('p_deadline')
    .values({ stream_id: caseId, clock: 'eu.aiact/serious-incident', state: 'due', due_at: dueAt })
    .execute()
  assert.equal(await escalateDeadlines(desk.kernel), 0, 'once')
  const list = await workListOf(desk.kernel, desk.now(ada))
  assert.equal(list.deadlines.length, 1, 'the deputy finds it in the own work')
  assert.equal((await workListOf(desk.kernel, desk.now(odo))).deadlines.length, 0)
})

test('a silent owner: another case officer who is there gets it, never one in conflict', async (t) => {
  const { desk, odo, ada, kept, absent, dueAt, caseId } = await withPeriod(t)
  desk.pass(6 * DAY_MS)
  await absent(desk.now(ada))
  assert.equal(await escalateDeadlines(desk.kernel), 1)
  const [event] = (await kept()) as { deputy?: string; ground?: string }[]
  assert.deepEqual([event?.deputy, event?.ground], [odo.officer, 'silent'])
  await desk.append(desk.kernel.authorityStreamId, odo.officer, {
    type: 'conflictDeclared',
    conflictId: desk.kernel.random.uuid(),
    officer: odo.officer,
    note: 'f'.repeat(64),
  } as { type: string })
  await desk.database
    .insertInto('p_deadline')
    .values({ stream_id: caseId, clock: 'eu.aiact/serious-incident', state: 'due', due_at: dueAt })
    .execute()
  assert.equal(await escalateDeadlines(desk.kernel), 0, 'nobody is left')
})

test('an address counts only once the code that was sent there has come back', async (t) => {
  const desk = await deskKernel(t, MAIL)
  const { kernel } = desk
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const odo = await desk.enrol('Odo Fern (invented)', ['caseOfficer'])
  const known = async () => (await desk.desk.notices.preference(iris.officer))?.address
  assert.deepEqual((await ask(kernel, iris)).decision, 'permit')
  assert.equal(await known(), undefined)
  assert.equal(await queueNotices(kernel), 0, 'no notice goes there')
  const code = await codeOf(desk)
  for (const wrong of ['', 'x', code.slice(1), `${code}0`, '0000-0000-0000-0000-0000-0000']) {
    assert.equal(await confirmAddress(kernel, wrong, iris), false, wrong)
  }
  assert.equal(await confirmAddress(kernel, code, odo), false, 'of somebody else')
  assert.equal(await confirmAddress(kernel, code.toLowerCase(), iris), true)
  assert.equal(await confirmAddress(kernel, code, iris), false, 'once')
  assert.equal(await known(), 'iris@authority.example')
  const said = JSON.stringify(await desk.database.selectFrom('mail_check').selectAll().execute())
  assert.ok(!said.includes(code))

  const other = { address: 'iris.other@authority.example' }
  assert.equal((await ask(kernel, iris, other)).decision, 'permit')
  assert.equal(await known(), 'iris@authority.example', 'until then the one before counts')
  assert.equal((await ask(kernel, iris, other)).decision, 'refuse', 'not twice within a minute')
  const second = await codeOf(desk)
  desk.pass(DAY_MS)
  assert.equal(await confirmAddress(kernel, second, iris), false, 'over')
  assert.equal((await ask(kernel, iris, { digestHour: 7 })).decision, 'permit')
  assert.equal((await desk.desk.notices.preference(iris.officer))?.digestHour, 7)
})

test('ten wrong codes, also at once, and a new one must be asked for', async (t) => {
  const desk = await deskKernel(t, MAIL)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  await ask(desk.kernel, iris)
  const code = await codeOf(desk)
  const wrong = '0000-0000-0000-0000-0000-0000'
  await Promise.all(Array.from({ length: 12 }, () => confirmAddress(desk.kernel, wrong, iris)))
  assert.equal(await confirmAddress(desk.kernel, code, iris), false)
  desk.pass(2 * 60_000)
  await ask(desk.kernel, iris)
  await desk.database
    .deleteFrom('mail_out')
    .where('send_at', '<', new Date(Date.now() + 60_000))
    .execute()
  assert.equal(await confirmAddress(desk.kernel, code, iris), false, 'the first stays worthless')
  assert.equal(await confirmAddress(desk.kernel, await codeOf(desk), iris), true)
})

test('who plans the roster is told once a day that nobody is on duty', async (t) => {
  const desk = await deskKernel(t, MAIL)
  const { kernel } = desk
  const administrator = await desk.enrol('Ada Root (invented)', ['administrator'])
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  await wish(desk, administrator)
  await wish(desk, iris)
  assert.equal(await queueRosterNotices(kernel), 0, 'there is no roster')
  const now = Date.now()
  const shift = (from: number, until: number) => ({
    type: 'shiftPlanned',
    shiftId: crypto.randomUUID(),
    officer: iris.officer,
    fromAt: instantFromMs(now + from * HOUR_MS),
    untilAt: instantFromMs(now + until * HOUR_MS),
  })
  await desk.append(kernel.authorityStreamId, NODE.id, shift(-1, 30))
  assert.equal(await queueRosterNotices(kernel), 0, 'somebody is there all day')
  desk.pass(12 * HOUR_MS)
  assert.equal(await queueRosterNotices(kernel), 1)
  assert.equal(await queueRosterNotices(kernel), 0, 'once a day')
  const [mail, ...others] = await mailsOf(desk)
  assert.deepEqual(others, [])
  assert.match(mail?.text ?? '', /nobody is on duty/)
  assert.ok(!JSON.stringify(mail).includes('Quill'))
  const rows = await desk.database.selectFrom('mail_out').select('officer_id').execute()
  assert.deepEqual(rows, [{ officer_id: administrator.officer }])
  desk.pass(DAY_MS)
  assert.equal(await queueRosterNotices(kernel), 1, 'the next day')
})

test('turning mail off does not end the minute between two codes', async (t) => {
  const { domains: _, ...anyDomain } = MAIL
  const desk = await deskKernel(t, anyDomain)
  const { kernel } = desk
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const at = (address: string) => ask(kernel, desk.now(iris), { address })
  assert.equal((await at('victim@one.example')).decision, 'permit')
  const code = await codeOf(desk)
  await desk.desk.notices.clearPreference(iris.officer)
  assert.equal((await at('victim@two.example')).decision, 'refuse')
  assert.equal(await confirmAddress(kernel, code, iris), false, 'the code is worth nothing')
  assert.equal(
    await desk.desk.notices.waitingWish(iris.officer, kernel.clocks.wireNow()),
    undefined,
  )
  desk.pass(61_000)
  assert.equal((await at('victim@two.example')).decision, 'permit')
  assert.equal((await mailsOf(desk)).length, 2)
  assert.equal(await confirmAddress(kernel, await codeOf(desk), iris), true)
})

test('after a restore notices wait for whoever is confirmed; only who has left loses them', async (t) => {
  const desk = await deskKernel(t, MAIL)
  const { kernel } = desk
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const ada = await desk.enrol('Ada Root (invented)', ['caseOfficer'])
  const odo = await desk.enrol('Odo Fern (invented)', ['caseOfficer'])
  for (const one of [iris, ada, odo]) await wish(desk, one)
  const caseId = await desk.openCase(TITLE, iris)
  const task = { title: 'Canary task', assignee: iris.officer, dueOn: '2020-01-01' }
  assert.equal((await addTask(kernel, caseId, task, iris)).decision, 'permit')
  const tell = (...events: { type: string; officer: string }[]) =>
    desk.append(kernel.authorityStreamId, NODE.id, ...events)
  await tell(
    { type: 'leavingStarted', officer: ada.officer },
    { type: 'leavingStarted', officer: odo.officer },
    { type: 'officerLeft', officer: odo.officer },
  )
  await suspendEveryone(kernel)
  await reconcileAccounts(kernel)
  assert.equal(await queueNotices(kernel), 0, 'nobody is told while suspended')
  const kept = (await desk.desk.notices.preferences()).map(({ officer }) => officer)
  assert.deepEqual(kept.sort(), [iris.officer, ada.officer].sort())
  await tell({ type: 'accountConfirmed', officer: iris.officer, ...{ roles: iris.roles } })
  await reconcileAccounts(kernel)
  assert.equal(await queueNotices(kernel), 1, 'and then it goes on')
})
