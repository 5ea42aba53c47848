/**
 * The page that checks a proof of filing, kept as a file and opened without any network:
 * a good receipt holds, changed ones and other files do not, and nothing is loaded or sent.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { textFromUtf8, toBase64, utf8 } from '../../src/base/bytes.ts'
import { canonicalBytes } from '../../src/base/canonical-json.ts'
import { filingCheckPage } from '../../src/web/public/filing-check.ts'
import { readAsset, readManifest } from '../../src/web/render.ts'
import { ASSETS_FOLDER } from '../../src/web/site-kit.ts'
import { writeSealedFiling } from '../../src/wire/intake/sealed-receipt.ts'
import { checkAccessibility, collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import {
  accepted,
  keyOpening,
  sealedParts,
  signedReceipt,
  world,
} from '../support/filing-receipts.ts'
import { seedOf } from '../support/package-record.ts'
import { sampleRenderer } from '../support/page-site.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const policy = textFromUtf8(world.policy)
let browser: Browser
let placeOf: (lang: string) => string
before(async () => {
  const { catalogues } = await sampleRenderer()
  const manifest = readManifest(join(ASSETS_FOLDER, 'manifest.json'))
  const script = readAsset(ASSETS_FOLDER, manifest, 'check-filing.js')
  placeOf = (lang) => {
    const messages = catalogues.messagesFor(lang, 'public')
    const parts = { messages, authority: 'Meridia <fictional>', policy, script }
    const place = join(folder, `filing-check-${lang}.html`)
    const key = JSON.stringify(keyOpening)
    writeFileSync(place, filingCheckPage(nodePrimitives, { ...parts, keyOpening: key }))
    return pathToFileURL(place).href
  }
  browser = await launchBrowser()
})
after(() => browser?.close())

async function opened(lang = 'en') {
  const page = await newPage(browser, { viewport: { width: 320, height: 800 } })
  await page.context().setOffline(true)
  const problems = collectProblems(page)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(placeOf(lang))
  return { page, problems, asked }
}

const fileOf = (bytes: Uint8Array | string) => ({
  name: 'filing.json',
  mimeType: 'application/json',
  buffer: Buffer.from(bytes),
})

async function choose(page: Page, bytes: Uint8Array | string, id = 'receipt-file') {
  await page.locator(`#${id}`).setInputFiles(fileOf(bytes))
  await page.locator('#result:not([hidden]), #wrong:not(:empty)').first().waitFor()
}

const good = () => writeSealedFiling(sealedParts())

test('a sealed receipt holds, and each check says what it proves and what not', async () => {
  const { page, problems, asked } = await opened()
  await choose(page, good())
  assert.match((await page.locator('#verdict').textContent()) ?? '', /The proof holds\./)
  assert.equal(await page.locator('#checks > li').count(), 4)
  assert.equal(await page.locator('#checks .fails').count(), 0)
  assert.match(await page.locator('#checks').innerText(), /does not hold if the log and enough/)
  assert.equal(await page.evaluate('document.activeElement.id'), 'result')
  assert.deepEqual(await checkAccessibility(page), [])
  assert.deepEqual(problems, [])
  assert.deepEqual(
    asked.filter((url) => !url.startsWith('file:') && !url.startsWith('blob:')),
    [],
  )
  assert.equal(asked.length, 1, 'the page itself and nothing else')
  await page.context().close()
})

test('an accepted receipt holds as far as it goes, and the page says how far', async () => {
  const { page } = await opened()
  await choose(page, canonicalBytes(signedReceipt()))
  assert.match((await page.locator('#verdict').textContent()) ?? '', /The signature holds/)
  await page.context().close()
})

const other = { ...accepted, commitment: toBase64(seedOf('another')) }
const bad: readonly [string, () => Uint8Array | string, RegExp][] = [
  [
    'of another filing',
    () => writeSealedFiling(sealedParts({ accepted: signedReceipt(other) })),
    /does not hold/,
  ],
  [
    'with a changed day',
    () => textFromUtf8(good()).replace('"filedOn":"2026-11-22"', '"filedOn":"2026-11-01"'),
    /does not hold/,
  ],
  [
    'whose signature was made anew',
    () => canonicalBytes({ ...signedReceipt(), signature: toBase64(new Uint8Array(64)) }),
    /does not hold/,
  ],
  [
    'with another path',
    () => {
      const parts = sealedParts()
      return writeSealedFiling({ ...parts, path: { ...parts.path, leafIndex: 2 } })
    },
    /does not hold/,
  ],
  ['that is cut off', () => good().slice(0, -20), /no receipt of a filing/],
  ['that is empty', () => '', /no receipt of a filing/],
  ['that is another kind of file', () => canonicalBytes(keyOpening), /no receipt of a filing/],
  [
    'with a member twice',
    () => textFromUtf8(good()).replace('{', '{"v":1,'),
    /no receipt of a filing/,
  ],
  ['as large as no receipt is', () => ' '.repeat(1024 * 1024 + 1), /no receipt of a filing/],
  ['with markup', () => '{"kind":"<img src=x onerror=alert(1)>"}', /no receipt of a filing/],
]

test('changed receipts and other files do not hold, and the page says why', async () => {
  const { page, problems } = await opened()
  for (const [what, make, said] of bad) {
    await choose(page, good())
    await page.locator('#receipt-file').setInputFiles([])
    await choose(page, make())
    const shown = `${await page.locator('#verdict').innerText()} ${await page.locator('#wrong').innerText()}`
    assert.match(shown, said, what)
    assert.doesNotMatch(shown, /The proof holds/, what)
  }
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('the reader can bring a policy; under one that names another log nothing holds', async () => {
  const { page } = await opened()
  await choose(page, good())
  await page.locator('#policy-file').setInputFiles(fileOf(policy))
  await page.getByText('Checked with the policy file that you chose.').waitFor()
  assert.match((await page.locator('#verdict').textContent()) ?? '', /The proof holds/)
  const others = policy.replaceAll(/^log .*\n/gm, '')
  assert.notEqual(others, policy)
  for (const text of ['log nothing', others, '']) {
    await page.locator('#policy-file').setInputFiles(fileOf(text))
    const denied = page.locator('#wrong:not(:empty), #verdict[data-verdict=failed]')
    await denied.first().waitFor()
    const verdict = (await page.locator('#result').isVisible())
      ? await page.locator('#verdict').textContent()
      : ''
    assert.doesNotMatch(verdict ?? '', /The proof holds/, text)
  }
  await page.context().close()
})

test('it can be read from right to left, and without a script it says what to do', async () => {
  const { page } = await opened('ar-XB')
  assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
  assert.equal(
    await page.evaluate('document.documentElement.scrollWidth > window.innerWidth'),
    false,
  )
  await page.context().close()
  const plain = await newPage(browser, { javaScript: false })
  await plain.goto(placeOf('en'))
  assert.ok(await plain.getByText('no script has run', { exact: false }).isVisible())
  assert.equal(await plain.locator('#check').isVisible(), false)
  await plain.context().close()
})

test('what the node gives cannot break out of its place', () => {
  const { lang, dir } = { lang: 'en', dir: 'ltr' } as const
  const messages = { lang, dir, has: () => true, t: (key: string) => `<b>${key}"` }
  const hostile = '</script><img src=x onerror=alert(1)>'
  const parts = { messages, authority: hostile, policy: hostile, script: 'let a' }
  const page = filingCheckPage(nodePrimitives, { ...parts, keyOpening: JSON.stringify(hostile) })
  assert.doesNotMatch(page, /<img|<b>/)
  assert.throws(() =>
    filingCheckPage(nodePrimitives, { ...parts, keyOpening: '', script: hostile }),
  )
  assert.ok(utf8(page).length > 1000)
})
