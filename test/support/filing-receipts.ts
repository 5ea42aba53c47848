/** Receipts of a filing, in a log of three entries that three witnesses cosigned. */
import assert from 'node:assert/strict'
import { nodePrimitives, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { type Bytes, toBase64, utf8 } from '../../src/base/bytes.ts'
import { type CalendarDate, instant } from '../../src/base/time.ts'
import { formatCheckpoint } from '../../src/proof/checkpoint.ts'
import { buildInclusion } from '../../src/proof/inclusion.ts'
import { formatReceipt } from '../../src/proof/receipt.ts'
import { hashLeaf, rootOf } from '../../src/proof/tree-hash.ts'
import { type EventOpening, writeEventOpening } from '../../src/wire/event-opening.ts'
import {
  type AcceptedReceipt,
  acceptedReceiptInput,
  batchLogEntry,
  batchPath,
  type SignedReceipt,
} from '../../src/wire/intake/filing.ts'
import type { SealedFilingParts } from '../../src/wire/intake/sealed-receipt.ts'
import { seedOf } from './package-record.ts'
import { buildInput, logWorld, meridiaSigner } from './package-world.ts'
import { MERIDIA } from './ring.ts'
import { testCosignature, testSignature } from './test-log.ts'

export const world = logWorld()
const input = buildInput()

export function openingOf(
  type: string,
  matches: (event: object) => boolean = () => true,
): EventOpening {
  const events = input.streams.flatMap((stream) => stream.events)
  const found = events.find(({ envelope: { event } }) => event.type === type && matches(event))
  assert.ok(found)
  return writeEventOpening(found.envelope, found)
}

export const keyOpening = openingOf('nodeDocumentPublished')

export const accepted: AcceptedReceipt = {
  v: 1,
  kind: 'filing-accepted',
  origin: MERIDIA,
  formId: 'report',
  formVersion: 1,
  formDigest: '0'.repeat(64),
  mode: 'sealed-on-arrival',
  filedOn: '2026-11-22' as CalendarDate,
  commitment: toBase64(seedOf('commitment')),
  sealedDigests: ['1'.repeat(64)],
  recipientsDigest: '2'.repeat(64),
  mergeBy: instant('2026-11-22T14:00:00.000Z'),
  clocks: [],
  escalation: { body: 'Ombudsperson (fictional)', address: 'Example Street (fictional)' },
  simulatedClock: true,
}

export function signedReceipt(receipt: AcceptedReceipt = accepted, node = MERIDIA): SignedReceipt {
  const signature = signEd25519(seedOf(`msg/${node}`), acceptedReceiptInput(receipt))
  return { receipt, keyId: meridiaSigner.keyId, signature: toBase64(signature) }
}

/** A batch of five leaves in a log of three entries, cosigned by all. */
export function sealedParts(
  changes: Partial<SealedFilingParts> = {},
  scripts: readonly string[] = [],
): SealedFilingParts {
  const leaves = [0, 1, 2, 3, 4].map((index) =>
    seedOf(index === 3 ? 'commitment' : `filler/${index}`),
  )
  const entry = batchLogEntry(
    nodePrimitives,
    { leaves, tags: [], scripts },
    { tag: seedOf('tag').slice(0, 16), wireNow: instant('2026-11-22T13:00:00.000Z') },
  )
  return {
    accepted: signedReceipt(),
    path: batchPath(nodePrimitives, leaves, 3),
    entry,
    receipt: receiptOf(entry),
    key: keyOpening,
    ...changes,
  }
}

function receiptOf(entry: Bytes): Bytes {
  const leaves = [utf8('before'), entry, utf8('after')].map((one) => hashLeaf(nodePrimitives, one))
  const head = { treeSize: 3, rootHash: rootOf(nodePrimitives, leaves) }
  const text = formatCheckpoint({ origin: world.log.key.name, ...head, extensions: [] })
  const lines = world.witnesses.map((each) => testCosignature(each, text, 1_795_000_000))
  const note = { text, signatures: [testSignature(world.log, text), ...lines] }
  return new Uint8Array(formatReceipt({ proof: buildInclusion(nodePrimitives, 1, leaves), note }))
}
