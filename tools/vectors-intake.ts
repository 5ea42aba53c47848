/**
 * Writes one filing from code to log entry: `protocol/vectors/intake/filing.json`.
 * The code, the salts and the keys are fixed and public; the sealed files are a few
 * bytes that stand for age files, which are random by design. `--check` only
 * compares.
 */
import { nodePrimitives, signEd25519 } from '../src/adapters/node-primitives.ts'
import { textFromUtf8, toBase64, toHex, utf8 } from '../src/base/bytes.ts'
import { type CalendarDate, instant } from '../src/base/time.ts'
import {
  type AcceptedReceipt,
  acceptedReceiptInput,
  batchLogEntry,
  batchPath,
  batchRoot,
  eventTag,
  FILING_EVENTS,
  filingCommitment,
} from '../src/wire/intake/filing.ts'
import { readReceiptCode, secretsOfCode } from '../src/wire/intake/receipt-code.ts'
import { jsonText, writeOrCheck } from './generated-files.ts'
import { vectorKey } from './vector-keys.ts'

const CODE = '7K9M-2QX4-RTB8-ZC3W-HN5D-GEWS'
const NODE = 'node.example'
const AT = instant('2027-01-15T08:20:00.000Z')

const counted = (first: number, size: number) =>
  Uint8Array.from({ length: size }, (_, index) => (first + index) % 256)

const key = vectorKey(`${NODE}/msg1`, 64)
const secrets = secretsOfCode(nodePrimitives, readReceiptCode(nodePrimitives, CODE), NODE)
const sealed = [utf8('a sealed report'), utf8('a sealed contact')]
const commitment = filingCommitment(nodePrimitives, secrets.filingNonce, sealed)
const tags = Object.fromEntries(
  FILING_EVENTS.map((event) => [
    event,
    toBase64(eventTag(nodePrimitives, secrets.eventTags, event)),
  ]),
)

// Fewer leaves and tags than a node writes, so that a reader can follow.
const leaves = [counted(0, 32), counted(32, 32), commitment, counted(96, 32)]
const listed = [counted(128, 32), eventTag(nodePrimitives, secrets.eventTags, 'acknowledged')]
const entry = batchLogEntry(
  nodePrimitives,
  { leaves, scripts: [], tags: listed },
  { tag: counted(160, 16), wireNow: AT },
)

const receipt: AcceptedReceipt = {
  v: 1,
  kind: 'filing-accepted',
  origin: NODE,
  formId: 'basic',
  formVersion: 1,
  formDigest: toHex(nodePrimitives.sha256(utf8('a form'))),
  mode: 'sealed-on-arrival',
  filedOn: '2027-01-15' as CalendarDate,
  commitment: toBase64(commitment),
  sealedDigests: sealed.map((bytes) => toHex(nodePrimitives.sha256(bytes))),
  recipientsDigest: toHex(nodePrimitives.sha256(utf8('a roster'))),
  mergeBy: instant('2027-01-15T09:00:10.000Z'),
  clocks: [],
  escalation: { body: 'An ombudsperson (invented)', address: 'Example Street 1 (invented)' },
  simulatedClock: true,
}
const signedBytes = acceptedReceiptInput(receipt)

const filing = {
  says: 'A filing of two sealed files: what the code gives, what the log holds, and the way between.',
  code: CODE,
  node: NODE,
  secrets: Object.fromEntries(Object.entries(secrets).map(([name, bytes]) => [name, toHex(bytes)])),
  mailboxHash: toHex(nodePrimitives.sha256(secrets.mailboxId)),
  sealed: sealed.map(toBase64),
  commitment: toBase64(commitment),
  eventTags: tags,
  batch: {
    leaves: leaves.map(toBase64),
    root: toBase64(batchRoot(nodePrimitives, leaves)),
    path: batchPath(nodePrimitives, leaves, leaves.indexOf(commitment)),
    entry: textFromUtf8(entry),
  },
  accepted: {
    publicKey: key.listed.publicKey,
    signedBytes: toHex(signedBytes),
    receipt,
    keyId: key.listed.id,
    signature: toBase64(signEd25519(key.seed, signedBytes)),
  },
}

await writeOrCheck('protocol/vectors/intake', new Map([['filing.json', jsonText(filing)]]))
