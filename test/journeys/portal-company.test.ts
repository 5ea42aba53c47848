/**
 * A company under a duty to report files by name. Somebody at its desk chooses the kind of
 * report and the law, reads whether this page is the official channel, files, and keeps two
 * files: the receipt and the statement. Whoever is given both checks them alone.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { verifyCommand } from '../../src/cli/verify.ts'
import type { FilingStatement } from '../../src/wire/intake/filing-statement.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { startWorld } from '../support/demo.ts'

const world = await startWorld()
const node = world.node('meridia')
const ADDRESS = `${node.baseUrl}/en/report/sealed`
const COMPANY = 'Larkspur Dialogue Ltd (invented)'

const statementFile = join(world.folder, 'filing-statement.json')
const receiptFile = join(world.folder, 'filing-sealed.json')

let browser: Browser
let code = ''
let law = ''
before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

async function saved(page: Page, button: string, file?: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator(button).press('Enter'),
  ])
  if (file) await download.saveAs(file)
  return download.suggestedFilename()
}

/** What an outsider gets to see who was given a statement and a receipt. */
async function check(statement: object, policy = world.demo.policyFile) {
  writeFileSync(statementFile, JSON.stringify(statement))
  const out = { text: '', write: (words: string) => (out.text += words) }
  const args = [statementFile, '--receipt', receiptFile, '--policy', policy]
  const status = await verifyCommand(args, out, out)
  return { status, text: out.text }
}

test('the company names the law, reads where to file, files by name and keeps the statement', async () => {
  const page = await newPage(browser)
  const problems = collectProblems(page)
  await page.goto(ADDRESS)
  await page.locator('[data-kind="seriousIncident"]').click()
  const channel = page.locator('[data-channel="seriousIncident"]')
  await channel.getByRole('heading', { name: 'Is this the right place?' }).waitFor()
  const choices = page.locator('#f-law option')
  const laws = await choices.evaluateAll((all) => all.map((one) => one.getAttribute('value')))
  law = laws.find((one) => one?.startsWith('eu.ai_act/')) ?? assert.fail('the AI Act is a choice')
  await page.locator('#f-law').selectOption(law)
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.locator('#f-legalName-error').filter({ hasText: /./ }).waitFor()
  await page.locator('#f-legalName').fill(COMPANY)
  await page.locator('#f-registerNumber').fill('HRB 1 (invented)')
  await page.locator('#f-companyContact').fill('Compliance desk (invented)')
  await page.locator('#f-title').fill('Advice against prescribed medicine')
  await page.locator('#f-whatHappened').fill('The companion told a patient to stop.')
  await page.locator('#f-language').selectOption('en')
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('heading', { name: '2. Check your answers' }).waitFor()
  const chosen = channel.locator(`[data-law="${law}"]`)
  assert.equal(await chosen.getAttribute('open'), '', 'the chosen law stands open before sending')
  const said = await chosen.innerText()
  assert.match(said, /Yes\. For reports under .*, this page is an official channel by: /)
  assert.match(said, /Source: /)
  const others = await channel.locator('[data-law]:not([open])').allTextContents()
  const elsewhere = others.filter((one) => /What you send .* does not fulfil your duty/.test(one))
  assert.ok(elsewhere.length > 0, 'for other laws it says where to file instead')
  assert.equal(await channel.locator('[data-law][open]').count(), 1)
  assert.match(await page.locator('#review').innerText(), /Larkspur Dialogue Ltd \(invented\)/)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: '3. Your code' }).waitFor()
  code = (await page.locator('#code').textContent()) ?? ''
  await page.locator('#code-given').fill(code)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByRole('heading', { name: '4. Your report has arrived' }).waitFor()
  await page.getByRole('heading', { name: 'Proof that your organisation filed' }).waitFor()
  assert.equal(await saved(page, '#save-statement', statementFile), 'filing-statement.json')
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('with the code the sealed receipt comes, and both files together verify', async () => {
  const page = await newPage(browser)
  let name = ''
  for (let tries = 0; tries < 120 && name !== 'filing-sealed.json'; tries += 1) {
    if (tries > 0) await page.waitForTimeout(1000)
    await page.goto(`${node.baseUrl}/en/report/mailbox`)
    await page.getByLabel('Your code').fill(code)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your report' }).waitFor()
    name = await saved(page, '#save-receipt', receiptFile)
  }
  assert.equal(name, 'filing-sealed.json', 'the receipt is sealed when its batch is in the log')
  await page.context().close()
  const statement = JSON.parse(readFileSync(statementFile, 'utf8')) as FilingStatement
  assert.deepEqual([statement.legalName, statement.law], [COMPANY, law])
  const good = await check(statement)
  assert.equal(good.status, 0, good.text)
  assert.match(good.text, /Larkspur Dialogue Ltd \(invented\)/)
  for (const changed of [
    { ...statement, legalName: 'Deploy Example (invented)' },
    { ...statement, registerNumber: null },
    { ...statement, law: 'eu.gdpr/breach' },
    { ...statement, origin: 'albion.example' },
    { ...statement, salt: `${'A'.repeat(43)}=` },
  ]) {
    const bad = await check(changed)
    assert.equal(bad.status, 1, bad.text)
  }
})
