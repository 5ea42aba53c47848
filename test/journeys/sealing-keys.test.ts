/**
 * Sealing keys on a running node, in real browsers: made there, put into the roster by two
 * people, reports sealed again, and an escrow key recovered by two of three. Every request
 * of every browser is kept, and searched for anything private.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Browser, Page } from 'playwright-core'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { toBase64, toHex } from '../../src/base/bytes.ts'
import { type Mailbox, mailboxOf, openAnswer, type Sealing } from '../../src/browser/seal-report.ts'
import { writeMessage } from '../../src/browser/sealed-message.ts'
import { signInLink } from '../../src/cli/story/client.ts'
import { sampleReport } from '../../src/cli/story/reports.ts'
import { pad, unpad } from '../../src/seal/padme.ts'
import { generateIdentity, openWith, recipientOf, sealTo } from '../../src/seal/seal.ts'
import { splitIdentity } from '../../src/seal/shares.ts'
import { eventTag } from '../../src/wire/intake/filing.ts'
import { readReceiptCode, secretsOfCode } from '../../src/wire/intake/receipt-code.ts'
import { launchBrowser, newPage, proveInDemonstration } from '../support/browser.ts'
import { startWorld } from '../support/demo.ts'
import { fileSealed, fileToSeal, sealingOf } from '../support/sealed-filing.ts'

const world = await startWorld()
const node = world.node('albion')
const database = world.database('albion')
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
const identityOf = (key: string) => node.officers.find((one) => one.key === key)?.identity ?? ''

/** What the page has and this file's types have not. */
type Asked<T> = { result: T; onsuccess: unknown }
type Stores = {
  open(name: string): Asked<{
    transaction(name: string): { objectStore(name: string): { getAll(): Asked<unknown> } }
  }>
}

let browser: Browser
const sent: string[] = []
const randomDrawn: string[] = []
before(async () => {
  browser = await launchBrowser()
})
after(() => browser?.close())

/** A browser of its own for an officer, signed in, every request of it kept. */
async function desk(key: string): Promise<Page> {
  const page = await newPage(browser, { baseURL: node.baseUrl })
  await page.context().exposeFunction('keepDrawn', (hex: string) => {
    randomDrawn.push(hex)
  })
  await page.context().addInitScript(() => {
    const draw = crypto.getRandomValues.bind(crypto)
    crypto.getRandomValues = (array) => {
      const drawn = draw(array)
      const bytes = drawn as unknown as Uint8Array
      const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      void (globalThis as unknown as { keepDrawn(hex: string): void }).keepDrawn(hex)
      return drawn
    }
  })
  page.on('request', (request) => {
    const headers = JSON.stringify(request.headers())
    sent.push(`${request.url()}\n${headers}\n${request.postData() ?? ''}`)
  })
  await page.goto(`/en/officer/sign-in/${await signInLink(node, key)}`)
  await page.locator('main form button').click()
  // Where somebody is led depends on the roles.
  await page.waitForURL((url) => !/sign-in\/[0-9a-f]{20}/.test(url.pathname))
  await proveInDemonstration(page)
  return page
}

async function fileReport(contact?: string): Promise<void> {
  const page = await (await fetch(`${node.baseUrl}/en/report/basic`)).text()
  const form = new FormData()
  form.set('formToken', /name="formToken"[^>]*value="([^"]+)"/.exec(page)?.[1] ?? '')
  for (const [name, text] of Object.entries(sampleReport().answers)) form.set(name, text)
  if (contact) form.set('contact', contact)
  const headers = { accept: 'application/json' }
  const answer = await fetch(`${node.baseUrl}/en/report/basic`, {
    method: 'POST',
    headers,
    body: form,
  })
  assert.equal(answer.status, 201)
}

const filings = () =>
  database
    .selectFrom('filing')
    .select(['id', 'report', 'contact', 'report_digest', 'report_sealed_for', 'contact_sealed_for'])
    .execute()
/** Does what files one report, and finds it. */
async function filed<T>(
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly id: string }> {
  const before = new Set((await filings()).map(({ id }) => id))
  const done = await work()
  const [added, ...more] = (await filings()).filter(({ id }) => !before.has(id))
  assert.deepEqual(more, [])
  return { done, id: added?.id ?? assert.fail('nothing was filed') }
}
const mainText = async (page: Page) => (await page.locator('main').textContent()) ?? ''
const typesIn = async (kind: string) =>
  (await world.events('albion'))
    .filter((one) => one.kind === kind)
    .map(({ envelope }) => (envelope.event as { type: string }).type)

/** An administrator proposes; returns the page after it. */
async function propose(admin: Page, changes: readonly [name: string, layer: string][]) {
  await admin.goto('/en/officer/sealing/roster')
  for (const [name, layer] of changes) await admin.getByLabel(name).selectOption(layer)
  await admin.getByRole('button', { name: 'Propose this roster' }).click()
  await admin.getByText('A change waits').waitFor()
}

async function approve(page: Page, fingerprints: string): Promise<string> {
  await page.goto('/en/officer/sealing/roster')
  await page.getByLabel('Fingerprints of the new keys').fill(fingerprints)
  await page.getByRole('button', { name: 'I compared them: approve' }).click()
  await page.waitForLoadState()
  return mainText(page)
}

const FINGERPRINT = /(?:[0-9a-f]{4} ){7}[0-9a-f]{4}/
let ada: Page
let odo: Page
let admin: Page
let reviewer: Page

test('the setup’s roster is in the authority stream, and reporters see its digest', async () => {
  const start = await (await fetch(`${node.baseUrl}/en/report`)).text()
  const roster = (await world.events('albion')).find(
    ({ envelope }) => (envelope.event as { type: string }).type === 'sealingRosterSet',
  )
  assert.ok(roster)
  const { digest } = roster.envelope.event as unknown as { digest: string }
  assert.ok(start.includes(digest))
  await fileReport()
  await fileReport('Invented reporter, box 7')
  await fileReport()
  const files = [fileToSeal('photo.txt', 'a photograph, invented'), fileToSeal('two.txt', 'two')]
  const { done, id } = await filed(() => fileSealed(node.baseUrl, { files }))
  const { code: ownCode, sealing } = done
  withFiles = id
  mailbox = mailboxOf(ownCode, sealing.origin) ?? assert.fail('no mailbox')
  await putMessages(sealing)
  for (const filing of await filings()) assert.equal(filing.report_sealed_for, digest)
})

let mailbox: Mailbox
/** The filing with attachments and messages. */
let withFiles: string
const ANSWER = 'An invented answer: thank you.'

/** A follow-up, and an answer as an officer's browser seals it. */
async function putMessages({ origin, inner }: Sealing): Promise<void> {
  const filing = (await filings()).find(({ id }) => id === withFiles)
  const sealedFor = filing?.report_sealed_for
  const salt = crypto.getRandomValues(new Uint8Array(32))
  const own = await recipientOf(mailbox.identities[0] ?? '')
  for (const [at, recipients] of [[...inner], [own, ...inner]].entries()) {
    const sealed = await sealTo(recipients, writeMessage(origin, ANSWER, salt), {
      minimumRecipients: 1,
    })
    await sql`insert into filing_message (id, filing_id, position, from_reporter, kind, written_on,
      sealed, sealed_for) values (gen_random_uuid(), ${withFiles}, ${at + 1}, ${at === 0}, 'feedback',
      '2026-11-23', ${sealed}, ${sealedFor})`.execute(database)
  }
}

const parts = async () => {
  const files = await sql<SealedRow>`select sealed, sealed_for, content_digest
    from filing_attachment order by position`.execute(database)
  const messages = await sql<SealedRow>`select sealed, sealed_for, content_digest
    from filing_message order by position`.execute(database)
  return { files: files.rows, messages: messages.rows }
}
type SealedRow = {
  readonly sealed: Buffer
  readonly sealed_for: string
  readonly content_digest: Buffer | null
}

test('an officer makes a key in the browser; only its public part is sent', async () => {
  ada = await desk('case-officer-1')
  await ada.goto('/en/officer/sealing/key')
  await ada.getByRole('button', { name: 'Make a key in this browser' }).click()
  await ada.getByText('The key is in this browser.').waitFor()
  const text = await mainText(ada)
  assert.match(text, FINGERPRINT)
  assert.match(text, /Not in the roster yet/)
  const stored = await ada.evaluate(async () => {
    const { indexedDB } = globalThis as unknown as { indexedDB: Stores }
    const open = indexedDB.open('comity-sealing')
    await new Promise((resolve) => {
      open.onsuccess = resolve
    })
    const all = open.result.transaction('keys').objectStore('keys').getAll()
    await new Promise((resolve) => {
      all.onsuccess = resolve
    })
    const [{ key }] = all.result as [{ key: CryptoKey }]
    const exported = await crypto.subtle.exportKey('pkcs8', key).then(
      () => 'exported',
      () => 'refused',
    )
    return { extractable: key.extractable, usages: key.usages, exported }
  })
  assert.deepEqual(stored, { extractable: false, usages: ['deriveBits'], exported: 'refused' })
})

/** What else the authority's stream gets, e.g. from peers, is not looked at. */
const sealingSteps = async () =>
  (await typesIn('authority')).filter((type) => type.toLowerCase().includes('sealing'))
const badKeys = ['', 'age1', `age1${'q'.repeat(58)}`, '<script>', 'x'.repeat(5000)]
test('what is no public key is refused, and nothing is recorded', async () => {
  const before = await sealingSteps()
  for (const bad of badKeys) {
    await ada.goto('/en/officer/sealing/key')
    await ada.getByLabel('Public key').fill(bad)
    await ada.getByRole('button', { name: 'Announce this key' }).click()
    await ada.getByText('this is not the public part of an age key', { exact: false }).waitFor()
  }
  assert.deepEqual(await sealingSteps(), before)
})

test('a private key in the field of the public one is not sent', async () => {
  await ada.goto('/en/officer/sealing/key')
  const count = sent.length
  await ada.getByLabel('Public key').fill(`created ${await generateIdentity()}`)
  await ada.getByRole('button', { name: 'Announce this key' }).click()
  await ada.getByText('That was the private part.', { exact: false }).waitFor()
  assert.equal(await ada.getByLabel('Public key').inputValue(), '')
  assert.equal(sent.length, count)
})

test('a roster takes an administrator and a second officer with the right fingerprint', async () => {
  admin = await desk('administrator')
  reviewer = await desk('reviewer')
  await ada.goto('/en/officer/sealing/key')
  const [fingerprint = ''] = FINGERPRINT.exec(await mainText(ada)) ?? []
  const before = await sealingSteps()
  const adaName = await nameOf('case-officer-1')
  await propose(admin, [[adaName, 'inner']])
  assert.ok(await admin.getByRole('button', { name: 'I compared them: approve' }).isDisabled())
  await ada.goto('/en/officer/sealing/roster')
  assert.ok(await ada.getByRole('button', { name: 'I compared them: approve' }).isDisabled())
  assert.ok(!(await mainText(ada)).includes(fingerprint), 'it is to be asked for')
  assert.match(await approve(reviewer, ''), /a fingerprint differs/)
  assert.match(
    await approve(
      reviewer,
      fingerprint.replace(/^./, (c) => (c === '0' ? '1' : '0')),
    ),
    /a fingerprint differs/,
  )
  assert.deepEqual(await sealingSteps(), before)
  assert.ok(!(await approve(reviewer, fingerprint.toUpperCase())).includes('A change waits'))
  assert.deepEqual(await sealingSteps(), [...before, 'sealingRosterSet'])
})

/** As the page of the node shows it. */
async function nameOf(key: string): Promise<string> {
  const hand = await desk(key)
  const text = (await hand.locator('header').textContent()) ?? ''
  await hand.context().close()
  const [found = ''] = /\S+ \S+ \(invented\)/.exec(text.replaceAll(/\s+/g, ' ')) ?? []
  assert.ok(found, text)
  return found
}

test('what was sealed before is sealed again in a browser, and the old key opens it no more', async () => {
  odo = await desk('case-officer-2')
  const [stale] = await filings()
  assert.ok(stale)
  assert.ok((await openWith(identityOf('case-officer-1'), stale.report)).length > 0)
  await odo.goto('/en/officer/sealing/again')
  assert.match(await mainText(odo), /9 sealed parts are not sealed to the current roster yet/)
  assert.match(await mainText(odo), /an old key still opens 9 of them/)
  await odo.getByRole('button', { name: 'Open and seal again' }).click()
  await odo.getByText('No key is here.', { exact: false }).waitFor()
  await odo.getByLabel('Or paste the key').fill(identityOf('case-officer-2'))
  await odo.getByRole('button', { name: 'Open and seal again' }).click()
  await odo
    .getByText('Some parts do not open with the keys that are here.', { exact: false })
    .waitFor()
  const [digest] = (await filings()).map(({ report_sealed_for }) => report_sealed_for)
  for (const filing of await filings()) {
    assert.equal(filing.report_sealed_for, digest)
    await assert.rejects(openWith(identityOf('case-officer-1'), filing.report))
    const opened = unpad(await openWith(identityOf('case-officer-2'), filing.report))
    assert.equal(toHex(sha256(opened)), toHex(filing.report_digest ?? new Uint8Array()))
  }
  await odo.reload()
  assert.match(await mainText(odo), /One sealed part is not sealed/, 'the contact waits for two')
  assert.equal((await typesIn('sealing')).filter((type) => type === 'filingsResealed').length, 1)
})

test('files and messages were sealed again too, the answer still for its reporter', async () => {
  const { files, messages } = await parts()
  const [digest] = (await filings()).map(({ report_sealed_for }) => report_sealed_for)
  assert.deepEqual([files.length, messages.length], [2, 2])
  for (const { sealed, sealed_for, content_digest } of [...files, ...messages]) {
    assert.equal(sealed_for, digest)
    assert.equal(content_digest?.length, 32)
    await assert.rejects(openWith(identityOf('case-officer-1'), sealed))
    assert.ok((await openWith(identityOf('case-officer-2'), sealed)).length > 0)
  }
  const [, answer] = messages
  const sealed = toBase64(answer?.sealed ?? new Uint8Array())
  assert.equal(await openAnswer(mailbox, 'albion.example', sealed), ANSWER)
  const [plain, salted] = [toHex(sha256(Buffer.from('two'))), files[1]?.content_digest]
  assert.notEqual(toHex(salted ?? new Uint8Array()), plain, 'nobody can try files against it')
})

test('what was sealed again opens with its files; a file put in its place does not', async () => {
  const open = async () => {
    await odo.goto(`/en/officer/intake/${withFiles}`)
    await odo.getByLabel('Or paste the key').fill(identityOf('case-officer-2'))
    await odo.getByRole('button', { name: 'Open', exact: false }).click()
  }
  await open()
  await odo.getByText('The report is open.', { exact: false }).waitFor()
  assert.match(await mainText(odo), /photo\.txt/)
  const recipients = await Promise.all(
    ['case-officer-1', 'case-officer-2'].map((key) => recipientOf(identityOf(key))),
  )
  const other = await sealTo(recipients, pad(Buffer.from('swapped')), { minimumRecipients: 2 })
  const before = (await parts()).files[1]
  await sql`update filing_attachment set sealed = ${other} where position = 1`.execute(database)
  await open()
  await odo.getByText('read as a report', { exact: false }).first().waitFor()
  assert.ok(await odo.locator('#opened').isHidden())
  await sql`update filing_attachment set sealed = ${before?.sealed} where position = 1`.execute(
    database,
  )
})

test('the officer opens a report with the key of the browser, and types nothing', async () => {
  const filing = (await filings()).find(({ id }) => id !== withFiles)
  await ada.goto(`/en/officer/intake/${filing?.id}`)
  await ada.getByRole('button', { name: 'Open', exact: false }).click()
  await ada.getByText('The report is open.', { exact: false }).waitFor()
  assert.ok((await mainText(ada)).includes(sampleReport().answers['title'] ?? 'no title'))
})

let code = ''
test('a recovery key is made in shares, and gets into the roster like every key', async () => {
  const oversight = await desk('oversight')
  await oversight.goto('/en/officer/sealing/recovery')
  for (const key of ['reviewer', 'liaison']) await oversight.getByLabel(await nameOf(key)).check()
  await oversight.getByLabel('Other people who hold a printed share').fill('Notary Nook (invented)')
  await oversight.getByRole('button', { name: 'Make a recovery key' }).click()
  await oversight.getByText('The key was made and split.', { exact: false }).waitFor()
  code = (await oversight.locator('#escrow-codes code').textContent()) ?? ''
  assert.match(code, /^[0-9A-Z]{4}(-[0-9A-Z]{1,4})+$/)
  await oversight.getByRole('button', { name: 'Record the set' }).click()
  await oversight.getByText('2 of 3').waitFor()
  await oversight.waitForLoadState()
  const [fingerprint = ''] = FINGERPRINT.exec(await mainText(oversight)) ?? []
  await propose(admin, [['Recovery key', 'inner']])
  await approve(reviewer, fingerprint)
  await fileReport()
})

test('two of three bring the key back in the requester’s browser; wrong shares are named', async () => {
  await odo.goto('/en/officer/sealing/recovery')
  await odo.getByLabel('Ground').last().fill('too short')
  await odo.getByRole('button', { name: 'Ask for the recovery' }).click()
  await odo.getByText('the ground says in a sentence', { exact: false }).waitFor()
  await odo
    .getByLabel('Ground')
    .last()
    .fill('Both officers of the inner group have lost their keys.')
  await odo.getByRole('button', { name: 'Ask for the recovery' }).click()
  await odo.getByText('0 of 2 shares given').waitFor()

  await reviewer.goto('/en/officer/sealing/recovery')
  await reviewer.getByLabel('Or paste the key').fill(identityOf('liaison'))
  await reviewer.getByRole('button', { name: 'Give my share' }).click()
  await reviewer.getByText('Your key does not open this share.').waitFor()
  await reviewer.getByLabel('Or paste the key').fill(identityOf('reviewer'))
  await reviewer.getByRole('button', { name: 'Give my share' }).click()
  await reviewer.getByText('1 of 2 shares given').waitFor()

  await odo.goto('/en/officer/sealing/recovery')
  const other = await splitIdentity(sha256, await generateIdentity(), {
    setId: new Uint8Array(8),
    threshold: 2,
    total: 3,
  })
  const mistyped = `${code.slice(0, 6)}${code[6] === 'Z' ? 'Y' : 'Z'}${code.slice(7)}`
  for (const [typed, message] of [
    ['', 'There are too few shares.'],
    ['hello, world', 'This is not the code of a share.'],
    [mistyped, 'A letter of a share is wrong.'],
    [other.shares[2]?.code, 'A share is of another set. (3)'],
    [`${code}\n${code}`, 'A share was given twice. (3)'],
  ] as const) {
    await odo.getByLabel('Or paste the key').fill(identityOf('case-officer-2'))
    await odo.getByLabel('Printed shares, one a line').fill(typed ?? '')
    await odo.getByRole('button', { name: 'Put the key together' }).click()
    await odo.getByText(message).waitFor()
  }
  await odo.getByLabel('Number of a printed share').fill('3')
  await odo.getByRole('button', { name: 'Record that it was given' }).click()
  await odo.getByText('2 of 2 shares given').waitFor()
  await odo.getByLabel('Or paste the key').fill(identityOf('case-officer-2'))
  await odo.getByLabel('Printed shares, one a line').fill(code.toLowerCase().replaceAll('-', ' '))
  await odo.getByRole('button', { name: 'Put the key together' }).click()
  await odo.getByText('completed').waitFor()

  const { id } = await sealedToEscrow()
  await odo.goto(`/en/officer/intake/${id}`)
  await odo.getByRole('button', { name: 'Open', exact: false }).click()
  await odo.getByText('The report is open.', { exact: false }).waitFor()
  const steps = (await typesIn('sealing')).filter((type) => type.startsWith('recovery'))
  assert.deepEqual(steps, [
    'recoveryRequested',
    'recoveryShareGiven',
    'recoveryShareGiven',
    'recoveryCompleted',
  ])
})

/** The filing that was sealed to the roster with the recovery key. */
async function sealedToEscrow() {
  const all = await filings()
  const counts = new Map<string, number>()
  for (const { report_sealed_for: digest } of all)
    counts.set(digest ?? '', (counts.get(digest ?? '') ?? 0) + 1)
  const found = all.find(({ report_sealed_for: digest }) => counts.get(digest ?? '') === 1)
  assert.ok(found)
  return found
}

test('what nobody can open is closed by two officers who tried, and its reporter is told', async () => {
  const { inner } = await sealingOf(node.baseUrl)
  const strange = inner.map(async () => recipientOf(await generateIdentity()))
  const recipients = await Promise.all(strange)
  const { done, id } = await filed(() => fileSealed(node.baseUrl, {}, recipients))
  const { code: lost } = done
  const closed = async () => {
    const { rows } = await sql<{ closed_on: string | null }>`
      select closed_on from filing where id = ${id}`.execute(database)
    return rows[0]?.closed_on !== null
  }
  const say = async (page: Page) => {
    await page.goto(`/en/officer/intake/${id}`)
    await page.getByLabel('No key that I have opens it').check()
    await page.getByRole('button', { name: 'I tried and it failed' }).click()
    await page.getByRole('heading', { name: 'Intake', exact: true }).waitFor()
    await page.waitForLoadState()
  }
  await say(odo)
  assert.equal(await closed(), false, 'one alone closes nothing')
  await odo.goto(`/en/officer/intake/${id}`)
  assert.ok(await odo.getByRole('button', { name: 'I tried and it failed' }).isDisabled())
  assert.match(await mainText(odo), /another officer has to try too/)
  await say(ada)
  assert.equal(await closed(), true)
  assert.match(await mainText(ada), /Closed because nobody could open them/)
  const tags = await sql<{ tag: Buffer }>`select tag from intake_tag`.execute(database)
  const secrets = secretsOfCode(
    nodePrimitives,
    readReceiptCode(nodePrimitives, lost),
    'albion.example',
  )
  const told = eventTag(nodePrimitives, secrets.eventTags, 'closed')
  assert.ok(tags.rows.some(({ tag }) => toHex(tag) === toHex(told)))
  const reporter = await newPage(browser, { baseURL: node.baseUrl })
  await reporter.goto('/en/report/mailbox')
  await reporter.getByLabel('Your code').fill(lost)
  await reporter.keyboard.press('Enter')
  await reporter.getByText('No officer was able to open your report', { exact: false }).waitFor()
  const left = await odo.goto('/en/officer/sealing/again').then(() => mainText(odo))
  await ada.goto(`/en/officer/intake/${id}`)
  assert.match(await mainText(ada), /two officers could not open it/)
  assert.ok(!left.includes(id))
  assert.deepEqual((await typesIn('sealing')).slice(-3), [
    'filingNotOpened',
    'filingNotOpened',
    'filingClosed',
  ])
})

test('no request of any browser held a private key, a share in clear or what made one', () => {
  assert.ok(sent.length > 100)
  assert.ok(
    randomDrawn.some((hex) => hex.length === 64),
    'seeds were watched',
  )
  assert.ok(
    sent.some((request) => request.includes('recipient=age1')),
    'the public part was sent',
  )
  const plainCode = code.replaceAll('-', '')
  for (const request of sent) {
    const text = decodeURIComponent(
      request.replaceAll('+', ' ').replaceAll(/%(?![0-9A-F]{2})/gi, '%25'),
    )
    assert.ok(!/AGE-SECRET-KEY/i.test(text), text.slice(0, 80))
    assert.ok(!text.replaceAll(/[-\s]/g, '').toUpperCase().includes(plainCode))
    for (const { identity } of node.officers) assert.ok(!text.includes(identity.slice(16)))
    for (const hex of randomDrawn.filter((one) => one.length === 64)) {
      assert.ok(
        !text.includes(hex) && !request.includes(toBase64(Buffer.from(hex, 'hex')).slice(0, 42)),
      )
    }
  }
})
