/**
 * The browser harness itself: a good page passes, a bad page is caught, text is
 * drawn, and what goes wrong behind a page is seen. Without this, a harness that
 * looks at nothing would make every browser test pass.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import {
  checkAccessibility,
  collectProblems,
  launchBrowser,
  newPage,
  type PageOptions,
  type Problem,
} from '../support/browser.ts'

const GOOD = `<!doctype html><html lang="en"><head><title>Good page</title></head><body>
<main><h1>Report a harm</h1><p id="text">Grace and Ümit read “fjörd” at 100 %.</p>
<label for="name">Name</label> <input id="name" autocomplete="name"><noscript><p>Plain.</p></noscript>
<p id="language"></p></main></body></html>`

const BAD = `<!doctype html><html><head></head><body><img src="/none.png">
<input><p style="color:#bbb;background:#fff">Too pale to read</p></body></html>`

const FAULTY = `<!doctype html><html lang="en"><head><title>Faulty page</title></head><body>
<script>document.title = 'inline script ran'</script><script src="/throws.js"></script>
<img alt="" src="http://outside.example/pixel.png"></body></html>`

const PAGES: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/good': ['text/html; charset=utf-8', GOOD],
  '/bad': ['text/html; charset=utf-8', BAD],
  '/faulty': ['text/html; charset=utf-8', FAULTY],
  '/throws.js': ['text/javascript', 'throw new Error("thrown on purpose")'],
}

const server = createServer(({ url = '' }, response) => {
  const [type, body] = PAGES[url] ?? ['text/plain', undefined]
  response.statusCode = body === undefined ? 404 : 200
  response.setHeader('content-type', type)
  response.setHeader('content-security-policy', "script-src 'self'; img-src *")
  response.end(body)
})

let browser: Browser
let baseURL: string

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
})

after(async () => {
  await browser?.close()
  server.close()
})

async function visit(path: string, options: PageOptions = {}): Promise<[Page, readonly Problem[]]> {
  const page = await newPage(browser, { baseURL, ...options })
  const problems = collectProblems(page)
  await page.goto(path)
  return [page, problems]
}

describe('accessibility', () => {
  test('a good page has no violation', async () => {
    const [page, problems] = await visit('/good')
    assert.deepEqual(await checkAccessibility(page), [])
    assert.deepEqual(problems, [])
  })

  test('a bad page is caught, rule by rule', async () => {
    const [page] = await visit('/bad')
    const rules = (await checkAccessibility(page)).map(({ rule }) => rule)
    for (const rule of [
      'color-contrast',
      'document-title',
      'html-has-lang',
      'image-alt',
      'label',
      'landmark-one-main',
    ]) {
      assert.ok(rules.includes(rule), `${rule} is not among ${rules.join(', ')}`)
    }
  })
})

describe('pages', () => {
  test('text is drawn in a font that has its letters', async () => {
    const [page] = await visit('/good')
    const text = page.locator('#text')
    const drawn = await text.screenshot()
    await page.evaluate(`document.querySelector('#text').textContent = '\\u00a0'`)
    const empty = await text.screenshot()
    assert.ok(drawn.length > 2 * empty.length, `${drawn.length} against ${empty.length} bytes`)
    const widths = await page.evaluate<number[]>(`['i', 'W'].map((letter) => {
      const span = document.createElement('span')
      span.textContent = letter.repeat(20)
      document.body.append(span)
      return span.getBoundingClientRect().width
    })`)
    assert.ok((widths[1] ?? 0) > 2 * (widths[0] ?? 0), `widths ${widths.join(' and ')}`)
  })

  test('a visitor without JavaScript gets the basic page', async () => {
    const [page] = await visit('/good', { javaScript: false })
    assert.equal(await page.locator('noscript p').isVisible(), true)
  })

  test('a visitor has the language asked for', async () => {
    const [page] = await visit('/good', { locale: 'fr-BE' })
    assert.equal(await page.evaluate('navigator.language'), 'fr-BE')
  })

  test('a hardened browser runs', async () => {
    const hardened = await launchBrowser({ isJitless: true })
    try {
      const page = await newPage(hardened, { baseURL })
      await page.goto('/good')
      assert.equal(await page.evaluate('typeof WebAssembly'), 'undefined')
    } finally {
      await hardened.close()
    }
  })
})

describe('problems', () => {
  test('each kind is seen on a faulty page', async () => {
    const [page, problems] = await visit('/faulty')
    assert.equal(await page.title(), 'Faulty page', 'the policy stops inline scripts')
    const of = (kind: Problem['kind']) => problems.filter((problem) => problem.kind === kind)
    assert.equal(of('csp').length, 1)
    assert.deepEqual(
      of('exception').map(({ text }) => text),
      ['thrown on purpose'],
    )
    assert.deepEqual(
      of('offLoopback').map(({ text }) => text),
      ['http://outside.example/pixel.png'],
    )
    assert.equal(of('failedRequest').length, 1)
  })

  test('a missing picture is seen on the console', async () => {
    const [, problems] = await visit('/bad')
    assert.ok(problems.some(({ kind, text }) => kind === 'console' && text.includes('404')))
  })
})
