/**
 * What was released comes back, between nodes that run: an emergency that nobody validates
 * in its hours, a release in error whose deletion the peer confirms, and a release that a
 * court's order overtakes while the peer is away.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseNowOf, type Hand, moveClock } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { caseAt, type Place, startWorld } from '../support/demo.ts'

const GB = 'albion.example'
const HOUR_MS = 3_600_000
const WAIT_MS = 60_000

const world = await startWorld()
const telling = world.begin()
await telling.until('6.request')
const caseId = caseAt(telling.story, 'meridia')
const albionCase = caseAt(telling.story, 'albion')
const { officer, second } = world.hands.meridia
const albion = world.hands.albion

const reasons = {
  legalBasis: 'Agreement clause 4.1 (fictional).',
  necessity: 'The peer acts on the same service today.',
  proportionality: 'Only what the peer needs for its own steps.',
  nonDiscrimination: 'Depends on nothing personal.',
  leastIntrusive: 'No name or contact is included.',
  expression: 'It touches no press, union, protest, religion or politics.',
}
const release = {
  recipient: GB,
  purpose: 'investigation',
  categories: ['technicalFacts'],
  ...reasons,
}
const emergency = {
  ...release,
  threat: 'life',
  reason: 'A person follows the advice of the service at this moment (invented).',
}

type Event = { readonly type: string; readonly [member: string]: unknown }

async function eventsAt(at: Place): Promise<readonly Event[]> {
  const stream = at === 'meridia' ? caseId : albionCase
  const events = (await world.events(at)).filter((one) => one.stream === stream)
  return events.map(({ envelope }) => envelope.event as Event)
}

function eventAt(at: Place, type: string, releaseId: string): Promise<Event> {
  return waitFor(
    `${type} at ${at}`,
    async () =>
      (await eventsAt(at)).find((one) => one.type === type && one['releaseId'] === releaseId),
    WAIT_MS,
  )
}

const released = async (act: string, input: object): Promise<string> =>
  (await officer.do(caseId, act, input)).result['releaseId'] as string

/** Proposed by one, approved by another who is shown exactly that. */
async function byTwo(first: Hand, other: Hand, at: string, act: string, input: object) {
  await first.do(at, act, input)
  type Waiting = { readonly proposalId: string; readonly act: string; readonly digest: string }
  const open = await other.get<Waiting[]>(`/cases/${at}/proposals`)
  const found = open.find((one) => one.act === act)
  assert.ok(found, `${act} waits for a second person`)
  const { proposalId, digest } = found
  const answer = await other.post(`/cases/${at}/proposals/${proposalId}/approve`, { digest })
  assert.ok('done' in answer, JSON.stringify(answer))
}

async function moveAll(ms: number): Promise<void> {
  const { nodes } = world.demo
  const offsets = await Promise.all(nodes.map(async (node) => (await caseNowOf(node)).offsetMs))
  const target = Math.max(...offsets) + ms
  await Promise.all(nodes.map((node) => moveClock(node, target)))
}

test('an emergency that nobody validates is withdrawn at both ends; a validated one stays', async () => {
  const lost = await released('releaseInEmergency', emergency)
  const kept = await released('releaseInEmergency', emergency)
  await eventAt('albion', 'releaseReceived', lost)
  await eventAt('albion', 'releaseReceived', kept)
  const validate = {
    releaseId: kept,
    answer: 'validate',
    reason: 'The person was found by the peer within the hour (invented).',
  }
  await officer.mustRefuse(caseId, 'validateEmergency', validate, 'samePerson')
  // The review afterwards is the validation, and no word of somebody stands in for it.
  const asked = await eventAt('meridia', 'releaseDecided', kept)
  const { dutyId } = (asked['duties'] as { dutyId: string; kind: string }[]).find(
    ({ kind }) => kind === 'postReview',
  ) as { dutyId: string }
  const word = { releaseId: kept, dutyId, proof: 'It was reviewed, take our word for it.' }
  assert.ok('refused' in (await second.act(caseId, 'dischargeDuty', word)))
  await second.do(caseId, 'validateEmergency', validate)
  const heard = await eventAt('albion', 'dutyDischargeReceived', kept)
  assert.equal(heard['dutyId'], dutyId)
  await moveAll(49 * HOUR_MS)
  const withdrawn = await eventAt('meridia', 'releaseWithdrawn', lost)
  assert.equal(withdrawn['cause'], 'emergencyNotValidated')
  await eventAt('albion', 'releaseRetracted', lost)
  const all = [...(await eventsAt('meridia')), ...(await eventsAt('albion'))]
  const ofLost = all.filter((one) => one['releaseId'] === lost).map(({ type }) => type)
  assert.equal(ofLost.filter((type) => type === 'releaseWithdrawn').length, 1)
  assert.equal(ofLost.filter((type) => type === 'releaseRetracted').length, 1)
  assert.ok(!all.some((one) => one.type === 'releaseWithdrawn' && one['releaseId'] === kept))
})

test('what was called back is shown no more, and its deletion comes back signed', async () => {
  const releaseId = await released('releaseToPeer', release)
  await eventAt('albion', 'releaseReceived', releaseId)
  const withdraw = {
    releaseId,
    cause: 'error',
    reason: 'It was meant for another case (invented).',
  }
  await officer.do(caseId, 'withdrawRelease', withdraw)
  await officer.mustRefuse(caseId, 'withdrawRelease', withdraw, 'alreadyWithdrawn')
  await eventAt('albion', 'releaseRetracted', releaseId)
  const proof = { releaseId, proof: 'Deleted, and looked for in letters and notes (invented).' }
  await byTwo(albion.officer, albion.second, albionCase, 'confirmDeletion', proof)
  const done = await eventAt('meridia', 'retractionDone', releaseId)
  assert.equal(done['by'], GB)
  assert.match(String(done['signature']), /^[A-Za-z0-9+/]{86}==$/)
  const destroyed = await eventAt('albion', 'receivedViewDestroyed', releaseId)
  assert.equal(destroyed['releaseId'], releaseId)
})

test('a court’s order overtakes a release that waits: it never leaves', async () => {
  const pid = world.demo.supervisor.children.get(GB)?.pid
  assert.ok(pid)
  process.kill(pid, 'SIGSTOP')
  let waiting: string
  try {
    await released('releaseToPeer', release)
    await waitFor('a transaction in the air', () =>
      world
        .database('meridia')
        .selectFrom('fed_out_transaction')
        .select('id')
        .where('destination', '=', GB)
        .executeTakeFirst(),
    )
    waiting = await released('releaseToPeer', release)
    await officer.do(caseId, 'recordProtectiveOrder', {
      orderedBy: 'Court of Meridia (fictional)',
      reference: '1 K 1/26',
      scope: 'wholeCase',
      exhibits: [],
      maySee: [],
      mayReceive: [],
      purposes: [],
    })
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  const stopped = await eventAt('meridia', 'releaseStopped', waiting)
  assert.equal(stopped['why'], 'orderForbids')
  const answer = await officer.act(caseId, 'releaseToPeer', release)
  assert.ok('refused' in answer && answer.refused.why === 'orderForbids', JSON.stringify(answer))
  const received = (await eventsAt('albion')).filter(({ type }) => type === 'releaseReceived')
  assert.ok(!received.some((one) => one['releaseId'] === waiting))
})
