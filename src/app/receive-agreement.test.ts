/** A signature under an agreement counts only with a key that the text itself pins. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, digestOf, MERIDIA, NOW, ringAgreement } from '../../test/support/ring.ts'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../adapters/node-primitives.ts'
import { toBase64, toHex } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import type { AgreementDocument } from '../core/agreement/document.ts'
import { agreementSignatureInput } from '../wire/agreement-statement.ts'
import type { Kernel } from './kernel.ts'
import type { AnyEvent, OpenStream, Unit } from './ports/streams.ts'
import { receiveAgreementSignature } from './receive-agreement.ts'

const seed = new Uint8Array(32).fill(7)
const publicKey = publicKeyOf(seed)
const fingerprint = toHex(nodePrimitives.sha256(publicKey))

async function receive(document: AgreementDocument): Promise<readonly string[]> {
  const digest = digestOf(document)
  const events: AnyEvent[] = []
  const offered = [
    { type: 'agreementDrafted', document, digest },
    { type: 'agreementOffered', digest, offeredBy: MERIDIA },
  ].map((event, index) => ({ event, version: index + 1, at: NOW, by: MERIDIA }))
  const stream: OpenStream = {
    id: document.id,
    kind: 'agreement',
    history: offered,
    append: async (more) => void events.push(...more),
  }
  const messageKeys = [{ id: `${ALBION}/msg1`, publicKey }]
  const receiving = {
    kernel: {
      primitives: nodePrimitives,
      peers: { find: () => ({ id: ALBION, messageKeys }) },
    } as unknown as Kernel,
    unit: { open: async () => stream } as unknown as Unit,
    origin: ALBION,
    acting: { officer: ALBION, roles: [], authority: MERIDIA, now: NOW },
  }
  const statement = { agreement: document.id, digest, party: ALBION }
  const signature = toBase64(signEd25519(seed, agreementSignatureInput(statement)))
  const officer = '01990000-0000-7000-8000-000000000009'
  const signed = { party: ALBION, officer, digest, signature, simulated: true }
  await receiveAgreementSignature(receiving, { agreementId: document.id, signature: signed })
  return events.map(({ type }) => type)
}

const parties = ringAgreement().parties.map((party) =>
  party.node === ALBION
    ? { ...party, messageKeys: [{ id: `${ALBION}/msg1`, fingerprint }] }
    : party,
)

test('the pinned key signs', async () => {
  assert.deepEqual(await receive(ringAgreement({ parties })), ['agreementSigned'])
})

test('a key that the text does not name for this party does not', async () => {
  const isUnverified = (error: unknown) =>
    error instanceof ComityError && error.code === 'unverified'
  await assert.rejects(receive(ringAgreement()), isUnverified)
  const others = parties.map((party) => ({
    ...party,
    messageKeys: party.messageKeys.map((key) => ({ ...key, id: `${party.node}/msg2` })),
  }))
  await assert.rejects(receive(ringAgreement({ parties: others })), isUnverified)
})
