/**
 * A case that is erased where it began, between three real nodes: both to whom something of it
 * went are asked, one destroys it and one keeps it under a legal hold until that ends, and each
 * answer comes back as an entry of their own log. What anybody had kept of the case's entries
 * is checked again afterwards.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { addMs, DAY_MS, type Instant } from '../../src/base/time.ts'
import { caseNowOf } from '../../src/cli/story/client.ts'
import { verifyCommand } from '../../src/cli/verify.ts'
import type { ErasureEvent } from '../../src/core/erasure/erasure.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { type EventOpening, verifyOpening } from '../../src/wire/event-opening.ts'
import { caseAt, type Place } from '../support/demo.ts'
import { enterWorkspace } from '../support/page-hand.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { byTwo, done, NODE_OF, startThreeNodes, TESTED, whyNot } from '../support/three-nodes.ts'

const nodes = await startThreeNodes()
const { world, waitFor } = nodes
const telling = world.begin()
await telling.until('4.embargo-end')
const { meridia, albion, sierra } = world.hands
const caseId = caseAt(telling.story, 'meridia')
await meridia.officer.do(caseId, 'refuseEmbargo', {
  ...{ ground: 'notSought', reason: 'Nobody asks for one in this invented case.' },
})
await telling.step('4.valid')
await telling.step('4.invite')
const cases = { albion: await joins('albion'), sierra: await joins('sierra') }

async function joins(place: 'albion' | 'sierra'): Promise<string> {
  const { officer } = world.hands[place]
  const own = await waitFor(`the invitation at ${place}`, async () => {
    const rows = await officer.get<{ id: string; leadCaseId?: string }[]>('/cases')
    return rows.find(({ leadCaseId }) => leadCaseId === caseId)?.id
  })
  await officer.do(own, 'answerInvitation', {
    answer: 'accept',
    reason: 'Invented, for this test only.',
  })
  await eventAt('meridia', 'reportStateChanged', 'participant', NODE_OF[place])
  return own
}

type Event = { readonly type: string; readonly [member: string]: unknown }

function eventAt<T = Event>(place: Place, type: string, member: string, value: unknown) {
  return waitFor(`${type} at ${place}`, async () =>
    (await world.events(place))
      .map(({ envelope }) => envelope.event as unknown as Event)
      .find((event) => event.type === type && event[member] === value),
  ) as Promise<T>
}

async function releasedTo(place: 'albion' | 'sierra'): Promise<string> {
  const input = { ...TESTED, categories: ['caseSummary'], recipient: NODE_OF[place] }
  const { result } = await meridia.officer.do(caseId, 'releaseToPeer', input)
  const releaseId = result['releaseId'] as string
  await eventAt(place, 'releaseReceived', 'releaseId', releaseId)
  return releaseId
}

const policyFile = world.demo.policyFile
const policy = parsePolicy(nodePrimitives, new Uint8Array(readFileSync(policyFile)))
const BASIS = {
  ground: 'erasureRight',
  law: 'An invented act, article 17',
  orderedBy: 'Invented court, 4/26',
}
const CHECKED = 'Deleted, and looked for in letters and notes (invented).'

type Logged = Extract<ErasureEvent, { type: 'erasureAnswerLogged' }>

/** As it is kept here, and checked again by whoever holds the file and the policy alone. */
async function loggedAnswer(place: Place, answer: Logged['answer']): Promise<EventOpening> {
  const event = await waitFor(`the receipt of ${answer}`, async () =>
    (await world.events('meridia'))
      .map(({ envelope }) => envelope.event as unknown as Logged)
      .find(
        (one) =>
          one.type === 'erasureAnswerLogged' &&
          one.from === NODE_OF[place] &&
          one.answer === answer,
      ),
  )
  const opening = event.receipt.opening as EventOpening
  assert.equal(opening.envelope.node, NODE_OF[place])
  const verified = verifyOpening(nodePrimitives, opening, policy)
  assert.equal(verified.origin, `${NODE_OF[place]}/ledger`)
  assert.equal(verified.leafIndex, event.receipt.leafIndex)
  const file = join(folder, `${place}-${answer}.json`)
  writeFileSync(file, JSON.stringify(opening))
  assert.equal(await verifyCommand([file, '--policy', policyFile], silent, silent), 0)
  return opening
}

const folder = temporaryFolder()
const silent = { write: () => true }
/** What anybody may have kept of an entry: the receipt alone, without what it is about. */
const oldReceipt = join(folder, 'old.tlog-proof')
const keptReceipt = await waitFor('the receipt of the first event', async () => {
  const answer = await meridia.officer.bytes('GET', `/cases/${caseId}/receipts/1`).catch(() => null)
  return answer && Buffer.from(answer).toString().startsWith('c2sp.org/tlog-proof') && answer
})
writeFileSync(oldReceipt, keptReceipt ?? '')
const releases = { albion: await releasedTo('albion'), sierra: await releasedTo('sierra') }

test('both recipients are asked, and see on their pages what they owe', async () => {
  await meridia.officer.do(caseId, 'closeCase', { withoutReview: 'Invented, for this test only.' })
  await byTwo([meridia.officer, meridia.second], caseId, 'eraseCase', BASIS)
  await assert.rejects(meridia.officer.get(`/cases/${caseId}`))
  for (const place of ['albion', 'sierra'] as const) {
    const asked = await eventAt(place, 'releaseRetracted', 'releaseId', releases[place])
    assert.equal(asked['cause'], 'erased')
    const { officer } = world.hands[place]
    type Duty = { readonly caseId?: string; readonly state?: string }
    const duties = await officer.get<unknown>('/duties')
    assert.ok(JSON.stringify(duties as Duty[]).includes(cases[place]), JSON.stringify(duties))
  }
})

test('a receipt from before is verified offline, and says when and why its content went', async () => {
  const stated = await eventAt('meridia', 'erasureStated', 'caseId', caseId)
  const statement = join(folder, 'statement.json')
  const desk = await enterWorkspace(world.node('meridia'), meridia.officer.officer.key)
  const answer = await waitFor('the statement', async () => {
    const got = await desk.get(`/en/officer/erasures/${stated['erasureId']}/statement`)
    return got.status === 200 && got
  })
  writeFileSync(statement, answer.bytes)
  let told = ''
  const out = { write: (text: string) => (told += text) }
  const asked = [oldReceipt, '--erasure', statement, '--policy', policyFile]
  assert.equal(await verifyCommand(asked, out, out), 0, told)
  const said = `under ${BASIS.law}, decided by ${BASIS.orderedBy}`
  assert.match(told, /the proof holds; the content was erased on \d{4}-\d{2}-\d{2} under /)
  assert.ok(told.includes(said), told)
})

test('one destroys it, and the answer is an entry of its own log', async () => {
  const proof = { releaseId: releases.albion, proof: CHECKED }
  await byTwo([albion.officer, albion.second], cases.albion, 'confirmDeletion', proof)
  const { envelope } = await loggedAnswer('albion', 'done')
  assert.equal(envelope.stream, cases.albion)
  assert.equal(envelope.event.type, 'retractionConfirmed')
  const row = await world
    .database('albion')
    .selectFrom('received_view')
    .selectAll()
    .where('release_id', '=', releases.albion)
    .executeTakeFirstOrThrow()
  assert.deepEqual([row.wrapped_key, row.sealed_view], [null, null])
})

test('one that is under a hold cannot destroy it, says so, and destroys it when that ends', async () => {
  const { officer, second } = sierra
  const { caseNow } = await caseNowOf(world.node('sierra'))
  const reviewAt = addMs(caseNow as Instant, 9 * DAY_MS)
  const hold = { ground: 'An invented claim.', scope: 'wholeCase', exhibits: [], reviewAt }
  const { result } = await officer.do(cases.sierra, 'placeLegalHold', hold)
  const proof = { releaseId: releases.sierra, proof: CHECKED }
  // Whoever approves is told: the hold is asked with the decision.
  const asked = await officer.do(cases.sierra, 'confirmDeletion', proof)
  const { proposalId, digest } = asked.result
  const path = `/cases/${cases.sierra}/proposals/${proposalId}/approve`
  assert.equal(whyNot(await second.post(path, { digest })), 'legalHold')
  const kept = { releaseId: releases.sierra, answer: 'refused', ground: 'legalHold', law: 'An act' }
  await byTwo([officer, second], cases.sierra, 'keepErased', kept)
  const { envelope } = await loggedAnswer('sierra', 'refused')
  assert.equal(envelope.event.type, 'retractionKept')

  const lifted = { holdId: result['holdId'], reason: 'It is over (invented).' }
  await second.do(cases.sierra, 'liftLegalHold', lifted)
  done(await second.post(path, { digest }))
  await loggedAnswer('sierra', 'done')
  const desk = await enterWorkspace(world.node('meridia'), meridia.officer.officer.key)
  const { html } = await desk.get('/en/officer/erasures')
  assert.equal(html.match(/confirmed that nothing is left/g)?.length, 2, html)
  assert.equal(html.match(/is entry .{1,20} of their own log/g)?.length, 2, html)
  const awaited = world.database('sierra').selectFrom('awaited_receipt').selectAll()
  assert.deepEqual(await awaited.execute(), [])
})
