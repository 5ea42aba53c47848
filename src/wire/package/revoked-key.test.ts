/** A package whose node has revoked a key since, or before. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AUTHORITY_ID,
  type Draft,
  publicOf,
  publishedDocument,
  START,
  seedOf,
  signerOf,
} from '../../../test/support/package-record.ts'
import { failedChecks } from '../../../test/support/package-report.ts'
import { buildInput, logWorld, meridiaSigner } from '../../../test/support/package-world.ts'
import { MERIDIA } from '../../../test/support/ring.ts'
import { nodePrimitives, signEd25519 } from '../../adapters/node-primitives.ts'
import { toBase64 } from '../../base/bytes.ts'
import { addMs, DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../../base/time.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { formatVkey } from '../../proof/vkey.ts'
import type { NodeDocument } from '../exchange/node-document.ts'
import { DOMAIN, domainBytes } from '../exchange/signed.ts'
import type { Report } from './report.ts'
import { verifyPackage } from './verify-package.ts'
import { type PackageSigner, writePackage } from './write-package.ts'

const world = logWorld()
const policy = parsePolicy(nodePrimitives, world.policy)
const NEXT = `msg2/${MERIDIA}`
const next: PackageSigner = {
  keyId: `${MERIDIA}/msg2`,
  publicKey: publicOf(NEXT),
  sign: signerOf(NEXT),
}
const { document: first } = publishedDocument(MERIDIA, formatVkey(world.log.key))

function published(change: Partial<NodeDocument>, by: 'msg' | 'msg2', signedBy?: string): Draft {
  const messageKeys = [
    ...first.messageKeys,
    {
      ...first.messageKeys[0],
      id: next.keyId,
      key: toBase64(next.publicKey),
      validUntil: addMs(START, 500 * DAY_MS),
    },
  ]
  const document = { ...first, messageKeys, ...change } as unknown as NodeDocument
  const bytes = domainBytes(DOMAIN.nodeDocument, document)
  const keyId = `${MERIDIA}/${by === 'msg' ? 'msg1' : 'msg2'}`
  const value = toBase64(signEd25519(seedOf(`${by}/${MERIDIA}`), bytes))
  const event = {
    type: 'nodeDocumentPublished',
    document: { document, signature: { keyId, value } },
  }
  const signer = signedBy ?? `${by}/${MERIDIA}`
  return { stream: AUTHORITY_ID, kind: 'authority', event, by: MERIDIA, signedBy: signer }
}

/** The successor is published, then signs that the first key counts no more from `at` on. */
function revokedAt(at: Instant, signedBy?: string): readonly Draft[] {
  const revocations = [{ key: `${MERIDIA}/msg1`, at, reason: 'compromised' as const }]
  const later = addMs(START, 2 * MINUTE_MS)
  return [
    published({ issuedAt: addMs(START, MINUTE_MS) }, 'msg'),
    published({ issuedAt: later, revocations }, 'msg2', signedBy),
  ]
}

async function report(more: readonly Draft[], signer = next): Promise<Report> {
  const { bytes } = await writePackage(nodePrimitives, buildInput({ more }), signer)
  return verifyPackage(nodePrimitives, bytes, policy)
}

const said = (given: Report) =>
  failedChecks(given).flatMap(({ failures }) => failures.map(({ message }) => message))

test('what was signed and logged before the revocation holds, and that is said', async () => {
  const given = await report(revokedAt(addMs(START, DAY_MS)))
  assert.deepEqual(said(given), [])
  assert.equal(given.verdict, 'verified')
  const found = given.checks.map((check) => check.detail).join('\n')
  assert.match(found, /\d+ signed with a key that was revoked later, and logged before that/)
})

test('what was signed after it is refused, with the key and the instant', async () => {
  // All of it was logged in the hour after.
  const at = addMs(START, -HOUR_MS / 2)
  const given = await report(revokedAt(at))
  assert.equal(given.verdict, 'failed')
  assert.ok(said(given).length > 3)
  const words = `signed with ${MERIDIA}/msg1, which its node had revoked from ${at} on`
  assert.ok(
    said(given).some((one) => one.includes(words)),
    said(given).join('\n'),
  )
})

test('a package that a revoked key signed is refused, whatever is in it', async () => {
  const given = await report(revokedAt(addMs(START, 5 * MINUTE_MS)), meridiaSigner)
  const failed = failedChecks(given).map(({ id }) => id)
  assert.deepEqual(failed, ['signature'], said(given).join('\n'))
  assert.match(said(given)[0] ?? '', /msg1, which its node had revoked from/)
})

test('a revocation by the revoked key, or taken back later, changes nothing for it', async () => {
  const byItself = published(
    {
      issuedAt: addMs(START, 2 * MINUTE_MS),
      revocations: [{ key: `${MERIDIA}/msg1`, at: START, reason: 'lost' }],
    },
    'msg',
  )
  const own = await report([published({ issuedAt: addMs(START, MINUTE_MS) }, 'msg'), byItself])
  assert.equal(own.verdict, 'failed')
  const back = published({ issuedAt: addMs(START, 3 * MINUTE_MS) }, 'msg2')
  const given = await report([...revokedAt(addMs(START, -HOUR_MS / 2)), back])
  assert.ok(said(given).some((one) => /had revoked from/.test(one)))
})
