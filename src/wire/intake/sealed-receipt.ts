/**
 * The reporter's receipts as files, to be checked by anyone they are shown to:
 * `filing-accepted`, signed at once, and `filing-sealed`, which adds the way from
 * the filing's commitment to the log: path to the root of its batch, the batch's
 * log entry, and that entry's receipt.
 *
 * Neither says who filed or what: only the receipt code opens the commitment.
 */
import { type Static, Type } from '@sinclair/typebox'
import {
  type Bytes,
  equalBytes,
  fromBase64,
  textFromUtf8,
  toBase64,
  utf8,
} from '../../base/bytes.ts'
import { canonicalBytes, type Json, parseJson } from '../../base/canonical-json.ts'
import { malformed, unverified } from '../../base/errors.ts'
import { rootFromInclusion } from '../../proof/inclusion.ts'
import type { Policy } from '../../proof/policy.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { verifyReceipt } from '../../proof/receipt.ts'
import { HASH_SIZE, hashLeaf } from '../../proof/tree-hash.ts'
import { entryCommitment } from '../event-commitment.ts'
import {
  type EventOpening,
  logOrdinalOf,
  type OpenedPlace,
  verifyOpening,
} from '../event-opening.ts'
import {
  HashForm,
  InstantForm,
  NodeIdForm,
  requireForm,
  SeqForm,
  Signature64Form,
  strictObject,
  UuidForm,
  Version1,
} from '../exchange/form.ts'
import { SignedNodeDocumentForm } from '../exchange/node-document.ts'
import { acceptedReceiptInput, type batchPath, type SignedReceipt } from './filing.ts'

const Base64Of32 = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })
const Words = Type.String({ maxLength: 1000 })
const DateForm = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })

const AcceptedReceiptForm = strictObject({
  v: Version1,
  kind: Type.Literal('filing-accepted'),
  origin: NodeIdForm,
  formId: Words,
  formVersion: SeqForm,
  formDigest: HashForm,
  mode: Words,
  filedOn: DateForm,
  commitment: Base64Of32,
  sealedDigests: Type.Array(HashForm, { maxItems: 22 }),
  recipientsDigest: HashForm,
  bundleDigest: Type.Optional(HashForm),
  statementDigest: Type.Optional(HashForm),
  mergeBy: InstantForm,
  clocks: Type.Array(strictObject({ kind: Words, dueOn: DateForm, source: Words }), {
    maxItems: 50,
  }),
  escalation: strictObject({ body: Words, address: Words }),
  simulatedClock: Type.Boolean(),
})

export const SignedAcceptedForm = strictObject({
  receipt: AcceptedReceiptForm,
  keyId: Type.String({ maxLength: 164 }),
  signature: Signature64Form,
})

const SaidOrNot = Type.Union([Words, Type.Null()])

/** A `FilingStatement` as a file from outside: its digest is over exactly these members. */
export const FilingStatementForm = strictObject({
  v: Version1,
  kind: Type.Literal('filing-statement'),
  origin: NodeIdForm,
  legalName: Type.String({ minLength: 1, maxLength: 1000 }),
  registerNumber: SaidOrNot,
  law: SaidOrNot,
  salt: Base64Of32,
})

/** The opening of the event by which the node published the key: what ties the key to the log. */
export const KeyOpeningForm = strictObject({
  envelope: strictObject({
    v: Version1,
    node: NodeIdForm,
    stream: UuidForm,
    version: Type.Integer({ minimum: 1 }),
    at: InstantForm,
    by: Type.String({ maxLength: 100 }),
    event: strictObject({
      type: Type.Literal('nodeDocumentPublished'),
      document: SignedNodeDocumentForm,
    }),
  }),
  salt: Base64Of32,
  entry: Type.String({ maxLength: 90_000 }),
  receipt: Type.String({ maxLength: 200_000 }),
})

export const SealedFilingForm = strictObject({
  v: Version1,
  kind: Type.Literal('filing-sealed'),
  accepted: SignedAcceptedForm,
  /** From the commitment, as leaf, to the root that the entry states. */
  path: strictObject({
    leafIndex: SeqForm,
    treeSize: Type.Integer({ minimum: 1 }),
    hashes: Type.Array(Base64Of32, { maxItems: 63 }),
  }),
  /** The log entry of the batch, base64. */
  entry: Type.String({ maxLength: 90_000 }),
  receipt: Type.String({ maxLength: 200_000 }),
  key: Type.Union([KeyOpeningForm, Type.Null()]),
})

export type SealedFiling = Readonly<Static<typeof SealedFilingForm>>

export type SealedFilingParts = {
  readonly accepted: SignedReceipt
  readonly path: ReturnType<typeof batchPath>
  readonly entry: Bytes
  readonly receipt: Bytes
  /** null: the reader must have the key from elsewhere. */
  readonly key: EventOpening | null
}

/** Canonical JSON: the file `filing-sealed.json`. */
export function writeSealedFiling({
  accepted,
  path,
  entry,
  receipt,
  key,
}: SealedFilingParts): Bytes {
  return canonicalBytes({
    v: 1,
    kind: 'filing-sealed',
    accepted,
    path,
    entry: toBase64(entry),
    receipt: textFromUtf8(receipt),
    key,
  })
}

/** Takes it however it is laid out: what counts is signed or committed to. @throws ComityError `malformed` */
export function readSealedFiling(value: Json): SealedFiling {
  requireForm(SealedFilingForm, value, '')
  return value
}

/**
 * The node's message keys, from an event of its log.
 *
 * @throws ComityError `malformed`, `unverified`
 */
export function verifyKeyOpening(
  primitives: Primitives,
  opening: EventOpening,
  { node, policy }: { readonly node: string; readonly policy: Policy },
): ReadonlyMap<string, Bytes> {
  requireForm(KeyOpeningForm, opening as never, '/key')
  verifyOpening(primitives, opening, policy)
  const { envelope } = opening as unknown as Static<typeof KeyOpeningForm>
  const { document } = envelope.event.document
  if (envelope.node !== node || document.node !== node) {
    throw unverified('the key is of another node', { field: '/key' })
  }
  return new Map(document.messageKeys.map(({ id, key }) => [id, fromBase64(key, '/key')]))
}

/** @throws ComityError `unverified` if none of these keys made the signature */
export function verifyAccepted(
  primitives: Primitives,
  { receipt, keyId, signature }: SignedReceipt,
  keys: ReadonlyMap<string, Bytes>,
): void {
  const key = keys.get(keyId)
  if (!key) throw unverified('the key is not one of this node', { field: 'keyId' })
  const bytes = fromBase64(signature, 'signature')
  if (primitives.verifyEd25519(key, acceptedReceiptInput(receipt), bytes)) return
  throw unverified('the signature is wrong', { field: 'signature' })
}

/** That the batch's entry commits to this filing. @throws ComityError `malformed`, `unverified` */
export function verifyBatchPath(primitives: Primitives, sealed: SealedFiling): void {
  const { path, accepted, entry } = sealed
  const commitment = fromBase64(accepted.receipt.commitment, '/accepted/receipt/commitment')
  const hashes = path.hashes.map((hash) => fromBase64(hash, '/path/hashes'))
  const proof = { leafIndex: path.leafIndex, hashes }
  const root = rootFromInclusion(primitives, hashLeaf(primitives, commitment), proof, path.treeSize)
  const stated = fromBase64(entryCommitment(fromBase64(entry, '/entry')), '/entry')
  if (stated.length !== HASH_SIZE) throw malformed('the entry has no root', { field: '/entry' })
  if (!equalBytes(root, stated)) {
    throw unverified('the path does not lead to the root of the batch', { field: '/path' })
  }
}

/** Digests of scripts, as the batch's entry names them; none in entries of before. */
export function batchScripts(entry: Bytes): readonly string[] {
  const { scripts } = parseJson(entry, '/entry') as { readonly scripts?: Json }
  if (scripts === undefined) return []
  requireForm(ScriptsForm, scripts, '/entry/scripts')
  return scripts as readonly string[]
}

const ScriptsForm = Type.Array(HashForm, { minItems: 1, maxItems: 8 })

/** That the batch's entry is in the node's log. @throws ComityError `malformed`, `unverified` */
export function verifyBatchEntry(
  primitives: Primitives,
  { accepted, entry, receipt }: SealedFiling,
  policy: Policy,
): OpenedPlace {
  const check = { receipt: utf8(receipt), entry: fromBase64(entry, '/entry'), policy }
  const { checkpoint, leafIndex, cosignatures } = verifyReceipt(primitives, check)
  const { origin, treeSize } = checkpoint
  if (logOrdinalOf(accepted.receipt.origin, origin) === undefined) {
    throw unverified('the batch is in the log of another node', { field: '/receipt' })
  }
  return {
    origin,
    leafIndex,
    treeSize,
    witnesses: [...new Set(cosignatures.map(({ key }) => key.name))],
  }
}
