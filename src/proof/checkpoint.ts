/**
 * Checkpoints (C2SP tlog-checkpoint): the signed head of a log, i.e. its origin,
 * tree size and root hash.
 *
 * A verified checkpoint was signed by the log's key. That other readers were
 * shown the same one is what cosignatures add.
 */
import { fromBase64, toBase64 } from '../base/bytes.ts'
import { malformed } from '../base/errors.ts'
import { asVerified, type Verified } from '../base/verified.ts'
import { parseDecimal } from './decimal.ts'
import type { Primitives } from './primitives.ts'
import { type SignedNote, verifySignedNote } from './signed-note.ts'
import { requireHash } from './tree-hash.ts'
import type { NoteKey } from './vkey.ts'

export type Checkpoint = {
  /** Unique name of the log; also the name of its key. */
  readonly origin: string
  readonly treeSize: number
  readonly rootHash: Uint8Array
  /** Lines that foreign logs may add. We write none: our metadata is in entries. */
  readonly extensions: readonly string[]
}

/** @throws ComityError `malformed` */
export function parseCheckpoint(text: string, field = 'checkpoint'): Checkpoint {
  if (!text.endsWith('\n')) throw malformed('last line is not ended', { field })
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  if (!origin || size === undefined || root === undefined || extensions.includes('')) {
    throw malformed('not a checkpoint', { field })
  }
  const treeSize = parseDecimal(size, `${field}.treeSize`)
  const rootHash = fromBase64(root, `${field}.rootHash`)
  requireHash(rootHash, `${field}.rootHash`)
  return { origin, treeSize, rootHash, extensions }
}

/** The text that is signed. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, treeSize, rootHash, extensions } = checkpoint
  return [origin, treeSize, toBase64(rootHash), ...extensions].map((line) => `${line}\n`).join('')
}

/**
 * Verifies that one of `logKeys` signed the checkpoint. Only keys named like the
 * checkpoint's origin count: a log speaks for itself alone.
 *
 * @throws ComityError `malformed`, `unverified`
 */
export function verifyCheckpoint(
  primitives: Primitives,
  note: SignedNote,
  logKeys: readonly NoteKey[],
): Verified<Checkpoint> {
  const checkpoint = parseCheckpoint(note.text)
  const ownKeys = logKeys.filter((key) => key.name === checkpoint.origin)
  verifySignedNote(primitives, note, ownKeys)
  return asVerified(checkpoint)
}
