/**
 * A reporter has photographs. The browser makes a cleaned copy of each, says what it took
 * out and what it cannot take out, and seals both. Officers find the copy first; who opens
 * the original says why, and that is on record. A picture that could not be cleaned stops
 * the reporter until they have decided. The code can be shown as a QR picture.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Browser, Page, Request } from 'playwright-core'
import decodeQR from 'qr/decode.js'
import { parseJson } from '../../src/base/canonical-json.ts'
import { signInLink } from '../../src/cli/story/client.ts'
import { unpad } from '../../src/seal/padme.ts'
import { openWith } from '../../src/seal/seal.ts'
import { readUpload } from '../../src/wire/intake/read-upload.ts'
import type { ReportDocument } from '../../src/wire/intake/report-document.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { startWorld } from '../support/demo.ts'
import { grid, jpegWithNotes, pngOf } from '../support/page-files.ts'
import { jpegWithMore } from '../support/scrub-files.ts'

const world = await startWorld()
const node = world.node('meridia')
const ADDRESS = `${node.baseUrl}/en/report/sealed`
const SECRETS = /Ines|Invented|GPS|8BIM|c2pa/
const identity = node.officers.find(({ key }) => key === 'case-officer-1')?.identity ?? ''
const picture = grid(40, 30)
const photo = jpegWithMore(await jpegWithNotes(picture))
const plain = await pngOf(picture)
const upload = (name: string, mimeType: string, bytes: Uint8Array) => ({
  ...{ name, mimeType },
  buffer: Buffer.from(bytes),
})
const PHOTO = upload('yard.jpg', 'image/jpeg', photo)
const CUT = upload('cut.jpg', 'image/jpeg', photo.subarray(0, photo.length / 2))
const NOTE = upload('note.txt', 'text/plain', new Uint8Array([104, 105]))

let browser: Browser
const sent: Request[] = []
before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

async function writing(title: string): Promise<Page> {
  const page = await newPage(browser, { viewport: { width: 480, height: 900 } })
  page.on('request', (request) => sent.push(request))
  await page.goto(ADDRESS)
  await page.locator('[data-kind="incident"]').click()
  await page.locator('#f-title').fill(title)
  await page.locator('#f-whatHappened').fill('An invented assistant told a minor to lie.')
  await page.locator('#f-isPublic').selectOption('no')
  await page.locator('#f-language').selectOption('en')
  return page
}

async function sendFrom(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('heading', { name: '2. Check your answers' }).waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: '3. Your code' }).waitFor()
  await page.locator('#code-given').fill((await page.locator('#code').textContent()) ?? '')
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByRole('heading', { name: '4. Your report has arrived' }).waitFor()
}

/** What the last filing holds, opened with an officer's key. */
async function lastFiling() {
  const request = sent.findLast((one) => one.method() === 'POST' && one.url() === ADDRESS)
  const body = request?.postDataBuffer() ?? assert.fail('nothing was posted')
  const { files } = readUpload(new Uint8Array(body))
  const report = parseJson(unpad(await openWith(identity, files.report)))
  const contents = files.attachments.map(async (one) => unpad(await openWith(identity, one)))
  const { attachments } = report as unknown as ReportDocument
  return { attachments, contents: await Promise.all(contents) }
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

test('a photograph goes with its cleaned copy; the page says what was taken out and what not', async () => {
  assert.match(latin1(photo), SECRETS)
  const page = await writing('A yard, invented')
  const problems = collectProblems(page)
  const scripts = sent.map((request) => request.url())
  assert.ok(!scripts.some((url) => url.includes('scrub-files')), 'nothing is loaded before')
  await page.locator('#files').setInputFiles([PHOTO, upload('plain.png', 'image/png', plain), NOTE])
  const found = page.locator('#files-found > li')
  await found.nth(2).waitFor()
  const [first = '', second = '', third = ''] = await found.allTextContents()
  assert.match(first, /yard\.jpg.*cleaned copy is ready.*press notes.*place and time/)
  assert.match(second, /plain\.png.*no hidden details/)
  assert.match(third, /note\.txt.*cannot be cleaned here/)
  assert.ok(await page.getByText('What a picture shows stays in it', { exact: false }).isVisible())
  await sendFrom(page)
  const { attachments, contents } = await lastFiling()
  assert.deepEqual(
    attachments.map(({ name, role, of }) => ({ name, role, of })),
    [
      { name: 'yard.jpg', role: 'original', of: null },
      { name: 'yard.jpg', role: 'scrubbed', of: 0 },
      { name: 'plain.png', role: 'original', of: null },
      { name: 'note.txt', role: 'original', of: null },
    ],
  )
  assert.deepEqual(contents[0], new Uint8Array(photo))
  assert.doesNotMatch(latin1(contents[1] ?? photo), SECRETS)
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('an officer finds the copy first; the original opens with a reason, which is recorded', async () => {
  const page = await newPage(browser, { baseURL: node.baseUrl })
  await page.goto(`/en/officer/sign-in/${await signInLink(node, 'case-officer-1')}`)
  await page.locator('main form button').click()
  await page.waitForURL((url) => !/sign-in\/[0-9a-f]{20}/.test(url.pathname))
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(request.url()))
  const { rows } = await sql<{ id: string }>`select id from filing`.execute(
    world.database('meridia'),
  )
  const id = rows[0]?.id ?? ''
  await page.goto(`/en/officer/intake/${id}`)
  await page.getByLabel('Or paste the key').fill(identity)
  await page.getByRole('button', { name: 'Open the report' }).click()
  await page.getByText('The report is open.', { exact: false }).waitFor()
  const items = page.locator('#opened-attachments > li')
  assert.match((await items.first().textContent()) ?? '', /yard\.jpg \(cleaned copy/)
  const [copy] = await Promise.all([
    page.waitForEvent('download'),
    items.first().locator('a').click(),
  ])
  assert.doesNotMatch(readFileSync(await copy.path(), 'latin1'), SECRETS)
  assert.ok(!fetched.some((url) => url.endsWith('/files/0')), 'the original was not fetched')
  const original = items.filter({ hasText: '(original' })
  await original.getByRole('button', { name: 'Open the original' }).click()
  await original.getByText('The original was not opened', { exact: false }).waitFor()
  assert.ok(!fetched.some((url) => url.endsWith('/files/0')), 'nor without a reason')
  const WHY = 'The place of the photograph decides who is competent.'
  await original.getByLabel('Why is the original needed?', { exact: false }).fill(WHY)
  await original.getByRole('button', { name: 'Open the original' }).click()
  await original.locator('a').waitFor()
  const [whole] = await Promise.all([page.waitForEvent('download'), original.locator('a').click()])
  assert.deepEqual(readFileSync(await whole.path()), Buffer.from(photo))
  const events = (await world.events('meridia')).map(({ envelope }) => envelope.event as object)
  const opened = events.filter((event) => (event as { type: string }).type === 'originalOpened')
  assert.deepEqual(opened, [
    { type: 'originalOpened', filingId: id, part: 'attachment-0', why: WHY },
  ])
  await page.context().close()
})

test('a reporter can send the cleaned copies alone', async () => {
  const page = await writing('Copies alone, invented')
  await page.locator('#files').setInputFiles([PHOTO, NOTE])
  await page.getByLabel('Send only the cleaned copies').check()
  await sendFrom(page)
  const { attachments, contents } = await lastFiling()
  assert.deepEqual(
    attachments.map(({ name, role, of }) => ({ name, role, of })),
    [
      { name: 'yard.jpg', role: 'scrubbed', of: null },
      { name: 'note.txt', role: 'original', of: null },
    ],
  )
  assert.ok(contents.every((content) => !SECRETS.test(latin1(content))))
  await page.context().close()
})

test('a picture that cannot be cleaned stops the page until the reporter decides', async () => {
  const page = await writing('Cut off, invented')
  await page.locator('#files').setInputFiles([CUT])
  await page.getByText('could not be read', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.locator('#files-stop').getByText('Some files could not be cleaned').waitFor()
  assert.equal(await page.locator('#step-review').isVisible(), false)
  assert.equal(await page.evaluate('document.activeElement.id'), 'files-as-they-are')
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('heading', { name: '2. Check your answers' }).waitFor()
  assert.equal(await page.locator('#review-files').textContent(), 'cut.jpg')
  await page.context().close()
})

test('if the part that cleans does not load, it stops and says so; nothing goes on by itself', async () => {
  const page = await newPage(browser, { viewport: { width: 480, height: 900 } })
  await page.route('**/assets/scrub-files.*', (route) => route.abort())
  await page.goto(ADDRESS)
  await page.locator('[data-kind="incident"]').click()
  await page.locator('#files').setInputFiles([PHOTO])
  await page
    .getByText('The part of this page that cleans pictures failed.', { exact: false })
    .waitFor()
  await page.getByRole('button', { name: 'Check my answers' }).click()
  assert.equal(await page.locator('#step-review').isVisible(), false)
  await page.context().close()
})

test('the code stands as a QR picture for who asks for it, with a warning, and can be hidden', async () => {
  const page = await writing('A code, invented')
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: '3. Your code' }).waitFor()
  assert.equal(await page.locator('#step-code svg').count(), 0)
  const button = page.getByRole('button', { name: 'Show the code as a QR picture' })
  await button.press('Enter')
  const shown = page.getByRole('img', { name: 'QR picture of your code' })
  await shown.waitFor()
  assert.ok(
    await page
      .locator('#step-code')
      .getByText('Whoever takes a photo', { exact: false })
      .isVisible(),
  )
  const path = (await shown.locator('path').getAttribute('d')) ?? ''
  const size = Number((await shown.getAttribute('viewBox'))?.split(' ')[2])
  assert.equal(readQr(path, size), await page.locator('#code').textContent())
  await page.getByRole('button', { name: 'Hide the QR picture' }).press('Enter')
  assert.equal(await page.locator('#step-code svg').count(), 0)
  const asked = sent.filter((request) => !request.url().startsWith(node.baseUrl))
  assert.deepEqual(
    asked.map((request) => request.url()),
    [],
    'nobody else is asked',
  )
  await page.context().close()
})

function readQr(path: string, size: number): string {
  const scale = 6
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h/g)) {
    for (let row = 0; row < scale; row += 1) {
      const start = ((Number(y) * scale + row) * width + Number(x) * scale) * 4
      for (let at = start; at < start + scale * 4; at += 4) data.set([0, 0, 0], at)
    }
  }
  return decodeQR({ width, height: width, data })
}
