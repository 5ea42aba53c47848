/**
 * People from outside at a real node: a guest in a browser without scripts, who comes by
 * a link and a code, and somebody with an account. What the page holds is compared with
 * every text that the case's history holds.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { signInLink } from '../../src/cli/story/client.ts'
import { SHARED_PARTS } from '../../src/core/access/rules.ts'
import { launchBrowser, newPage } from '../support/browser.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { enterWorkspace } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('5.transfer-refused')
const caseId = caseAt(telling.story, 'meridia')
const node = world.node('meridia')
const idOf = (key: string) => node.officers.find((one) => one.key === key)?.id ?? ''
const place = `/en/officer/cases/${caseId}`
const NAME = 'Canary Guest (invented)'

let browser: Browser
let desk: Page
let guest: Page
before(async () => {
  browser = await launchBrowser()
  desk = await newPage(browser, { baseURL: node.baseUrl, javaScript: false })
  guest = await newPage(browser, { baseURL: node.baseUrl, javaScript: false })
  await desk.goto(`/en/officer/sign-in/${await signInLink(node, 'case-officer-1')}`)
  await desk.locator('main form button').click()
})
after(() => browser?.close())

async function fillGuest(): Promise<void> {
  await desk.goto(`${place}/access`)
  await desk.getByRole('link', { name: 'Guests of this case' }).click()
  await desk.getByRole('link', { name: 'Let a guest in' }).click()
  await desk.locator('[name=name]').fill(NAME)
  await desk.locator('[name=sees][value=summary]').check()
  await desk.locator('[name=sees][value=hearing]').check()
  await desk.locator('[name=days]').fill('3')
  await desk.locator('[name=reason]').fill('They asked what became of their report.')
}

async function letIn(): Promise<{ link: string; code: string }> {
  await fillGuest()
  await desk.getByRole('button', { name: 'Let the guest in' }).click()
  const [code = '', link = ''] = await desk.locator('main code').allTextContents()
  assert.match(link, /^https?:\/\/[^/]+\/en\/officer\/guest\/[0-9a-f-]{36}$/)
  return { link, code }
}

async function type(link: string, code: string): Promise<string> {
  await guest.goto(link)
  await guest.locator('[name=code]').fill(code)
  await guest.locator('main form button').click()
  return (await guest.locator('main').textContent()) ?? ''
}

/** A time is on the page where the same moment was shared. */
const DATED = /^\d{4}-\d\d-\d\d/

/** Every text in the history of the case, however deep; not times, nor the names of parts. */
async function textsOfCase(): Promise<readonly string[]> {
  const texts = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value === 'string') texts.add(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk)
  }
  for (const { envelope } of await world.events('meridia')) {
    if (envelope.stream === caseId) walk(envelope)
  }
  const isWord = (text: string) => (SHARED_PARTS as readonly string[]).includes(text)
  return [...texts].filter((text) => text.length >= 8 && !isWord(text) && !DATED.test(text))
}

test('letting a guest in waits for a fresh proof, given in another tab; what was typed stays', async () => {
  await fillGuest()
  await desk.getByRole('button', { name: 'Let the guest in' }).click()
  await desk.getByRole('heading', { name: 'Refused' }).waitFor()
  assert.equal(await desk.locator('main code.comity-receipt-code').count(), 0)
  const opening = desk.context().waitForEvent('page')
  await desk
    .getByRole('link', { name: /Prove that it is you/ })
    .first()
    .click()
  const tab = await opening
  await tab.getByRole('button', { name: 'exercise only' }).click()
  await tab.getByText('You proved it at').waitFor()
  await tab.close()
  assert.equal(await desk.locator('[name=name]').inputValue(), NAME)
  assert.ok(await desk.getByRole('button', { name: 'Let the guest in' }).isEnabled())
  const { html } = await (await enterWorkspace(node, 'liaison')).get(`${place}/guests`)
  assert.ok(!html.includes(NAME), 'nobody was let in')
})

test('a guest sees the ticked parts; a wrong code, an ended admission and other pages show nothing', async () => {
  const { link, code } = await letIn()
  assert.match(await type(link, '0000-0000-0000-0000-0000-0000'), /opens? nothing/)
  const shown = await type(link, code)
  assert.match(shown, /What this case shares with you/)
  assert.ok(!guest.url().includes(code))
  const main = await guest.locator('main').innerHTML()
  const openedAt = await guest.locator('main time').first().getAttribute('datetime')
  const title = (await guest.locator('dl bdi').first().textContent()) ?? ''
  assert.ok(title.length > 0 && openedAt)
  const texts = await textsOfCase()
  assert.ok(texts.includes(title) && texts.length > 50, `${texts.length} texts`)
  const leaked = texts.filter((text) => main.includes(text) && !title.includes(text))
  assert.deepEqual(leaked, [])

  for (const path of ['/en/officer/cases', place, `/en/officer/shared/${caseId}`]) {
    const answer = await guest.goto(path)
    assert.ok(guest.url().includes('/sign-in') && answer?.status() === 401, path)
  }

  await desk.goto(`${place}/guests`)
  const listed = (await desk.locator('main').textContent()) ?? ''
  assert.ok(listed.includes(NAME) && /May look/.test(listed) && /Looked 1/.test(listed), listed)
  assert.match((await (await enterWorkspace(node, 'liaison')).get(place)).html, /A guest</)
  const stood = (await world.events('meridia')).map(({ envelope }) => JSON.stringify(envelope))
  assert.ok(stood.some((text) => text.includes('guestViewed')))
  assert.ok(!stood.some((text) => text.includes('Canary Guest')), 'the name is kept apart')

  await desk.getByRole('link', { name: 'End an admission' }).click()
  await desk.locator('[name=reason]').fill('The question is answered.')
  await desk.locator('main form button').click()
  const ended = await guest.goto(link)
  assert.equal(ended?.status(), 401)
  assert.ok(!(await guest.content()).includes(title))
  assert.match(await type(link, code), /opens? nothing/)
})

test('a guest leaves, and the browser holds no way back without the code', async () => {
  const { link, code } = await letIn()
  await type(link, code)
  await guest.getByRole('button', { name: 'Leave' }).click()
  assert.match((await guest.locator('main').textContent()) ?? '', /You have left/)
  await guest.goto(link)
  assert.equal(await guest.locator('[name=code]').count(), 1)
  const forged = await fetch(link, {
    method: 'POST',
    headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ code }),
  })
  assert.equal(forged.status, 403)
})

test('somebody with an account finds what was shared, and not the case', async () => {
  const vendor = idOf('case-officer-2')
  await world
    .database('meridia')
    .updateTable('officer')
    .set({ roles: ['vendor'] })
    .where('id', '=', vendor)
    .execute()
  const theirs = await enterWorkspace(node, 'case-officer-2')
  assert.equal((await theirs.get('/en/officer/cases')).location, '/en/officer/shared')
  assert.match((await theirs.get('/en/officer/shared')).html, /Nothing is shared with you now/)
  assert.equal((await theirs.get(`/en/officer/shared/${caseId}`)).status, 403)
  await world.hands.meridia.officer.do(caseId, 'admitPerson', {
    person: vendor,
    capacity: 'vendor',
    sees: ['measures'],
    legalOrder: 'EU',
    until: new Date(Date.now() + 100 * 86_400_000).toISOString(),
    reason: 'The provider is to know what was decided.',
  })
  const { html } = await theirs.get('/en/officer/shared')
  assert.ok(html.includes(`/en/officer/shared/${caseId}`))
  const shared = await theirs.get(`/en/officer/shared/${caseId}`)
  assert.equal(shared.status, 200)
  // Below stands the form for an answer, in words of the catalogue.
  const main = shared.html.slice(shared.html.indexOf('<main'), shared.html.indexOf('id="answer-h"'))
  assert.match(main, /Measures taken/)
  assert.doesNotMatch(main, /Summary|Hearing/)
  const leaked = (await textsOfCase()).filter((text) => main.includes(text))
  assert.deepEqual(leaked, [])
  for (const path of ['', '/access', '/guests', '/package', '/acts/admitGuest']) {
    assert.equal((await theirs.get(place + path)).status, 403, path)
  }
})
