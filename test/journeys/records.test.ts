/**
 * Orders, holds and disposal on a whole node: an order limits who opens an exhibit, a hold
 * keeps what is due, and on the day key and ciphertext go while everything that was ever
 * proved about it still verifies.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { DAY_MS, MINUTE_MS } from '../../src/base/time.ts'
import { caseNowOf, type Done, type Hand, moveClock } from '../../src/cli/story/client.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { verifyPackage } from '../../src/wire/package/verify-package.ts'
import { caseAt, startWorld } from '../support/demo.ts'

const world = await startWorld()
const telling = world.begin()
await telling.until('5.release')
const caseId = caseAt(telling.story, 'meridia')
const { officer, second, liaison } = world.hands.meridia
const node = world.node('meridia')

async function seal(name: string): Promise<string> {
  const done = await officer.do(caseId, 'sealExhibit', {
    name,
    mediaType: 'application/json',
    purpose: 'evidence of the case',
    parts: [`${name}: first turn`, `${name}: second turn`],
  })
  return done.result['exhibitId'] as string
}
const lost = await seal('to be destroyed')
const other = await seal('to be kept')
const free = await seal('to be destroyed, and held by nothing')
/** Why not, or `permitted`. What access refuses is a problem of the interface. */
async function open(hand: Hand, exhibitId: string): Promise<string> {
  try {
    return refusal(await hand.act(caseId, 'openExhibit', { exhibitId, purpose: 'to read it' }))
  } catch (error) {
    const [, why] = /: 403 (\w+):/.exec((error as Error).message) ?? []
    if (why === undefined) throw error
    return why
  }
}
const refusal = (answer: Awaited<ReturnType<Hand['act']>>) =>
  'refused' in answer ? answer.refused.why : 'permitted'

const rowOf = (exhibitId: string) =>
  world
    .database('meridia')
    .selectFrom('exhibit_blob')
    .selectAll()
    .where('exhibit_id', '=', exhibitId)
    .executeTakeFirstOrThrow()

async function fileOf(exhibitId: string): Promise<string> {
  const digest = Buffer.from((await rowOf(exhibitId)).digest).toString('hex')
  return join(node.folder, 'exhibits', digest.slice(0, 2), `${digest}.age`)
}

/** The job comes every minute. */
const destroyed = (exhibitId: string) =>
  waitFor(
    'the key to be gone',
    async () => (await rowOf(exhibitId)).wrapped_identity === null,
    4 * MINUTE_MS,
  )

async function packageNow(): Promise<Uint8Array> {
  return waitFor('a package whose entries are sealed', () =>
    officer.bytes('POST', `/cases/${caseId}/package`).catch(() => undefined),
  )
}

const policy = parsePolicy(nodePrimitives, new Uint8Array(readFileSync(world.demo.policyFile)))
const verdictOf = (bytes: Uint8Array) => verifyPackage(nodePrimitives, bytes, policy).verdict

async function approve(hand: Hand, { result }: Done) {
  const { proposalId, digest } = result as { proposalId: string; digest: string }
  return hand.post(`/cases/${caseId}/proposals/${proposalId}/approve`, { digest })
}

async function move(days: number): Promise<void> {
  for (const one of world.demo.nodes) {
    await moveClock(one, (await caseNowOf(one)).offsetMs + days * DAY_MS)
  }
}

test('under an order only those named open the exhibit, whatever their role', async () => {
  assert.equal(await open(second, lost), 'permitted')
  const done = await officer.do(caseId, 'recordProtectiveOrder', {
    orderedBy: 'High Court of Albion (fictional)',
    reference: 'CL-2026-17',
    scope: 'exhibits',
    exhibits: [lost],
    maySee: [officer.officer.id],
    mayReceive: [],
    purposes: [],
  })
  assert.equal(await open(second, lost), 'underOrder')
  assert.equal(await open(second, other), 'permitted')
  assert.equal(await open(officer, lost), 'permitted')
  const lift = {
    orderId: done.result['orderId'],
    liftedBy: 'High Court of Albion (fictional)',
    reference: 'CL-2026-18',
  }
  // The one named person is one of the two: nobody outside lifts it without that person.
  const proposed = await second.do(caseId, 'liftProtectiveOrder', lift)
  assert.deepEqual(proposed.events, ['actProposed'])
  assert.equal(refusal(await approve(second, proposed)), 'samePerson')
  assert.equal(await open(second, lost), 'underOrder')
  assert.equal(refusal(await approve(officer, proposed)), 'permitted')
  assert.equal(await open(second, lost), 'permitted')
})

let before: Uint8Array
let holdId: string

test('an appraisal takes two persons, and a hold keeps what is due', async () => {
  await officer.do(caseId, 'setDisposalClass', {
    scope: 'exhibits',
    exhibits: [lost, other, free],
    classId: 'house.exercise',
    reason: 'Invented material.',
  })
  const proposed = await officer.do(caseId, 'appraiseExhibits', {
    exhibits: [lost, free],
    outcome: 'destroy',
    reason: 'Nothing rests on it.',
  })
  assert.deepEqual(proposed.events, ['actProposed'])
  assert.equal(refusal(await approve(officer, proposed)), 'samePerson')
  assert.equal(refusal(await approve(second, proposed)), 'permitted')
  const held = await officer.do(caseId, 'placeLegalHold', {
    ground: 'Proceedings are announced.',
    scope: 'exhibits',
    exhibits: [lost],
    reviewAt: '2036-01-01T00:00:00.000Z',
  })
  holdId = held.result['holdId'] as string
  before = await packageNow()
  assert.ok(existsSync(await fileOf(lost)))
  await move(31)
  // One run of the job looks at all exhibits of a case.
  await destroyed(free)
  assert.ok((await rowOf(lost)).wrapped_identity, 'the hold keeps it')
  assert.equal(await open(second, lost), 'permitted')
})

test('whoever placed the hold does not lift it; once it is lifted the key goes', async () => {
  const lift = { holdId, reason: 'No proceedings followed.' }
  await officer.mustRefuse(caseId, 'liftLegalHold', lift, 'samePerson')
  const file = await fileOf(lost)
  await liaison.do(caseId, 'liftLegalHold', lift)
  await destroyed(lost)
  const row = await rowOf(lost)
  assert.equal(row.wrapped_identity, null)
  assert.ok(row.destroyed_at)
  assert.equal(existsSync(file), false)
  assert.equal(await open(officer, lost), 'destroyed')
  assert.equal(await open(officer, other), 'permitted')
  assert.ok((await rowOf(other)).wrapped_identity, 'what nobody appraised stays, though it is due')
})

test('what was proved before still verifies, and so does what is made afterwards', async () => {
  assert.equal(verdictOf(before), 'verified')
  const after = await packageNow()
  assert.equal(verdictOf(after), 'verified')
  const text = Buffer.from(after).toString('latin1')
  assert.ok(text.includes('destroyed'))
})
