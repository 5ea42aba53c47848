/**
 * The reporter's story, days later. An officer opened the report and admitted it, and
 * writes an answer, sealed in the officer's browser. The reporter comes back with the code:
 * the browser sends the mailbox id and keeps the rest, opens the answer, writes again, and
 * deletes what nobody else should find.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { toBase64, toHex, utf8 } from '../../src/base/bytes.ts'
import { signInLink } from '../../src/cli/story/client.ts'
import { pad } from '../../src/seal/padme.ts'
import { generateIdentity, recipientOf, sealTo } from '../../src/seal/seal.ts'
import { readReceiptCode, secretsOfCode } from '../../src/wire/intake/receipt-code.ts'
import { isWork, workInput, workPrefix } from '../../src/wire/intake/work.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { startWorld } from '../support/demo.ts'

const world = await startWorld()
const node = world.node('meridia')
const database = world.database('meridia')
const MAILBOX = `${node.baseUrl}/en/report/mailbox`
const ANSWER = 'Thank you. Which version of the app was it?'
const FOLLOW_UP = 'It was version 7. My manager has begun to ask questions.'
const identity = node.officers.find(({ key }) => key === 'case-officer-1')?.identity ?? ''
const { sha256 } = nodePrimitives

let browser: Browser
let code = ''
let caseId = ''
const sent: string[] = []
before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

async function reporter(javaScript = true): Promise<Page> {
  const page = await newPage(browser, { javaScript })
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`))
  return page
}

async function openMailbox(page: Page): Promise<void> {
  await page.goto(MAILBOX)
  await page.getByLabel('Your code').fill(code.toLowerCase())
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your report' }).waitFor()
}

async function officerAt(path: string): Promise<Page> {
  const page = await newPage(browser, { baseURL: node.baseUrl })
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`))
  await page.goto(`/en/officer/sign-in/${await signInLink(node, 'case-officer-1')}`)
  await page.locator('main form button').click()
  await page.waitForURL((url) => !/sign-in\/[0-9a-f]{20}/.test(url.pathname))
  await page.goto(path)
  await page.getByLabel('Or paste the key').fill(identity)
  return page
}

const messages = async () => {
  const { rows } = await sql<{ from_reporter: boolean; sealed: Buffer | null; kind: string }>`
    select from_reporter, sealed, kind from filing_message order by position`.execute(database)
  return rows
}

test('a report is filed and admitted', async () => {
  const page = await reporter()
  await page.goto(`${node.baseUrl}/en/report/sealed`)
  await page.locator('[data-kind="misconduct"]').click()
  await page.locator('#f-title').fill('A report that gets an answer')
  await page.locator('#f-whatHappened').fill('The assistant told a minor to lie.')
  await page.locator('#f-language').selectOption('en')
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: '3. Your code' }).waitFor()
  code = (await page.locator('#code').textContent()) ?? ''
  await page.locator('#code-given').fill(code)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByRole('heading', { name: '4. Your report has arrived' }).waitFor()
  await page.context().close()
  const { officer } = world.hands.meridia
  const [filing] = await officer.get<{ id: string }[]>('/filings')
  const answers = { title: 'x', whatHappened: 'y', isPublic: 'no', language: 'en' }
  const input = { filingId: filing?.id, title: 'A report that gets an answer', answers }
  const admitted = await officer.post('/cases', input)
  assert.ok(!('refused' in admitted))
  caseId = String((admitted.done.result as { caseId: string }).caseId)
})

test('an officer answers: sealed in the browser, an event of the case, its tag in a batch', async () => {
  const page = await officerAt(`/en/officer/cases/${caseId}/reporter`)
  const problems = collectProblems(page)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByRole('heading', { name: 'Messages' }).waitFor()
  await page.getByLabel('What kind of answer is it?').selectOption('feedback')
  await page.getByLabel('Your answer').fill(ANSWER)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText('Your answer is sealed and in the mailbox.').waitFor()
  assert.deepEqual(problems, [])
  await page.context().close()
  const [kept] = await messages()
  assert.equal(kept?.kind, 'feedback')
  const digest = toHex(sha256(new Uint8Array(kept?.sealed ?? [])))
  const { officer } = world.hands.meridia
  const timeline = await officer.get<object>(`/cases/${caseId}/timeline`)
  assert.match(JSON.stringify(timeline), /reporterWritten/)
  assert.equal(digest.length, 64)
  const { rows } = await sql<{ count: number }>`select count(*)::int from intake_tag`.execute(
    database,
  )
  assert.equal(rows[0]?.count, 2, 'tags of acknowledged and feedback')
})

test('the reporter reads it with the code, of which only the mailbox id leaves', async () => {
  const page = await reporter()
  const problems = collectProblems(page)
  await openMailbox(page)
  assert.match(await page.locator('#messages').innerText(), /What we did/)
  assert.match(
    await page.locator('#messages').innerText(),
    new RegExp(ANSWER.replaceAll(/[?.]/g, '.')),
  )
  assert.deepEqual(await page.context().cookies(), [])
  // Admission and the feedback of the officer have stopped both clocks.
  const clocks = await page.locator('#clocks').innerText()
  assert.equal(clocks.match(/Met/g)?.length, 2, clocks)
  assert.deepEqual(problems, [])
  await page.getByLabel('Your message.', { exact: false }).fill(FOLLOW_UP)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText('Your message is sealed and has arrived.').waitFor()
  await page.getByText('You wrote. It is sealed to the officers').waitFor()
  await page.context().close()
  const secrets = secretsOfCode(
    nodePrimitives,
    readReceiptCode(nodePrimitives, code),
    'meridia.example',
  )
  const { mailboxId, ...kept } = secrets
  const all = sent.join('\n')
  assert.ok(all.includes(toHex(mailboxId)))
  const secret = [code, code.toLowerCase(), code.replaceAll('-', ''), ANSWER, FOLLOW_UP, identity]
  for (const bytes of Object.values(kept)) secret.push(toHex(bytes), toBase64(bytes))
  for (const word of secret) assert.ok(!all.includes(word), 'something secret was sent')
})

const dues = async () => {
  const { rows } = await sql<{ kind: string; isDone: boolean }>`
    select kind, done_at is not null as "isDone" from p_due order by kind, due_at`.execute(database)
  return rows
}

test('a word about retaliation is an event, a clock and a task until an officer answers it', async () => {
  assert.deepEqual(await dues(), [{ kind: 'reporterFeedback', isDone: true }])
  const page = await reporter()
  await openMailbox(page)
  await page.getByLabel('Your message.', { exact: false }).fill('They moved me to another desk.')
  await page.getByLabel('I am treated badly because of my report', { exact: false }).check()
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText('Your message is sealed and has arrived.').waitFor()
  await page.context().close()
  assert.equal((await messages()).at(-1)?.kind, 'retaliation')
  assert.deepEqual(await dues(), [
    { kind: 'protection', isDone: false },
    { kind: 'reporterFeedback', isDone: true },
  ])
  const { rows: tasks } = await sql`select id from work_task`.execute(database)
  assert.ok(tasks.length > 0, 'somebody has a task')
  const { officer } = world.hands.meridia
  const timeline = await officer.get<object>(`/cases/${caseId}/timeline`)
  assert.match(JSON.stringify(timeline), /retaliationReported/)
  const work = await officerAt(`/en/officer/cases/${caseId}/reporter`)
  await work.goto('/en/officer/my-work')
  await work.getByText('Answer a reporter who is treated badly (own period)').first().waitFor()
  await work.context().close()
})

test('an answer about protection stops that clock', async () => {
  const page = await officerAt(`/en/officer/cases/${caseId}/reporter`)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByRole('heading', { name: 'Messages' }).waitFor()
  await page.getByLabel('What kind of answer is it?').selectOption('protection')
  await page.getByLabel('Your answer').fill('We wrote to your employer, without your name.')
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText('Your answer is sealed and in the mailbox.').waitFor()
  await page.context().close()
  assert.deepEqual(await dues(), [
    { kind: 'protection', isDone: true },
    { kind: 'reporterFeedback', isDone: true },
  ])
})

test('the officer reads the follow-up', async () => {
  const page = await officerAt(`/en/officer/cases/${caseId}/reporter`)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText(FOLLOW_UP).waitFor()
  await page.context().close()
})

test('without script the status page says that an answer waits, and does not show it', async () => {
  const page = await reporter(false)
  await page.goto(MAILBOX)
  await page.getByRole('link', { name: 'See where your report stands', exact: false }).click()
  await page.locator('#code').fill(code)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText('A sealed answer. It opens in your browser').first().waitFor()
  assert.ok(!(await page.content()).includes(ANSWER))
  await page.context().close()
})

test('the reporter deletes an answer: the ciphertext is gone, the event stays', async () => {
  const page = await reporter()
  await openMailbox(page)
  await page.getByRole('button', { name: 'Delete this message' }).first().click()
  await page.getByText('You deleted this message.').waitFor()
  await page.context().close()
  const [first, second] = await messages()
  assert.equal(first?.sealed, null)
  assert.ok(second?.sealed)
})

// What nobody should send.

const post = (what: string, body: object) =>
  fetch(`${MAILBOX}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })

async function followUp(sealed: Uint8Array, changes: object = {}): Promise<Response> {
  const { mailboxId } = secretsOfCode(
    nodePrimitives,
    readReceiptCode(nodePrimitives, code),
    'meridia.example',
  )
  const response = await fetch(`${node.baseUrl}/en/report/sealed/ticket`)
  const { ticket, workBits } = (await response.json()) as { ticket: string; workBits: number }
  const prefix = workPrefix(nodePrimitives, ticket, sha256(sealed))
  let work = 0
  while (!isWork(sha256(workInput(prefix, work)), workBits)) work++
  const body = { mailboxId: toHex(mailboxId), ticket, work, sealed: toBase64(sealed), ...changes }
  return post('write', body)
}

async function sealedFor(count: number, content = pad(utf8('x'))): Promise<Uint8Array> {
  const made = Array.from({ length: count }, async () => recipientOf(await generateIdentity()))
  return sealTo(await Promise.all(made), content, { minimumRecipients: 1 })
}

const nobody = '0'.repeat(64)
const BAD: readonly [string, () => Promise<Response>, number, string][] = [
  ['plain text', () => followUp(utf8('hello')), 400, 'not-age'],
  ['a message for one key', async () => followUp(await sealedFor(1)), 400, 'wrong-recipients'],
  [
    'one that is not padded',
    async () => followUp(await sealedFor(2, utf8('x'))),
    400,
    'not-padded',
  ],
  ['no work', async () => followUp(await sealedFor(2), { work: 0 }), 409, 'workMissing'],
  ['no ticket', async () => followUp(await sealedFor(2), { ticket: 'x' }), 400, 'expired'],
  [
    'a mailbox of nobody',
    async () => followUp(await sealedFor(2), { mailboxId: nobody }),
    404,
    'unknown-code',
  ],
  ['another kind', async () => followUp(await sealedFor(2), { kind: 'closed' }), 400, 'schema'],
  ['an id that is none', () => post('open', { mailboxId: 'x' }), 404, 'unknown-code'],
  ['the code itself', () => post('open', { mailboxId: nobody, code }), 400, 'schema'],
  ['an unknown id', () => post('open', { mailboxId: nobody }), 404, 'unknown-code'],
]
for (const [what, send, status, reason] of BAD) {
  test(`refused, with nothing kept: ${what}`, async () => {
    const count = (await messages()).length
    const response = await send()
    const problem = (await response.json()) as { code: string }
    assert.deepEqual([response.status, problem.code], [status, reason])
    assert.equal((await messages()).length, count)
  })
}

test('nobody deletes what is in another mailbox', async () => {
  const { rows } = await sql<{ id: string }>`
    select id from filing_message order by position`.execute(database)
  const messageId = rows[1]?.id
  const response = await post('delete', { mailboxId: nobody, messageId })
  assert.equal(response.status, 404)
  assert.equal((await messages()).filter(({ sealed }) => sealed).length, 3)
})
