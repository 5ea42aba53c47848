/**
 * Browser tests: a real Chromium, pages of every kind of visitor, accessibility
 * rules, and what went wrong behind a page.
 *
 * The flags are our own. Those that the npm package proposes switch off web
 * security and isolation, which would hide the faults we look for.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type axe from 'axe-core'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core'
import { browserProgram } from './browser-program.ts'

const FLAGS = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-sync',
  '--disable-component-update',
  '--disable-background-networking',
  // No name of the outside world is looked up.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]',
]

export type LaunchOptions = {
  /** A browser that compiles nothing, as hardened ones do. */
  readonly isJitless?: boolean
}

/** Starts a browser; the caller closes it. About 0.4 s, once 4 s to unpack. */
export async function launchBrowser({ isJitless = false }: LaunchOptions = {}): Promise<Browser> {
  const { executablePath, env, majorVersion } = await browserProgram()
  const isRoot = process.getuid?.() === 0
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: [
      ...FLAGS,
      // Chromium's sandbox refuses to run as root.
      ...(isRoot ? ['--no-sandbox'] : []),
      ...(isJitless ? ['--js-flags=--jitless'] : []),
    ],
    chromiumSandbox: !isRoot,
  })
  if (majorVersion !== undefined) {
    assert.equal(browser.version().split('.')[0], majorVersion, 'the browser of the package runs')
  }
  return browser
}

export type PageOptions = {
  readonly javaScript?: boolean
  /** Language of the visitor, e.g. `en-GB`. */
  readonly locale?: string
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly baseURL?: string
}

const VIEWPORT = { width: 1280, height: 900 }

/** A page of a visitor with cookies of its own. `page.context().close()` ends it. */
export async function newPage(browser: Browser, options: PageOptions = {}): Promise<Page> {
  const { javaScript = true, locale = 'en-GB', baseURL } = options
  const context = await browser.newContext({
    javaScriptEnabled: javaScript,
    locale,
    viewport: options.viewport ?? VIEWPORT,
    reducedMotion: 'reduce',
    ...(baseURL === undefined ? {} : { baseURL }),
  })
  return await context.newPage()
}

const ACCESSIBILITY_TAGS = [
  'wcag2a',
  'wcag2aa',
  'wcag21a',
  'wcag21aa',
  'wcag22aa',
  'best-practice',
] as const

export type AccessibilityViolation = {
  /** Rule of axe-core, e.g. `image-alt`. */
  readonly rule: string
  readonly impact: string
  readonly help: string
  /** Selectors of the elements. */
  readonly elements: readonly string[]
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const sessions = new WeakMap<Page, Promise<CDPSession>>()

/**
 * What axe-core finds on the page as it stands, by all rules or by those named. It
 * reads the page from a world of its own, so the page's content policy stays in force.
 */
export async function checkAccessibility(
  page: Page,
  rules?: readonly string[],
): Promise<AccessibilityViolation[]> {
  const session = await debuggerOf(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const world = { frameId: frameTree.frame.id, worldName: 'axe' }
  const { executionContextId } = await session.send('Page.createIsolatedWorld', world)
  const runOnly = rules
    ? { type: 'rule', values: rules }
    : { type: 'tag', values: ACCESSIBILITY_TAGS }
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] })
  const evaluate = async (expression: string) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    })
    assert.equal(exceptionDetails, undefined)
    return result.value as unknown
  }
  await evaluate(`${AXE}; undefined`)
  const { violations, passes } = (await evaluate(`axe.run(document, ${options})`)) as axe.AxeResults
  assert.ok(violations.length + passes.length > 0, 'axe looked at the page')
  return violations.map(({ id, impact, help, nodes }) => ({
    rule: id,
    impact: impact ?? 'unknown',
    help,
    elements: nodes.map(({ target }) => target.join(' ')),
  }))
}

function debuggerOf(page: Page): Promise<CDPSession> {
  const session = sessions.get(page) ?? page.context().newCDPSession(page)
  sessions.set(page, session)
  return session
}

/** What a person of the demonstration does when an act asks for a fresh proof. */
export async function proveInDemonstration(page: Page): Promise<void> {
  await page.goto('/en/officer/step-up')
  await page.getByRole('button', { name: 'exercise only' }).click()
  await page.getByText('You proved it at').waitFor()
}

export type Problem = {
  readonly kind: 'console' | 'exception' | 'csp' | 'failedRequest' | 'offLoopback'
  readonly text: string
}

/**
 * Collects from now on what goes wrong on the page: errors on the console,
 * exceptions, violations of the content security policy, requests that fail, and
 * requests that leave this machine. The returned list grows.
 */
export function collectProblems(page: Page): readonly Problem[] {
  const problems: Problem[] = []
  const add = (kind: Problem['kind'], text: string) => problems.push({ kind, text })
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    const isCsp = /Content.Security.Policy/i.test(message.text())
    add(isCsp ? 'csp' : 'console', message.text())
  })
  page.on('pageerror', (error) => add('exception', error.message))
  page.on('request', (request) => {
    if (!isOnLoopback(request.url())) add('offLoopback', request.url())
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // A form or link that is left for another one is no fault of the page.
    if (reason !== 'net::ERR_ABORTED') add('failedRequest', `${request.url()} ${reason}`)
  })
  return problems
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|(?:.+\.)?localhost|\[::1\])$/

function isOnLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  if (!['http:', 'https:', 'ws:', 'wss:'].includes(protocol)) return true
  return LOOPBACK.test(hostname)
}
