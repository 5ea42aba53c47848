/**
 * The way of a respondent and of a vendor at a real node, from the invitation to the
 * answer, in a browser without scripts; and of somebody who tries what is not theirs.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, newPage } from '../support/browser.ts'
import { caseAt, startWorld } from '../support/demo.ts'
import { fill, formIn } from '../support/html-form.ts'
import { browserAt, enterWorkspace, OWN_PAGE } from '../support/page-hand.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('5.transfer-refused')
await telling.step('7.operator-and-tree')
await telling.step('7.hearing')
const caseId = caseAt(telling.story, 'meridia')
const node = world.node('meridia')
const { officer } = world.hands.meridia
const place = `/en/officer/cases/${caseId}`
const COUNSEL = 'Canary Counsel (invented)'
const STATEMENT = 'We dispute the finding.\n\nالنموذج لم يتغير منذ مارس.'
const REASON = 'So that the operator is heard.'

let browser: Browser
let guest: Page
before(async () => {
  browser = await launchBrowser()
  guest = await newPage(browser, { baseURL: node.baseUrl, javaScript: false })
})
after(() => browser?.close())

type Link = { readonly linkId: string; readonly code: string }

async function letIn(changed: object = {}): Promise<Link> {
  const { result } = await officer.do(caseId, 'admitGuest', {
    name: COUNSEL,
    sees: ['hearing', 'letters'],
    legalOrder: 'EU',
    days: 3,
    reason: REASON,
    answersAs: 'respondentCounsel',
    ...changed,
  })
  return result as Link
}

/** Of the page of a guest who came in without a browser. */
async function enter({ linkId, code }: Link) {
  const door = browserAt(node)
  const link = `/en/officer/guest/${linkId}`
  const form = formIn((await door.get(link)).html, linkId)
  fill(form, { code })
  assert.equal((await door.send(form)).status, 303)
  const answer = (words: string, more: Record<string, string> = {}) =>
    door.send({
      action: `${link}/answer`,
      fields: new Map(
        Object.entries({ text: words, ...more }).map(([name, value]) => [
          name,
          { kind: 'text', values: [value], offered: [] } as const,
        ]),
      ),
    })
  return { ...door, link, answer, page: async () => (await door.get(link)).html }
}

const events = async (type: string) =>
  (await world.events('meridia'))
    .filter(({ envelope }) => envelope.stream === caseId)
    .map(({ envelope }) => envelope.event as unknown as Record<string, string> & { type: string })
    .filter((event) => event.type === type)

const hearingId = async () => (await events('hearingOpened')).at(-1)?.['measureId'] ?? ''
const personOf = async () => (await events('guestAdmitted')).at(-1)?.['person'] ?? ''

test('counsel of the respondent comes by link and code, is heard in writing, and gets a receipt', async () => {
  const { linkId, code } = await letIn()
  await guest.goto(`/en/officer/guest/${linkId}`)
  await guest.locator('[name=code]').fill(code)
  await guest.locator('main form button').click()
  await guest.waitForLoadState()
  const opened = (await guest.locator('main').textContent()) ?? ''
  assert.match(opened, /It must be here before/)
  assert.match(opened, /No letter was shared with you/)
  const [hearing] = await events('hearingOpened')
  const due = guest.locator('#answer-h ~ div time')
  assert.equal(await due.getAttribute('datetime'), hearing?.['endsAt'])

  await guest.getByRole('button', { name: 'Send the statement' }).click()
  await guest.waitForLoadState()
  assert.equal(await guest.locator('.govuk-error-summary').count(), 1, 'nothing was said')
  await guest.locator('#f-text').fill(STATEMENT)
  await guest.getByRole('button', { name: 'Send the statement' }).click()
  await guest.waitForLoadState()
  assert.match((await guest.locator('#filed').textContent()) ?? '', /Your answer was received/)
  const receiptCode = (await guest.locator('#filed .comity-code').textContent()) ?? ''
  const [filed] = await events('statementFiled')
  assert.equal(filed?.['statementId'], receiptCode)
  assert.equal(filed?.['text'], STATEMENT)
  assert.equal(filed?.['capacity'], 'respondentCounsel')
  const heard = (await events('representationReceived')).at(-1)
  assert.equal(heard?.['measureId'], await hearingId())
  assert.ok(heard?.['summary']?.includes(receiptCode))

  await guest.locator('#f-text').fill(STATEMENT)
  await guest.getByRole('button', { name: 'Send the statement' }).click()
  await guest.waitForLoadState()
  assert.match((await guest.locator('#refused-now').textContent()) ?? '', /exactly this before/)
  assert.equal((await events('statementFiled')).length, 1, 'the same twice is one')

  const desk = await enterWorkspace(node, 'case-officer-1')
  const answers = (await desk.get(`${place}/answers`)).html
  assert.ok(answers.includes(COUNSEL) && answers.includes('We dispute the finding.'))
  assert.match((await desk.get('/en/officer/my-work')).html, /Read the answer that came in/)
  assert.ok(!JSON.stringify(await world.events('meridia')).includes('Canary Counsel'))
})

test('the receipt of an answer proves that the log holds it, to its own sender only', async () => {
  const own = await enter(await letIn())
  const other = await enter(await letIn())
  const sent = await own.answer('A statement of its own.', { subjectId: await hearingId() })
  assert.equal(sent.status, 303)
  const id = new URL(sent.location ?? '', node.baseUrl).searchParams.get('filed') ?? ''
  assert.ok(!(await other.page()).includes('A statement of its own'))
  const until = Date.now() + 60_000
  let file = await own.get(`${own.link}/answers/${id}/receipt`)
  while (file.status !== 200 && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    file = await own.get(`${own.link}/answers/${id}/receipt`)
  }
  const opening = JSON.parse(file.html) as {
    envelope: { event: { statementId: string } }
    receipt: string
  }
  assert.equal(opening.envelope.event.statementId, id)
  assert.match(opening.receipt, /meridia\.example\/ledger/)
  assert.notEqual((await other.get(`${other.link}/answers/${id}/receipt`)).status, 200)
})

test('what is too large, forged, of another hearing, too often or too late is refused and changes nothing', async () => {
  const link = await letIn()
  const door = await enter(link)
  const subjectId = await hearingId()
  const before = (await events('statementFiled')).length
  const strange = '018f3c1e-0000-7000-8000-000000000004'
  for (const [words, more, status] of [
    ['', { subjectId }, 400],
    ['x'.repeat(20_001), { subjectId }, 400],
    ['x'.repeat(300_000), { subjectId }, 413],
    ['A hearing of another case.', { subjectId: strange }, 400],
    ['No hearing at all.', {}, 400],
    ["'); drop table event; --", { subjectId: "' or true --" }, 400],
  ] as const) {
    assert.equal((await door.answer(words, more)).status, status, words.slice(0, 40))
  }
  const forged = await fetch(`${node.baseUrl}${door.link}/answer`, {
    method: 'POST',
    headers: { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ text: 'forged', subjectId }),
  })
  assert.equal(forged.status, 403)
  const nobody = await fetch(`${node.baseUrl}${door.link}/answer`, {
    method: 'POST',
    headers: OWN_PAGE,
    redirect: 'manual',
    body: new URLSearchParams({ text: 'without a session', subjectId }),
  })
  assert.equal(nobody.status, 303)
  const onlyLooks = await enter(await letIn({ answersAs: undefined }))
  assert.ok(!(await onlyLooks.page()).includes('/answer"'), 'a guest who only looks has no form')
  assert.equal((await onlyLooks.answer('All the same.', { subjectId })).status, 409)
  assert.equal((await events('statementFiled')).length, before)

  for (let count = 0; count < 5; count++) {
    assert.equal((await door.answer(`Number ${count}.`, { subjectId })).status, 303)
  }
  const sixth = await door.answer('Number 6.', { subjectId })
  assert.equal(sixth.status, 409)
  assert.match(sixth.html, /as many answers as are taken in a day/)

  await world
    .database('meridia')
    .updateTable('guest_link')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .where('id', '=', link.linkId)
    .execute()
  assert.equal((await door.answer('Too late.', { subjectId })).status, 303)
  assert.equal((await door.get(door.link)).status, 401)
  assert.equal((await events('statementFiled')).length, before + 5)
})

test('a letter is seen by whom it was shared with, until it is taken back or the admission ends', async () => {
  const own = await enter(await letIn())
  const person = await personOf()
  const other = await enter(await letIn())
  const desk = await enterWorkspace(node, 'case-officer-1')
  await desk.hand.prove()
  const preview = async (act: string, given: Record<string, string | string[]>) => {
    const form = formIn((await desk.get(`${place}/acts/${act}`)).html, `/acts/${act}`)
    fill(form, given)
    const { status, html } = await desk.send({ ...form, action: `${form.action}/preview` })
    return { status, html, main: html.slice(html.indexOf('<main'), html.indexOf('</main')) }
  }
  const letter = {
    template: 'acknowledgement',
    to: 'Canary Addressee (invented)',
    text: 'Thank you.\n\nשלום',
  }
  const shown = await preview('makeLetter', letter)
  assert.equal(shown.status, 200)
  assert.match(shown.main, /<div [^>]*dir="rtl"[^>]*>שלום</)
  assert.ok(shown.main.includes('Canary Addressee'))
  assert.equal((await events('letterMade')).length, 0, 'nothing was made')
  assert.equal((await preview('makeLetter', { ...letter, text: '' })).status, 400)
  assert.equal((await preview('makeLetter', { ...letter, template: 'order' })).status, 409)
  assert.equal((await desk.send(formIn(shown.html, '/acts/makeLetter'))).status, 303)
  const documentId = (await events('letterMade')).at(-1)?.['letterId'] ?? ''
  const files = `/letters/${documentId}/docx`
  assert.notEqual((await own.get(own.link + files)).status, 200, 'by default no')
  const seen = await preview('shareDocument', { documentId, person, reason: REASON })
  const subject = (await events('letterMade')).at(-1)?.['subject'] ?? ''
  assert.ok(subject.length > 0 && seen.main.slice(seen.main.indexOf('id="seen"')).includes(subject))
  assert.ok(!(await own.page()).includes(subject), 'looking beforehand shares nothing')
  await officer.do(caseId, 'shareDocument', { documentId, person, reason: REASON })
  assert.ok((await own.page()).includes(files))
  const file = await own.get(own.link + files)
  assert.equal(Buffer.from(file.bytes).toString('latin1', 0, 2), 'PK')
  assert.ok(!(await other.page()).includes(documentId))
  assert.notEqual((await other.get(other.link + files)).status, 200)
  assert.notEqual((await own.get(`${own.link}/letters/${person}/docx`)).status, 200)
  const looks = (await events('guestViewed')).filter((event) => event['documentId'])
  assert.deepEqual(
    looks.map((event) => [event['person'], event['documentId']]),
    [[person, documentId]],
    'what was taken away is on record, and nothing that was only asked for',
  )
  await officer.do(caseId, 'withdrawDocument', { documentId, person, reason: REASON })
  assert.notEqual((await own.get(own.link + files)).status, 200)
  await officer.do(caseId, 'removePerson', { person, reason: REASON })
  assert.equal((await own.answer('After all.', { subjectId: await hearingId() })).status, 303)
  assert.equal((await own.get(own.link)).status, 401)
})

test('a vendor with an account answers to the report, and is shown nothing of others', async () => {
  const vendor = node.officers.find(({ key }) => key === 'case-officer-2')?.id ?? ''
  await world
    .database('meridia')
    .updateTable('officer')
    .set({ roles: ['vendor'] })
    .where('id', '=', vendor)
    .execute()
  await officer.do(caseId, 'admitPerson', {
    person: vendor,
    capacity: 'vendor',
    sees: ['embargo'],
    legalOrder: 'EU',
    until: new Date(Date.now() + 100 * 86_400_000).toISOString(),
    reason: REASON,
  })
  const theirs = await enterWorkspace(node, 'case-officer-2')
  const at = `/en/officer/shared/${caseId}`
  const page = await theirs.get(at)
  assert.match(page.html, /Answer to the report/)
  assert.ok(!page.html.includes('We dispute the finding'), 'words of the respondent')
  const send = (given: Record<string, string>) => {
    const form = formIn(page.html, '/answer')
    for (const [name, value] of Object.entries(given)) {
      const field = form.fields.get(name)
      assert.ok(field, name)
      field.values = [value]
    }
    return theirs.send(form)
  }
  assert.equal((await send({})).status, 409, 'nothing is said')
  assert.equal((await send({ fixOn: '2020-01-01' })).status, 409)
  assert.equal((await send({ fixOn: 'tomorrow' })).status, 400)
  const fixOn = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10)
  const sent = await send({ acknowledges: 'true', fixOn, text: 'We mend it.' })
  assert.equal(sent.status, 303, sent.html.slice(0, 300))
  const filed = (await events('statementFiled')).at(-1) as unknown as Record<string, unknown>
  assert.deepEqual(
    [filed['person'], filed['capacity'], filed['acknowledges'], filed['fixOn'], filed['about']],
    [vendor, 'vendor', true, fixOn, { kind: 'report' }],
  )
  assert.match((await theirs.get(sent.location ?? '')).html, /Your answer was received/)
  const looks = (await events('sharedViewed')).filter((event) => event['person'] === vendor)
  assert.equal(looks.length, 1, 'looks within a minute are one')

  assert.equal((await theirs.get(`${place}/answers`)).status, 403)
  const [strange] = await events('statementFiled')
  assert.notEqual(
    (await theirs.get(`${at}/answers/${strange?.['statementId']}/receipt`)).status,
    200,
  )
  assert.notEqual(
    (await theirs.get('/en/officer/shared/018f3c1e-0000-7000-8000-000000000004')).status,
    200,
  )
  const untied = await theirs.send(
    { ...formIn(page.html, '/answer'), action: `${at}/answer` },
    {
      origin: 'https://elsewhere.example',
      'sec-fetch-site': 'cross-site',
    },
  )
  assert.equal(untied.status, 403)
  await officer.do(caseId, 'removePerson', { person: vendor, reason: REASON })
  assert.equal((await send({ text: 'After all.' })).status, 403)
})
