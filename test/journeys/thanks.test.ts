/**
 * A reporter whose report was closed appeals from the mailbox; an officer who took no part
 * decides, and the mailbox says so. Then the same reporter is thanked under a pseudonym,
 * stands on the public page once the month is over, and anybody checks the certificate.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { addMs, DAY_MS, type Instant, utcMonthOf } from '../../src/base/time.ts'
import { caseNowOf, moveClock, signIn } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import type { Contribution } from '../../src/wire/contribution.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { startWorld } from '../support/demo.ts'

const world = await startWorld()
const node = world.node('meridia')
const { officer } = world.hands.meridia
const NAME = 'Blue Kite'
const REASONS = 'The second file was never looked at, so the report is open again.'

let browser: Browser
let folder = ''
let code = ''
let caseId = ''
before(async () => {
  browser = await launchBrowser()
  folder = mkdtempSync(join(tmpdir(), 'comity-thanks-'))
})
after(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function mailbox(): Promise<Page> {
  const page = await newPage(browser)
  await page.goto(`${node.baseUrl}/en/report/mailbox`)
  await page.getByLabel('Your code').fill(code)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your report' }).waitFor()
  return page
}

async function rejectReport(): Promise<void> {
  const reason = 'A duplicate: nobody needs to look back.'
  for (const step of ['invalidate', 'close']) {
    await officer.do(caseId, 'decideOnReport', { step, reason })
  }
}

/** The month in which somebody is thanked must not end under the test. */
async function beginOfMonthIfItEnds(): Promise<void> {
  const { caseNow, offsetMs } = await caseNowOf(node)
  const tomorrow = addMs(caseNow as Instant, DAY_MS)
  if (utcMonthOf(tomorrow) === utcMonthOf(caseNow as Instant)) return
  await moveClock(node, offsetMs + DAY_MS)
}

test('a report is filed, admitted and closed', async () => {
  const page = await newPage(browser)
  await page.goto(`${node.baseUrl}/en/report/sealed`)
  await page.locator('[data-kind="flaw"]').click()
  await page.locator('#f-title').fill('A report that is thanked')
  await page.locator('#f-whatHappened').fill('The assistant gives away what others wrote.')
  await page.locator('#f-language').selectOption('en')
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: '3. Your code' }).waitFor()
  code = (await page.locator('#code').textContent()) ?? ''
  await page.locator('#code-given').fill(code)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByRole('heading', { name: '4. Your report has arrived' }).waitFor()
  await page.context().close()
  const waiting = await mailbox()
  await waiting.getByText('You can choose once an officer has opened your report.').waitFor()
  await waiting.getByText('Nothing has happened that you can appeal against').waitFor()
  await waiting.context().close()
  const [filing] = await officer.get<{ id: string }[]>('/filings')
  const answers = { title: 'x', whatHappened: 'y', isPublic: 'no', language: 'en', kind: 'flaw' }
  const input = { filingId: filing?.id, title: 'A report that is thanked', answers }
  const admitted = await officer.post('/cases', input)
  assert.ok(!('refused' in admitted))
  caseId = String((admitted.done.result as { caseId: string }).caseId)
  await rejectReport()
})

test('the reporter appeals, sealed, and is told by when', async () => {
  const page = await mailbox()
  const problems = collectProblems(page)
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.postData() ?? ''))
  await page.getByLabel('My report was rejected or closed').check()
  await page.getByLabel('Why should it be looked at again?').fill('Nobody opened the second file.')
  await page.getByRole('button', { name: 'Send the appeal' }).click()
  await page.getByText('Your appeal is sealed and has arrived.').waitFor()
  await page.getByText('It sets this day itself; no law does.').waitFor()
  assert.ok(!sent.join().includes('second file'))
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('who closed it may not decide; an officer who took no part does, and the mailbox shows it', async () => {
  const { id: appealId } = await world
    .database('meridia')
    .selectFrom('filing_message')
    .select('id')
    .where('kind', '=', 'appealRejection')
    .executeTakeFirstOrThrow()
  const input = { appealId, outcome: 'reversed', reasons: REASONS }
  await officer.mustRefuse(caseId, 'decideReporterAppeal', input, 'notIndependent')
  const second = await signIn(node, 'case-officer-2')
  const done = await second.do(caseId, 'decideReporterAppeal', input)
  assert.deepEqual(done.events, ['reporterAppealDecided', 'reportReopened'])
  const page = await mailbox()
  await page.getByText('you were right, and the decision is changed').waitFor()
  await page.getByText(REASONS).waitFor()
  await page.context().close()
})

test('the reporter chooses a pseudonym, and an officer says for what', async () => {
  const page = await mailbox()
  const problems = collectProblems(page)
  assert.ok(await page.getByLabel('Not at all').isChecked())
  await page.getByLabel('By a pseudonym').check()
  await page.getByLabel('Name or pseudonym', { exact: true }).fill(NAME)
  await page.getByRole('button', { name: 'Save my choice' }).click()
  await page.getByText('Your choice is saved.').waitFor()
  assert.deepEqual(problems, [])
  await page.context().close()
  await beginOfMonthIfItEnds()
  await officer.do(caseId, 'thankReporter', { roles: ['finder'], name: NAME })
  await rejectReport()
})

test('the page of thanks names it once the month is over, and anybody checks the certificate', async () => {
  const page = await newPage(browser)
  await page.goto(`${node.baseUrl}/en/thanks`)
  await page.getByText('Nobody is named here yet.').waitFor()
  await moveClock(node, (await caseNowOf(node)).offsetMs + 32 * DAY_MS)
  // The page may be kept for a moment.
  await waitFor('the line of thanks', async () => {
    await page.goto(`${node.baseUrl}/en/thanks`)
    return page.getByText(NAME, { exact: true }).isVisible()
  })
  assert.match(await page.locator('tbody tr').innerText(), /finding it/)
  await page.getByRole('link', { name: /^Certificate of/ }).click()
  await page.getByRole('heading', { name: 'Certificate of contribution' }).waitFor()
  const link = page.getByRole('link', { name: 'The signed certificate' })
  const address = new URL((await link.getAttribute('href')) ?? '', node.baseUrl)
  const file = join(folder, 'certificate.json')
  const signed = (await (await fetch(address)).json()) as Contribution
  assert.ok(signed.key !== null, 'it carries what ties its key to the log')
  const check = async (value: unknown) => {
    writeFileSync(file, JSON.stringify(value))
    const out = { text: '', write: (words: string) => (out.text += words) }
    const status = await verifyCommand([file, '--policy', world.demo.policyFile], out, out)
    return { status, text: out.text }
  }
  const good = await check(signed)
  assert.equal(good.status, 0, good.text)
  assert.match(good.text, /Blue Kite/)
  const { certificate } = signed
  for (const changed of [
    { ...signed, certificate: { ...certificate, name: 'Red Kite' } },
    { ...signed, certificate: { ...certificate, roles: ['analyst'] } },
    { ...signed, certificate: { ...certificate, month: '2020-01' } },
    { ...signed, certificate: { ...certificate, origin: 'albion.example' } },
    { ...signed, keyId: 'msg9/meridia.example' },
    { ...signed, key: null },
  ]) {
    assert.equal((await check(changed)).status, 1)
  }
  await page.context().close()
})

test('taken back, the line and the certificate are gone', async () => {
  const page = await mailbox()
  await page.getByRole('link', { name: 'Your certificate of contribution' }).waitFor()
  await page.getByLabel('Not at all').check()
  await page.getByRole('button', { name: 'Save my choice' }).click()
  await page.getByText('Your choice is saved.').waitFor()
  const lines = await world.database('meridia').selectFrom('p_thanks').selectAll().execute()
  assert.deepEqual(lines, [])
  await page.context().close()
})
