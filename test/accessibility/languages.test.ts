/**
 * What reporters, the public and people from outside read, in every language that is
 * offered to them and in the pseudo-language that runs from right to left: the rules of
 * axe that a language can break, no sideways scrolling on the narrowest screen, the
 * language of the page and the way to every other one, and codes, digests and names of
 * files from left to right.
 */
import assert from 'node:assert/strict'
import path from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { loadCatalogues } from '../../src/web/messages.ts'
import { checkAccessibility, collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import {
  type PageSite,
  SAMPLE_PAGES,
  type SamplePage,
  startPageSite,
} from '../support/page-site.ts'
import { sampleContext } from '../support/sample-models.ts'

const catalogues = loadCatalogues(path.join(import.meta.dirname, '../../locales'))
const OFFERED = catalogues.languagesOf('public')
const LANGUAGES = [...OFFERED, 'ar-XB']
const NARROW = { width: 320, height: 640 }

/** Each language in its own words, written down by hand. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  en: 'English',
  fr: 'Français',
  de: 'Deutsch',
  es: 'Español',
  ar: 'العربية',
  it: 'Italiano',
  pt: 'Português',
  pl: 'Polski',
  uk: 'Українська',
  zh: '中文',
  ja: '日本語',
  ko: '한국어',
}

/** What people walk through: to a report, to its answer, to a notice, to what is shared. */
const WALKED = `public/home public/accessibility public/dashboard public/advisories public/verify
  public/agreements public/law reporter/start reporter/choose reporter/basic reporter/review
  reporter/sealed reporter/receipt reporter/mailbox reporter/sign-in reporter/status
  reporter/notice-sign-in reporter/notice reporter/challenged officer/guest officer/shared-case
  error/problem`.split(/\s+/)
const SAMPLES = WALKED.map(
  (name) =>
    SAMPLE_PAGES.find(({ page, variant }) => page === name && variant === '') ?? assert.fail(name),
)

/** The rules that read elements, roles and colours hold in English (pages.test.ts) and so here. */
const RULES_OF_LANGUAGE = [
  'html-has-lang',
  'html-lang-valid',
  'html-xml-lang-mismatch',
  'valid-lang',
  'document-title',
  'aria-hidden-focus',
  'target-size',
  'scrollable-region-focusable',
  'label-content-name-mismatch',
  'link-name',
  'button-name',
  'label',
  'empty-heading',
]

let site: PageSite
let browser: Browser
before(async () => {
  site = await startPageSite()
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await site?.close()
})

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > window.innerWidth')

/** Text that is read by machines or typed off, and does not stand from left to right. */
const TURNED = `[...document.querySelectorAll(
    '.comity-code, .comity-receipt-code, .comity-block[translate=no], code, input[name=code]:not([type=hidden]), input#code')]
  .filter((one) => getComputedStyle(one).direction !== 'ltr' && !one.querySelector('bdi'))
  .map((one) => one.outerHTML.slice(0, 160))`

async function look(page: Page, sample: SamplePage, lang: string): Promise<readonly unknown[]> {
  const where = `${sample.page} ${lang}`
  const response = await page.goto(site.addressOf(sample, lang))
  assert.equal(response?.status(), 200, where)
  const root = page.locator('html')
  assert.equal(await root.getAttribute('lang'), lang, where)
  const isRightToLeft = lang === 'ar' || lang === 'ar-XB'
  assert.equal(await root.getAttribute('dir'), isRightToLeft ? 'rtl' : 'ltr', where)
  const turned = (await page.evaluate(TURNED)) as readonly string[]
  const violations = await checkAccessibility(page, RULES_OF_LANGUAGE)
  return [
    ...(isRightToLeft ? turned : []),
    ...((await scrollsSideways(page)) ? ['scrolls sideways'] : []),
    ...violations,
  ].map((found) => ({ where, found }))
}

for (const lang of LANGUAGES) {
  test(`${lang}: axe finds nothing, nothing scrolls sideways, codes run from left to right`, async () => {
    const page = await newPage(browser, { viewport: NARROW })
    const problems = collectProblems(page)
    const found: unknown[] = []
    for (const sample of SAMPLES) found.push(...(await look(page, sample, lang)))
    await page.context().close()
    assert.deepEqual(found, [])
    assert.deepEqual(problems, [])
  })
}

test('codes that run from right to left are found', async () => {
  const page = await newPage(browser)
  const [sample = assert.fail()] = SAMPLES.filter((one) => one.page === 'reporter/receipt')
  await page.goto(site.addressOf(sample, 'ar-XB'))
  assert.deepEqual(await page.evaluate(TURNED), [])
  await page.evaluate(`document.querySelector('.comity-receipt-code').style.direction = 'rtl'`)
  assert.equal(((await page.evaluate(TURNED)) as unknown[]).length, 1)
  await page.context().close()
})

test('every language is offered in its own words, and no pseudo-language is', async () => {
  assert.deepEqual(sampleContext.site.languages, Object.keys(OWN_NAMES))
  const page = await newPage(browser, { viewport: NARROW, javaScript: false })
  const [home = assert.fail()] = SAMPLES
  await page.goto(site.addressOf(home, 'en'))
  const shown = page.locator('.comity-languages li > *')
  assert.deepEqual(await shown.allTextContents(), Object.values(OWN_NAMES))
  for (const [index, lang] of Object.keys(OWN_NAMES).entries()) {
    const one = shown.nth(index)
    assert.equal(await one.getAttribute('lang'), lang)
    if (lang === 'en') assert.equal(await one.getAttribute('aria-current'), 'true')
    else assert.match((await one.getAttribute('href')) ?? '', new RegExp(`^/${lang}/`))
  }
  await page.context().close()
})
