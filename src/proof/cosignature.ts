/**
 * Cosignatures with a time (C2SP tlog-cosignature, type 0x04, Ed25519).
 *
 * A cosigner states: at that time this was the largest consistent head of the
 * log that I had seen. It does not vouch for entries or for extension lines.
 * The signed message does not name the cosigner, so each role of a node (log,
 * witness, messages) must have a key of its own.
 *
 * ML-DSA-44 cosignatures (type 0x06) are not checked yet; they are treated like
 * lines of unknown keys, so they never count towards a quorum.
 */
import { concatBytes, utf8 } from '../base/bytes.ts'
import { invariant, unverified } from '../base/errors.ts'
import { asVerified, type Verified } from '../base/verified.ts'
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
const SIGNATURE_SIZE = 64

/** Cosigns the text of a checkpoint. The caller has checked consistency before. */
export async function cosign(
  signer: NoteSigner,
  text: string,
  timeSeconds: number,
): Promise<NoteSignature> {
  const signature = await signer.sign(cosignedMessage(text, timeSeconds))
  return cosignatureLine(signer.key, timeSeconds, signature)
}

/** What a cosigner signs. */
export function cosignedMessage(text: string, timeSeconds: number): Uint8Array {
  invariant(Number.isSafeInteger(timeSeconds) && timeSeconds > 0, 'a cosignature has a time')
  return messageOf(text, BigInt(timeSeconds))
}

/** The line of a cosignature that was made over `cosignedMessage`. */
export function cosignatureLine(
  key: NoteKey,
  timeSeconds: number,
  signature: Uint8Array,
): NoteSignature {
  invariant(key.type === KEY_TYPE.cosignature, 'a cosigner has a cosignature key')
  const time = new Uint8Array(TIME_SIZE)
  new DataView(time.buffer).setBigUint64(0, BigInt(timeSeconds))
  return { name: key.name, keyId: key.keyId, signature: concatBytes(time, signature) }
}

/**
 * Verifies the cosignatures of known witnesses; there may be none of them.
 *
 * @throws ComityError `unverified` if a known witness's line is wrong
 */
export function verifyCosignatures(
  primitives: Primitives,
  note: SignedNote,
  witnessKeys: readonly NoteKey[],
): Verified<Cosignature>[] {
  const timed = witnessKeys.filter((key) => key.type === KEY_TYPE.cosignature)
  return knownSignatures(note, timed).map(({ key, signature }) =>
    verifyCosignature(primitives, note.text, key, signature),
  )
}

function verifyCosignature(
  { verifyEd25519 }: Primitives,
  text: string,
  key: NoteKey,
  bytes: Uint8Array,
): Verified<Cosignature> {
  const wrong = () =>
    unverified(`cosignature of ${key.name} is wrong`, { reason: 'bad-cosignature' })
  if (bytes.length !== TIME_SIZE + SIGNATURE_SIZE) throw wrong()
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  const timeSeconds = Number(time)
  if (!Number.isSafeInteger(timeSeconds)) throw wrong()
  if (!verifyEd25519(key.publicKey, messageOf(text, time), bytes.subarray(TIME_SIZE))) throw wrong()
  return asVerified({ key, timeSeconds })
}

function messageOf(text: string, time: bigint): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`)
}
