/**
 * Receipts (C2SP tlog-proof, files named `.tlog-proof`): proof that an entry is
 * in a log whose checkpoint enough witnesses have cosigned. Checked offline.
 *
 * A receipt proves that these bytes were committed under the log's key before
 * the witnesses saw that checkpoint, and that none of them saw another history.
 * It does not prove that the content is true, that a time inside it is right,
 * that nothing was kept outside the log, or anything at all if the log and a
 * quorum of witnesses collude.
 */
import { concatBytes, fromBase64, textFromUtf8, toBase64, utf8 } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'
import type { Verified } from '../base/verified.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { type Cosignature, verifyCosignatures } from './cosignature.ts'
import { parseDecimal } from './decimal.ts'
import { type InclusionProof, verifyInclusion } from './inclusion.ts'
import { isQuorum, type Policy } from './policy.ts'
import type { Primitives } from './primitives.ts'
import { formatSignedNote, NOTE_SIZE_MAX, parseSignedNote, type SignedNote } from './signed-note.ts'
import { hashLeaf, requireHash } from './tree-hash.ts'
import type { NoteKey } from './vkey.ts'

export type Receipt = {
  readonly proof: InclusionProof
  /** The log's checkpoint with its signature and cosignatures. */
  readonly note: SignedNote
  /** Free data beside the proof. Nothing protects it: never trust it. */
  readonly unauthenticatedExtra?: Uint8Array
}

export type VerifiedReceipt = {
  readonly leafIndex: number
  readonly checkpoint: Verified<Checkpoint>
  /** Known witnesses that cosigned, with their own times. */
  readonly cosignatures: readonly Verified<Cosignature>[]
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^53 leaves is 53 high; C2SP allows 63. */
const PROOF_HASHES_MAX = 63
const RECEIPT_SIZE_MAX = NOTE_SIZE_MAX + 64 * 1024

/** Formatting what was parsed gives the same bytes. @throws ComityError `malformed` */
export function parseReceipt(bytes: Uint8Array): Receipt {
  if (bytes.length > RECEIPT_SIZE_MAX) throw malformed('receipt is too long', { field: 'receipt' })
  const text = textFromUtf8(bytes, 'receipt')
  const split = text.indexOf('\n\n')
  if (split < 0) throw malformed('receipt has no checkpoint', { field: 'receipt' })
  const [first, ...lines] = text.slice(0, split).split('\n')
  if (first !== FIRST_LINE) throw malformed('not a receipt', { field: 'receipt' })
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined
  const index = lines.shift() ?? ''
  if (!index.startsWith('index ')) throw malformed('receipt has no index', { field: 'index' })
  if (lines.length > PROOF_HASHES_MAX) throw malformed('proof is too long', { field: 'proof' })
  const leafIndex = parseDecimal(index.slice('index '.length), 'index')
  const hashes = lines.map(parseHashLine)
  const note = parseSignedNote(utf8(text.slice(split + 2)), 'checkpoint')
  parseCheckpoint(note.text) // for its form alone; verifyReceipt reads it
  const receipt = { proof: { leafIndex, hashes }, note }
  if (extra === undefined) return receipt
  return { ...receipt, unauthenticatedExtra: fromBase64(extra, 'extra') }
}

export function formatReceipt({ proof, note, unauthenticatedExtra }: Receipt): Uint8Array {
  const lines = [
    FIRST_LINE,
    ...(unauthenticatedExtra === undefined ? [] : [`extra ${toBase64(unauthenticatedExtra)}`]),
    `index ${proof.leafIndex}`,
    ...proof.hashes.map(toBase64),
  ]
  return concatBytes(utf8(`${lines.join('\n')}\n\n`), formatSignedNote(note))
}

export type ReceiptCheck = {
  /** The receipt as it was received. */
  readonly receipt: Uint8Array
  /** The log entry that the receipt is for. */
  readonly entry: Uint8Array
  readonly policy: Policy
  /** If given, a cosignature of a later POSIX time is refused. */
  readonly latestSeconds?: number
}

/**
 * Verifies that the entry is in a log of the policy, as its quorum saw it.
 *
 * @throws ComityError `malformed`, or `unverified` with the failed step as reason
 */
export function verifyReceipt(primitives: Primitives, check: ReceiptCheck): VerifiedReceipt {
  const { proof, note } = parseReceipt(check.receipt)
  const head = verifyWitnessedHead(primitives, note, check.policy, check.latestSeconds)
  verifyInclusion(primitives, hashLeaf(primitives, check.entry), proof, head.checkpoint)
  return { leafIndex: proof.leafIndex, ...head }
}

/**
 * Verifies that a log of the policy signed this checkpoint, and that its quorum cosigned.
 *
 * @throws ComityError `malformed`, or `unverified` with the failed step as reason
 */
export function verifyWitnessedHead(
  primitives: Primitives,
  note: SignedNote,
  policy: Policy,
  latestSeconds?: number,
): Omit<VerifiedReceipt, 'leafIndex'> {
  const cosignatures = verifyCosignatures(primitives, note, witnessKeysOf(policy))
  requireTimes(cosignatures, latestSeconds)
  const checkpoint = verifyCheckpoint(primitives, note, logKeysOf(policy, note))
  requireQuorum(policy, cosignatures)
  return { checkpoint, cosignatures }
}

function witnessKeysOf({ witnesses }: Policy): NoteKey[] {
  return witnesses.map(({ key }) => key)
}

function requireTimes(cosignatures: readonly Cosignature[], latestSeconds = Infinity): void {
  for (const { key, timeSeconds } of cosignatures) {
    if (timeSeconds <= latestSeconds) continue
    throw unverified(`cosignature of ${key.name} is from the future`, {
      reason: 'future-cosignature',
    })
  }
}

/** The keys of the log that the checkpoint names. */
function logKeysOf({ logs }: Policy, note: SignedNote): NoteKey[] {
  const { origin } = parseCheckpoint(note.text)
  const keys = logs.map(({ key }) => key).filter((key) => key.name === origin)
  if (keys.length === 0) throw unverified('log is not in the policy', { reason: 'unknown-log' })
  return keys
}

function requireQuorum(policy: Policy, cosignatures: readonly Verified<Cosignature>[]): void {
  const cosigners = cosignatures.map(({ key }) => key)
  if (isQuorum(policy, cosigners)) return
  throw unverified('too few witnesses cosigned the checkpoint', { reason: 'no-quorum' })
}

function parseHashLine(line: string): Uint8Array {
  const hash = fromBase64(line, 'proof')
  requireHash(hash, 'proof')
  return hash
}
