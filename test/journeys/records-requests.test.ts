/**
 * A request for records at a real node, at its pages: search, consultation of the originator
 * by signed messages between two nodes, a decision on each item, an answer that two persons
 * give, the letter, the appeal; and what the public is told of it.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { addMs, DAY_MS, instant } from '../../src/base/time.ts'
import { type Done, type Hand, signInLink } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { checkAccessibility, collectProblems, launchBrowser, newPage } from '../support/browser.ts'
import { caseAt, type Place, startWorld } from '../support/demo.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('9.advisory')
const here = caseAt(telling.story, 'albion')
const there = caseAt(telling.story, 'meridia')
const { albion, meridia } = world.hands

type Consultation = {
  readonly consultationId: string
  readonly answer: { readonly answer: string; readonly reference: string } | null
}
type Request = {
  readonly requestId: string
  readonly version: number
  readonly consultations: readonly Consultation[]
  readonly answered: { readonly outcome: string; readonly digest: string } | null
  readonly released: readonly { readonly exhibitId: string | null }[]
}
type State = {
  readonly state: {
    readonly openedAt: string
    readonly changedAt: string
    readonly evidence: {
      readonly requests: readonly Request[]
      readonly consultations: readonly Consultation[]
      readonly exhibits: readonly { readonly exhibitId: string; readonly origin: string }[]
    }
  }
}
const read = async (hand: Hand, caseId: string) => (await hand.get<State>(`/cases/${caseId}`)).state
const requestNow = async () => {
  const { evidence } = await read(albion.officer, here)
  return evidence.requests[0] ?? assert.fail('there is no request')
}

const casePath = `/en/officer/cases/${here}`
let browser: Browser
let exhibitId = ''
let letterId = ''
let now = ''

before(async () => {
  browser = await launchBrowser()
  const state = await read(albion.officer, here)
  now = state.changedAt
  exhibitId =
    state.evidence.exhibits.find(({ origin }) => origin === 'received')?.exhibitId ??
    assert.fail('the transcript came from Meridia')
  const letter = await albion.officer.do(here, 'makeLetter', {
    template: 'acknowledgement',
    to: 'Invented Operator Ltd\n1 Invented Road',
    text: 'We ask you about the companion (invented).',
  })
  letterId = letter.result['letterId'] as string
})
after(() => browser?.close())

async function enter(at: Place, key: string): Promise<Page> {
  const node = world.node(at)
  const page = await newPage(browser, { baseURL: node.baseUrl })
  await page.goto(`/en/officer/sign-in/${await signInLink(node, key)}`)
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL(/\/officer\/(cases|sign-in-desk)/)
  return page
}

const send = (page: Page) => page.locator('main form button[type=submit]').last().click()

test('a request is recorded at the page, with a day that is to be confirmed', async () => {
  const page = await enter('albion', 'case-officer-1')
  const problems = collectProblems(page)
  await page.goto(`${casePath}/records-requests`)
  assert.match(await page.locator('main').innerText(), /Nobody has asked for records of this case/)
  await page.getByRole('link', { name: 'Record a request for records' }).click()
  await page.getByLabel('Reference of who asks').fill('FOI/2026-114')
  await page.getByLabel('What is asked for').fill('Everything about the companion (invented).')
  await page.getByLabel('Provision').fill('Public Records Act (fictional), s. 10')
  const due = addMs(instant(now), 20 * DAY_MS).slice(0, 16)
  await page.locator('[name="dueAt"]').fill(due)
  await send(page)
  await page.goto(`${casePath}/records-requests`)
  const text = await page.locator('main').innerText()
  assert.match(text, /FOI\/2026-114/)
  assert.match(text, /No law pack gives this day: an officer set it/)
  assert.match(text, /nobody recorded a search/i)
  assert.deepEqual(await checkAccessibility(page), [])
  assert.deepEqual(problems, [])
  await page.context().close()
})

test('what came from a peer stays until that peer answers: silence and objection are a no', async () => {
  const { requestId } = await requestNow()
  await albion.officer.do(here, 'searchRecords', {
    requestId,
    how: 'All exhibits and letters of the case.',
    items: [`exhibit:${exhibitId}`, `document:${letterId}`],
  })
  const disclose = { requestId, itemKind: 'exhibit', itemId: exhibitId, outcome: 'disclose' }
  await albion.officer.mustRefuse(here, 'decideRecordsItem', disclose, 'originatorConsentMissing')
  const asking = {
    ...{ requestId, itemKind: 'exhibit', itemId: exhibitId, originator: 'meridia.example' },
    answerBy: addMs(instant(now), 14 * DAY_MS),
  }
  const wrong = { ...asking, question: 'x', originator: 'sierra.example' }
  await albion.officer.mustRefuse(here, 'askRecordsOriginator', wrong, 'notFromPeer')
  const both = { ...asking, question: 'x', askedBy: 'letter' }
  await albion.officer.mustRefuse(here, 'askRecordsOriginator', both, 'requestFaulty')
  await ask(asking, 'May the redacted transcript go out as it is?')
  await albion.officer.mustRefuse(here, 'decideRecordsItem', disclose, 'originatorConsentMissing')
  const [first] = await waitFor('the question at Meridia', async () => {
    const { consultations } = (await read(meridia.officer, there)).evidence
    return consultations.length > 0 ? consultations : undefined
  })
  await meridia.officer.do(there, 'answerRecordsConsultation', {
    consultationId: first?.consultationId,
    answer: 'objects',
    reason: 'One turn still shows where a person lives.',
  })
  await answeredWith('objects')
  await albion.officer.mustRefuse(here, 'decideRecordsItem', disclose, 'originatorConsentMissing')
  await ask(asking, 'We leave out that turn. May the rest go out?')
})

const ask = (asking: object, question: string) =>
  albion.officer.do(here, 'askRecordsOriginator', { ...asking, question })

const answeredWith = (word: string) =>
  waitFor(`that Meridia ${word}`, async () => {
    const last = (await requestNow()).consultations.at(-1)?.answer
    return last?.answer === word ? last : undefined
  })

test('the originator answers at its own page, and its answer comes back', async () => {
  await waitFor('the second question', async () => {
    const { consultations } = (await read(meridia.officer, there)).evidence
    return consultations.some(({ answer }) => answer === null) || undefined
  })
  const page = await enter('meridia', 'case-officer-1')
  const problems = collectProblems(page)
  await page.goto('/en/officer/my-work')
  const work = await page.locator('main').innerText()
  assert.match(work, /An authority consults you about a request for records/)
  assert.match(work, /Answer to a consultation about records/)
  await page.goto(`/en/officer/cases/${there}/records-requests`)
  assert.match(await page.locator('#asked').innerText(), /We leave out that turn/)
  assert.deepEqual(await checkAccessibility(page), [])
  await page.getByRole('link', { name: /Answer a consultation about records/ }).click()
  await page.getByLabel(/^Consents/).check()
  await page.getByLabel('Reason').fill('It is public with us.')
  await send(page)
  await page.waitForURL(/cases\/[^/]+(\?|$)/)
  assert.deepEqual(problems, [])
  await page.context().close()
  const answer = await answeredWith('consents')
  assert.equal(answer.reference, 'message')
})

test('nothing is answered while an item is undecided, and what is held back says the whole why', async () => {
  const { requestId } = await requestNow()
  await albion.officer.do(here, 'decideRecordsItem', {
    ...{ requestId, itemKind: 'exhibit', itemId: exhibitId, outcome: 'disclose' },
  })
  const held = {
    ...{ requestId, itemKind: 'document', itemId: letterId, outcome: 'withhold' },
    ...{ exemptionCode: 'investigation', citation: 'Public Records Act (fictional), s. 30' },
    exemptionReason: 'It shows what is asked of the operator next.',
    harm: 'The operator would be warned.',
  }
  await albion.officer.mustRefuse(here, 'decideRecordsItem', held, 'exemptionMissing')
  const early = await propose()
  assert.equal(await whyNot(albion.second, early), 'itemUndecided')
  await albion.officer.do(here, 'decideRecordsItem', {
    ...held,
    exemptionSource: 'Statute Book of Albion (fictional)',
    publicInterest: 'The outcome will be published.',
  })
})

async function propose(): Promise<Done> {
  const { requestId, version } = await requestNow()
  const reason = 'The transcript goes out with the consent of its originator.'
  return albion.officer.do(here, 'answerRecordsRequest', { requestId, asOf: version, reason })
}

/** By whatever number of persons it takes. */
async function liftOrder({ result }: Done): Promise<void> {
  const lifting = {
    orderId: result['orderId'],
    liftedBy: 'High Court (fictional)',
    reference: 'CL-2',
  }
  const done = await albion.officer.do(here, 'liftProtectiveOrder', lifting)
  if (done.events.includes('actProposed'))
    assert.equal(await whyNot(albion.second, done), 'permitted')
}

async function whyNot(hand: Hand, { result }: Done): Promise<string> {
  const { proposalId, digest } = result as { proposalId: string; digest: string }
  const answer = await hand.post(`/cases/${here}/proposals/${proposalId}/approve`, { digest })
  return 'refused' in answer ? answer.refused.why : 'permitted'
}

test('two persons answer; what goes out is on record with its custody, then letter and appeal', async () => {
  const proposed = await propose()
  assert.deepEqual(proposed.events, ['actProposed'])
  assert.equal(await whyNot(albion.officer, proposed), 'samePerson')
  assert.equal(await whyNot(albion.second, proposed), 'permitted')
  const { requestId, answered, released } = await requestNow()
  assert.equal(answered?.outcome, 'partly')
  assert.deepEqual(
    released.map((one) => one.exhibitId),
    [exhibitId],
  )
  const letter = {
    requestId,
    to: 'An Invented Person\n2 Invented Road',
    appeal: 'You may appeal to the Information Tribunal (fictional) within 28 days.',
  }
  // An order that comes between the answer and the handing out stops both.
  const order = await albion.officer.do(here, 'recordProtectiveOrder', {
    ...{ orderedBy: 'High Court of Albion (fictional)', reference: 'CL-1', scope: 'exhibits' },
    ...{ exhibits: [exhibitId], maySee: [albion.officer.officer.id], mayReceive: [], purposes: [] },
  })
  await albion.officer.mustRefuse(here, 'makeRecordsLetter', letter, 'orderForbids')
  await liftOrder(order)
  await albion.officer.do(here, 'makeRecordsLetter', letter)
  await albion.officer.do(here, 'noteRecordsAppeal', {
    requestId,
    body: 'Information Tribunal (fictional)',
    reference: 'T-2026-1',
    filedOn: (await read(albion.officer, here)).changedAt.slice(0, 10),
  })
  const page = await enter('albion', 'case-officer-1')
  await page.goto(`${casePath}/records-requests`)
  const text = await page.locator('main').innerText()
  for (const shown of [/Disclosed in part/, /Investigation or proceedings/, /T-2026-1/, /DOCX/]) {
    assert.match(text, shown)
  }
  assert.ok(!text.includes('An Invented Person'))
  assert.deepEqual(await checkAccessibility(page), [])
  await page.context().close()
  const events = JSON.stringify((await world.events('albion')).map(({ envelope }) => envelope))
  assert.ok(!events.includes('An Invented Person'), 'who asked stands in the letter alone')
})

test('the public gets counts, and a small one only as withheld', async () => {
  const counts = await fetch(`${world.node('albion').baseUrl}/open-data/counts.json`)
  const { rows } = (await counts.json()) as {
    rows: { measure: string; key: string; count: number | null }[]
  }
  const own = rows.filter(({ measure }) => measure.startsWith('records'))
  assert.deepEqual(own, [
    { measure: 'recordsGrounds', key: 'investigation', count: null },
    { measure: 'recordsRequests', key: 'inTime', count: null },
  ])
})
