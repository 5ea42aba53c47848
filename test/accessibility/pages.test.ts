/**
 * Every page in its sample states, in English and both pseudo-languages: the
 * accessibility rules of axe, no error behind the page under the real content
 * policy, no sideways scrolling on a narrow screen, and the weight of public pages.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { checkAccessibility, collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import {
  type PageSite,
  SAMPLE_PAGES,
  type SamplePage,
  startPageSite,
} from '../support/page-site.ts'

const LANGUAGES = ['en', 'en-XA', 'ar-XB']
const NARROW = { width: 320, height: 640 }
const PUBLIC_PAGE_BYTES_MAX = 60_000

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

for (const lang of LANGUAGES) {
  test(`axe finds nothing, in ${lang}`, async () => {
    const page = await newPage(browser, { bypassCSP: true })
    const found: unknown[] = []
    for (const sample of SAMPLE_PAGES) {
      await page.goto(site.addressOf(sample, lang))
      for (const violation of await checkAccessibility(page)) {
        found.push({ page: nameOf(sample), ...violation })
      }
    }
    await page.context().close()
    assert.deepEqual(found, [])
  })

  test(`nothing goes wrong behind a page and nothing scrolls sideways, in ${lang}`, async () => {
    const page = await newPage(browser, { viewport: NARROW })
    const problems = collectProblems(page)
    const wide: string[] = []
    for (const sample of SAMPLE_PAGES) {
      const response = await page.goto(site.addressOf(sample, lang))
      assert.equal(response?.status(), 200, nameOf(sample))
      if (await scrollsSideways(page)) wide.push(nameOf(sample))
    }
    await page.context().close()
    assert.deepEqual(wide, [])
    assert.deepEqual(problems, [])
  })
}

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
}

test('a public page with all that it loads stays within its weight', async () => {
  const heavy: string[] = []
  for (const sample of SAMPLE_PAGES.filter(({ page }) => !page.startsWith('officer/'))) {
    const bytes = await bytesLoadedBy(site.addressOf(sample, 'ar-XB'))
    if (bytes > PUBLIC_PAGE_BYTES_MAX) heavy.push(`${nameOf(sample)}: ${bytes}`)
  }
  assert.deepEqual(heavy, [])
})

/** As transferred, compressed, by a visitor who has nothing cached. */
async function bytesLoadedBy(address: string): Promise<number> {
  const page = await newPage(browser)
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await page.goto(address, { waitUntil: 'load' })
  await page.context().close()
  assert.ok(bytes > 5000, 'the page and its assets were counted')
  return bytes
}

test('every page works without scripts and has one heading of the first level', async () => {
  const page = await newPage(browser, { javaScript: false })
  for (const sample of SAMPLE_PAGES) {
    await page.goto(site.addressOf(sample, 'en'))
    assert.equal(await page.locator('h1').count(), 1, nameOf(sample))
    assert.notEqual(await page.title(), '', nameOf(sample))
  }
  await page.context().close()
})
