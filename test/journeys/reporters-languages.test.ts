/**
 * A reporter who reads no English: with an ordinary browser through the sealed form to the
 * mailbox, and without scripts through the basic form to the state of the report. In three
 * of the languages that are offered, one of them from right to left; until they are
 * offered, in English and in the pseudo-language that runs from right to left.
 */
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { loadCatalogues } from '../../src/web/messages.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { startWorld } from '../support/demo.ts'

const catalogues = loadCatalogues(path.join(import.meta.dirname, '../../locales'))
const offered = catalogues.languagesOf('public').filter((lang) => ['ar', 'fr', 'zh'].includes(lang))
const LANGUAGES = offered.length > 0 ? offered : ['en', 'ar-XB']

const TITLES: Readonly<Record<string, string>> = {
  ar: 'تطبيق نصح طفلًا بالكذب',
  fr: 'Une application a conseillé à un enfant de mentir',
  zh: '一个应用程序教孩子说谎',
  en: 'An app told a child to lie',
  'ar-XB': 'An app told a child to lie',
}
const CODE = /^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$/

const world = await startWorld()
const { baseUrl } = world.node('meridia')

let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

/** What the page says in place of `key`, as it is read: without marks of direction. */
const said = (lang: string, key: string) => plain(catalogues.messagesFor(lang, 'public').t(key))
const plain = (text: string | null) =>
  (text ?? '')
    .replaceAll(/[\u2066-\u2069]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
const textOf = async (page: Page, selector: string) =>
  plain(await page.locator(selector).first().textContent())

/** The page that a click led to, once all of it is here. */
async function stands(page: Page, lang: string, heading: string): Promise<void> {
  await page.waitForLoadState()
  assert.equal(await page.locator('html').getAttribute('lang'), lang)
  const dir = lang.startsWith('ar') ? 'rtl' : 'ltr'
  assert.equal(await page.locator('html').getAttribute('dir'), dir)
  assert.equal(await textOf(page, 'h1'), said(lang, heading))
}

const directionOf = (page: Page, selector: string) =>
  page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).direction`)

for (const lang of LANGUAGES) {
  const title = TITLES[lang] ?? assert.fail(lang)

  test(`${lang}: a report is sealed in the browser, and its mailbox opened`, async () => {
    const page = await newPage(browser, { viewport: { width: 320, height: 640 } })
    const problems = collectProblems(page)
    await page.goto(`${baseUrl}/${lang}/report`)
    await stands(page, lang, 'start.title')
    await page.locator('.govuk-button--start').click()
    await page.waitForURL(`**/${lang}/report/sealed`)
    await page.locator('[data-kind="incident"]').click()
    await page.locator('#f-title').fill(title)
    await page.locator('#f-whatHappened').fill(title)
    await page.locator('#f-isPublic').selectOption('no')
    await page.locator('#f-language').selectOption('en')
    await page.locator('#to-review').click()
    await page.locator('#step-review').waitFor()
    assert.ok((await textOf(page, '#review')).includes(title))
    await page.locator('#to-code').click()
    await page.locator('#step-code').waitFor()
    assert.equal(await textOf(page, '#step-code-h'), said(lang, 'reportSealed.codeStep'))
    const code = await textOf(page, '#code')
    assert.match(code, CODE)
    assert.equal(await directionOf(page, '#code'), 'ltr')
    await page.locator('#code-given').fill(code)
    await page.locator('#send-report').click()
    await page.locator('#step-done').waitFor()
    assert.equal(await textOf(page, '#step-done-h'), said(lang, 'reportSealed.doneStep'))
    assert.equal(await textOf(page, '#done-code'), code)

    await page.goto(`${baseUrl}/${lang}/report/mailbox`)
    await stands(page, lang, 'mailbox.title')
    assert.equal(await directionOf(page, 'input#code'), 'ltr')
    await page.locator('input#code').fill(code.toLowerCase())
    await page.locator('#open-mailbox').click()
    await page.locator('#opened').waitFor()
    assert.equal(await textOf(page, '#state'), said(lang, 'status.state.filed'))
    await page.locator('#text').fill(title)
    await page.locator('#write').click()
    await page.getByText(said(lang, 'mailbox.written')).waitFor()
    assert.ok(!page.url().includes(code))
    await page.context().close()
    assert.deepEqual(problems, [])
  })

  test(`${lang}: without scripts, on the basic form`, async () => {
    const page = await newPage(browser, { javaScript: false })
    const problems = collectProblems(page)
    await page.goto(`${baseUrl}/${lang}/report/basic`)
    await stands(page, lang, 'reportForm.chooseTitle')
    await page.locator('input[name="kind"][value="flaw"]').check()
    await page.locator('button[value="choose"]').click()
    await page.locator('button[value="review"]').click()
    await stands(page, lang, 'act.fileReport.kind.flaw')
    assert.match(
      await textOf(page, '.govuk-error-summary'),
      new RegExp(said(lang, 'act.fileReport.title').replaceAll(/[.?()]/g, '.')),
      'the question that was left out is named',
    )
    await page.locator('#f-title').fill(title)
    await page.locator('#f-whatHappened').fill(title)
    await page.locator('input[name="isPublic"][value="no"]').check()
    await page.locator('select[name="language"]').selectOption('en')
    await page.locator('button[value="review"]').click()
    await stands(page, lang, 'reportForm.reviewTitle')
    assert.ok((await textOf(page, 'main')).includes(title))
    await page.locator('button[value="send"]').click()
    await stands(page, lang, 'receipt.title')
    const code = await textOf(page, '.comity-receipt-code')
    assert.match(code, CODE)
    assert.equal(await directionOf(page, '.comity-receipt-code'), 'ltr')
    await page.locator('a[href$="/report/status"]').click()
    await page.locator('#code').fill(code)
    await page.locator('main form button').click()
    await stands(page, lang, 'status.title')
    assert.ok((await textOf(page, 'main')).includes(said(lang, 'status.state.filed')))
    assert.ok(!page.url().includes(code))
    await page.context().close()
    // The answer to a form with a fault is a 400, which the console names.
    assert.deepEqual(
      problems.filter(({ text }) => !text.includes('status of 400')),
      [],
    )
  })
}
