import assert from 'node:assert/strict'
import path from 'node:path'
import test from 'node:test'
import {
  ALBION,
  digestOf,
  NOW,
  recorded,
  ringAgreement,
  SUNSET,
} from '../../../../test/support/ring.ts'
import { nodePrimitives } from '../../../adapters/node-primitives.ts'
import { DAY_MS, type Instant, instantFromMs, msOf } from '../../../base/time.ts'
import type { AgreementEvent } from '../../../core/agreement/agreement-events.ts'
import { loadCatalogues } from '../../messages.ts'
import { agreementsModel } from './presenter.ts'

const locales = path.join(import.meta.dirname, '../../../../locales')
const messages = loadCatalogues(locales).messagesFor('en', 'public')
const document = ringAgreement()
const digest = digestOf(document)

const negotiated: AgreementEvent[] = [
  { type: 'agreementDrafted', document, digest },
  { type: 'agreementOffered', digest, offeredBy: 'meridia.example' },
  ...document.parties.map(({ node: party }) => ({
    type: 'agreementSigned' as const,
    ...{ party, officer: 'x', digest, signature: 'AA==', simulated: party === ALBION },
  })),
]
const inForce: AgreementEvent[] = [...negotiated, { type: 'agreementEnteredIntoForce', digest }]
const suspension: AgreementEvent = {
  type: 'agreementSuspended',
  party: ALBION,
  reason: 'a court order',
  reviewAt: SUNSET,
}

const shown = (events: readonly AgreementEvent[], now: Instant = NOW) =>
  agreementsModel([{ id: document.id, history: events.map((event) => recorded(event)) }], {
    hashing: nodePrimitives,
    messages,
    now,
  }).agreements

test('an agreement in force is shown with its parties, their marks and its digest', () => {
  const [item] = shown(inForce)
  assert.equal(item?.state, 'inForce')
  assert.equal(item?.sha256, digest)
  assert.deepEqual(
    item?.parties.map(({ id, signedAt, isSimulated }) => [id, signedAt, isSimulated]),
    document.parties.map(({ node }) => [node, NOW, node === ALBION]),
  )
  const contact = item?.categories.find(({ id }) => id === 'reporterContact')
  assert.equal(contact?.releasable, false)
})

test('what is still being negotiated is not public', () => {
  for (let count = 0; count <= negotiated.length; count++) {
    assert.deepEqual(shown(negotiated.slice(0, count)), [])
  }
})

test('after its sunset it has lapsed, whatever the record says', () => {
  assert.equal(shown(inForce, SUNSET)[0]?.state, 'lapsed')
  assert.equal(shown(inForce, instantFromMs(msOf(SUNSET) - DAY_MS))[0]?.state, 'inForce')
})

test('a suspended or retired one stays on the page, as such', () => {
  assert.equal(shown([...inForce, suspension])[0]?.state, 'suspended')
  const retired: AgreementEvent = { type: 'agreementRetired', party: ALBION, reason: 'replaced' }
  assert.equal(shown([...inForce, retired])[0]?.state, 'retired')
})
