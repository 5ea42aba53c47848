/**
 * The portal on a slow phone: a real browser whose processor and network are slowed
 * down, with an empty cache. How long until a reporter can read, write, and has sent.
 */
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, newPage } from '../test/support/browser.ts'
import { atMost, type Measured, milliseconds, notMeasured, type Section } from './measured.ts'

/** The profile that browsers' developer tools call "Slow 3G", and a processor six times slower. */
const LATENCY_MS = 400
const BYTES_PER_SECOND = 400_000 / 8
const SLOWDOWN = 6
/** Own goals: beyond them people leave, or press again. */
const READ_GOAL_S = 5
const WRITE_GOAL_S = 10
const SEND_GOAL_S = 20
const PHONE = { width: 360, height: 640 }

type Visit = { readonly what: string; readonly goalS: number; run(page: Page): Promise<number> }

export async function measureSlowPhone(baseUrl: string): Promise<Section> {
  const browser = await launchBrowser()
  try {
    const lines: Measured[] = []
    for (const visit of visitsOf(baseUrl)) lines.push(await measure(browser, visit))
    const title = `The portal on a slow phone (${LATENCY_MS} ms, 400 kbit/s, processor ${SLOWDOWN} times slower, nothing cached)`
    return { title, lines }
  } finally {
    await browser.close()
  }
}

async function measure(browser: Browser, { what, goalS, run }: Visit): Promise<Measured> {
  const page = await newPage(browser, { viewport: PHONE })
  try {
    await slowDown(page)
    const ms = await run(page)
    return { what, figure: milliseconds(ms), goal: atMost(goalS, ms / 1000, 's') }
  } catch (error) {
    return notMeasured(what, `≤ ${goalS} s`, error)
  } finally {
    await page.context().close()
  }
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: LATENCY_MS,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
}

function visitsOf(baseUrl: string): readonly Visit[] {
  return [
    {
      what: 'first page for reporters, until it can be read',
      goalS: READ_GOAL_S,
      run: (page) => untilVisible(page, `${baseUrl}/en/report`, '#main-content .govuk-button'),
    },
    {
      what: 'form that is sealed on arrival, until its kinds can be read',
      goalS: READ_GOAL_S,
      run: (page) => untilVisible(page, `${baseUrl}/en/report/basic`, '#main-content h1'),
    },
    {
      what: 'form that is sealed in the browser, until its questions can be answered',
      goalS: WRITE_GOAL_S,
      run: (page) => untilQuestions(page, `${baseUrl}/en/report/sealed`),
    },
    {
      what: 'a short report: work, sealing, sending, receipt',
      goalS: SEND_GOAL_S,
      run: (page) => send(page, `${baseUrl}/en/report/sealed`),
    },
  ]
}

async function untilVisible(page: Page, url: string, selector: string): Promise<number> {
  const started = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator(selector).first().waitFor({ state: 'visible', timeout: 120_000 })
  return performance.now() - started
}

/** The questions come by script, once a kind is chosen. */
async function untilQuestions(page: Page, url: string): Promise<number> {
  const started = performance.now()
  await page.goto(url, { timeout: 120_000 })
  await page.locator('[data-kind="incident"]').click()
  await page.locator('#f-title').fill('Measured on a slow phone')
  return performance.now() - started
}

/** From the last button to the receipt. */
async function send(page: Page, url: string): Promise<number> {
  page.setDefaultTimeout(120_000)
  await untilQuestions(page, url)
  await page.locator('#f-whatHappened').fill('An invented report. '.repeat(100))
  await page.locator('#f-isPublic').selectOption('no')
  await page.locator('#f-language').selectOption('en')
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.locator('#code-given').waitFor({ state: 'visible' })
  const code = (await page.locator('#code').textContent()) ?? ''
  await page.locator('#code-given').fill(code)
  const started = performance.now()
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.locator('#done-code').waitFor({ state: 'visible' })
  return performance.now() - started
}
