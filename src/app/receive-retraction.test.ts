import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../adapters/node-primitives.ts'
import { toBase64 } from '../base/bytes.ts'
import type { Instant } from '../base/time.ts'
import type { Recorded } from '../core/case/recorded.ts'
import { retractionInput } from '../wire/retraction-statement.ts'
import type { AnyEvent } from './ports/streams.ts'
import type { Receiving } from './receive-message.ts'
import { receiveRetractionDone } from './receive-retraction.ts'

const CASE = '018f3c1e-0000-7000-8000-000000000001'
const releaseId = '018f3c1e-0000-7000-8000-000000000002'
const [MERIDIA, ALBION] = ['meridia.example', 'albion.example']
const now = '2026-03-02T09:00:00.000Z' as Instant
const seed = new Uint8Array(32).fill(5)
const key = `${ALBION}/msg1`

const decided = {
  ...{ type: 'releaseDecided', recipient: ALBION, agreement: null, decision: 'permit', why: null },
  ...{ policyDigest: '', purpose: 'investigation', legalBasis: 'a law', categories: [] },
  ...{ rightsTest: null, emergency: null, because: [], duties: [], view: {} },
  ...{ preparedBy: 'ada', reviewedBy: null },
}
const invitationId = '018f3c1e-0000-7000-8000-000000000003'

const events = [
  { type: 'participantJoined', participant: ALBION, roles: ['coordinator'] },
  { ...decided, releaseId: invitationId, kind: 'stub' },
  { type: 'releaseSent', releaseId: invitationId, messageId: 'm0' },
  { ...decided, releaseId, kind: 'case' },
  { type: 'releaseSent', releaseId, messageId: 'm1' },
  { type: 'releaseWithdrawn', releaseId, cause: 'error', reason: 'a reason' },
] as unknown as readonly AnyEvent[]

function confirmed(revokedAt?: Instant) {
  const appended: string[] = []
  const history: Recorded<AnyEvent>[] = events.map((event, index) => {
    return { event, version: index + 1, at: now, by: 'ada' }
  })
  const stream = {
    ...{ id: CASE, kind: 'case', history },
    append: async (more: readonly AnyEvent[]) => void appended.push(...more.map((it) => it.type)),
  }
  const messageKey = { id: key, publicKey: publicKeyOf(seed), ...(revokedAt ? { revokedAt } : {}) }
  const kernel = {
    node: { id: MERIDIA },
    primitives: nodePrimitives,
    clocks: { wireNow: () => now },
    peers: { find: () => ({ messageKeys: [messageKey] }) },
  }
  const unit = { open: async () => stream, openLinked: async () => undefined }
  const statement = { releaseId, releasedBy: MERIDIA, party: ALBION, confirmedAt: now }
  const signature = toBase64(signEd25519(seed, retractionInput(statement)))
  const content = { caseId: CASE, releaseId, confirmedAt: now, key, signature }
  const receiving = { kernel, unit, origin: ALBION } as unknown as Receiving
  return receiveRetractionDone(receiving, content).then(() => appended)
}

test('a deletion is confirmed by a key that counts', async () => {
  assert.deepEqual(await confirmed(), ['retractionDone'])
})

test('a deletion is not confirmed by a key that its node has revoked', async () => {
  await assert.rejects(confirmed(now), { code: 'unverified' })
})
