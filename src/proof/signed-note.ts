/**
 * Signed notes (C2SP signed-note): a text with signature lines below it.
 *
 * Verification ignores lines of unknown keys and requires every line of a known
 * key to be right; one bad line rejects the note. It says who signed the text,
 * not what the text means.
 */
import { concatBytes, equalBytes, fromBase64, textFromUtf8, toBase64, utf8 } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'
import type { Primitives } from './primitives.ts'
import { KEY_ID_SIZE, KEY_TYPE, type NoteKey, requireKeyName } from './vkey.ts'

export type NoteSignature = {
  readonly name: string
  readonly keyId: Uint8Array
  /** What stands after the key id; its form depends on the type of the key. */
  readonly signature: Uint8Array
}

export type SignedNote = {
  /** Ends with a line feed, which is signed too. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** A signing key in the hands of its owner, who may sit outside the process. `sign` is plain Ed25519. */
export type NoteSigner = {
  readonly key: NoteKey
  readonly sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>
}

/** Enough for sixteen post-quantum signatures. */
export const NOTE_SIZE_MAX = 128 * 1024
const SIGNATURES_MAX = 64

const ED25519_SIGNATURE_SIZE = 64
const CONTROL_CHARACTER = /[\u0000-\u0009\u000b-\u001f]/
const LINE_START = '\u2014 '

/** Formatting what was parsed gives the same bytes. @throws ComityError `malformed` */
export function parseSignedNote(bytes: Uint8Array, field = 'note'): SignedNote {
  if (bytes.length > NOTE_SIZE_MAX) throw malformed('note is too long', { field })
  const all = textFromUtf8(bytes, field)
  if (CONTROL_CHARACTER.test(all)) throw malformed('note holds a control character', { field })
  const split = all.lastIndexOf('\n\n')
  if (split < 0) throw malformed('note has no signatures', { field })
  const signatures = parseSignatureLines(all.slice(split + 2), field)
  return { text: all.slice(0, split + 1), signatures }
}

/** One or more signature lines, each ended by a line feed. @throws ComityError `malformed` */
export function parseSignatureLines(text: string, field = 'signatures'): NoteSignature[] {
  if (!text.endsWith('\n')) throw malformed('signature line is not ended', { field })
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > SIGNATURES_MAX) throw malformed('note has too many signatures', { field })
  return lines.map((line) => parseSignatureLine(line, field))
}

function parseSignatureLine(line: string, field: string): NoteSignature {
  const [name, base64, ...rest] = line.slice(LINE_START.length).split(' ')
  if (!line.startsWith(LINE_START) || name === undefined || base64 === undefined || rest.length) {
    throw malformed('not a signature line', { field })
  }
  requireKeyName(name, field)
  const bytes = fromBase64(base64, field)
  if (bytes.length <= KEY_ID_SIZE) throw malformed('signature is too short', { field })
  return { name, keyId: bytes.subarray(0, KEY_ID_SIZE), signature: bytes.subarray(KEY_ID_SIZE) }
}

export function formatSignedNote({ text, signatures }: SignedNote): Uint8Array {
  return utf8(`${text}\n${signatures.map(formatSignatureLine).join('')}`)
}

export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `${LINE_START}${name} ${toBase64(concatBytes(keyId, signature))}\n`
}

export async function signNote({ key, sign }: NoteSigner, text: string): Promise<NoteSignature> {
  return { name: key.name, keyId: key.keyId, signature: await sign(utf8(text)) }
}

/**
 * Verifies the plain Ed25519 signatures (type 0x01) of known keys.
 *
 * @returns the keys that signed, at least one
 * @throws ComityError `unverified` if no known key signed, or one of them wrongly
 */
export function verifySignedNote(
  primitives: Primitives,
  note: SignedNote,
  keys: readonly NoteKey[],
): NoteKey[] {
  const plain = keys.filter((key) => key.type === KEY_TYPE.ed25519)
  const known = knownSignatures(note, plain)
  const message = utf8(note.text)
  for (const { key, signature } of known) {
    const isRight =
      signature.length === ED25519_SIGNATURE_SIZE &&
      primitives.verifyEd25519(key.publicKey, message, signature)
    if (!isRight) throw unverified(`signature of ${key.name} is wrong`, { reason: 'bad-signature' })
  }
  if (known.length === 0) throw unverified('no known key signed', { reason: 'unknown-key' })
  return known.map(({ key }) => key)
}

/** The signature lines whose name and key id belong to one of `keys`. Verifies nothing. */
export function knownSignatures(
  { signatures }: SignedNote,
  keys: readonly NoteKey[],
): { key: NoteKey; signature: Uint8Array }[] {
  return signatures.flatMap(({ name, keyId, signature }) =>
    keys
      .filter((key) => key.name === name && equalBytes(key.keyId, keyId))
      .map((key) => ({ key, signature })),
  )
}
