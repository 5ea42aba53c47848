/** Boxes on the pages of an exhibit: drawn by mouse, written by hand, and without a script. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { grid, pngOf } from '../support/page-files.ts'
import { type PageSite, SAMPLE_PAGES, startPageSite } from '../support/page-site.ts'
import { SAMPLE_PICTURE } from '../support/sample-redact.ts'

let site: PageSite
let browser: Browser
before(async () => {
  site = await startPageSite()
  // Twice as wide as it is shown on a narrow screen, so that a scale matters.
  site.serve(SAMPLE_PICTURE, await pngOf(grid(600, 400)))
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
  await site?.close()
})

function address(): string {
  const sample = SAMPLE_PAGES.find(
    ({ page, variant }) => page === 'officer/redact' && variant === 'markPages',
  )
  assert.ok(sample)
  return site.addressOf(sample, 'en')
}

const numbersOf = (page: Page, line: number) =>
  Promise.all(
    ['page', 'x', 'y', 'width', 'height'].map((name) => page.inputValue(`#${name}-${line}`)),
  )

/** From and to in pixels of the picture as it is shown. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]) {
  const image = page.locator('.comity-page__frame img')
  await image.scrollIntoViewIfNeeded()
  const box = await image.boundingBox()
  assert.ok(box)
  await page.mouse.move(box.x + from[0], box.y + from[1])
  await page.mouse.down()
  await page.mouse.move(box.x + to[0], box.y + to[1], { steps: 4 })
  await page.mouse.up()
}

test('a box that is drawn is a line of the form, in pixels of the page, at any scale', async () => {
  const page = await newPage(browser)
  const problems = collectProblems(page)
  await page.goto(address())
  await page.locator('.comity-page__boxes').waitFor()
  // The first line is taken by the sample; the second is free.
  await drag(page, [101, 51], [301, 151])
  const [number = '', x = 0, y = 0, width = 0, height = 0] = (await numbersOf(page, 1)).map(
    (value, index) => (index === 0 ? value : Number(value)),
  )
  assert.equal(number, '1')
  // A border of one pixel, and outwards to whole pixels.
  const near = (is: unknown, wanted: number) => Math.abs(Number(is) - wanted) <= 2
  assert.ok(near(x, 100) && near(y, 50), `${x}, ${y}`)
  assert.ok(near(width, 201) && near(height, 101), `${width} by ${height}`)
  assert.match((await page.textContent('#box-state')) ?? '', /^Box \P{L}*2\P{L}* is in the list/u)
  // All lines are taken: the next box has a new one, with names and labels of its own.
  await drag(page, [20, 200], [60, 240])
  assert.equal((await numbersOf(page, 2))[0], '1')
  assert.equal(await page.locator('label[for="reason-2"]').count(), 1)
  assert.equal(
    await page
      .locator('#box-list li')
      .nth(2)
      .locator('legend')
      .textContent()
      .then((it) => it?.replace(/[\u2068\u2069]/g, '')),
    'Box 3',
  )
  assert.equal(await page.inputValue('#reason-2'), '')
  assert.equal(await page.locator('.comity-page__box').count(), 3)
  // A click is no box.
  await drag(page, [400, 200], [401, 201])
  assert.equal(await page.locator('#box-list li').count(), 3)
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('backwards, beyond the edge, and on a narrow screen', async () => {
  const page = await newPage(browser, { viewport: { width: 320, height: 640 } })
  await page.goto(address())
  await page.locator('.comity-page__boxes').waitFor()
  const shown = (await page.locator('.comity-page__frame img').boundingBox())?.width ?? 0
  assert.ok(shown > 200 && shown <= 300, `${shown}`)
  await drag(page, [150, 100], [-40, 30])
  const [, x, y, width, height] = (await numbersOf(page, 1)).map(Number)
  const scale = 600 / shown
  assert.equal(x, 0)
  assert.ok(Math.abs((width ?? 0) - 150 * scale) < 6, `${width}`)
  assert.ok(Math.abs((y ?? 0) - 30 * scale) < 6, `${y}`)
  assert.ok(Math.abs((height ?? 0) - 70 * scale) < 6, `${height}`)
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
  assert.ok(wide <= 320, `${wide}`)
  await page.context().close()
})

test('by keyboard alone: numbers draw the box, and Remove empties the line', async () => {
  const page = await newPage(browser)
  await page.goto(address())
  await page.locator('.comity-page__boxes').waitFor()
  for (const [name, value] of Object.entries({ page: 1, x: 10, y: 20, width: 30, height: 40 })) {
    await page.focus(`#${name}-1`)
    await page.keyboard.type(String(value))
  }
  const rect = page.locator('.comity-page__box').nth(1)
  const at = await Promise.all(['x', 'y', 'width', 'height'].map((name) => rect.getAttribute(name)))
  assert.deepEqual(at, ['10', '20', '30', '40'])
  await page.locator('#box-list li').nth(1).getByRole('button').focus()
  await page.keyboard.press('Enter')
  assert.deepEqual(await numbersOf(page, 1), ['', '', '', '', ''])
  assert.equal(await page.evaluate<string>('document.activeElement.id'), 'page-1')
  await page.context().close()
})

test('without a script the lines are there and can be sent; nothing else is offered', async () => {
  const page = await newPage(browser, { javaScript: false })
  await page.goto(address())
  assert.equal(await page.locator('.comity-page__boxes').count(), 0)
  assert.deepEqual(await numbersOf(page, 0), ['1', '0', '0', '1', '1'])
  assert.equal(await page.locator('#box-list button:visible').count(), 0)
  assert.equal(await page.locator('button[name="more"]').count(), 1)
  await page.context().close()
})
