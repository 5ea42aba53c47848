/** Events of an older form in a node's own database: kept as signed, read in today's form. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { eventContext } from '../../src/adapters/postgres/streams/stream-rows.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { canonicalBytes } from '../../src/base/canonical-json.ts'
import { addMs, DAY_MS } from '../../src/base/time.ts'
import type { Recorded } from '../../src/core/case/recorded.ts'
import type { SealingWorkEvent } from '../../src/core/sealing/events.ts'
import { openProposal } from '../../src/core/sealing/roster.ts'
import { type EventEnvelope, eventSignatureInput } from '../../src/wire/event-commitment.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'
import { keys } from '../support/kernel-database.ts'

const NODE_SEED = new Uint8Array(32).fill(9)

/** A sealing stream whose only event was written before its type had a second version. */
async function oldNode(t: TestContext, more: object = {}) {
  const desk = await deskKernel(t)
  const { streams, clocks } = desk.kernel
  const id = systemRandom.uuidByTime()
  await streams.transact((unit) => unit.create(id, 'sealing'))
  const at = clocks.caseNow()
  const proposalId = systemRandom.uuid()
  const event = {
    type: 'rosterProposed',
    proposalId,
    entries: [],
    until: addMs(at, 7 * DAY_MS),
    ...more,
  }
  const envelope: EventEnvelope = {
    v: 1,
    node: NODE.id,
    stream: id,
    version: 1,
    at,
    by: NODE.id,
    event,
  }
  const { wrapped_key } = await desk.database
    .selectFrom('stream')
    .select('wrapped_key')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await desk.database
    .insertInto('event')
    .values({
      stream_id: id,
      version: 1,
      at,
      by: NODE.id,
      sealed_envelope: keys.unwrap(wrapped_key).seal(eventContext(id, 1), canonicalBytes(envelope)),
      salt: systemRandom.bytes(32),
      signature: signEd25519(NODE_SEED, eventSignatureInput(envelope)),
      log_id: systemRandom.uuid(),
    })
    .execute()
  await desk.database.updateTable('stream').set({ version: 1 }).where('id', '=', id).execute()
  return { desk, id, event, envelope, proposalId, at }
}

test('an old event is read in today’s form, and its signature is still that of its bytes', async (t) => {
  const { desk, id, event, envelope, at } = await oldNode(t)
  const view = await desk.kernel.streams.read(id)
  assert.deepEqual(view?.history, [
    { event: { ...event, inPlaceOf: null }, version: 1, at, by: NODE.id },
  ])
  const [sealed] = view.sealedEvents
  assert.ok(sealed)
  assert.deepEqual(sealed.envelope, envelope)
  const isSigned = nodePrimitives.verifyEd25519(
    publicKeyOf(NODE_SEED),
    eventSignatureInput(sealed.envelope),
    sealed.signature,
  )
  assert.ok(isSigned)
  const open = openProposal(view.history as readonly Recorded<SealingWorkEvent>[])
  assert.equal(open?.inPlaceOf, null)
})

test('what is appended after it says its version, and nobody who decides sees that', async (t) => {
  const { desk, id, event, proposalId } = await oldNode(t)
  const ended = { type: 'rosterProposalEnded', proposalId, outcome: 'withdrawn' }
  const next = { ...event, proposalId: systemRandom.uuid(), inPlaceOf: systemRandom.uuid() }
  await desk.append(id, NODE.id, ended, next)
  const seen = await desk.kernel.streams.transact(async (unit) => (await unit.open(id))?.history)
  assert.deepEqual(
    seen?.map((one) => one.event),
    [{ ...event, inPlaceOf: null }, ended, next],
  )
  const view = await desk.kernel.streams.read(id)
  assert.deepEqual(
    view?.sealedEvents.map(({ envelope }) => envelope.event),
    [event, ended, { ...next, eventVersion: 2 }],
  )
})

test('an event of a later Comity stops the reader, whoever asks', async (t) => {
  const { desk, id } = await oldNode(t, { eventVersion: 3, inPlaceOf: null })
  const refused = { code: 'malformed', reason: 'newer-event' }
  await assert.rejects(desk.kernel.streams.read(id), refused)
  await assert.rejects(desk.append(id, NODE.id, { type: 'rosterProposalEnded' }), refused)
})
