/**
 * Two officers open a contact in their browsers, one layer each, under the real content
 * policy: no key and nothing that is read leaves the page, and a step that was not recorded
 * shows nothing.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { utf8 } from '../../src/base/bytes.ts'
import { pad } from '../../src/seal/padme.ts'
import { generateIdentity, recipientOf, sealNested } from '../../src/seal/seal.ts'
import { linkTo } from '../../src/web/routes.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { type PageSite, type SamplePage, startPageSite } from '../support/page-site.ts'
import { sampleModels } from '../support/sample-models.ts'

const CONTACT = 'Invented reporter <b>box 7</b>, Exampletown'
const model = sampleModels['officer/sealed-contact']
const sample: SamplePage = { page: 'officer/sealed-contact', variant: '', model }
const place = { caseId: model.case.id }
const STEPS = linkTo('en', 'officerContactStep', place)

let site: PageSite
let browser: Browser
let inner: string
let outer: string
before(async () => {
  site = await startPageSite()
  browser = await launchBrowser()
  inner = await generateIdentity()
  outer = await generateIdentity()
  const groups = { inner: [await recipientOf(inner)], outer: [await recipientOf(outer)] }
  const document = pad(utf8(JSON.stringify({ contact: CONTACT, salt: 'AAAA', v: 1 })))
  const sealed = await sealNested(groups, document, { minimumRecipients: 1 })
  site.serve(linkTo('en', 'officerSealedContactFile', place), sealed)
})
after(async () => {
  await browser?.close()
  await site?.close()
})

async function officerPage() {
  const page = await newPage(browser)
  const problems = collectProblems(page)
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.url() + (request.postData() ?? '')))
  await page.goto(site.addressOf(sample, 'en'))
  const press = async (key: string, name: string) => {
    await page.getByLabel('Or paste the key').fill(key)
    await page.getByRole('button', { name }).click()
  }
  const told = (text: string) => page.getByText(text, { exact: false }).waitFor()
  return { page, problems, sent, press, told }
}

test('one opens the outer layer, the other reads, and only with a step on record', async () => {
  const first = await officerPage()
  await first.press(outer, 'Open the outer layer')
  // The site has no such place yet: the step is not recorded.
  await first.told('Nothing was opened')
  assert.equal(await first.page.locator('#inner-link a').count(), 0)
  site.serve(STEPS, utf8('{}'))
  await first.press(inner, 'Open the outer layer')
  await first.told('No key here opens this layer')
  await first.press(outer, 'Open the outer layer')
  await first.told('The outer layer is open')
  const [download] = await Promise.all([
    first.page.waitForEvent('download'),
    first.page.locator('#inner-link a').click(),
  ])
  const file = await download.path()
  assert.ok(!readFileSync(file, 'latin1').includes('box 7'))

  const second = await officerPage()
  await second.press(inner, 'Open the inner layer')
  await second.told('Choose the file that the other officer gave you')
  await second.page.locator('#inner-file').setInputFiles(file)
  await second.press(outer, 'Open the inner layer')
  await second.told('No key here opens this layer')
  assert.equal(await second.page.locator('#contact-opened').isVisible(), false)
  await second.press(inner, 'Open the inner layer')
  await second.told('The contact is open below')
  assert.equal(await second.page.locator('#contact-text').textContent(), CONTACT)
  assert.deepEqual(second.problems, [])
  const all = [...first.sent, ...second.sent].join('\n')
  assert.doesNotMatch(all, /AGE-SECRET-KEY|box 7|age-encryption/)
  assert.equal(all.match(/"step":"outerOpened"/g)?.length, 2)
  assert.equal(all.match(/"step":"read"/g)?.length, 1)
  await Promise.all([first, second].map(({ page }) => page.context().close()))
})
