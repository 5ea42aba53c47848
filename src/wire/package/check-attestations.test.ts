/** Time stamps and signature files in a package: what is listed, and what fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AGREEMENT_ID, type Draft, LENA } from '../../../test/support/package-record.ts'
import { failedChecks, requireFailure } from '../../../test/support/package-report.ts'
import {
  buildInput,
  buildPackage,
  logWorld,
  meridiaSigner,
} from '../../../test/support/package-world.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { toHex, utf8 } from '../../base/bytes.ts'
import { unverified } from '../../base/errors.ts'
import { instant } from '../../base/time.ts'
import { parsePolicy } from '../../proof/policy.ts'
import type { VerifyTimeStamp } from './check-attestations.ts'
import { verifyPackage } from './verify-package.ts'
import { writePackage } from './write-package.ts'

const policy = parsePolicy(nodePrimitives, logWorld().policy)
const agreement = buildInput().streams.find(({ kind }) => kind === 'agreement')
const drafted = agreement?.events[0]?.envelope.event as unknown as { readonly digest: string }
const at = instant('2026-11-01T10:00:00.000Z')
const document = { kind: 'agreement', id: AGREEMENT_ID, digest: drafted.digest }
const stamp = {
  type: 'timeStampReceived',
  document,
  stampedAt: at,
  authority: 'CN=Invented TSA',
  policy: '1.2.3',
  serial: '01',
  token: 'AAAA',
}
const signature = {
  type: 'signatureAttached',
  document,
  signatureId: '01990000-0000-7000-8000-0000000000f1',
  mediaType: 'application/pdf',
  digest: 'ab'.repeat(32),
  sizeBytes: 12,
  signerFunction: 'Director',
  checkedBy: 'Counsel',
  checkedHow: 'By hand',
}

const fileBytes = utf8('invented PDF')
const attachedFile = {
  ...signature,
  digest: toHex(nodePrimitives.sha256(fileBytes)),
  sizeBytes: fileBytes.length,
}
const inPlace = (event: object) => (draft: Draft) =>
  draft.event.type === 'advisoryPublished'
    ? {
        ...draft,
        stream: AGREEMENT_ID,
        kind: 'agreement' as const,
        by: LENA,
        event: event as never,
      }
    : draft

async function withFile(event: object, id = signature.signatureId, bytes = fileBytes) {
  const input = { ...buildInput({ change: inPlace(event) }), signatures: new Map([[id, bytes]]) }
  const made = await writePackage(nodePrimitives, input, meridiaSigner)
  return verifyPackage(nodePrimitives, made.bytes, policy)
}

test('a signature file goes with the package, and its digest is checked', async () => {
  const report = await withFile(attachedFile)
  assert.deepEqual(failedChecks(report), [])
  const { detail } = report.checks.find(({ id }) => id === 'attestations') ?? {}
  assert.match(detail ?? '', /1 attached signatures, not checked here, 1 of them in the package/)
})

test('another file, another size, another name, and a file of nobody are refused', async () => {
  const stream = `data/streams/${AGREEMENT_ID}.jsonl`
  const other = '01990000-0000-7000-8000-0000000000f9'
  requireFailure(
    await withFile(attachedFile, undefined, utf8('invented PDf')),
    'attestations',
    stream,
  )
  const longer = { ...attachedFile, sizeBytes: fileBytes.length + 1 }
  requireFailure(await withFile(longer), 'attestations', stream)
  const strange = `data/signatures/${other}.bin`
  requireFailure(await withFile(attachedFile, other), 'attestations', strange)
  requireFailure(
    await withFile(stamp),
    'attestations',
    `data/signatures/${signature.signatureId}.bin`,
  )
})

/** In place of the small world's advisory, Lena acts on the agreement. */
const packageWith = (event: object) => buildPackage({ change: inPlace(event) })

const reportOf = async (event: object, verify?: VerifyTimeStamp) =>
  verifyPackage(nodePrimitives, await packageWith(event), policy, { verifyTimeStamp: verify })

async function listed(event: object, verify?: VerifyTimeStamp): Promise<string> {
  const report = await reportOf(event, verify)
  assert.deepEqual(failedChecks(report), [])
  assert.equal(report.verdict, 'verified')
  return report.checks.find(({ id }) => id === 'attestations')?.detail ?? ''
}

const failing = (reason: string): VerifyTimeStamp => {
  return () => {
    throw unverified('no', { reason })
  }
}

test('a stamp is listed with its time where the roots of the reader reach it', async () => {
  const digests: string[] = []
  const detail = await listed(stamp, (_token, digest) => {
    digests.push(Buffer.from(digest).toString('hex'))
    return { at }
  })
  assert.match(detail, /^1 time stamps: agreement .* at 2026-11-01T10:00:00\.000Z; 0 attached/)
  assert.deepEqual(digests, [drafted.digest])
})

test('without roots, or where it leads to none of them, it is listed as not checked', async () => {
  assert.match(await listed(stamp), /, not checked;/)
  assert.match(await listed(stamp, failing('chain')), /, not checked;/)
})

test('an attached signature is counted, and said to be not checked', async () => {
  assert.equal(
    await listed(signature),
    '0 time stamps; 1 attached signatures, not checked here, 0 of them in the package',
  )
})

const file = `data/streams/${AGREEMENT_ID}.jsonl`
for (const reason of ['imprint', 'signature', 'certificate', 'purpose', 'time']) {
  test(`a stamp that is wrong by ${reason} fails, whoever pinned what`, async () => {
    requireFailure(await reportOf(stamp, failing(reason)), 'attestations', file)
  })
}

const another = { ...document, digest: 'cd'.repeat(32) }
const bad: Readonly<Record<string, object>> = {
  'a stamp on another text': { ...stamp, document: another },
  'a signature on another text': { ...signature, document: another },
  'an order in an agreement': { ...stamp, document: { ...document, kind: 'order' } },
  'another agreement': { ...stamp, document: { ...document, id: signature.signatureId } },
  'a stamp without a document': { ...stamp, document: undefined },
  'a member too many': { ...stamp, checkedBy: 'Counsel' },
  'a token that is no base64': { ...stamp, token: 'A' },
  'a token that is too long': { ...stamp, token: 'AAAA'.repeat(6000) },
  'a media type that is not on the list': { ...signature, mediaType: 'text/html' },
  'an empty file': { ...signature, sizeBytes: 0 },
  'nobody who checked': { ...signature, checkedBy: '' },
}
for (const [name, event] of Object.entries(bad)) {
  test(`fails: ${name}`, async () => {
    requireFailure(await reportOf(event), 'attestations', file)
  })
}

test('a stamp that states another time than the event fails', async () => {
  const later = instant('2026-11-01T10:00:01.000Z')
  requireFailure(await reportOf(stamp, () => ({ at: later })), 'attestations', file)
})
