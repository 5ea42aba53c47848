import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '../../test/support/access.ts'
import { AGREEMENT_ID, CASE_ID, type Draft, IRIS, LENA } from '../../test/support/package-record.ts'
import { buildInput, logWorld, meridiaSigner } from '../../test/support/package-world.ts'
import { MERIDIA } from '../../test/support/ring.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { concatBytes, toHex, utf8 } from '../base/bytes.ts'
import { addMs, HOUR_MS } from '../base/time.ts'
import type { Acting, Role } from '../core/case/recorded.ts'
import { parsePolicy } from '../proof/policy.ts'
import { historyOf } from '../wire/package/content.ts'
import { readTar } from '../wire/package/tar.ts'
import { verifyPackage } from '../wire/package/verify-package.ts'
import { exportEvidencePackage } from './export-evidence-package.ts'
import type { Kernel } from './kernel.ts'
import type { EntryReceipt } from './ports/receipts.ts'
import type { AnyEvent, StreamView } from './ports/streams.ts'

const FILE = utf8('an invented signature file')
const SIGNATURE_ID = '01990000-0000-7000-8000-0000000000f1'
const [drafted] =
  buildInput()
    .streams.find(({ kind }) => kind === 'agreement')
    ?.events.map(({ event }) => event) ?? []
const attached: Draft = {
  stream: AGREEMENT_ID,
  kind: 'agreement',
  by: LENA,
  event: {
    type: 'signatureAttached',
    document: {
      kind: 'agreement',
      id: AGREEMENT_ID,
      digest: (drafted as { digest?: string } | undefined)?.digest,
    },
    signatureId: SIGNATURE_ID,
    mediaType: 'application/pdf',
    digest: toHex(nodePrimitives.sha256(FILE)),
    sizeBytes: FILE.length,
    signerFunction: 'Director',
    checkedBy: 'Counsel',
    checkedHow: 'By hand',
  },
}
const input = buildInput({ more: [attached] })
const acting = (...roles: readonly Role[]): Acting => ({
  officer: IRIS,
  roles,
  authority: MERIDIA,
  now: input.madeAt.caseNow,
  steppedUpAt: input.madeAt.wireNow,
})

/** The ports that the use case reaches, over the small world; `unsealed` receipts are missing. */
function kernelWith(unsealed: number) {
  const appended: AnyEvent[] = []
  const receipts = new Map<string, EntryReceipt>()
  const views = input.streams.map((stream): StreamView => {
    const sealedEvents = stream.events.map((event) => {
      const logId = `${stream.id}/${event.envelope.version}`
      const isSealed = stream.kind !== 'case' || event.envelope.version > unsealed
      receipts.set(logId, {
        state: isSealed ? 'sealed' : 'signed',
        leafIndex: 0,
        entry: event.entry,
        receipt: isSealed ? event.receipt : undefined,
      })
      return { ...event, logId }
    })
    return { id: stream.id, kind: stream.kind, sealedEvents, history: historyOf(stream) }
  })
  const idOf = (kind: string) => views.find((view) => view.kind === kind)?.id ?? ''
  const kernel = {
    node: { id: MERIDIA, legalOrder: 'EU', profile: 'demo' },
    access: openDesk,
    primitives: nodePrimitives,
    clocks: {
      wireNow: () => input.madeAt.wireNow,
      caseNow: () => input.madeAt.caseNow,
      caseOffsetMs: () => input.clockOffsetMs,
    },
    keys: { messageSigner: () => meridiaSigner },
    authorityStreamId: idOf('authority'),
    lawStreamId: idOf('law'),
    sealingStreamId: '',
    receipts: { of: async (logId: string) => receipts.get(logId) },
    exhibits: {
      sealedBytes: async (id: string) => inPieces(input.exhibits.get(id) ?? new Uint8Array()),
      digestOf: async (bytes: AsyncIterable<Uint8Array>) =>
        toHex(nodePrimitives.sha256(await whole(bytes))),
    },
    attestations: {
      keptSignature: async (streamId: string, id: string) =>
        streamId === AGREEMENT_ID && id === SIGNATURE_ID ? FILE : undefined,
    },
    channelReceipts: { forCase: async () => input.channel },
    streams: {
      read: async (id: string) => views.find((view) => view.id === id),
      transact: (fn: (unit: object) => Promise<unknown>) =>
        fn({
          open: async () => ({
            append: async (events: readonly AnyEvent[]) => void appended.push(...events),
          }),
        }),
    },
  } as unknown as Kernel
  return { kernel, appended }
}

async function* inPieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
}

async function whole(bytes: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return concatBytes(...chunks)
}

test('a package that verifies is made, and its making is an event of the case', async () => {
  const { kernel, appended } = kernelWith(0)
  const made = await exportEvidencePackage(kernel, CASE_ID, acting('oversight'))
  assert.equal(made.decision, 'permit')
  const policy = parsePolicy(nodePrimitives, logWorld().policy)
  const { digest, sizeBytes, ...streamed } = made.decision === 'permit' ? made.value : assert.fail()
  const bytes = await whole(streamed.bytes)
  assert.equal(digest, toHex(nodePrimitives.sha256(bytes)))
  assert.equal(sizeBytes, bytes.length)
  assert.equal(verifyPackage(nodePrimitives, bytes, policy).verdict, 'verified')
  assert.deepEqual(readTar(bytes).get(`data/signatures/${SIGNATURE_ID}.bin`), FILE)
  assert.deepEqual(appended, [{ type: 'evidencePackageMade', digest, sizeBytes: bytes.length }])
})

test('refused while entries wait for the witnesses, with their number', async () => {
  const { kernel, appended } = kernelWith(3)
  const made = await exportEvidencePackage(kernel, CASE_ID, acting('liaison'))
  assert.equal(made.decision === 'refuse' && made.why, 'receiptsNotSealed')
  assert.match(made.because[0]?.text ?? '', /^3 entries wait/)
  assert.deepEqual(appended, [])
})

test('refused without a fresh proof of who takes it away', async () => {
  const { kernel, appended } = kernelWith(0)
  const { steppedUpAt: _, ...unproved } = acting('oversight')
  for (const asking of [
    unproved,
    { ...unproved, steppedUpAt: addMs(input.madeAt.wireNow, -HOUR_MS) },
  ]) {
    const made = await exportEvidencePackage(kernel, CASE_ID, asking)
    assert.equal(made.decision === 'refuse' && made.why, 'stepUpNeeded')
  }
  assert.deepEqual(appended, [])
})

test('refused without a role for it; an unknown case is an error', async () => {
  const { kernel } = kernelWith(0)
  const made = await exportEvidencePackage(kernel, CASE_ID, acting('reviewer', 'administrator'))
  assert.equal(made.decision === 'refuse' && made.why, 'roleMissing')
  const unknown = exportEvidencePackage(kernel, 'no-case', acting('caseOfficer'))
  await assert.rejects(unknown, { code: 'malformed', reason: 'unknown-case' })
})
