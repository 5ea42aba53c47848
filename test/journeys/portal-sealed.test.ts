/**
 * The reporter's story. Somebody at work saw what an AI system does to people, and is
 * afraid. They open the portal with an ordinary browser and choose to report. Before the
 * first question the page says what is sealed, what nobody can promise, and whom the
 * report reaches. They write. Their browser makes a code and shows it; they give it back.
 * The browser seals the report, the files and how to reach them, and sends ciphertext; the
 * node signs that it arrived. They save the sheet and leave. An officer opens the report
 * with a key that the node does not have.
 *
 * Every request of the browser is kept and searched for what was written and for the code.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Browser, Page, Request } from 'playwright-core'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { fromBase64, toHex, utf8 } from '../../src/base/bytes.ts'
import { canonicalText, type Json } from '../../src/base/canonical-json.ts'
import { signInLink } from '../../src/cli/story/client.ts'
import { pad } from '../../src/seal/padme.ts'
import { generateIdentity, openWith, recipientOf, sealTo } from '../../src/seal/seal.ts'
import { filingCommitment } from '../../src/wire/intake/filing.ts'
import { sealedInOrder, UPLOAD_TYPE, writeUpload } from '../../src/wire/intake/filing-upload.ts'
import { type FilingUpload, readUpload } from '../../src/wire/intake/read-upload.ts'
import { readReceiptCode, secretsOfCode } from '../../src/wire/intake/receipt-code.ts'
import { isWork, workInput, workPrefix } from '../../src/wire/intake/work.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { contentOf } from '../support/canaries.ts'
import { startWorld } from '../support/demo.ts'

const world = await startWorld()
const node = world.node('meridia')
const database = world.database('meridia')
const ADDRESS = `${node.baseUrl}/en/report/sealed`
const CANARY = 'qzsealedword'
const JSON_ONLY = { accept: 'application/json' }
const sha256 = nodePrimitives.sha256
const identityOf = (key: string) => node.officers.find((one) => one.key === key)?.identity ?? ''

let browser: Browser
const sent: Request[] = []
before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

async function reporter(options: Parameters<typeof newPage>[1] = {}): Promise<Page> {
  const page = await newPage(browser, options)
  page.on('request', (request) => sent.push(request))
  return page
}

async function write(page: Page, title: string): Promise<void> {
  await page.goto(ADDRESS)
  await page.locator('[data-kind="incident"]').click()
  await page.locator('#f-title').fill(title)
  await page.locator('#f-whatHappened').fill(`The assistant told a minor to lie. ${CANARY}`)
  await page.locator('#f-isPublic').selectOption('no')
  await page.locator('#f-language').selectOption('en')
}

async function toCode(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: '3. Your code' }).waitFor()
  return (await page.locator('#code').textContent()) ?? ''
}

const filings = async () => {
  const { rows } = await sql<{ count: number }>`select count(*)::int from filing`.execute(database)
  return rows[0]?.count ?? -1
}

/** Of the last filing that a browser sent. */
function lastUpload(): FilingUpload {
  const request = sent.findLast((one) => one.method() === 'POST' && one.url() === ADDRESS)
  const body = request?.postDataBuffer() ?? assert.fail('nothing was posted')
  return readUpload(new Uint8Array(body))
}

let code = ''

test('a report is written, sealed in the browser, sent and receipted, by keyboard', async () => {
  const page = await reporter()
  const problems = collectProblems(page)
  await page.goto(`${node.baseUrl}/en/report`)
  await page.getByRole('button', { name: 'Start' }).press('Enter')
  await page.waitForURL('**/report/sealed')
  const before = (await page.locator('main').innerText()).split('What is it about?')[0] ?? ''
  assert.match(before, /What we cannot promise: others may see that you visited/)
  assert.match(before, /Your report goes to /)
  await write(page, `A title ${CANARY}`)
  await page.locator('#f-contact').fill(`Invented reporter ${CANARY}`)
  await page.locator('#files').setInputFiles([
    { name: `${CANARY}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`file ${CANARY}`) },
    { name: 'big.bin', mimeType: 'application/x-big', buffer: Buffer.alloc(300_000, 7) },
  ])
  await page.getByRole('button', { name: 'Check my answers' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '2. Check your answers' }).waitFor()
  await page.getByRole('button', { name: 'Continue' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '3. Your code' }).waitFor()
  code = (await page.locator('#code').textContent()) ?? ''
  assert.match(code, /^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$/)
  assert.equal(await filings(), 0, 'the code is shown before anything is sent')
  await page.locator('#code-given').focus()
  await page.keyboard.insertText(code.toLowerCase().replaceAll('-', ' '))
  await page.getByRole('button', { name: 'Seal and send' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '4. Your report has arrived' }).waitFor()
  assert.equal(await page.locator('#done-code').textContent(), code)
  assert.equal(await filings(), 1)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the receipt' }).press('Enter'),
  ])
  const { receipt } = JSON.parse(readFileSync(await download.path(), 'utf8'))
  assert.equal(receipt.mode, 'sealed-in-browser')
  const { files, header } = lastUpload()
  const secrets = secretsOfCode(
    nodePrimitives,
    readReceiptCode(nodePrimitives, code),
    'meridia.example',
  )
  const sealed = sealedInOrder(files)
  const commitment = filingCommitment(nodePrimitives, secrets.filingNonce, sealed)
  assert.deepEqual(fromBase64(receipt.commitment), commitment, 'the code opens the commitment')
  assert.equal(header.mailboxHash, toHex(sha256(secrets.mailboxId)))
  assert.equal(files.attachments.length, 2)
  assert.deepEqual(await page.context().cookies(), [])
  assert.ok(!page.url().includes(code))
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('nothing that was written and no secret of the code leaves the browser', () => {
  const secrets = secretsOfCode(
    nodePrimitives,
    readReceiptCode(nodePrimitives, code),
    'meridia.example',
  )
  const { mailboxId, mailboxKey, filingNonce, eventTags } = secrets
  const raw = [mailboxId, mailboxKey, filingNonce, eventTags].map((bytes) => Buffer.from(bytes))
  const needles = [
    ...[CANARY, code, code.replaceAll('-', ''), code.slice(0, 9)].map((text) => Buffer.from(text)),
    ...raw,
    ...raw.flatMap((bytes) => [bytes.toString('hex'), bytes.toString('base64')]).map(utf8),
  ]
  assert.ok(sent.length > 5)
  for (const request of sent) {
    const said = [request.url(), JSON.stringify(request.headers()), request.postDataBuffer() ?? '']
    const bytes = Buffer.concat(said.map((part) => Buffer.from(part as string)))
    for (const needle of needles) assert.ok(!bytes.includes(needle), request.url())
    assert.ok(request.url().startsWith(node.baseUrl) || request.url().startsWith('blob:'))
  }
})

test('plain text is in no file, no table and no log of the node', async () => {
  await sql`checkpoint`.execute(database).catch(() => {})
  const entries = readdirSync(world.folder, { recursive: true, withFileTypes: true })
  const places = entries
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  assert.ok(places.some((place) => place.includes('pg_wal')))
  const needles = [CANARY, code, code.replaceAll('-', '')].map((text) => Buffer.from(text))
  for (const place of places) {
    const content = contentOf(place)
    for (const needle of needles) assert.ok(!content.includes(needle), place)
  }
})

test('an officer opens it in the browser, with its files, and it is what the receipt says', async () => {
  const page = await newPage(browser, { baseURL: node.baseUrl })
  await page.goto(`/en/officer/sign-in/${await signInLink(node, 'case-officer-1')}`)
  await page.locator('main form button').click()
  await page.waitForURL((url) => !/sign-in\/[0-9a-f]{20}/.test(url.pathname))
  const { rows } = await sql<{ id: string }>`select id from filing`.execute(database)
  await page.goto(`/en/officer/intake/${rows[0]?.id}`)
  await page.getByLabel('Or paste the key').fill(identityOf('case-officer-1'))
  await page.getByRole('button', { name: 'Open the report' }).click()
  await page.getByText('The report is open.', { exact: false }).waitFor()
  assert.match(await page.locator('#opened').innerText(), new RegExp(`A title ${CANARY}`))
  assert.equal(await page.locator('#open-mismatch').textContent(), '')
  const links = page.locator('#opened-attachments a')
  assert.deepEqual(await links.allTextContents(), [`${CANARY}.txt`, 'big.bin'])
  const [download] = await Promise.all([page.waitForEvent('download'), links.first().click()])
  assert.equal(readFileSync(await download.path(), 'utf8'), `file ${CANARY}`)
  assert.doesNotMatch(await page.locator('#opened').innerText(), /Invented reporter/)
  await page.context().close()
})

test('it opens with one key and no other; the contact needs one of each group', async () => {
  const { files } = lastUpload()
  const opened = new TextDecoder().decode(
    await openWith(identityOf('case-officer-2'), files.report),
  )
  assert.match(opened, /"mode":"sealed-in-browser"/)
  await assert.rejects(openWith(await generateIdentity(), files.report), /does not open/)
  const contact = files.contact ?? assert.fail('the contact was sealed')
  await assert.rejects(openWith(identityOf('case-officer-1'), contact), /does not open/)
})

test('a wrong code given back is not taken, and the saved file counts', async () => {
  const page = await reporter()
  const count = await filings()
  await write(page, 'A second report')
  const shown = await toCode(page)
  const other = shown.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
  await page.locator('#code-given').fill(other)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText('This is not the code above.').waitFor()
  assert.equal(await filings(), count)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save it as a file' }).click(),
  ])
  await page.locator('#code-given').fill('')
  await page.locator('#code-file').setInputFiles(await download.path())
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByRole('heading', { name: '4. Your report has arrived' }).waitFor()
  assert.equal(await filings(), count + 1)
  await page.context().close()
})

test('what is missing is named beside its question, and the page goes no further', async () => {
  const page = await reporter()
  await page.goto(ADDRESS)
  await page.locator('[data-kind="flaw"]').click()
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.locator('#f-title-error').filter({ hasText: /./ }).waitFor()
  assert.equal(await page.locator('#step-code').isVisible(), false)
  assert.equal(await page.evaluate('document.activeElement.id'), 'answers-problem')
  await page.locator('#answers-missing a').first().click()
  assert.equal(await page.evaluate('document.activeElement.id'), 'f-title')
  assert.ok(page.url().endsWith('/report/sealed'), 'the address tells nothing')
  await page.context().close()
})

test('if the sealing script does not load, it stops and says so; nothing is posted', async () => {
  const page = await reporter()
  await page.route('**/assets/seal-report.*', (route) => route.abort())
  const count = sent.length
  await write(page, 'Never sent')
  await page.getByRole('button', { name: 'Check my answers' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText('did not load. Nothing was sent.', { exact: false }).waitFor()
  assert.equal(await page.locator('#f-title').inputValue(), 'Never sent')
  assert.ok(sent.slice(count).every((request) => request.method() === 'GET'))
  await page.context().close()
})

test('if sealing throws, it stops and asks; nothing is posted and no other way is taken', async () => {
  const page = await reporter()
  const count = sent.length
  await write(page, 'Never sealed')
  const shown = await toCode(page)
  await page.evaluate('crypto.subtle.digest = () => { throw new Error("broken") }')
  await page.locator('#code-given').fill(shown)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText('Sealing failed on this device. Nothing was sent.').waitFor()
  assert.ok(sent.slice(count).every((request) => request.method() === 'GET'))
  assert.ok(page.url().endsWith('/report/sealed'))
  await page.context().close()
})

test('a lost answer: sent again it counts once and gives the same receipt', async () => {
  const page = await reporter()
  const count = await filings()
  await write(page, 'Sent twice')
  const shown = await toCode(page)
  let isLost = true
  await page.route(ADDRESS, async (route) => {
    if (route.request().method() !== 'POST' || !isLost) return route.continue()
    await route.fetch()
    isLost = false
    return route.abort()
  })
  await page.locator('#code-given').fill(shown)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByText('We did not hear whether your report arrived.').waitFor()
  assert.equal(await filings(), count + 1)
  await page.getByRole('button', { name: 'Seal and send' }).click()
  await page.getByRole('heading', { name: '4. Your report has arrived' }).waitFor()
  assert.equal(await filings(), count + 1)
  await page.context().close()
})

test('without script the page says so, offers the weaker way, and can send nothing', async () => {
  const page = await reporter({ javaScript: false, viewport: { width: 320, height: 640 } })
  const response = await page.goto(ADDRESS)
  assert.match(response?.headers()['content-security-policy'] ?? '', /form-action 'none'/)
  assert.ok(await page.getByText('Nothing can be sent from this page now.').isVisible())
  assert.ok(
    await page.getByRole('link', { name: 'Use the form that is sealed on arrival' }).isVisible(),
  )
  assert.equal(await page.locator('#sealed-report').isVisible(), false)
  assert.equal(await page.locator('main [name]').count(), 0, 'no control has a name')
  await page.context().close()
})

test('the page is usable at 320 pixels, and light before the sealing script', async () => {
  const page = await reporter({ viewport: { width: 320, height: 640 } })
  let size = 0
  page.on('response', async (response) => {
    size += Number(response.headers()['content-length'] ?? 0)
  })
  await page.goto(ADDRESS)
  await page.locator('[data-kind="seriousIncident"]').click()
  await page.locator('#f-title').waitFor()
  const width = await page.evaluate('document.documentElement.scrollWidth')
  assert.ok(Number(width) <= 320, `${width} pixels wide`)
  assert.ok(size < 60 * 1024, `${size} bytes`)
  await page.context().close()
})

// What nobody should send.

type Changes = {
  readonly header?: Partial<Parameters<typeof writeUpload>[0]>
  readonly files?: Partial<FilingUpload['files']>
}

async function ticket(): Promise<{ ticket: string; workBits: number }> {
  const response = await fetch(`${ADDRESS}/ticket`, { headers: JSON_ONLY })
  return (await response.json()) as { ticket: string; workBits: number }
}

/** A good filing with something changed, its work done for what it then is. */
async function filing({ header = {}, files = {} }: Changes = {}): Promise<Uint8Array<ArrayBuffer>> {
  const known = lastUpload()
  const issued = await ticket()
  const random = () => crypto.getRandomValues(new Uint8Array(32))
  const changed = { ...known.files, ...files }
  const told = { ...known.header, ...issued, mailboxHash: toHex(random()), ...header }
  const { v: _v, sizes: _sizes, workBits, ...rest } = told as typeof told & { v: 1; sizes: object }
  const prefix = workPrefix(nodePrimitives, rest.ticket, sha256(changed.report))
  let work = 0
  while (!isWork(sha256(workInput(prefix, work)), workBits)) work++
  return writeUpload({ ...rest, work, ...(header.work === undefined ? {} : header) }, changed)
}

function send(body: Uint8Array<ArrayBuffer>, type = UPLOAD_TYPE): Promise<Response> {
  return fetch(ADDRESS, { method: 'POST', headers: { ...JSON_ONLY, 'content-type': type }, body })
}

async function sealedFor(count: number, content = pad(utf8('x'))) {
  const identities = await Promise.all(Array.from({ length: count }, () => generateIdentity()))
  const recipients = await Promise.all(identities.map((one) => recipientOf(one)))
  return sealTo(recipients, content, { minimumRecipients: 1 })
}

type Bad = {
  readonly what: string
  readonly body: () => Promise<Uint8Array<ArrayBuffer>>
  readonly type?: string
  readonly status: number
  readonly reason: string
}

const zeros = (size: number) => '0'.repeat(size)
const BAD: readonly Bad[] = [
  {
    what: 'a report in plain text',
    body: () => filing({ files: { report: utf8('It happened on Monday. '.repeat(300)) } }),
    status: 400,
    reason: 'not-age',
  },
  {
    what: 'an attachment in plain text',
    body: () => filing({ files: { attachments: [utf8('plain')] } }),
    status: 400,
    reason: 'not-age',
  },
  {
    what: 'a contact in plain text',
    body: () => filing({ files: { contact: utf8('me@work.example') } }),
    status: 400,
    reason: 'not-age',
  },
  {
    what: 'a report sealed to one key',
    body: async () => filing({ files: { report: await sealedFor(1) } }),
    status: 400,
    reason: 'wrong-recipients',
  },
  {
    what: 'a report that is not padded',
    body: async () => filing({ files: { report: await sealedFor(2, utf8('short')) } }),
    status: 400,
    reason: 'not-padded',
  },
  {
    what: 'a header of age without an end',
    body: () =>
      filing({ files: { report: utf8(`age-encryption.org/v1\n${'-> X25519 a\n'.repeat(7000)}`) } }),
    status: 400,
    reason: 'header-size',
  },
  {
    what: 'no proof of work',
    body: async () => {
      const body = await filing()
      const { header, files } = readUpload(body)
      return writeUpload({ ...header, work: header.work + 1 }, files)
    },
    status: 409,
    reason: 'workMissing',
  },
  {
    what: 'work that was done for another report',
    body: async () => {
      const { header, files } = readUpload(await filing())
      return writeUpload(header, { ...files, report: await sealedFor(2) })
    },
    status: 409,
    reason: 'workMissing',
  },
  {
    what: 'a ticket of somebody else’s making',
    body: () => filing({ header: { ticket: `29000000.15.${zeros(32)}.${zeros(64)}` } }),
    status: 400,
    reason: 'expired',
  },
  {
    what: 'a ticket that asks for less work than it was issued for',
    body: async () => {
      const { ticket: issued } = await ticket()
      return filing({ header: { ticket: issued.replace('.15.', '.1.') } })
    },
    status: 400,
    reason: 'expired',
  },
  {
    what: 'another list of officers',
    body: () => filing({ header: { recipientsDigest: zeros(64) } }),
    status: 409,
    reason: 'rosterChanged',
  },
  {
    what: 'another form',
    body: () => filing({ header: { formDigest: zeros(64) } }),
    status: 409,
    reason: 'formChanged',
  },
  {
    what: 'another script',
    body: () => filing({ header: { bundleDigest: zeros(64) } }),
    status: 409,
    reason: 'scriptChanged',
  },
  {
    what: 'a mailbox that another filing has',
    body: () => {
      const { mailboxHash } = lastUpload().header
      return filing({ header: { mailboxHash, commitment: `${'A'.repeat(43)}=` } })
    },
    status: 409,
    reason: 'alreadyFiled',
  },
  {
    what: 'a hash that is none',
    body: () => filing({ header: { mailboxHash: 'x' } }),
    status: 400,
    reason: 'schema',
  },
  {
    what: 'an unknown member',
    body: () => filing({ header: { code: 'ABCD' } as object }),
    status: 400,
    reason: 'schema',
  },
  {
    what: 'a body that ends early',
    body: async () => (await filing()).slice(0, -1),
    status: 400,
    reason: 'truncated',
  },
  {
    what: 'bytes behind the end',
    body: async () => new Uint8Array([...(await filing()), 0]),
    status: 400,
    reason: 'too-long',
  },
  {
    what: 'a header longer than any',
    body: async () => new Uint8Array([255, 255, 255, 255, 0]),
    status: 400,
    reason: 'header-size',
  },
  { what: 'nothing', body: async () => new Uint8Array(1), status: 400, reason: 'truncated' },
  {
    what: 'a form as the other page sends it',
    body: async () => utf8('title=It+happened'),
    type: 'application/x-www-form-urlencoded',
    status: 415,
    reason: 'filing-type',
  },
]

for (const { what, body, type, status, reason } of BAD) {
  test(`refused, with nothing kept: ${what}`, async () => {
    const bytes = await body()
    const count = await filings()
    const response = await send(bytes, type)
    const problem = (await response.json()) as { code: string }
    assert.equal(problem.code, reason)
    assert.equal(response.status, status)
    assert.equal(await filings(), count)
  })
}

test('the same filing from several lines at once is kept once', async () => {
  const body = await filing()
  const count = await filings()
  const answers = await Promise.all([send(body), send(body), send(body), send(body)])
  const statuses = answers.map(({ status }) => status).sort()
  assert.deepEqual(statuses, [200, 200, 200, 201])
  const receipts = (await Promise.all(answers.map((answer) => answer.json() as Promise<Json>))).map(
    canonicalText,
  )
  assert.equal(new Set(receipts).size, 1)
  assert.equal(await filings(), count + 1)
})

test('a ticket serves for one filing', async () => {
  const first = await filing()
  assert.equal((await send(first)).status, 201)
  const { ticket: used } = readUpload(first).header
  const again = await filing({ header: { ticket: used } })
  assert.equal((await send(again)).status, 409)
})

test('a line that breaks in the middle leaves nothing, and the same filing gets in after', async () => {
  const body = await filing({
    files: { attachments: [await sealedFor(2, pad(new Uint8Array(3e6)))] },
  })
  const count = await filings()
  const controller = new AbortController()
  const half = new ReadableStream({
    async start(stream) {
      stream.enqueue(body.slice(0, body.length / 2))
      await new Promise((resolve) => setTimeout(resolve, 300))
      controller.abort()
    },
  })
  const headers = { 'content-type': UPLOAD_TYPE, 'content-length': String(body.length) }
  const options = { method: 'POST', headers, body: half, duplex: 'half', signal: controller.signal }
  await assert.rejects(fetch(ADDRESS, options as RequestInit))
  assert.equal(await filings(), count)
  assert.equal((await send(body)).status, 201)
  assert.equal(await filings(), count + 1)
})

test('stock files: what was sealed lies in the database as it was sent', async () => {
  const { files } = lastUpload()
  const { rows } = await sql<{ report: Buffer }>`select report from filing`.execute(database)
  assert.ok(rows.some(({ report }) => report.equals(Buffer.from(files.report))))
  const file = join(world.folder, 'last-report.age')
  writeFileSync(file, files.report)
  assert.match(readFileSync(file, 'latin1'), /^age-encryption\.org\/v1\n-> X25519 /)
})
