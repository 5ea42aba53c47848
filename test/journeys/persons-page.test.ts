/**
 * A person at a real node: reads the notice by its code, challenges, is upheld, takes a
 * consent back, and sees what left called back from its recipient; and whoever tries the
 * page without the code.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { caseAt, startWorld } from '../support/demo.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('6.seal-exhibit')
const caseId = caseAt(telling.story, 'meridia')
const node = world.node('meridia')
const { officer, reviewer } = world.hands.meridia
const REASON = 'So that the person is heard and put right.'

const post = (path: string, fields: Record<string, string>, accept = 'text/html') =>
  fetch(`${node.baseUrl}/en/notice/${path}`, {
    method: 'POST',
    headers: { accept },
    redirect: 'manual',
    body: new URLSearchParams(fields),
  })
const page = async (code: string) => (await post('open', { code })).text()

type Rights = {
  readonly reviews: readonly {
    reviewId: string
    outcome: string | null
    subject: { kind: string; id: string }
  }[]
  readonly consents: readonly { consentId: string; state: string }[]
}
type State = {
  readonly rights: Rights
  readonly releases: {
    readonly permitted: readonly {
      releaseId: string
      kind: string
      recipient: string
      purpose: string
      categories: readonly string[]
      withdrawn: { cause: string } | null
    }[]
  }
}
const stateNow = async () => (await officer.get<{ state: State }>(`/cases/${caseId}`)).state

let code = ''
let personId = ''

test('a person opens the page with the code; every wrong code gets the same answer', async () => {
  const recorded = await officer.do(caseId, 'recordAffectedPerson', { contact: 'Invented person' })
  personId = recorded.result['personId'] as string
  const sent = await officer.do(caseId, 'sendNotice', { personId, channel: 'post' })
  code = sent.result['code'] as string
  const opened = await page(code)
  assert.match(opened, /Write to the authority/)
  assert.match(opened, /Challenge this/)
  const wrong = await Promise.all(
    ['', 'one two three', personId, `${code}x`].map((one) => post('open', { code: one })),
  )
  const texts = await Promise.all(wrong.map((one) => one.text()))
  assert.deepEqual(new Set(wrong.map(({ status }) => status)), new Set([404]))
  assert.ok(texts.every((text) => !text.includes('Write to the authority')))
  for (const path of ['challenge', 'consent', 'message', 'own-data']) {
    assert.equal((await post(path, { code: 'guessed', text: 'x' })).status, 404, path)
    assert.equal((await fetch(`${node.baseUrl}/en/notice/${path}`)).status, 200)
  }
})

test('messages go both ways, five a day', async () => {
  assert.equal((await post('message', { code, text: ' ' })).status, 400)
  for (let count = 1; count <= 5; count++) {
    assert.equal((await post('message', { code, text: `Question ${count} <b>` })).status, 200)
  }
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from work_task where case_id = ${caseId} and done_at is null
  `.execute(world.database('meridia'))
  assert.ok(Number(rows[0]?.n) >= 5, 'each is a task of an officer')
  const sixth = await post('message', { code, text: 'Question 6' })
  assert.equal(sixth.status, 409)
  assert.match(await sixth.text(), /as many messages as are taken in a day/)
  await officer.do(caseId, 'answerPerson', { personId, text: 'You hear from us by Friday.' })
  const shown = await page(code)
  assert.match(shown, /Question 5 &lt;b&gt;/)
  assert.match(shown, /You hear from us by Friday/)
})

test('a consent that is taken back calls back what left under it', async () => {
  const before = await stateNow()
  const left = before.releases.permitted.find(({ kind }) => kind !== 'stub')
  assert.ok(left, 'the story released part of the case')
  const asked = await officer.do(caseId, 'askConsent', {
    personId,
    recipients: [left.recipient],
    categories: left.categories,
    purposes: [left.purpose],
    question: 'May the other authority keep what was sent about you?',
  })
  const consentId = asked.result['consentId'] as string
  assert.match(await page(code), /May the other authority keep/)
  assert.equal((await post('consent', { code, consentId, word: 'maybe' })).status, 400)
  assert.equal((await post('consent', { code, consentId: personId, word: 'give' })).status, 409)
  assert.equal((await post('consent', { code, consentId, word: 'give' })).status, 200)
  assert.equal((await post('consent', { code, consentId, word: 'give' })).status, 409)
  assert.equal(
    (await stateNow()).releases.permitted.every(({ withdrawn }) => !withdrawn),
    true,
  )
  assert.equal((await post('consent', { code, consentId, word: 'withdraw' })).status, 200)
  const after = await stateNow()
  assert.equal(after.rights.consents[0]?.state, 'withdrawn')
  const gone = after.releases.permitted.find(({ releaseId }) => releaseId === left.releaseId)
  assert.equal(gone?.withdrawn?.cause, 'consentWithdrawn')
})

test('a challenge is reviewed, upheld, and its remedies are followed to the end on the page', async () => {
  const challenged = await post('challenge', { code, ground: 'It was not about me at all.' })
  assert.equal(challenged.status, 201)
  const review = (await stateNow()).rights.reviews.find(
    ({ subject, outcome }) => subject.kind === 'challenge' && outcome === null,
  )
  assert.ok(review)
  await reviewer.do(caseId, 'decideReview', {
    reviewIds: [review.reviewId],
    outcome: 'upheld',
    reason: 'The person was right: it was not about them.',
    remedy: 'Everything is called back, and the person gets their own data.',
    remedies: ['retract', 'access'],
  })
  const { releases } = await stateNow()
  const releaseIds = releases.permitted.map(({ releaseId }) => releaseId)
  const order = {
    challengeId: review.subject.id,
    text: 'Everything that left is called back.',
    responsible: officer.officer.id,
    dueAt: '2031-01-01T00:00:00.000Z',
    followUpAt: '2031-03-01T00:00:00.000Z',
  }
  const retract = await officer.do(caseId, 'orderRemedy', { ...order, kind: 'retract', releaseIds })
  const remedyId = retract.result['remedyId'] as string
  const late = { remedyId, proof: 'We believe so.' }
  await officer.mustRefuse(caseId, 'finishRemedy', late, 'notConfirmedByAll')
  const shown = await page(code)
  assert.match(shown, /Calling it back from/)
  assert.match(shown, /Asked to delete it, not confirmed yet/)
  const now = await stateNow()
  assert.ok(now.releases.permitted.every(({ withdrawn }) => withdrawn !== null))

  const access = await officer.do(caseId, 'orderRemedy', {
    ...order,
    kind: 'access',
    text: 'You get your own data.',
  })
  const accessId = access.result['remedyId'] as string
  assert.equal((await post('own-data', { code, remedyId: accessId })).status, 404)
  const some = {
    remedyId: accessId,
    parts: { report: 'What the report says of you, and of nobody else.' },
    withheld: 'The names of two other people.',
  }
  await officer.mustRefuse(caseId, 'giveOwnData', some, 'sectionUnanswered')
  const rest = ['notices', 'statements', 'decisions', 'remedies', 'consents', 'releases']
  await officer.do(caseId, 'giveOwnData', {
    ...some,
    parts: {
      ...some.parts,
      messages: 'What you wrote, and our answer.',
      ...Object.fromEntries(rest.map((one) => [one, `Your ${one}.`])),
    },
    withheldGrounds: { exhibits: 'investigation' },
    withheldReasons: { exhibits: 'Section 7 (fictional): it would warn the operator.' },
  })
  const file = await post('own-data', { code, remedyId: accessId })
  assert.equal(file.headers.get('content-type')?.startsWith('application/json'), true)
  const data = (await file.json()) as { parts: readonly { text: string }[]; withheld: string }
  assert.equal(data.parts[0]?.text, 'What the report says of you, and of nobody else.')
  assert.equal(data.withheld, 'The names of two other people.')
  assert.match(await page(code), /Section 7 \(fictional\)/)
  assert.match(await page(code), /Your own data/)
  assert.ok(REASON.length > 0)
})
