/**
 * The public page that verifies in the browser: good files and folders hold, changed ones
 * fail with the file named, and once what verifies is loaded no request leaves at all.
 */
import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { textFromUtf8 } from '../../src/base/bytes.ts'
import { canonicalBytes } from '../../src/base/canonical-json.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import { writeSealedFiling } from '../../src/wire/intake/sealed-receipt.ts'
import { checkAccessibility, collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { keyOpening, openingOf, sealedParts, signedReceipt } from '../support/filing-receipts.ts'
import { logFiles, sampleEntry, sampleExport, world, writeFiles } from '../support/log-copies.ts'
import { buildPackage } from '../support/package-world.ts'
import { type PageSite, SAMPLE_PAGES, startPageSite } from '../support/page-site.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
let browser: Browser
let site: PageSite
before(async () => {
  site = await startPageSite()
  browser = await launchBrowser()
  writeFileSync(at('policy.txt'), world.policy)
  writeFileSync(at('case.tar'), await buildPackage())
  writeFileSync(at('opening.json'), canonicalBytes(keyOpening))
  const { receipt, ...opening } = openingOf('releaseDecided')
  writeFileSync(at('release.json'), canonicalBytes({ ...opening, receipt }))
  writeFileSync(at('release.tlog-proof'), receipt)
  writeFileSync(at('filing.json'), writeSealedFiling(sealedParts()))
  writeFileSync(at('accepted.json'), canonicalBytes(signedReceipt()))
  const entries = Array.from({ length: 600 }, (_, index) => sampleEntry(index))
  writeFiles(at('log'), logFiles(entries))
  await sampleExport(at('node'), at('export'))
})
after(async () => {
  await browser?.close()
  await site?.close()
})

const addressOf = (lang: string) => {
  const sample = SAMPLE_PAGES.find(({ page }) => page === 'public/verify')
  assert.ok(sample)
  return site.addressOf(sample, lang)
}

/** With what verifies loaded, and the network gone. */
async function opened(lang = 'en') {
  const page = await newPage(browser, { viewport: { width: 320, height: 800 } })
  const problems = collectProblems(page)
  await page.goto(addressOf(lang))
  await page.locator('#verify-files').focus()
  await page.locator('#verify-here[data-loaded]').waitFor()
  await page.locator('#verify-policy').setInputFiles(at('policy.txt'))
  await page.context().setOffline(true)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  return { page, problems, asked }
}

/** Clears what was shown first, so that nothing old is taken for the answer. */
async function check(page: Page, names: readonly string[], by = 'verify-files') {
  await page.locator('#verify-files').setInputFiles([])
  await page.locator('#verify-result').waitFor({ state: 'hidden' })
  await page
    .locator(`#${by}`)
    .setInputFiles(by === 'verify-files' ? names.map(at) : at(names.join()))
  await page.locator('#verify-result:not([hidden]), #verify-wrong:not(:empty)').first().waitFor()
  return page.locator('#verify-verdict').getAttribute('data-verdict')
}

test('what Comity hands out holds, and no request leaves', async () => {
  const { page, problems, asked } = await opened()
  for (const names of [
    ['case.tar'],
    ['release.json'],
    ['release.json', 'release.tlog-proof'],
    ['filing.json'],
    ['accepted.json', 'opening.json'],
    ['opening.json', 'accepted.json'],
  ]) {
    assert.equal(await check(page, names), 'verified', names.join())
  }
  for (const name of ['log', 'export']) {
    assert.equal(await check(page, [name], 'verify-folder'), 'verified', name)
  }
  assert.equal(await page.evaluate('document.activeElement.id'), 'verify-result')
  assert.deepEqual(await checkAccessibility(page), [])
  assert.deepEqual(asked, [])
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('it says what the command says', async () => {
  const { page } = await opened()
  const out: string[] = []
  const stdout = { write: (text: string) => out.push(text) }
  await verifyCommand([at('export'), '--policy', at('policy.txt'), '--json'], stdout)
  const { checks } = JSON.parse(out.join('')) as { checks: { title: string; detail: string }[] }
  await check(page, ['export'], 'verify-folder')
  const shown = await page.locator('#verify-checks').innerText()
  for (const { title, detail } of checks) {
    assert.ok(shown.includes(title), title)
    assert.ok(shown.includes(detail), detail)
  }
  await page.context().close()
})

test('one changed byte fails, and the file is named', async () => {
  cpSync(at('log'), at('changed'), { recursive: true })
  const tile = at('changed/tile/0/001')
  const bytes = readFileSync(tile)
  bytes[77] = (bytes[77] ?? 0) ^ 1
  writeFileSync(tile, bytes)
  const archive = readFileSync(at('case.tar'))
  const place = archive.indexOf('meridia')
  archive[place] = (archive[place] ?? 0) ^ 1
  writeFileSync(at('changed.tar'), archive)
  const text = textFromUtf8(readFileSync(at('filing.json')))
  writeFileSync(at('changed.json'), text.replace('2026-11-22', '2026-11-21'))
  const { page, problems } = await opened()
  assert.equal(await check(page, ['changed'], 'verify-folder'), 'failed')
  assert.match(await page.locator('#verify-checks').innerText(), /tile\/0\/001: /)
  assert.equal(await check(page, ['changed.tar']), 'failed')
  assert.equal(await check(page, ['changed.json']), 'failed')
  assert.deepEqual(await checkAccessibility(page), [])
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('what cannot be checked is said, and under the policy of others nothing holds', async () => {
  writeFileSync(at('nothing.json'), '{"kind":"<img src=x onerror=alert(1)>"}')
  writeFileSync(at('other.txt'), 'quorum none\n')
  const { page, problems } = await opened()
  for (const names of [['nothing.json'], ['release.json', 'filing.json', 'accepted.json']]) {
    await check(page, names)
    assert.match(await page.locator('#verify-wrong').innerText(), /no file that can be checked/)
    assert.equal(await page.locator('#verify-result').isVisible(), false)
  }
  await check(page, ['release.json'])
  await page.locator('#verify-policy').setInputFiles(at('other.txt'))
  await page.locator('#verify-verdict[data-verdict=failed]').waitFor()
  await page.locator('#verify-policy').setInputFiles(at('nothing.json'))
  await page.locator('#verify-wrong:not(:empty)').waitFor()
  assert.equal(await page.locator('#verify-result').isVisible(), false)
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('its policy lets nothing out, it reads from right to left, and without a script it says how', async () => {
  const answer = await fetch(addressOf('en'))
  const policy = answer.headers.get('content-security-policy') ?? ''
  for (const rule of ["connect-src 'none'", "form-action 'none'", "default-src 'none'"]) {
    assert.ok(policy.includes(rule), rule)
  }
  assert.doesNotMatch(await answer.text(), /<form/)
  const { page } = await opened('ar-XB')
  assert.equal(await check(page, ['release.json']), 'verified')
  const isWide = 'document.documentElement.scrollWidth > window.innerWidth'
  assert.equal(await page.evaluate(isWide), false)
  await page.context().close()
  const plain = await newPage(browser, { javaScript: false })
  await plain.goto(addressOf('en'))
  assert.ok(await plain.getByText('no script has run', { exact: false }).isVisible())
  assert.equal(await plain.locator('#verify-here').isVisible(), false)
  await plain.context().close()
})
