/**
 * What a witness checks before it cosigns (C2SP tlog-witness, `add-checkpoint`).
 *
 * The checks are pure: the caller keeps the size and root last cosigned for each
 * origin, and must store the new head, by compare-and-set, before it answers.
 */
import { concatBytes, equalBytes, fromBase64, textFromUtf8, toBase64, utf8 } from '../base/bytes.ts'
import { ComityError, malformed } from '../base/errors.ts'
import type { Verified } from '../base/verified.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { verifyConsistency } from './consistency.ts'
import { parseDecimal } from './decimal.ts'
import type { Hashing, Primitives } from './primitives.ts'
import { formatSignedNote, parseSignedNote, type SignedNote } from './signed-note.ts'
import { requireHash, rootOf, type TreeHead } from './tree-hash.ts'
import type { NoteKey } from './vkey.ts'

export type AddCheckpoint = {
  readonly oldSize: number
  readonly proof: readonly Uint8Array[]
  readonly note: SignedNote
}

/** A submission whose checkpoint the log has signed; whoever sent it may be anyone. */
export type SignedSubmission = {
  readonly submission: AddCheckpoint
  readonly checkpoint: Verified<Checkpoint>
  /** The log keys of the origin; one of them signed. */
  readonly logKeys: readonly NoteKey[]
}

export type SubmissionCheck =
  | { readonly status: 400 | 403 | 404 }
  | (SignedSubmission & { readonly status: 200 })
  /** The submitter's old size is not the one last cosigned. */
  | (SignedSubmission & { readonly status: 409; readonly lastSize: number })
  /** No extension is shown. The proof is the submitter's: that it fails says nothing of the log. */
  | (SignedSubmission & { readonly status: 422 })

const PROOF_HASHES_MAX = 63

/** @throws ComityError `malformed` */
export function parseAddCheckpoint(bytes: Uint8Array): AddCheckpoint {
  const text = textFromUtf8(bytes, 'body')
  const split = text.indexOf('\n\n')
  if (split < 0) throw malformed('body has no checkpoint', { field: 'body' })
  const [old = '', ...lines] = text.slice(0, split).split('\n')
  if (!old.startsWith('old ')) throw malformed('body has no old size', { field: 'old' })
  if (lines.length > PROOF_HASHES_MAX) throw malformed('proof is too long', { field: 'proof' })
  const proof = lines.map((line) => fromBase64(line, 'proof'))
  for (const hash of proof) requireHash(hash, 'proof')
  const note = parseSignedNote(utf8(text.slice(split + 2)), 'checkpoint')
  return { oldSize: parseDecimal(old.slice('old '.length), 'old'), proof, note }
}

export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): Uint8Array {
  const lines = [`old ${oldSize}`, ...proof.map(toBase64)]
  return concatBytes(utf8(`${lines.join('\n')}\n\n`), formatSignedNote(note))
}

/**
 * Checks a submission in the order that decides which answer it gets.
 *
 * @param keysOf the trusted log keys of an origin, undefined if it is not known
 * @param lastOf the head last cosigned for an origin, undefined if there is none
 */
export async function checkSubmission(
  primitives: Primitives,
  body: Uint8Array,
  keysOf: (origin: string) => Promise<readonly NoteKey[] | undefined>,
  lastOf: (origin: string) => Promise<TreeHead | undefined>,
): Promise<SubmissionCheck> {
  const parsed = attempt(() => {
    const submission = parseAddCheckpoint(body)
    return { submission, claimed: parseCheckpoint(submission.note.text) }
  })
  if (parsed instanceof ComityError) return { status: 400 }
  const { submission, claimed } = parsed
  const keys = await keysOf(claimed.origin)
  if (keys === undefined) return { status: 404 }
  const checkpoint = attempt(() => verifyCheckpoint(primitives, submission.note, keys))
  if (checkpoint instanceof ComityError) return { status: 403 }
  if (submission.oldSize > checkpoint.treeSize) return { status: 400 }
  const signed = { submission, checkpoint, logKeys: keys }
  const last = await lastOf(checkpoint.origin)
  const lastSize = last?.treeSize ?? 0
  if (submission.oldSize !== lastSize) return { status: 409, lastSize, ...signed }
  const extended = attempt(() => requireExtension(primitives, last, checkpoint, submission.proof))
  return { status: extended instanceof ComityError ? 422 : 200, ...signed }
}

/**
 * Whether a checkpoint convicts its log by itself, whoever brings it: it has another root
 * than the one cosigned at the same size, or is beyond the size at which the log was closed.
 *
 * @param last the head last cosigned
 * @param closedSize the size in the notice that closed the log; undefined while it is open
 */
export function convicts(
  checkpoint: Verified<Checkpoint>,
  last: TreeHead | undefined,
  closedSize: number | undefined,
): boolean {
  if (last?.treeSize === checkpoint.treeSize) {
    return !equalBytes(last.rootHash, checkpoint.rootHash)
  }
  // What was cosigned beyond the notice came before it, and is kept with the notice.
  return closedSize !== undefined && checkpoint.treeSize > Math.max(closedSize, last?.treeSize ?? 0)
}

function requireExtension(
  primitives: Hashing,
  last: TreeHead | undefined,
  checkpoint: TreeHead,
  proof: readonly Uint8Array[],
): void {
  const isEmpty = checkpoint.treeSize === 0
  if (isEmpty && !equalBytes(checkpoint.rootHash, rootOf(primitives, []))) {
    throw malformed('an empty tree has one root only', { field: 'rootHash' })
  }
  if (last !== undefined && last.treeSize > 0) {
    verifyConsistency(primitives, last, checkpoint, proof)
  } else if (proof.length > 0) {
    throw malformed('nothing to prove from an empty tree', { field: 'proof' })
  }
}

/** Turns the errors of hostile input into values; every other error is ours and passes. */
function attempt<T>(action: () => T): T | ComityError {
  try {
    return action()
  } catch (error) {
    if (error instanceof ComityError) return error
    throw error
  }
}
