/**
 * What came from a peer goes on to a third authority, between three real nodes: not without
 * the originator's consent and for nothing else than it was given; what the originator calls
 * back is called back and destroyed at the third too.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { caseAt, PLACES, type Place } from '../support/demo.ts'
import { enterWorkspace } from '../support/page-hand.ts'
import { byTwo, done, NODE_OF, startThreeNodes, TESTED } from '../support/three-nodes.ts'

const nodes = await startThreeNodes()
const { world, waitFor } = nodes
const telling = world.begin()
await telling.until('5.emergency')
const caseOf = (at: Place) => caseAt(telling.story, at)
const { meridia, albion, sierra } = world.hands

type Event = { readonly type: string; readonly [member: string]: unknown }
type Duty = { readonly dutyId: string; readonly kind: string; readonly owedBy: string }
type Exhibit = {
  readonly exhibitId: string
  readonly releaseId: string | null
  readonly isDestroyed: boolean
  readonly file?: { readonly digest: string }
}
type Case = {
  readonly state: {
    readonly releases: {
      readonly received: {
        readonly releaseId: string
        readonly from: string
        readonly view: Record<string, unknown>
        readonly duties: readonly Duty[]
      }[]
      readonly permitted: { readonly releaseId: string; readonly messageId: string }[]
    }
    readonly evidence: { readonly exhibits: readonly Exhibit[] }
  }
  readonly events: readonly { readonly event: Event; readonly receipt?: string }[]
}

const read = (at: Place) => world.hands[at].officer.get<Case>(`/cases/${caseOf(at)}`)

async function eventsAt(at: Place): Promise<readonly Event[]> {
  return (await world.events(at))
    .filter(({ stream }) => stream === caseOf(at))
    .map(({ envelope }) => envelope.event as Event)
}

const happened = (at: Place, type: string, member: string, value: string) =>
  waitFor(`${type} at ${at}`, async () =>
    (await eventsAt(at)).find((event) => event.type === type && event[member] === value),
  )

async function consented(releaseId: string): Promise<string> {
  const { result } = await albion.officer.do(caseOf('albion'), 'askOnwardConsent', {
    ...{ releaseId, recipient: NODE_OF.sierra, purpose: TESTED.purpose },
    reason: 'Sierra looks into the same provider (invented).',
  })
  const requestId = result['requestId'] as string
  await happened('meridia', 'onwardConsentRequested', 'requestId', requestId)
  const answer = { requestId, answer: 'consent', reason: 'We looked at it (invented).' }
  await meridia.officer.do(caseOf('meridia'), 'answerOnwardConsent', answer)
  await happened('albion', 'onwardConsentAnswered', 'requestId', requestId)
  return requestId
}

async function refusedBecause(act: string, input: object, rule: string): Promise<void> {
  const answer = await albion.officer.act(caseOf('albion'), act, input)
  assert.ok('refused' in answer, `${act} was done`)
  const rules = answer.refused.because.map((one) => one.rule)
  assert.ok(rules.includes(rule), JSON.stringify(answer.refused))
}

async function calledBack(releaseId: string): Promise<void> {
  const reason = 'It was meant for another case (invented).'
  const withdraw = { releaseId, cause: 'error', reason }
  await meridia.officer.do(caseOf('meridia'), 'withdrawRelease', withdraw)
  await happened('albion', 'releaseRetracted', 'releaseId', releaseId)
}

async function deletedAt(at: 'albion' | 'sierra', releaseId: string): Promise<void> {
  const { officer, second } = world.hands[at]
  const proof = { releaseId, proof: 'Deleted, and looked for in letters and notes (invented).' }
  await byTwo([officer, second], caseOf(at), 'confirmDeletion', proof)
}

const received = async (at: Place, releaseId: string) =>
  (await read(at)).state.releases.received.find((one) => one.releaseId === releaseId)

let shown = ''
let passed = ''

test('without consent, or for another purpose than it was given, nothing goes on', async () => {
  const facts = { ...TESTED, recipient: NODE_OF.albion, categories: ['technicalFacts'] }
  const { result } = await meridia.officer.do(caseOf('meridia'), 'releaseToPeer', facts)
  shown = result['releaseId'] as string
  await happened('albion', 'releaseReceived', 'releaseId', shown)
  const input = { ...facts, releaseId: shown, recipient: NODE_OF.sierra }
  await refusedBecause('passOnRelease', input, `held:${shown}`)
  await consented(shown)
  const other = { ...input, purpose: 'coordinatedDisclosure' }
  await refusedBecause('passOnRelease', other, `held:${shown}`)
  // Nothing of albion's own record goes along under another's name.
  await refusedBecause(
    'passOnRelease',
    { ...input, categories: ['caseSummary'] },
    'release:content',
  )
  const sent = (await read('sierra')).state.releases.received.filter(
    ({ from }) => from === NODE_OF.albion,
  )
  assert.deepEqual(sent, [])
})

test('with it, the third gets what the originator showed, and whatever binds whoever holds it', async () => {
  const input = { ...TESTED, releaseId: shown, categories: ['technicalFacts'] }
  const answer = await albion.officer.act(caseOf('albion'), 'passOnRelease', {
    ...input,
    recipient: NODE_OF.sierra,
  })
  assert.ok(done(answer).includes('releaseDecided'))
  passed = ('done' in answer ? answer.done.result['releaseId'] : '') as string
  await happened('sierra', 'releaseReceived', 'releaseId', passed)
  const here = await received('albion', shown)
  const there = await received('sierra', passed)
  assert.equal(there?.from, NODE_OF.albion)
  assert.ok(Object.keys(here?.view ?? {}).length > 0)
  assert.deepEqual(there?.view, here?.view)
  const lasting = here?.duties.filter(({ kind }) => kind === 'noOnwardTransfer') ?? []
  for (const { dutyId } of lasting) {
    const along: Duty | undefined = there?.duties.find((one) => one.dutyId === `${shown}/${dutyId}`)
    assert.equal(along?.owedBy, NODE_OF.sierra)
  }
  const decided = (await eventsAt('albion')).find(
    (event) => event.type === 'releaseDecided' && event['releaseId'] === passed,
  )
  assert.deepEqual([decided?.['passesOn'], decided?.['view']], [shown, {}])
})

test('called back by the originator, it is called back and destroyed at the third too', async () => {
  await calledBack(shown)
  await happened('albion', 'releaseWithdrawn', 'releaseId', passed)
  await happened('sierra', 'releaseRetracted', 'releaseId', passed)
  assert.deepEqual((await received('sierra', passed))?.view, {})
  await deletedAt('sierra', passed)
  await happened('albion', 'retractionDone', 'releaseId', passed)
  await deletedAt('albion', shown)
  await happened('meridia', 'retractionDone', 'releaseId', shown)
  const { messageId } =
    (await read('albion')).state.releases.permitted.find((one) => one.releaseId === passed) ??
    assert.fail('albion remembers that it went on')
  const message = await world
    .database('albion')
    .selectFrom('fed_out')
    .select(['sealed_content', 'decision'])
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow()
  assert.deepEqual(message, { sealed_content: null, decision: 'applied' })
  const input = { ...TESTED, releaseId: shown, categories: ['technicalFacts'] }
  const again = { ...input, recipient: NODE_OF.sierra }
  const answer = await albion.officer.act(caseOf('albion'), 'passOnRelease', again)
  assert.ok('refused' in answer)
})

test('a consent that is taken back calls back what went on by it, and lets nothing more out', async () => {
  const facts = { ...TESTED, recipient: NODE_OF.albion, categories: ['technicalFacts'] }
  const { result } = await meridia.officer.do(caseOf('meridia'), 'releaseToPeer', facts)
  const releaseId = result['releaseId'] as string
  await happened('albion', 'releaseReceived', 'releaseId', releaseId)
  const requestId = await consented(releaseId)
  const input = { ...facts, releaseId, recipient: NODE_OF.sierra }
  const gone = await albion.officer.do(caseOf('albion'), 'passOnRelease', input)
  const onwardId = gone.result['releaseId'] as string
  await happened('sierra', 'releaseReceived', 'releaseId', onwardId)
  const back = { requestId, reason: 'Sierra has what it needs (invented).' }
  await meridia.officer.do(caseOf('meridia'), 'withdrawOnwardConsent', back)
  const called = await happened('sierra', 'releaseRetracted', 'releaseId', onwardId)
  assert.equal(called['cause'], 'consentWithdrawn')
  const ended = await happened('albion', 'onwardConsentEnded', 'requestId', requestId)
  assert.equal(ended['reason'], undefined, 'the reason stays with who gave it')
  await refusedBecause('passOnRelease', input, `held:${releaseId}`)
  assert.notEqual(await consented(releaseId), requestId, 'it can be asked again')
})

test('the lead asks whom it invited, is turned away with codes and reasons, and sees it', async () => {
  const asked = {
    ...{ ...TESTED, requestedAuthority: NODE_OF.albion, type: 'info', exhibitId: passed },
    ...{ power: 'Invented Act, section 1.', classification: 'unsafe advice (invented)' },
    ...{ provision: 'Invented Act, section 2.', facts: 'A model gave unsafe advice (invented).' },
    ...{ ownEnquiries: 'The provider was asked (invented).', answerWithinDays: 30 },
  }
  const { result } = await meridia.officer.do(caseOf('meridia'), 'requestAssistance', asked)
  const requestId = result['requestId'] as string
  await waitFor('the request', async () =>
    (await eventsAt('albion')).find(
      ({ type, request }) =>
        type === 'assistanceReceived' &&
        (request as { readonly requestId: string }).requestId === requestId,
    ),
  )
  const reasons = 'There is no such exhibit here (invented).'
  const away = { requestId, codes: ['NOT_HELD'], reasons }
  await albion.officer.do(caseOf('albion'), 'refuseAssistance', away)
  const heard = await happened('meridia', 'assistanceAnswerReceived', 'requestId', requestId)
  assert.deepEqual(
    [heard['answer'], heard['codes'], heard['reasons']],
    ['refused', away.codes, reasons],
  )
})

async function sealedFile(bytes: Buffer): Promise<string> {
  const page = await enterWorkspace(world.node('meridia'), 'case-officer-1')
  const place = `/en/officer/cases/${caseOf('meridia')}/files`
  const { html } = await page.get(place)
  const form = new FormData()
  form.append('formToken', /name="formToken" value="([^"]+)"/.exec(html)?.[1] ?? '')
  form.append('purpose', 'recording of its own enquiry (invented)')
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'video/mp4' }), 'recording.mp4')
  assert.ok(page.post)
  const { location = '' } = await page.post(place, form)
  return /exhibits\/([0-9a-f-]{36})/.exec(location)?.[1] ?? assert.fail(location)
}

const urgent = (exhibitId: string, to: 'albion' | 'sierra') => ({
  ...{ ...TESTED, exhibitId, recipient: NODE_OF[to], threat: 'life' },
  reason: 'A person follows the advice of the service at this moment (invented).',
})

const arrivedBy = async (at: Place, releaseId: string) =>
  (await read(at)).state.evidence.exhibits.find((one) => one.releaseId === releaseId)

/** Personal data may go that way too. */
async function instrumentToSierra(): Promise<void> {
  const [{ id } = { id: '' }] = await meridia.liaison.get<{ id: string }[]>('/agreements')
  const { document } = (await nodes.shown('meridia', id)).state
  assert.ok(document)
  const version = document.version + 1
  const added = {
    ...{ from: 'GB', to: 'US-CA', simulated: true, authorisedOn: '2026-01-15' },
    ...{ kind: 'administrativeArrangement', authorisation: 'Fictional arrangement GB-US-CA 1' },
  }
  const transferInstruments = [...document.transferInstruments, added]
  const text = { ...document, version, transferInstruments }
  const offer = { document: text, reason: 'Files go that way (invented).', signWithinDays: 40 }
  done(await nodes.act('meridia', id, 'offerText', { ...offer, rapid: false }))
  await nodes.everywhere('the text', id, ({ texts }) => texts.length === 1)
  for (const place of PLACES) done(await nodes.sign(place, id))
  await nodes.everywhere('the version', id, (state) => state.document?.version === version)
}

test('a file goes on the same way, with proof of the log where it came in; and comes back', async () => {
  const recording = randomBytes(1024 * 1024 + 5)
  const digest = createHash('sha256').update(recording).digest('hex')
  const exhibitId = await sealedFile(recording)
  const act = 'releaseFileInEmergency'
  await instrumentToSierra()
  const first = await meridia.officer.do(caseOf('meridia'), act, urgent(exhibitId, 'albion'))
  const releaseId = first.result['releaseId'] as string
  await happened('meridia', 'exhibitTransferEnded', 'releaseId', releaseId)
  const held = (await arrivedBy('albion', releaseId)) ?? assert.fail('it arrived')
  const onward = urgent(held.exhibitId, 'sierra')
  await refusedBecause(act, onward, `held:${releaseId}`)
  await consented(releaseId)
  await refusedBecause(act, { ...onward, purpose: 'coordinatedDisclosure' }, `held:${releaseId}`)
  await waitFor('the witnesses at albion', async () =>
    (await read('albion')).events.some(
      ({ event, receipt }) =>
        event.type === 'exhibitReceived' &&
        event['exhibitId'] === held.exhibitId &&
        receipt === 'sealed',
    ),
  )
  const next = await albion.officer.do(caseOf('albion'), act, onward)
  const onwardId = next.result['releaseId'] as string
  await happened('albion', 'exhibitTransferEnded', 'releaseId', onwardId)
  const third = (await arrivedBy('sierra', onwardId)) ?? assert.fail('it arrived at the third')
  assert.equal(third.file?.digest, digest)
  const proved = await happened('sierra', 'derivationVerified', 'exhibitId', third.exhibitId)
  assert.match(String(proved['origin']), /^albion\.example/)
  await calledBack(releaseId)
  await happened('sierra', 'releaseRetracted', 'releaseId', onwardId)
  await deletedAt('sierra', onwardId)
  await happened('albion', 'retractionDone', 'releaseId', onwardId)
  assert.equal((await arrivedBy('sierra', onwardId))?.isDestroyed, true)
  const back = await sierra.officer.act(caseOf('sierra'), act, urgent(third.exhibitId, 'albion'))
  assert.ok('refused' in back, 'nothing of it is left to send')
})
