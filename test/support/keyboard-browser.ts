/**
 * A browser that only a keyboard moves: links are found with Tab and followed with
 * Enter, forms are walked through control by control and filled in on the way.
 * What Tab does not reach cannot be used, and a control that does not answer to
 * its keys does not get its value.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { APIResponse, Page, Response } from 'playwright-core'
import type { DemoNode } from '../../src/node/demo-setup.ts'
import { type HtmlForm, sentBy } from './html-form.ts'
import { OWN_PAGE, type PageAnswer } from './page-hand.ts'

const TABS_MAX = 600
/** Longer than any page takes, shorter than a test may hang. */
const ANSWER_MS = 30_000

export function keyboardAt({ baseUrl }: DemoNode, page: Page) {
  return {
    async get(path: string): Promise<PageAnswer> {
      if (path.startsWith('/api/')) return readByProgram(page, baseUrl + path)
      const act = /^(?<place>.*\/cases\/[^/]+)\/acts\/[^/]+$/.exec(path)
      if (act?.groups?.['place']) {
        await page.goto(baseUrl + act.groups['place'])
        const isThere = (await page.locator(`a[href="${path}"]`).count()) > 0
        if (isThere) return answerOf(page, await follow(page, path))
      }
      return answerOf(page, await page.goto(baseUrl + path))
    },
    async send(form: HtmlForm): Promise<PageAnswer> {
      if (await isOff(page, form)) return sendByProgram(page, baseUrl, form)
      await skipToMain(page)
      await walkThrough(page, form)
      const answered = page.waitForResponse(
        (response) =>
          response.request().method() === 'POST' && response.url() === baseUrl + form.action,
      )
      const saved = page.waitForEvent('download', { timeout: ANSWER_MS }).catch(() => undefined)
      const loaded = page.waitForEvent('load', { timeout: ANSWER_MS }).catch(() => undefined)
      await page.keyboard.press('Enter')
      const response = await answered
      if (response.headers()['content-disposition']) {
        const bytes = new Uint8Array(readFileSync((await (await saved)?.path()) ?? ''))
        return { status: response.status(), html: '', bytes, location: undefined }
      }
      await loaded
      return answerOf(page, response)
    },
  }
}

/** The button is there, and says why it cannot be pressed. */
async function isOff(page: Page, { action }: HtmlForm): Promise<boolean> {
  const button = page.locator(`form[action="${action}"] button[disabled][aria-describedby]`)
  return (await button.count()) > 0
}

/** What no person can send is sent all the same: the server must refuse it by itself. */
async function sendByProgram(page: Page, base: string, form: HtmlForm): Promise<PageAnswer> {
  const response = await page.context().request.post(base + form.action, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...OWN_PAGE },
    data: sentBy(form).toString(),
    maxRedirects: 0,
  })
  return programAnswer(response)
}

async function readByProgram(page: Page, url: string): Promise<PageAnswer> {
  return programAnswer(await page.context().request.get(url))
}

async function programAnswer(response: APIResponse): Promise<PageAnswer> {
  const bytes = new Uint8Array(await response.body())
  return {
    status: response.status(),
    html: new TextDecoder().decode(bytes),
    bytes,
    location: response.headers()['location'],
  }
}

async function answerOf(page: Page, response: Response | null): Promise<PageAnswer> {
  assert.ok(response)
  return {
    status: response.status(),
    html: await page.content(),
    bytes: new Uint8Array(),
    location: response.headers()['location'],
  }
}

async function skipToMain(page: Page): Promise<void> {
  await page.locator('body').press('Home')
  await tabTo(page, (at) => at.href.endsWith('#main-content'))
  await page.keyboard.press('Enter')
}

async function follow(page: Page, path: string): Promise<Response> {
  await skipToMain(page)
  await tabTo(page, (at) => at.href.endsWith(path))
  const loaded = page.waitForResponse((response) => response.url().endsWith(path))
  await page.keyboard.press('Enter')
  await page.waitForURL(`**${path}`)
  return loaded
}

type Focus = {
  readonly tag: string
  readonly type: string
  readonly name: string
  readonly value: string
  readonly isChecked: boolean
  readonly href: string
  /** Address of the form that the control belongs to. */
  readonly action: string
  readonly options: readonly string[]
}

/** Runs in the page, so it is text: this program knows no DOM. */
const READ_FOCUS = `(() => {
  const at = document.activeElement
  return {
    tag: at?.tagName.toLowerCase() ?? '',
    type: at?.type ?? '',
    name: at?.name ?? '',
    value: at?.value ?? '',
    isChecked: at?.checked ?? false,
    href: at?.href ?? '',
    action: at?.form?.getAttribute('action') ?? '',
    options: at?.tagName === 'SELECT' ? [...at.options].map(({ value }) => value) : [],
  }
})()`

function focusOf(page: Page): Promise<Focus> {
  return page.evaluate<Focus>(READ_FOCUS)
}

async function tabTo(page: Page, isIt: (at: Focus) => boolean): Promise<Focus> {
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    await page.keyboard.press('Tab')
    const at = await focusOf(page)
    if (isIt(at)) return at
  }
  return assert.fail('Tab does not lead there')
}

/** Stops on the button that sends the form. */
async function walkThrough(page: Page, form: HtmlForm): Promise<void> {
  const wanted = new Map([...form.fields].map(([name, { values }]) => [name, values]))
  for (let controls = 0; controls < TABS_MAX; controls++) {
    const at = await tabTo(page, ({ action }) => action === form.action)
    if (at.type === 'submit') return
    await answer(page, at, wanted.get(at.name) ?? [])
  }
  assert.fail(`Tab leads to no button of ${form.action}`)
}

async function answer(page: Page, at: Focus, values: readonly string[]): Promise<void> {
  const [value = ''] = values
  if (at.type === 'checkbox') {
    if (at.isChecked !== values.includes(at.value)) await page.keyboard.press('Space')
  } else if (at.type === 'radio') await chooseRadio(page, at, value)
  else if (at.tag === 'select') await chooseOption(page, at, value)
  else if (at.type === 'datetime-local') {
    if (at.value !== value && value !== '') await writeLocalTime(page, value)
  } else if (at.value.replaceAll('\r\n', '\n') !== value.replaceAll('\r\n', '\n')) {
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.insertText(value)
  }
}

const CHOICES_MAX = 40

async function chooseRadio(page: Page, first: Focus, value: string): Promise<void> {
  if (value === '') return
  let at = first
  for (let presses = 0; at.value !== value; presses++) {
    assert.ok(presses < CHOICES_MAX, `no arrow leads to ${first.name}=${value}`)
    await page.keyboard.press('ArrowDown')
    at = await focusOf(page)
  }
  if (!at.isChecked) await page.keyboard.press('Space')
}

async function chooseOption(page: Page, at: Focus, value: string): Promise<void> {
  if (at.value === value) return
  await page.keyboard.press('Home')
  for (let presses = at.options.indexOf(value); presses > 0; presses--) {
    await page.keyboard.press('ArrowDown')
  }
  assert.equal((await focusOf(page)).value, value, `the keys choose ${at.name}`)
}

/** Month, day and year, then the time of a twelve-hour clock: as this browser's control asks. */
async function writeLocalTime(page: Page, value: string): Promise<void> {
  const [, year, month, day, hour = '', minute] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value) ?? assert.fail(value)
  await page.keyboard.type(`${month}${day}${year}`)
  await page.keyboard.press('ArrowRight')
  const half = Number(hour) % 12 || 12
  await page.keyboard.type(`${String(half).padStart(2, '0')}${minute}`)
  await page.keyboard.type(Number(hour) < 12 ? 'A' : 'P')
  const { value: written } = await focusOf(page)
  assert.equal(written.slice(0, 16), value.slice(0, 16), 'the keys write the time')
}
