/**
 * What left comes back between three real nodes: an emergency whose hours ended while its
 * sender was down, what a person takes the consent back for, and a remedy whose end at the
 * peer the person reads on the page. And a peer that asks before it passes something on.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS } from '../../src/base/time.ts'
import { caseAt, type Place } from '../support/demo.ts'
import { byTwo, NODE_OF, startThreeNodes, TESTED } from '../support/three-nodes.ts'

const nodes = await startThreeNodes()
const { world, waitFor } = nodes
const telling = world.begin()
await telling.until('5.emergency')
const caseOf = (place: Place) => caseAt(telling.story, place)
const { meridia, albion, sierra } = world.hands

const EMERGENCY = {
  ...TESTED,
  categories: ['technicalFacts'],
  threat: 'life',
  reason: 'A person follows the advice of the service at this moment (invented).',
}
const CHECKED = 'Deleted, and looked for in letters and notes (invented).'

type Event = { readonly type: string; readonly [member: string]: unknown }

async function eventsAt(place: Place, member: string, value: string): Promise<readonly Event[]> {
  return (await world.events(place))
    .filter(({ stream }) => stream === caseOf(place))
    .map(({ envelope }) => envelope.event as Event)
    .filter((event) => event[member] === value)
}

const eventAt = (place: Place, type: string, releaseId: string) =>
  waitFor(`${type} at ${place}`, async () =>
    (await eventsAt(place, 'releaseId', releaseId)).find((event) => event.type === type),
  )

async function release(act: string, recipient: 'albion' | 'sierra', input: object) {
  const asked = { ...input, recipient: NODE_OF[recipient] }
  const { result } = await meridia.officer.do(caseOf('meridia'), act, asked)
  const releaseId = result['releaseId'] as string
  await eventAt(recipient, 'releaseReceived', releaseId)
  return releaseId
}

const SUMMARY = { ...TESTED, categories: ['caseSummary'] }

/** Two persons at the recipient make sure; then nothing of it is left there, and both say so. */
async function destroyedAt(place: 'albion' | 'sierra', releaseId: string): Promise<void> {
  const { officer, second } = world.hands[place]
  const proof = { releaseId, proof: CHECKED }
  await byTwo([officer, second], caseOf(place), 'confirmDeletion', proof)
  const told = await eventAt('meridia', 'retractionDone', releaseId)
  assert.equal(told['by'], NODE_OF[place])
  await eventAt(place, 'receivedViewDestroyed', releaseId)
  const row = await viewAt(place, releaseId)
  assert.deepEqual([row.wrapped_key, row.sealed_view], [null, null])
  assert.ok(row.destroyed_at)
}

const viewAt = (place: Place, releaseId: string) =>
  world
    .database(place)
    .selectFrom('received_view')
    .selectAll()
    .where('release_id', '=', releaseId)
    .executeTakeFirstOrThrow()

type Sent = { readonly type: string }

/** What Meridia sent about its case and the peer has answered with a receipt. */
async function receiptsFor(type: string, destination: string): Promise<readonly string[]> {
  const rows = await world
    .database('meridia')
    .selectFrom('fed_out')
    .select(['header', 'decision'])
    .where('destination', '=', destination)
    .execute()
  const ofType = rows.filter(({ header }) => (JSON.parse(header) as Sent).type === type)
  return ofType.flatMap(({ decision }) => (decision === null ? [] : [decision]))
}

test('hours that end while the sender is down: it withdraws when it is back, with a receipt', async () => {
  const lost = await release('releaseInEmergency', 'albion', EMERGENCY)
  const kept = await release('releaseInEmergency', 'sierra', EMERGENCY)
  const reason = 'The peer found the person within the hour (invented).'
  const validate = { releaseId: kept, answer: 'validate', reason }
  await meridia.second.do(caseOf('meridia'), 'validateEmergency', validate)
  const before = await receiptsFor('retraction', NODE_OF.albion)
  await nodes.whileAway('meridia', async (pass) => {
    await pass(49 * HOUR_MS)
    const types = (await eventsAt('albion', 'releaseId', lost)).map(({ type }) => type)
    assert.ok(!types.includes('releaseRetracted'), 'the recipient waits to be told')
  })
  const withdrawn = await eventAt('meridia', 'releaseWithdrawn', lost)
  assert.equal(withdrawn['cause'], 'emergencyNotValidated')
  await eventAt('albion', 'releaseRetracted', lost)
  await waitFor('the receipt', async () => {
    const receipts = await receiptsFor('retraction', NODE_OF.albion)
    return receipts.length === before.length + 1 && receipts.every((one) => one === 'applied')
  })
  const late = { ...validate, releaseId: lost }
  const answer = await meridia.second.act(caseOf('meridia'), 'validateEmergency', late)
  assert.ok('refused' in answer, 'too late')
  for (const [place, type] of [
    ['meridia', 'releaseWithdrawn'],
    ['albion', 'releaseRetracted'],
  ] as const) {
    const found = await eventsAt(place, 'releaseId', lost)
    assert.equal(found.filter((event) => event.type === type).length, 1, type)
  }
  const ofKept = [
    ...(await eventsAt('meridia', 'releaseId', kept)),
    ...(await eventsAt('sierra', 'releaseId', kept)),
  ]
  assert.ok(!ofKept.some(({ type }) => /Withdrawn|Retracted/.test(type)))
  await destroyedAt('albion', lost)
})

const page = (path: string, fields: Record<string, string>) =>
  fetch(`${world.node('meridia').baseUrl}/en/notice/${path}`, {
    method: 'POST',
    headers: { accept: 'text/html' },
    body: new URLSearchParams(fields),
  })
const shown = async () => (await page('open', { code })).text()

type State = {
  readonly rights: {
    readonly consents: readonly { readonly consentId: string; readonly state: string }[]
    readonly reviews: readonly {
      readonly reviewId: string
      readonly outcome: string | null
      readonly subject: { readonly kind: string; readonly id: string }
    }[]
  }
}
const rightsNow = async () =>
  (await meridia.officer.get<{ state: State }>(`/cases/${caseOf('meridia')}`)).state.rights

let code = ''
let personId = ''

test('a consent that the person takes back is called back and destroyed at the peer', async () => {
  const contact = { contact: 'Invented person' }
  const recorded = await meridia.officer.do(caseOf('meridia'), 'recordAffectedPerson', contact)
  personId = recorded.result['personId'] as string
  const told = { personId, channel: 'post' }
  const sent = await meridia.officer.do(caseOf('meridia'), 'sendNotice', told)
  code = sent.result['code'] as string
  const covered = await release('releaseToPeer', 'albion', SUMMARY)
  const other = await release('releaseToPeer', 'sierra', SUMMARY)
  const asked = await meridia.officer.do(caseOf('meridia'), 'askConsent', {
    personId,
    recipients: [NODE_OF.albion],
    categories: SUMMARY.categories,
    purposes: [TESTED.purpose],
    question: 'May the other authority keep what was sent about you?',
  })
  const consentId = asked.result['consentId'] as string
  assert.equal((await page('consent', { code, consentId, word: 'give' })).status, 200)
  assert.ok((await viewAt('albion', covered)).sealed_view, 'it is there until then')
  assert.equal((await page('consent', { code, consentId, word: 'withdraw' })).status, 200)
  const withdrawn = await eventAt('meridia', 'releaseWithdrawn', covered)
  assert.equal(withdrawn['cause'], 'consentWithdrawn')
  const retracted = await eventAt('albion', 'releaseRetracted', covered)
  assert.equal(retracted['cause'], 'consentWithdrawn')
  await destroyedAt('albion', covered)
  assert.ok((await viewAt('sierra', other)).sealed_view, 'the consent said nothing of this one')
})

test('the person reads on the page that the peer has confirmed the remedy', async () => {
  const releaseId = await release('releaseToPeer', 'sierra', SUMMARY)
  assert.equal((await page('challenge', { code, ground: 'It was not about me.' })).status, 201)
  const review = (await rightsNow()).reviews.find(
    ({ subject, outcome }) => subject.kind === 'challenge' && outcome === null,
  )
  assert.ok(review)
  await meridia.reviewer.do(caseOf('meridia'), 'decideReview', {
    reviewIds: [review.reviewId],
    outcome: 'upheld',
    reason: 'The person was right: it was not about them.',
    remedy: 'It is called back.',
    remedies: ['retract'],
  })
  const ordered = await meridia.officer.do(caseOf('meridia'), 'orderRemedy', {
    challengeId: review.subject.id,
    kind: 'retract',
    text: 'What left about you is called back.',
    responsible: meridia.officer.officer.id,
    dueAt: '2031-01-01T00:00:00.000Z',
    followUpAt: '2031-03-01T00:00:00.000Z',
    releaseIds: [releaseId],
  })
  const remedyId = ordered.result['remedyId'] as string
  const waiting = await shown()
  assert.match(waiting, /Asked to delete it, not confirmed yet/)
  assert.doesNotMatch(waiting, /Confirmed that nothing is left/)
  const finish = { remedyId, proof: 'The recipient has confirmed under its key.' }
  await meridia.officer.mustRefuse(caseOf('meridia'), 'finishRemedy', finish, 'notConfirmedByAll')
  await eventAt('sierra', 'releaseRetracted', releaseId)
  await destroyedAt('sierra', releaseId)
  const confirmed = await shown()
  assert.match(confirmed, /Confirmed that nothing is left/)
  assert.doesNotMatch(confirmed, /Asked to delete it, not confirmed yet/)
  await meridia.officer.do(caseOf('meridia'), 'finishRemedy', finish)
})

test('a peer asks before it passes something on; both keep question and answer', async () => {
  const facts = { ...TESTED, categories: ['technicalFacts'] }
  const releaseId = await release('releaseToPeer', 'albion', facts)
  const question = {
    releaseId,
    recipient: NODE_OF.sierra as string,
    purpose: TESTED.purpose,
    reason: 'Sierra looks into the same provider (invented).',
  }
  const ask = (changes: Partial<typeof question> = {}) =>
    albion.officer.act(caseOf('albion'), 'askOnwardConsent', { ...question, ...changes })
  const bar = async (changes: Partial<typeof question>, why: string) => {
    const answer = await ask(changes)
    assert.ok('refused' in answer && answer.refused.why === why, JSON.stringify(answer))
  }
  await bar({ releaseId: '01990000-0000-7000-8000-00000000dead' }, 'unknownRelease')
  await bar({ recipient: NODE_OF.meridia }, 'sameAuthority')
  await bar({ recipient: NODE_OF.albion }, 'sameAuthority')
  await bar({ reason: ' ' }, 'reasonMissing')
  for (const word of ['refuse', 'consent'] as const) {
    const asked = await ask()
    assert.ok('done' in asked, JSON.stringify(asked))
    const requestId = asked.done.result['requestId'] as string
    await bar({}, 'alreadyAsked')
    const requested = await waitFor('the question', async () =>
      (await eventsAt('meridia', 'requestId', requestId)).find(
        ({ type }) => type === 'onwardConsentRequested',
      ),
    )
    assert.equal(requested['from'], NODE_OF.albion)
    const answer = { requestId, answer: word, reason: 'We looked at it (invented).' }
    const decide = (input: object) =>
      meridia.officer.act(caseOf('meridia'), 'answerOnwardConsent', input)
    const unknown = await decide({ ...answer, requestId: releaseId })
    assert.ok('refused' in unknown && unknown.refused.why === 'unknownRequest')
    assert.ok('done' in (await decide(answer)))
    const heard = await waitFor('the answer', async () =>
      (await eventsAt('albion', 'requestId', requestId)).find(
        ({ type }) => type === 'onwardConsentAnswered',
      ),
    )
    assert.equal(heard['answer'], word)
    assert.equal(heard['reason'], undefined, 'the reason stays with who gave it')
  }
  await bar({}, 'alreadyAsked')
  await meridia.officer.do(caseOf('meridia'), 'withdrawRelease', {
    ...{ releaseId, cause: 'error', reason: 'It was meant for another case (invented).' },
  })
  await eventAt('albion', 'releaseRetracted', releaseId)
  await bar({ purpose: 'statistics' }, 'contentRetracted')
  const known = await sierra.officer.get<{ state: { releases: object } }>(
    `/cases/${caseOf('sierra')}`,
  )
  assert.ok(!JSON.stringify(known.state).includes(releaseId), 'nothing of it came to the third')
})
