/**
 * The life of an agreement between three real nodes: each step is the same event at all of
 * them, whether a node was away or not, and what an agreement no longer permits never leaves.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, DAY_MS, type Instant } from '../../src/base/time.ts'
import { type Answer, caseNowOf, moveClock } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import type { AgreementState } from '../../src/core/agreement/agreement.ts'
import type { SupervisorEvent } from '../../src/node/supervisor.ts'
import { caseAt, PLACES, type Place, startWorld } from '../support/demo.ts'

const GB = 'albion.example'
const listeners = new Set<(event: SupervisorEvent) => void>()
const world = await startWorld({
  onEvent: (event) => {
    for (const listener of listeners) listener(event)
  },
})
const telling = world.begin()
await telling.until('5.release')
const [{ id } = { id: '' }] = await world.hands.meridia.liaison.get<{ id: string }[]>('/agreements')

type Shown = {
  readonly state: AgreementState
  readonly history: readonly { readonly type: string }[]
}
const at = (place: Place) => world.hands[place].liaison
const shownAt = (place: Place) => at(place).get<Shown>(`/agreements/${id}`)
const act = (place: Place, name: string, input: object) =>
  at(place).post(`/agreements/${id}/acts/${name}`, input)
const sign = (place: Place) => at(place).post(`/agreements/${id}/sign`, { simulated: true })

function done(answer: Answer): readonly string[] {
  assert.ok('done' in answer, JSON.stringify(answer))
  return answer.done.events
}

function whyNot(answer: Answer): string {
  assert.ok('refused' in answer, 'it was done')
  return answer.refused.why
}

async function everywhere(what: string, holds: (state: AgreementState) => boolean) {
  for (const place of PLACES) {
    await waitFor(`${what} at ${place}`, async () => holds((await shownAt(place)).state))
  }
}

async function inDays(days: number): Promise<Instant> {
  const { caseNow } = await caseNowOf(world.node('meridia'))
  return addMs(caseNow as Instant, days * DAY_MS)
}

/** Kills Albion whenever it comes up, until the work is done. */
async function whileAlbionIsAway(work: () => Promise<void>): Promise<void> {
  const kill = () => {
    const pid = world.demo.supervisor.children.get(GB)?.pid
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
  const stayDown = (event: SupervisorEvent) => {
    if (event.type === 'childStarted' && event.id === GB) kill()
  }
  listeners.add(stayDown)
  kill()
  try {
    await work()
  } finally {
    listeners.delete(stayDown)
  }
  await waitFor(
    'Albion to be back',
    async () => (await shownAt('albion').catch(() => null)) !== null,
  )
}

const RELEASE = {
  recipient: GB,
  categories: ['caseSummary'],
  purpose: 'investigation',
  legalBasis: 'Agreement clause 2.1 (fictional).',
  necessity: 'The peer needs it for its own steps.',
  proportionality: 'Only what the peer needs.',
  nonDiscrimination: 'Depends on nothing personal.',
  leastIntrusive: 'No name or contact is included.',
  expression: 'It touches no press, union, protest, religion or politics.',
}

type Releases = {
  readonly state: {
    readonly releases: {
      readonly permitted: readonly {
        readonly releaseId: string
        readonly receipt: { readonly status: string; readonly reasons: readonly string[] } | null
        readonly stopped: { readonly why: string } | null
      }[]
      readonly received: readonly { readonly releaseId: string }[]
    }
  }
}

async function releasesAt(place: 'meridia' | 'albion') {
  const caseId = caseAt(telling.story, place)
  const { state } = await world.hands[place].officer.get<Releases>(`/cases/${caseId}`)
  return state.releases
}

const release = () =>
  world.hands.meridia.officer.act(caseAt(telling.story, 'meridia'), 'releaseToPeer', RELEASE)

test('the story has left a suspension and a resumption in the history of all three', async () => {
  for (const place of PLACES) {
    const types = (await shownAt(place)).history.map(({ type }) => type)
    const [suspended, resumed] = ['agreementSuspended', 'agreementResumed'].map((type) =>
      types.indexOf(type),
    )
    assert.ok(suspended !== undefined && suspended > 0 && resumed === suspended + 1, place)
  }
})

test('a release that was permitted but not sent is stopped by a suspension', async () => {
  let releaseId = ''
  await whileAlbionIsAway(async () => {
    const answer = await release()
    assert.ok('done' in answer, JSON.stringify(answer))
    releaseId = answer.done.result['releaseId'] as string
    const reviewAt = await inDays(14)
    const reason = 'We look at what we sent (invented).'
    done(await act('meridia', 'suspendAgreement', { code: 'other', reason, clauses: [], reviewAt }))
    assert.equal(whyNot(await release()), 'agreementNotInForce')
  })
  await everywhere('the suspension', ({ phase }) => phase === 'suspended')
  const end = await waitFor('the end of the release', async () => {
    const { permitted } = await releasesAt('meridia')
    const { receipt = null, stopped = null } =
      permitted.find((one) => one.releaseId === releaseId) ?? {}
    return stopped?.why ?? (receipt ? [receipt.status, ...receipt.reasons].join(' ') : undefined)
  })
  // With a number already it goes without its content; without one it is taken back.
  assert.ok(['rejected withheld', 'agreementNotInForce'].includes(end), end)
  const { received } = await releasesAt('albion')
  assert.ok(!received.some((one) => one.releaseId === releaseId))
  assert.equal(
    whyNot(await act('albion', 'resumeAgreement', { reason: 'x' })),
    'onlyBySuspendingParty',
  )
  done(await act('meridia', 'resumeAgreement', { reason: 'All is well (invented).' }))
  await everywhere('the resumption', ({ phase }) => phase === 'inForce')
  const again = await release()
  assert.ok('done' in again)
  const second = again.done.result['releaseId']
  await waitFor('the release', async () =>
    (await releasesAt('albion')).received.some((one) => one.releaseId === second),
  )
})

test('an amendment binds at all three once all have signed, and a lost message changes nothing', async () => {
  const before = await shownAt('meridia')
  const document = {
    ...before.state.document,
    version: 2,
    title: 'The second version of it (fictional)',
  }
  const offer = { document, reason: 'A better title.', signWithinDays: 30, rapid: false }
  assert.equal(
    whyNot(await act('meridia', 'offerText', { ...offer, document: before.state.document })),
    'notLater',
  )
  const short = { ...offer, document: { ...document, clauses: [] } }
  assert.equal(whyNot(await act('meridia', 'offerText', short)), 'documentFaulty')
  await whileAlbionIsAway(async () => {
    done(await act('meridia', 'offerText', offer))
    done(await sign('meridia'))
    await waitFor('the offer', async () => (await shownAt('sierra')).state.texts.length === 1)
    done(await sign('sierra'))
    const { state } = await shownAt('sierra')
    assert.equal(state.document?.version, 1)
  })
  await waitFor('both signatures', async () => {
    const [text] = (await shownAt('albion')).state.texts
    return text?.signatures.length === 2
  })
  assert.equal((await shownAt('albion')).state.document?.version, 1)
  assert.deepEqual(done(await sign('albion')), ['agreementSigned', 'agreementAmended'])
  await everywhere('version 2', (state) => state.document?.version === 2)
  const digests = new Set<string>()
  for (const place of PLACES) {
    const { state } = await shownAt(place)
    digests.add(state.digest ?? '')
    assert.deepEqual(
      state.earlier.map(({ document: { version } }) => version),
      [1],
    )
    assert.deepEqual(state.texts, [])
  }
  assert.equal(digests.size, 1)
  assert.equal(whyNot(await sign('sierra')), 'wrongPhase')
  const answer = await release()
  assert.ok('done' in answer, 'the new version permits it')
})

test('a draft from a model is commented on here alone, then offered, and countered by a peer', async () => {
  const input = {
    model: 'disclosure-ring',
    title: 'Another agreement (fictional)',
    parties: [GB],
    validFromAt: await inDays(-1),
    sunsetAt: await inDays(300),
  }
  const post = (body: object) => at('meridia').post('/agreements/drafts', body)
  assert.equal(whyNot(await post({ ...input, model: 'no-model' })), 'unknownModel')
  assert.equal(whyNot(await post({ ...input, model: 'constructor' })), 'unknownModel')
  assert.equal(whyNot(await post({ ...input, parties: ['nobody.example'] })), 'unknownPeer')
  assert.equal(whyNot(await post({ ...input, parties: ['meridia.example'] })), 'unknownPeer')
  assert.equal(whyNot(await post({ ...input, sunsetAt: await inDays(-2) })), 'documentFaulty')
  const drafted = await post(input)
  assert.ok('done' in drafted)
  const draftId = drafted.done.streamId
  const on = (place: Place, name: string, body: object) =>
    at(place).post(`/agreements/${draftId}/acts/${name}`, body)
  done(await on('meridia', 'commentOnDraft', { text: 'The dates are fine.' }))
  const known = await at('albion').get<{ id: string }[]>('/agreements')
  assert.ok(!known.some((row) => row.id === draftId))
  done(await on('meridia', 'offerDraft', { signWithinDays: 20 }))
  const offered = await waitFor('the offer', async () =>
    at('albion')
      .get<Shown>(`/agreements/${draftId}`)
      .catch(() => undefined),
  )
  const document = { ...offered.state.document, version: 2, title: 'Countered (fictional)' }
  const counter = { document, reason: 'Our title.', signWithinDays: 20, rapid: false }
  done(await on('albion', 'offerText', counter))
  await waitFor('the counter-offer', async () => {
    const { state } = await at('meridia').get<Shown>(`/agreements/${draftId}`)
    return state.document?.title === 'Countered (fictional)'
  })
  assert.equal(whyNot(await on('meridia', 'withdrawOffer', { reason: 'x' })), 'notTheOfferer')
  done(await on('albion', 'withdrawOffer', { reason: 'We think again.' }))
  await waitFor('the withdrawal', async () => {
    const { state } = await at('meridia').get<Shown>(`/agreements/${draftId}`)
    return state.texts.length === 1 && state.document?.version === 1
  })
})

test('after the notice the agreement is retired everywhere, and nothing leaves under it', async () => {
  const endsAt = await inDays(5)
  done(
    await act('sierra', 'retireAgreement', { reason: 'The law has changed (invented).', endsAt }),
  )
  await everywhere('the notice', ({ phase }) => phase === 'retiring')
  assert.ok('done' in (await release()), 'until the notice ends it applies')
  const { offsetMs } = await caseNowOf(world.node('meridia'))
  for (const node of world.demo.nodes) await moveClock(node, offsetMs + 6 * DAY_MS)
  assert.equal(whyNot(await release()), 'agreementNotInForce')
  await everywhere('the end', ({ phase }) => phase === 'retired')
  for (const place of PLACES) {
    const { state } = await shownAt(place)
    assert.ok((state.retirement?.survivingDuties.length ?? 0) > 0)
  }
  const reason = 'too late'
  const late = { code: 'other', reason, clauses: [], reviewAt: await inDays(9) }
  assert.equal(whyNot(await act('albion', 'suspendAgreement', late)), 'wrongPhase')
})
