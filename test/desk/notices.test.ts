/** Who gets which notice, and to whom a period is passed: on real streams and lists. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailContext } from '../../src/adapters/postgres/desk/notices.ts'
import { escalateDeadlines } from '../../src/app/desk/escalate.ts'
import { queueNotices, setPreference } from '../../src/app/desk/notices.ts'
import { addTask } from '../../src/app/desk/tasks.ts'
import { workListOf } from '../../src/app/desk/work-list.ts'
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

const wish = (kernel: DeskKernel['kernel'], acting: Acting, more: object = {}) =>
  setPreference(
    kernel,
    { address: 'iris@authority.example', isUrgentWanted: true, ...more },
    acting,
  )

test('an urgent notice leaves once for what is new, with counts and no content', async (t) => {
  const desk = await deskKernel(t, MAIL)
  const { kernel } = desk
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  const caseId = await desk.openCase(TITLE, iris)
  await wish(kernel, iris)
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

test('a digest that tells of reports leaves later, by a time that nobody chose', async (t) => {
  const delays = new Set<number>()
  const desk = await deskKernel(t, { ...MAIL, intakeDelayMinutes: 240 })
  const { kernel } = desk
  const waiting = { ...kernel.filings, waiting: async () => [{}, {}] }
  const withReports = { ...kernel, filings: waiting } as unknown as typeof kernel
  const before = Date.now()
  for (let n = 0; n < 6; n++) {
    const officer = await desk.enrol(`Officer ${n} (invented)`, ['caseOfficer'])
    await wish(kernel, officer, { digestHour: 0 })
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
    const refused = await wish(desk.kernel, iris, { address })
    assert.equal(refused.decision, 'refuse', address)
  }
  assert.equal(await desk.desk.notices.preference(iris.officer), undefined)
  assert.equal((await wish(desk.kernel, iris)).decision, 'permit')
})

test('without mail in the configuration nobody sets a wish, and no period is passed on', async (t) => {
  const desk = await deskKernel(t)
  const iris = await desk.enrol('Iris Quill (invented)', ['caseOfficer'])
  assert.equal((await wish(desk.kernel, iris)).decision, 'refuse')
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
