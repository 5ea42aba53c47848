/**
 * What `comity/proof` offers to those who use nothing else of Comity: the names that
 * docs/integrating/proof.md explains, and no others. Nothing inside `src` imports it.
 */
export { fromBase64, fromHex, toBase64, toHex, utf8 } from '../base/bytes.ts'
export { canonicalBytes } from '../base/canonical-json.ts'
export { ComityError, type ErrorCode } from '../base/errors.ts'
export type { Verified } from '../base/verified.ts'
export {
  type AddCheckpoint,
  checkSubmission,
  formatAddCheckpoint,
  parseAddCheckpoint,
  type SubmissionCheck,
} from './add-checkpoint.ts'
export {
  type Checkpoint,
  formatCheckpoint,
  parseCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts'
export { buildConsistency, verifyConsistency } from './consistency.ts'
export { type Cosignature, cosign, verifyCosignatures } from './cosignature.ts'
export { drawListDigest, drawnPlaces } from './draw.ts'
export { formatEntryBundle, parseEntryBundle } from './entry-bundle.ts'
export { hiddenPlaces } from './hidden-places.ts'
export {
  buildInclusion,
  type InclusionProof,
  rootFromInclusion,
  verifyInclusion,
} from './inclusion.ts'
export { isQuorum, type Policy, parsePolicy } from './policy.ts'
export type { Hashing, Primitives } from './primitives.ts'
export {
  formatReceipt,
  parseReceipt,
  type Receipt,
  type ReceiptCheck,
  type VerifiedReceipt,
  verifyReceipt,
} from './receipt.ts'
export {
  type RedactedRecord,
  rootFromRedactedRecord,
  verifyRedactedRecord,
} from './redacted-record.ts'
export { openCommitment } from './salted-commitment.ts'
export {
  formatSignedNote,
  type NoteSignature,
  type NoteSigner,
  parseSignedNote,
  type SignedNote,
  signNote,
  verifySignedNote,
} from './signed-note.ts'
export { parseTilePath, tilePath } from './tile-path.ts'
export { parseTile, rootFromRightEdge } from './tiles.ts'
export { hashLeaf, hashNode, rootOf, type TreeHead } from './tree-hash.ts'
export { formatVkey, KEY_TYPE, type NoteKey, noteKey, parseVkey } from './vkey.ts'
