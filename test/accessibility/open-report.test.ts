/**
 * An officer opens a sealed report in the browser: by keyboard, under the real
 * content policy, with the identity never leaving the page.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { utf8 } from '../../src/base/bytes.ts'
import { pad } from '../../src/seal/padme.ts'
import { generateIdentity, recipientOf, sealTo } from '../../src/seal/seal.ts'
import { linkTo } from '../../src/web/routes.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { type PageSite, type SamplePage, startPageSite } from '../support/page-site.ts'
import { sampleModels } from '../support/sample-models.ts'

const HOSTILE = '<img src=x onerror=alert(1)>'
const report = {
  v: 1,
  answers: {
    title: `Late answer ${HOSTILE}`,
    whatHappened: 'It said <b>no</b>.',
    contact: 'a@b.example',
  },
  attachments: [
    { name: '../notes.txt', content: 'bm90ZXM=' },
    {
      name: 'record.json',
      content: Buffer.from('{"data_type":"AVID","problemtype":{}}').toString('base64'),
    },
    { name: 'deep.json', content: Buffer.from('['.repeat(5000)).toString('base64') },
  ],
}
const filingId = sampleModels['officer/open-report'].filing.id
const sealedAt = linkTo('en', 'officerSealedReport', { filingId })
const sample: SamplePage = {
  page: 'officer/open-report',
  variant: '',
  model: sampleModels['officer/open-report'],
}

let site: PageSite
let browser: Browser
let identity: string
before(async () => {
  site = await startPageSite()
  browser = await launchBrowser()
  identity = await generateIdentity()
  const recipients = [await recipientOf(identity), await recipientOf(await generateIdentity())]
  const plaintext = pad(utf8(JSON.stringify(report)))
  site.serve(sealedAt, await sealTo(recipients, plaintext, { minimumRecipients: 2 }))
})
after(async () => {
  await browser?.close()
  await site?.close()
})

async function open(key: string) {
  const page = await newPage(browser)
  const problems = collectProblems(page)
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url() + (request.postData() ?? '')))
  await page.goto(site.addressOf(sample, 'en'))
  await page.getByLabel('Or paste the key').focus()
  await page.keyboard.insertText(key)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  return { page, problems, requests }
}

test('the report is shown as text and fills the form, without the contact', async () => {
  const { page, problems, requests } = await open(identity)
  await page.getByText('The report is open.', { exact: false }).waitFor()
  assert.match((await page.locator('#opened').textContent()) ?? '', /Late answer <img src=x/)
  assert.equal(await page.locator('#f-title').inputValue(), report.answers.title)
  assert.equal(await page.locator('#f-whatHappened').inputValue(), report.answers.whatHappened)
  assert.equal(await page.locator('#admit').getByText('a@b.example').count(), 0)
  const files = page.locator('#opened-attachments a')
  assert.deepEqual(await files.allTextContents(), ['../notes.txt', 'record.json', 'deep.json'])
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    files.first().press('Enter'),
  ])
  assert.ok(!/[/\\]/.test(download.suggestedFilename()))
  assert.equal(readFileSync(await download.path(), 'utf8'), 'notes')
  assert.match(await page.locator('#f-avid').inputValue(), /"data_type": "AVID"/)
  assert.equal(await page.getByLabel('Or paste the key').inputValue(), '')
  assert.ok(requests.every((request) => !request.includes('AGE-SECRET-KEY')))
  assert.deepEqual(problems, [])
  await page.context().close()
})

const failures: [string, string | undefined, string][] = [
  ['a text that is no key', 'my secret', 'This is not an age key'],
  ['a damaged key', 'AGE-SECRET-KEY-1QQQQ', 'This is not an age key'],
  ['a key of somebody else', undefined, 'This key does not open the report'],
]
for (const [what, key, message] of failures) {
  test(`${what} is refused in plain words, and nothing is filled in`, async () => {
    const { page } = await open(key ?? (await generateIdentity()))
    await page.getByRole('alert').getByText(message, { exact: false }).waitFor()
    assert.equal(await page.locator('#f-title').inputValue(), '')
    assert.equal(await page.locator('#opened').isVisible(), false)
    await page.context().close()
  })
}

test('the key has no name, so that no form can send it', async () => {
  const page = await newPage(browser)
  await page.goto(site.addressOf(sample, 'en'))
  for (const id of ['identity-file', 'identity-text']) {
    assert.equal(await page.locator(`#${id}`).getAttribute('name'), null)
    assert.equal(await page.locator(`form #${id}`).count(), 0)
  }
  await page.context().close()
})
