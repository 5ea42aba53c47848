/**
 * Duties after a release, on whole nodes that talk over their doors: one is discharged
 * with proof that the other side sees and answers, one destroys what was received, and one
 * is missed: breached on both sides, disputed under the agreement, and nothing more leaves.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { DAY_MS } from '../../src/base/time.ts'
import { caseNowOf, type Hand, moveClock } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { caseAt, type Place, startWorld } from '../support/demo.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('5.release')
await telling.step('5.release')
const meridiaCase = caseAt(telling.story, 'meridia')
const albionCase = caseAt(telling.story, 'albion')
const { meridia, albion } = world.hands

type Duty = {
  readonly dutyId: string
  readonly dischargedAt: string | null
  readonly discharge: {
    readonly proof: string
    readonly evidence: { readonly kind: string }
  } | null
  readonly answer: { readonly answer: string } | null
  readonly breach: { readonly ground: string; readonly reportedBy: string } | null
}
type Release = {
  readonly releaseId: string
  readonly recipient?: string
  readonly kind: string
  readonly sentAt: string | null
  readonly view: Readonly<Record<string, unknown>>
  readonly destroyedAt?: string | null
  readonly duties: readonly Duty[]
}
type Case = {
  readonly state: {
    readonly releases: { readonly permitted: Release[]; readonly received: Release[] }
  }
}
type Board = {
  readonly dutyId: string
  readonly state: string
  readonly releaseId: string
  readonly isOwedByUs: boolean
}

const sent = (await meridia.officer.get<Case>(`/cases/${meridiaCase}`)).state.releases.permitted
const release = sent.findLast(
  ({ recipient, kind }) => recipient === 'albion.example' && kind === 'case',
)
assert.ok(release)
const { releaseId } = release

async function dutyAt(hand: Hand, caseId: string, dutyId: string): Promise<Duty | undefined> {
  const { permitted, received } = (await hand.get<Case>(`/cases/${caseId}`)).state.releases
  const found = [...permitted, ...received].find((one) => one.releaseId === releaseId)
  return found?.duties.find((duty) => duty.dutyId === dutyId)
}

const board = async (hand: Hand) =>
  (await hand.get<Board[]>('/duties')).filter((row) => row.releaseId === releaseId)

async function moveTo(days: number): Promise<void> {
  for (const node of world.demo.nodes) {
    await moveClock(node, Math.max((await caseNowOf(node)).offsetMs, days * DAY_MS))
  }
}

/** Past the node: what it can still open with its own key, of everything it received. */
async function keptAt(at: Place): Promise<string> {
  const rows = await world.database(at).selectFrom('received_view').selectAll().execute()
  const keys = atRest(await world.node(at).keys.columnKey())
  const views = rows.flatMap(({ release_id, wrapped_key, sealed_view }) =>
    wrapped_key && sealed_view
      ? [Buffer.from(keys.unwrap(wrapped_key).open(`received-view/${release_id}`, sealed_view))]
      : [],
  )
  const events = JSON.stringify((await world.events(at)).map(({ envelope }) => envelope))
  return `${events}${views.map((view) => view.toString('utf8')).join('')}`
}

test('both sides list the same duties, each from its own side', async () => {
  const ours = (await board(albion.officer)).filter(({ isOwedByUs }) => isOwedByUs)
  assert.deepEqual(
    ours.map(({ dutyId, state }) => [dutyId, state]),
    [
      ['7.4', 'open'],
      ['7.1', 'open'],
      ['7.2', 'lasting'],
    ].filter(([dutyId]) => ours.some((one) => one.dutyId === dutyId)),
  )
  assert.ok(ours.some(({ dutyId }) => dutyId === '7.1'))
  const theirs = (await board(meridia.officer)).filter(({ isOwedByUs }) => !isOwedByUs)
  assert.deepEqual(
    theirs.map(({ dutyId }) => dutyId),
    ours.map(({ dutyId }) => dutyId),
  )
})

test('two weeks before the day whoever handles the case is reminded', async () => {
  const dutyId = '7.1'
  const page = async () => (await board(albion.officer)).find((one) => one.dutyId === dutyId)?.state
  assert.equal(await page(), 'open')
  await moveTo(352)
  assert.equal(await page(), 'due')
})

test('to delete takes two persons, destroys what was shown, and the proof is seen at the other side', async () => {
  const needle = 'Larkspur Companion'
  const before = await albion.officer.get<Case>(`/cases/${albionCase}`)
  const shown = before.state.releases.received.find((one) => one.releaseId === releaseId)
  assert.ok(JSON.stringify(shown?.view).includes(needle))
  const kept = await keptAt('albion')
  const input = { releaseId, dutyId: '7.1', proof: 'Retention has ended; nothing else needs it.' }
  await meridia.officer.mustRefuse(meridiaCase, 'dischargeDuty', input, 'nothingThere')

  const proposed = await albion.officer.do(albionCase, 'dischargeDuty', input)
  assert.deepEqual(proposed.events, ['actProposed'])
  assert.equal(await keptAt('albion').then((text) => text.length > kept.length), true)
  const { proposalId, digest } = proposed.result as { proposalId: string; digest: string }
  const answer = (hand: Hand) =>
    hand.post(`/cases/${albionCase}/proposals/${proposalId}/approve`, { digest })
  const own = await answer(albion.officer)
  assert.equal('refused' in own && own.refused.why, 'samePerson')
  const done = await answer(albion.second)
  assert.ok('done' in done, JSON.stringify(done))
  assert.ok(done.done.events.includes('receivedViewDestroyed'))

  const after = await albion.officer.get<Case>(`/cases/${albionCase}`)
  const gone = after.state.releases.received.find((one) => one.releaseId === releaseId)
  assert.deepEqual(gone?.view, {})
  assert.ok(gone?.destroyedAt)
  const row = await world
    .database('albion')
    .selectFrom('received_view')
    .selectAll()
    .where('release_id', '=', releaseId)
    .executeTakeFirstOrThrow()
  assert.deepEqual([row.wrapped_key, row.sealed_view], [null, null])

  const seen = await waitFor('the discharge at Meridia', async () => {
    const duty = await dutyAt(meridia.officer, meridiaCase, '7.1')
    return duty?.discharge ? duty : undefined
  })
  assert.equal(seen.discharge?.proof, input.proof)
  const { evidence } = seen.discharge as unknown as { evidence: { kind: string; view: string } }
  assert.equal(evidence.kind, 'deletion')
  const received = (await world.events('albion')).find(
    ({ envelope }) =>
      (envelope.event as { releaseId?: string }).releaseId === releaseId &&
      envelope.event.type === 'releaseReceived',
  )
  assert.ok(received)
  const { viewCommitment } = received.envelope.event as unknown as { viewCommitment: string }
  assert.equal(evidence.view, viewCommitment, 'the proof names what the history committed to')
})

test('the side that is owed accepts, and who owed it sees that', async () => {
  const accept = { releaseId, dutyId: '7.1', answer: 'accepted', reason: 'The proof fits.' }
  await albion.officer.mustRefuse(albionCase, 'answerDutyDischarge', accept, 'nothingThere')
  await meridia.officer.do(meridiaCase, 'answerDutyDischarge', accept)
  const seen = await waitFor('the answer at Albion', async () => {
    const duty = await dutyAt(albion.officer, albionCase, '7.1')
    return duty?.answer ? duty : undefined
  })
  assert.equal(seen.answer?.answer, 'accepted')
  const states = new Map((await board(albion.officer)).map(({ dutyId, state }) => [dutyId, state]))
  assert.equal(states.get('7.1'), 'accepted')
  assert.equal(states.get('7.2'), 'ended', 'not to pass on ends with what could be passed on')
})

test('a day that passes is a breach on both sides, and a dispute about the clause', async () => {
  await moveTo(370)
  const missed = sent.findLast(
    ({ recipient, kind }) => recipient === 'sierra.example' && kind === 'case',
  )
  assert.ok(missed)
  const stateAt = async (hand: Hand) =>
    (await hand.get<Board[]>('/duties')).find(
      (row) => row.releaseId === missed.releaseId && row.dutyId === '7.1',
    )?.state
  const { sierra } = world.hands
  await waitFor(
    'the breach on both sides',
    async () =>
      (await stateAt(meridia.officer)) === 'breached' &&
      (await stateAt(sierra.officer)) === 'breached',
  )
  const disputes = await waitFor('the dispute', async () => {
    const events = (await world.events('meridia')).map(({ envelope }) => envelope.event)
    const opened = events.filter(({ type }) => type === 'clauseDisputeOpened')
    return opened.length > 0 && opened
  })
  const clauses = disputes.map((event) => (event as unknown as { clause: string }).clause)
  assert.ok(clauses.includes('7.1'))
  await waitFor('the dispute at the other side', async () =>
    (await world.events('sierra')).some(
      ({ envelope }) => envelope.event.type === 'clauseDisputeOpened',
    ),
  )
  const input = {
    recipient: 'sierra.example',
    categories: ['caseSummary'],
    purpose: 'investigation',
    legalBasis: 'Agreement clause 2.1 (fictional).',
    necessity: 'It is asked for.',
    proportionality: 'Only what is asked for.',
    nonDiscrimination: 'Depends on nothing personal.',
    leastIntrusive: 'No name or contact is included.',
    expression: 'It touches no press, union, protest, religion or politics.',
  }
  const refused = await meridia.officer.act(meridiaCase, 'releaseToPeer', input)
  assert.ok('refused' in refused, 'what permits only with a duty in dispute permits nothing')
})
