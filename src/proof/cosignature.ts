/**
 * Cosignatures with a time (C2SP tlog-cosignature): type 0x04 by Ed25519, type 0x06 by
 * ML-DSA-44, which a quantum computer does not forge.
 *
 * A cosigner states: at that time this was the largest consistent head of the
 * log that I had seen. It does not vouch for entries or for extension lines.
 * The message of type 0x04 does not name the cosigner, so each role of a node (log,
 * witness, messages) must have a key of its own.
 */
import { concatBytes, utf8 } from '../base/bytes.ts'
import { invariant, unverified } from '../base/errors.ts'
import { asVerified, type Verified } from '../base/verified.ts'
import { parseCheckpoint } from './checkpoint.ts'
import type { Primitives } from './primitives.ts'
import {
  knownSignatures,
  type NoteSignature,
  type NoteSigner,
  type SignedNote,
} from './signed-note.ts'
import { KEY_TYPE, type NoteKey } from './vkey.ts'

export type Cosignature = {
  readonly key: NoteKey
  /** POSIX time by the cosigner's own clock. */
  readonly timeSeconds: number
}

const TIME_SIZE = 8
/** With the NUL that the specification counts as its twelfth byte. */
const SUBTREE_LABEL = 'subtree/v1\n\0'

/** Cosigns the text of a checkpoint. The caller has checked consistency before. */
export async function cosign(
  signer: NoteSigner,
  text: string,
  timeSeconds: number,
): Promise<NoteSignature> {
  const signature = await signer.sign(cosignedMessage(signer.key, text, timeSeconds))
  return cosignatureLine(signer.key, timeSeconds, signature)
}

/** What a cosigner with this key signs. @throws ComityError `malformed` for what is no checkpoint */
export function cosignedMessage(key: NoteKey, text: string, timeSeconds: number): Uint8Array {
  invariant(Number.isSafeInteger(timeSeconds) && timeSeconds > 0, 'a cosignature has a time')
  return messageOf(key, text, BigInt(timeSeconds))
}

/** The line of a cosignature that was made over `cosignedMessage`. */
export function cosignatureLine(
  key: NoteKey,
  timeSeconds: number,
  signature: Uint8Array,
): NoteSignature {
  invariant(isCosignerKey(key), 'a cosigner has a cosignature key')
  const timed = concatBytes(uint64(BigInt(timeSeconds)), signature)
  return { name: key.name, keyId: key.keyId, signature: timed }
}

/**
 * Verifies the cosignatures of known witnesses; there may be none of them. A line of
 * type 0x06 without a time says nothing about the largest head, and where the platform
 * has no ML-DSA it says nothing at all: such lines do not count.
 *
 * @throws ComityError `unverified` if a known witness's line is wrong
 */
export function verifyCosignatures(
  primitives: Primitives,
  note: SignedNote,
  witnessKeys: readonly NoteKey[],
): Verified<Cosignature>[] {
  const known = witnessKeys.filter((key) => verifierOf(primitives, key) !== undefined)
  return knownSignatures(note, known)
    .map(({ key, signature }) => verifyCosignature(primitives, note.text, key, signature))
    .filter(({ timeSeconds }) => timeSeconds > 0)
}

function verifyCosignature(
  primitives: Primitives,
  text: string,
  key: NoteKey,
  bytes: Uint8Array,
): Verified<Cosignature> {
  const wrong = () =>
    unverified(`cosignature of ${key.name} is wrong`, { reason: 'bad-cosignature' })
  if (bytes.length <= TIME_SIZE) throw wrong()
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  const timeSeconds = Number(time)
  const isTime = Number.isSafeInteger(timeSeconds) && (time > 0n || isPostQuantum(key))
  const verify = verifierOf(primitives, key)
  const message = messageOf(key, text, time)
  if (!isTime || !verify?.(key.publicKey, message, bytes.subarray(TIME_SIZE))) throw wrong()
  return asVerified({ key, timeSeconds })
}

type Verifier = Primitives['verifyEd25519']

function verifierOf(primitives: Primitives, { type }: NoteKey): Verifier | undefined {
  if (type === KEY_TYPE.cosignature) return primitives.verifyEd25519
  return type === KEY_TYPE.mlDsa44Cosignature ? primitives.verifyMlDsa44 : undefined
}

function isCosignerKey({ type }: NoteKey): boolean {
  return type === KEY_TYPE.cosignature || type === KEY_TYPE.mlDsa44Cosignature
}

function isPostQuantum({ type }: NoteKey): boolean {
  return type === KEY_TYPE.mlDsa44Cosignature
}

function messageOf(key: NoteKey, text: string, time: bigint): Uint8Array {
  return isPostQuantum(key) ? treeMessage(key, text, time) : textMessage(text, time)
}

/** Type 0x04 signs the text, extension lines and all. */
function textMessage(text: string, time: bigint): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`)
}

/** Type 0x06 signs the tree from its first leaf to its last, and names log and cosigner. */
function treeMessage({ name }: NoteKey, text: string, time: bigint): Uint8Array {
  const { origin, treeSize, rootHash } = parseCheckpoint(text)
  const [start, end] = [uint64(0n), uint64(BigInt(treeSize))]
  const head = concatBytes(utf8(SUBTREE_LABEL), opaque(name), uint64(time), opaque(origin))
  return concatBytes(head, start, end, rootHash)
}

/** Up to 255 bytes behind their number (RFC 8446, section 3.4). */
function opaque(text: string): Uint8Array {
  const bytes = utf8(text)
  if (bytes.length === 0 || bytes.length > 255) {
    throw unverified('a name is too long for a cosignature', { reason: 'bad-cosignature' })
  }
  return concatBytes(Uint8Array.of(bytes.length), bytes)
}

function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(TIME_SIZE)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}
