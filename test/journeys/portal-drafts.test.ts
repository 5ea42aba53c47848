/**
 * Somebody stops in the middle of a report and goes on later with the code. The draft was
 * sealed in the browser to a key from the code: the node has ciphertext, found by an id that
 * says nothing of the mailbox. Without a script there is no draft, and the page says so.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Browser, Page, Request } from 'playwright-core'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { newCode, sealedDraft } from '../../src/browser/seal-report.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { startWorld } from '../support/demo.ts'
import { ticketOf } from '../support/sealed-filing.ts'

const world = await startWorld()
const node = world.node('meridia')
const database = world.database('meridia')
const ADDRESS = `${node.baseUrl}/en/report/sealed`
const CANARY = 'qzdraftword'

let browser: Browser
const sent: Request[] = []
before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

async function reporter(): Promise<Page> {
  const page = await newPage(browser)
  page.on('request', (request) => sent.push(request))
  return page
}

const count = async (table: 'report_draft' | 'filing') => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int from ${sql.table(table)}
  `.execute(database)
  return rows[0]?.count ?? -1
}

let code = ''

test('a draft is sealed in the browser, and nothing of it or of the code is sent', async () => {
  const page = await reporter()
  const problems = collectProblems(page)
  await page.goto(ADDRESS)
  await page.locator('[data-kind="misconduct"]').click()
  await page.locator('#f-title').fill(`Half a report ${CANARY}`)
  await page.locator('#f-contact').fill(`Somebody ${CANARY}`)
  await page.getByRole('button', { name: 'Stop here and go on later' }).click()
  await page.getByRole('heading', { name: 'Stop and go on later' }).waitFor()
  code = (await page.locator('#draft-own-code').textContent()) ?? ''
  assert.match(code, /^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$/)
  await page.getByRole('button', { name: 'Seal and save the draft' }).click()
  await page.getByText(/kept sealed until .*\d{4}-\d\d-\d\d/).waitFor()
  assert.equal(await count('report_draft'), 1)
  assert.equal(await count('filing'), 0)
  const kept = await page.evaluate('localStorage.length + sessionStorage.length')
  assert.equal(kept, 0, 'nothing stays in the browser')
  for (const request of sent) {
    const said = `${request.url()} ${request.postData() ?? ''}`
    for (const secret of [CANARY, code, code.replaceAll('-', '')]) {
      assert.ok(!said.includes(secret), request.url())
    }
  }
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('with the code it opens again, becomes the report of the same code, and is deleted', async () => {
  const page = await reporter()
  await page.goto(ADDRESS)
  await page.locator('#draft-code').fill(code.toLowerCase().replaceAll('-', ' '))
  await page.getByRole('button', { name: 'Open the draft' }).click()
  await page.getByText('Your draft is open.', { exact: false }).waitFor()
  assert.equal(await page.locator('#f-title').inputValue(), `Half a report ${CANARY}`)
  assert.equal(await page.locator('#f-contact').inputValue(), `Somebody ${CANARY}`)
  await page.locator('#f-whatHappened').fill('The other half.')
  await page.locator('#f-language').selectOption('en')
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: '3. Your code' }).waitFor()
  assert.equal(await page.locator('#code').textContent(), code)
  await page.locator('#code-given').fill(code)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText('The sealed draft is deleted.').waitFor()
  assert.equal(await count('report_draft'), 0)
  assert.equal(await count('filing'), 1)
  await page.context().close()
})

test('a wrong code, an unknown one and a deleted draft are told the same', async () => {
  const page = await reporter()
  await page.goto(ADDRESS)
  for (const typed of ['', 'x', code, newCode()]) {
    await page.locator('#draft-code').fill(typed)
    await page.getByRole('button', { name: 'Open the draft' }).click()
    await page.getByText('There is no draft for this code.', { exact: false }).waitFor()
  }
  await page.context().close()
})

test('without a script the page says that there are no drafts', async () => {
  const page = await newPage(browser, { javaScript: false })
  await page.goto(`${node.baseUrl}/en/report/basic`)
  assert.ok(await page.getByText('Nothing is kept before you send.', { exact: false }).isVisible())
  await page.context().close()
})

// What nobody should send.

const ORIGIN = 'meridia.example'
const post = (body: object) =>
  fetch(`${ADDRESS}/draft`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
const draft = { answers: { kind: 'flaw', title: 'x' }, contact: '' }
const goodDraft = async () => sealedDraft(ORIGIN, newCode(), draft, await ticketOf(node.baseUrl))

for (const [what, change] of [
  ['text that is not sealed', { sealed: toBase64(new Uint8Array(500)) }],
  ['no proof of work', { work: 0 }],
  ['a ticket of somebody else’s making', { ticket: `1.1.${'0'.repeat(32)}.${'0'.repeat(64)}` }],
  ['an id that is none', { draftId: 'x' }],
  ['a member more', { isAdmin: true }],
] as const) {
  test(`refused, with nothing kept: a draft with ${what}`, async () => {
    const before = await count('report_draft')
    const response = await post({ ...(await goodDraft()), ...change })
    assert.ok(response.status >= 400 && response.status < 500, `${response.status}`)
    assert.equal(await count('report_draft'), before)
  })
}

test('a draft that is sent twice is kept once, and one code has one draft', async () => {
  const before = await count('report_draft')
  const own = newCode()
  const first = await sealedDraft(ORIGIN, own, draft, await ticketOf(node.baseUrl))
  assert.equal((await post(first)).status, 201)
  assert.ok((await post(first)).status >= 400, 'its ticket was used')
  const second = await sealedDraft(ORIGIN, own, draft, await ticketOf(node.baseUrl))
  assert.equal((await post(second)).status, 201)
  assert.equal(await count('report_draft'), before + 1)
  const { rows } = await sql<{ sealed: Buffer }>`select sealed from report_draft`.execute(database)
  const hash = (bytes: Uint8Array) => Buffer.from(nodePrimitives.sha256(bytes)).toString('hex')
  const kept = rows.map(({ sealed }) => hash(new Uint8Array(sealed)))
  assert.ok(kept.includes(hash(new Uint8Array(Buffer.from(second.sealed, 'base64')))))
})
