/**
 * Every page in its sample states, in English and both pseudo-languages: the
 * accessibility rules of axe, no error behind the page under the real content
 * policy, no sideways scrolling on a narrow screen, and the weight of public pages.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import {
  type AccessibilityViolation,
  checkAccessibility,
  collectProblems,
  launchBrowser,
  newPage,
} from '../support/browser.ts'
import {
  type PageSite,
  SAMPLE_PAGES,
  type SamplePage,
  startPageSite,
} from '../support/page-site.ts'

const LANGUAGES = ['en', 'en-XA', 'ar-XB']
const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 320, height: 640 }
const PUBLIC_PAGE_BYTES_MAX = 60_000
/** More than the style sheet alone, so that both were counted. */
const BARE_PAGE_BYTES = 12_000

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

const nameOf = ({ page, variant }: SamplePage) => (variant === '' ? page : `${page} (${variant})`)

/**
 * What can differ in another language or direction of writing. The other rules read
 * elements, roles, states and colours, which all languages share: once is enough.
 */
const RULES_OF_LANGUAGE = [
  'html-has-lang',
  'html-lang-valid',
  'html-xml-lang-mismatch',
  'valid-lang',
  'document-title',
  'target-size',
  'scrollable-region-focusable',
  'label-content-name-mismatch',
  'link-name',
  'button-name',
  'label',
  'empty-heading',
]

for (const lang of LANGUAGES) {
  test(`axe finds nothing, nothing goes wrong and nothing scrolls sideways, in ${lang}`, async () => {
    const page = await newPage(browser, { viewport: NARROW })
    const problems = collectProblems(page)
    const wide: string[] = []
    const found: unknown[] = []
    for (const sample of SAMPLE_PAGES) {
      const response = await page.goto(site.addressOf(sample, lang))
      assert.equal(response?.status(), 200, nameOf(sample))
      if (await scrollsSideways(page)) wide.push(nameOf(sample))
      const violations = await (lang === 'en'
        ? checkOnWideScreen(page)
        : checkAccessibility(page, RULES_OF_LANGUAGE))
      found.push(...violations.map((violation) => ({ page: nameOf(sample), ...violation })))
    }
    await page.context().close()
    assert.deepEqual(found, [])
    assert.deepEqual(wide, [])
    assert.deepEqual(problems, [])
  })
}

async function checkOnWideScreen(page: Page): Promise<AccessibilityViolation[]> {
  await page.setViewportSize(WIDE)
  const violations = await checkAccessibility(page)
  await page.setViewportSize(NARROW)
  return violations
}

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
}

test('a public page with all that it loads stays within its weight', async () => {
  const page = await newPage(browser)
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  // As a visitor who has nothing cached.
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  const heavy: string[] = []
  for (const sample of SAMPLE_PAGES.filter(({ page }) => !page.startsWith('officer/'))) {
    bytes = 0
    await page.goto(site.addressOf(sample, 'ar-XB'), { waitUntil: 'load' })
    assert.ok(bytes > BARE_PAGE_BYTES, 'the page and its assets were counted')
    if (bytes > PUBLIC_PAGE_BYTES_MAX) heavy.push(`${nameOf(sample)}: ${bytes}`)
  }
  await page.context().close()
  assert.deepEqual(heavy, [])
})

test('every page works without scripts and has one heading of the first level', async () => {
  const page = await newPage(browser, { javaScript: false })
  for (const sample of SAMPLE_PAGES) {
    await page.goto(site.addressOf(sample, 'en'))
    assert.equal(await page.locator('h1').count(), 1, nameOf(sample))
    assert.notEqual(await page.title(), '', nameOf(sample))
  }
  await page.context().close()
})
