/**
 * The reporter's portal: what a person gets, and what happens to what nobody should
 * send. A refused form names the field and the reason, changes nothing, and comes
 * back to a person with everything that was typed.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { unpad } from '../../src/seal/padme.ts'
import { openWith } from '../../src/seal/seal.ts'
import { displayCode, newReceiptCode } from '../../src/wire/intake/receipt-code.ts'
import { collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { contentOf } from '../support/canaries.ts'
import { startWorld } from '../support/demo.ts'

const world = await startWorld()
const { baseUrl, officers } = world.node('meridia')
const ADDRESS = `${baseUrl}/en/report/basic`
const JSON_ONLY = { accept: 'application/json' }
const BOUNDARY = 'comity-test-boundary'
const KIB = 1024

type Part = {
  readonly name?: string
  readonly value: string | Uint8Array
  readonly fileName?: string
  readonly type?: string
}

const answers = {
  title: 'A companion app told a child to hide',
  whatHappened: 'It said that a secret is a sign of trust. ünïcödé 汉字 🜁',
  isPublic: 'no',
  language: 'en',
}

async function freshToken(): Promise<string> {
  const response = await fetch(ADDRESS, { headers: JSON_ONLY })
  return ((await response.json()) as { formToken: string }).formToken
}

/** The parts of a good form, with some of them changed or left out. */
async function goodParts(changes: Record<string, Part['value'] | undefined> = {}) {
  const all = { formToken: await freshToken(), ...answers, ...changes }
  return Object.entries(all).flatMap(([name, value]): Part[] =>
    value === undefined ? [] : [{ name, value }],
  )
}

const bytesOf = (value: string | Uint8Array) => Buffer.from(value as string)

function multipart(parts: readonly Part[]): Buffer {
  const chunks = parts.flatMap(({ name, value, fileName, type }) => {
    const disposition = [
      'form-data',
      ...(name === undefined ? [] : [`name="${name}"`]),
      ...(fileName === undefined ? [] : [`filename="${fileName}"`]),
    ].join('; ')
    const head = [`--${BOUNDARY}`, `Content-Disposition: ${disposition}`]
    if (type !== undefined) head.push(`Content-Type: ${type}`)
    return [Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytesOf(value), Buffer.from('\r\n')]
  })
  return Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)])
}

const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`

function post(body: Uint8Array, headers: Record<string, string> = {}) {
  return fetch(ADDRESS, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': FORM_TYPE, ...JSON_ONLY, ...headers },
  })
}

/** Everything that a form could have changed. */
async function kept(): Promise<string> {
  const { rows } = await sql`
    select (select count(*) from filing) as filings,
      (select count(*) from used_form_token) as tokens,
      (select count(*) from event) as events, (select count(*) from stream) as streams
  `.execute(world.database('meridia'))
  return JSON.stringify(rows)
}

type Hostile = {
  readonly what: string
  readonly body: () => Promise<Uint8Array> | Uint8Array
  readonly type?: string
  readonly status: number
  readonly field: string
  readonly reason: string
}

const withPart = (part: Part) => async () => multipart([...(await goodParts()), part])
const changed = (changes: Parameters<typeof goodParts>[0]) => async () =>
  multipart(await goodParts(changes))
const attached = (fileName: string, value: Part['value'] = 'x') =>
  withPart({ name: 'attachment', value, fileName, type: 'text/plain' })

const HOSTILE: readonly Hostile[] = [
  {
    what: 'a form that ends in the middle of a part',
    body: async () => multipart(await goodParts()).subarray(0, 420),
    status: 400,
    field: 'form',
    reason: 'truncated',
  },
  {
    what: 'a form without its last boundary',
    body: async () => multipart(await goodParts()).subarray(0, -(BOUNDARY.length + 6)),
    status: 400,
    field: 'form',
    reason: 'truncated',
  },
  {
    what: 'a text over 64 KiB',
    body: changed({ whatHappened: 'a'.repeat(64 * KIB + 1) }),
    status: 413,
    field: 'whatHappened',
    reason: 'textSize',
  },
  {
    what: 'a text longer than its field',
    body: changed({ title: 'a'.repeat(301) }),
    status: 400,
    field: 'title',
    reason: 'tooLong',
  },
  {
    what: 'a file over 1 MiB',
    body: attached('big.bin', Buffer.alloc(KIB * KIB + 1)),
    status: 413,
    field: 'attachment',
    reason: 'size',
  },
  {
    what: 'a form that is larger than any form',
    body: () => Buffer.alloc(5 * KIB * KIB, 'a'),
    status: 413,
    field: 'content-length',
    reason: 'formSize',
  },
  {
    what: 'text that is not UTF-8',
    body: changed({ title: Buffer.from('caf\u00e9', 'latin1') }),
    status: 400,
    field: 'title',
    reason: 'charset',
  },
  {
    what: 'UTF-16 under a name that is honest about it',
    body: withPart({
      name: 'systemName',
      value: Buffer.from('bot', 'utf16le'),
      type: 'text/plain; charset=utf-16le',
    }),
    status: 400,
    field: 'systemName',
    reason: 'characters',
  },
  {
    what: 'a form in another charset',
    body: changed({}),
    type: `multipart/form-data; charset=iso-8859-1; boundary=${BOUNDARY}`,
    status: 415,
    field: 'content-type',
    reason: 'charset',
  },
  {
    what: 'too many parts',
    body: async () =>
      multipart([
        ...(await goodParts()),
        ...Array.from({ length: 70 }, () => ({ name: 'affected', value: 'x' })),
      ]),
    status: 413,
    field: 'form',
    reason: 'tooManyParts',
  },
  {
    what: 'a field that the form does not have',
    body: withPart({ name: 'isAdmin', value: 'true' }),
    status: 400,
    field: 'isAdmin',
    reason: 'unknownField',
  },
  {
    what: 'a part without a name',
    body: withPart({ value: 'x' }),
    status: 400,
    field: 'form',
    reason: 'noName',
  },
  ...['__proto__', 'constructor', 'toString'].map((name) => ({
    what: `a field named ${name}`,
    body: withPart({ name, value: '{"isAdmin":true}', type: 'application/json' }),
    status: 400,
    field: 'form',
    reason: 'forbiddenName',
  })),
  {
    what: 'a field that was sent twice',
    body: withPart({ name: 'title', value: 'Another title' }),
    status: 400,
    field: 'title',
    reason: 'repeated',
  },
  {
    what: 'no title',
    body: changed({ title: undefined }),
    status: 400,
    field: 'title',
    reason: 'required',
  },
  {
    what: 'a title of white space',
    body: changed({ title: ' \r\n ' }),
    status: 400,
    field: 'title',
    reason: 'required',
  },
  {
    what: 'a choice that is not offered',
    body: changed({ isPublic: 'perhaps' }),
    status: 400,
    field: 'isPublic',
    reason: 'choice',
  },
  {
    what: 'a character that is none',
    body: changed({ whatHappened: 'a\u0000b' }),
    status: 400,
    field: 'whatHappened',
    reason: 'characters',
  },
  ...['../../etc/passwd', '..\\..\\boot.ini', '/etc/passwd', 'a\u0001b', '..', 'n'.repeat(300)].map(
    (name) => ({
      what: `a file named ${JSON.stringify(name).slice(0, 24)}`,
      body: attached(name),
      status: 400,
      field: 'attachment',
      reason: 'fileName',
    }),
  ),
  {
    what: 'a file where text belongs',
    body: async () =>
      multipart([
        ...(await goodParts({ title: undefined })),
        { name: 'title', value: 'x', fileName: 'title.txt' },
      ]),
    status: 400,
    field: 'title',
    reason: 'notText',
  },
  {
    what: 'text where a file belongs',
    body: withPart({ name: 'attachment', value: 'not a file' }),
    status: 400,
    field: 'attachment',
    reason: 'fileName',
  },
  {
    what: 'a filled field that people do not see',
    body: withPart({ name: 'website', value: 'https://spam.example' }),
    status: 400,
    field: 'website',
    reason: 'honeypot',
  },
  {
    what: 'no form token',
    body: changed({ formToken: undefined }),
    status: 400,
    field: 'form',
    reason: 'expired',
  },
  {
    what: 'a form token of somebody else’s making',
    body: changed({ formToken: `498714.${'0'.repeat(32)}.${'0'.repeat(64)}` }),
    status: 400,
    field: 'form',
    reason: 'expired',
  },
  ...['application/json', 'application/x-www-form-urlencoded', 'text/xml', 'multipart/mixed'].map(
    (type) => ({
      what: `the type ${type}`,
      body: () => Buffer.from('{"title":"x"}'),
      type,
      status: 415,
      field: 'content-type',
      reason: 'formType',
    }),
  ),
]

for (const { what, body, type = FORM_TYPE, status, field, reason } of HOSTILE) {
  test(`refused, with nothing changed: ${what}`, async () => {
    const sent = await body()
    const before = await kept()
    const response = await post(sent, { 'content-type': type })
    const problem = (await response.json()) as {
      status: number
      errors: { field: string; reason: string }[]
    }
    assert.equal(response.status, status, JSON.stringify(problem))
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    assert.equal(problem.status, status)
    const named = problem.errors.map((error) => `${error.field} ${error.reason}`)
    assert.ok(named.includes(`${field} ${reason}`), named.join(', '))

    const page = await post(sent, { 'content-type': type, accept: 'text/html' })
    const html = await page.text()
    assert.equal(page.status, status)
    assert.match(html, /govuk-error-summary/)
    assert.match(html, /<title>Error: /)
    assert.deepEqual(page.headers.getSetCookie(), [])
    assert.equal(await kept(), before)
  })
}

test('what was typed comes back with the errors, as text', async () => {
  const typed = 'A title <script>alert(1)</script> & "more"'
  const response = await post(multipart(await goodParts({ title: typed, language: undefined })), {
    accept: 'text/html',
  })
  const html = await response.text()
  assert.equal(response.status, 400)
  assert.ok(!html.includes('<script>alert'))
  assert.match(
    html,
    /value="A title &lt;script&gt;alert\(1\)&lt;\/script&gt; &amp; &quot;more&quot;"/,
  )
  assert.match(html, /href="#f-language"/)
})

test('a form that is sent twice counts once, however the two race', async () => {
  const body = multipart(await goodParts())
  const before = JSON.parse(await kept())[0] as { filings: string }
  const responses = await Promise.all([post(body), post(body), post(body)])
  assert.deepEqual(responses.map(({ status }) => status).sort(), [201, 409, 409])
  const again = await post(body)
  assert.equal(again.status, 409)
  assert.equal(((await again.json()) as { code: string }).code, 'alreadyFiled')
  const after = JSON.parse(await kept())[0] as { filings: string }
  assert.equal(Number(after.filings), Number(before.filings) + 1)
  const page = await (await post(body, { accept: 'text/html' })).text()
  assert.match(page, /This form was sent before/)
})

test('an attachment is bytes, whatever it holds, and officers open exactly these', async () => {
  const deep = Buffer.from('['.repeat(200_000) + ']'.repeat(200_000))
  const part = { name: 'attachment', value: deep, fileName: 'deep.json', type: 'application/json' }
  const title = 'A report with a deep attachment'
  const response = await post(multipart([...(await goodParts({ title })), part]))
  assert.equal(response.status, 201)
  const { rows } = await sql<{ report: Buffer }>`select report from filing`.execute(
    world.database('meridia'),
  )
  const identity = officers.find(({ key }) => key === 'case-officer-1')?.identity ?? ''
  const opened = await Promise.all(
    rows.map(async ({ report }) => {
      const plain = unpad(await openWith(identity, new Uint8Array(report)))
      return JSON.parse(new TextDecoder().decode(plain)) as {
        answers: Record<string, string>
        attachments: { name: string; content: string; sizeBytes: number }[]
      }
    }),
  )
  const filed = opened.find((one) => one.answers['title'] === title)
  assert.equal(filed?.answers['whatHappened'], answers.whatHappened)
  assert.equal(filed?.attachments[0]?.name, 'deep.json')
  assert.ok(Buffer.from(filed?.attachments[0]?.content ?? '', 'base64').equals(deep))
})

test('plain text of a filing is in no file and no table', async () => {
  const canary = 'canary-7d1f2b90-hidden-in-every-field'
  const form = { title: canary, whatHappened: canary, systemName: canary, contact: canary }
  const part = { name: 'attachment', value: canary, fileName: `${canary}.txt` }
  const response = await post(multipart([...(await goodParts(form)), part]))
  assert.equal(response.status, 201)
  await sql`checkpoint`.execute(world.database('meridia')).catch(() => {})
  const needle = Buffer.from(canary)
  const files = readdirSync(world.folder, { recursive: true, withFileTypes: true })
  assert.ok(
    files.some(({ parentPath }) => parentPath.includes('pg_wal')),
    'the database’s own files are searched too',
  )
  let read = 0
  for (const file of files) {
    if (!file.isFile()) continue
    const place = join(file.parentPath, file.name)
    const found = contentOf(place).includes(needle)
    assert.ok(!found, `${place} holds the text`)
    read += 1
  }
  assert.ok(read > 20, 'there was something to search')
})

/** The case time of the demonstration stands on every page. */
const withoutTime = (html: string) => html.replace(/<time [^>]*>[^<]*<\/time>/g, '')

test('a wrong code is answered exactly like one that nobody has', async () => {
  const unknown = displayCode(newReceiptCode(nodePrimitives, new Uint8Array(22).fill(7)))
  const wrong = ['', '7K9M', unknown.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), `${unknown}\0`]
  const ask = (code: string, accept: string) =>
    fetch(`${baseUrl}/en/report/status`, {
      method: 'POST',
      body: new URLSearchParams({ code }),
      headers: { accept },
    })
  for (const accept of ['application/json', 'text/html']) {
    const expected = await ask(unknown, accept)
    const text = withoutTime(await expected.text())
    assert.equal(expected.status, 404)
    for (const code of wrong) {
      const response = await ask(code, accept)
      assert.equal(response.status, 404)
      assert.equal(withoutTime(await response.text()), text)
    }
  }
})

test('a reporter files and comes back, by keyboard, without scripts, without a cookie', async () => {
  const browser = await launchBrowser()
  try {
    const page = await newPage(browser, { javaScript: false })
    const problems = collectProblems(page)
    await page.goto(`${baseUrl}/en/report`)
    await page.getByRole('button', { name: 'Start' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/report/sealed')
    await page.getByText('Nothing can be sent from this page now.').waitFor()
    await page.getByRole('link', { name: 'Use the form that is sealed on arrival' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/report/basic')
    await page.locator('input[name="kind"][value="flaw"]').focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Continue' }).press('Enter')
    await page.locator('#f-title').focus()
    await page.keyboard.insertText('Written with the keyboard alone')
    await page.locator('#f-whatHappened').focus()
    await page.keyboard.insertText('The assistant told a minor to lie to a doctor.')
    await page.locator('input[name="isPublic"]').first().focus()
    await page.keyboard.press('Space')
    await page.locator('select[name="language"]').focus()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('button', { name: 'Check your answers' }).press('Enter')
    await page.getByText('The assistant told a minor to lie').waitFor()
    await page.getByRole('button', { name: 'Send the report' }).focus()
    await page.keyboard.press('Enter')
    const code = (await page.locator('.comity-receipt-code').textContent()) ?? ''
    assert.match(code, /^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$/)

    await page.getByRole('link', { name: 'Try your code now' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('#code').focus()
    await page.keyboard.insertText(code.toLowerCase())
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your report' }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'filing-accepted.json' }).press('Enter'),
    ])
    assert.equal(download.suggestedFilename(), 'filing-accepted.json')
    const saved = await download.path()
    const receipt = JSON.parse(readFileSync(saved, 'utf8')) as { receipt: { kind: string } }
    assert.equal(receipt.receipt.kind, 'filing-accepted')
    assert.ok(!page.url().includes(code))
    assert.deepEqual(await page.context().cookies(), [])
    assert.deepEqual(problems, [])
  } finally {
    await browser.close()
  }
})
