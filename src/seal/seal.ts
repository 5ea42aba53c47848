/**
 * Sealing and opening with age (age-encryption.org/v1), on a server and in a
 * browser alike. What is sealed here opens with the ordinary `age` tool.
 *
 * A sealed file shows how many recipients it has, of which kind, and its length.
 * It does not show who sealed it, and nothing outside it is bound to it: put
 * both inside the plaintext. Pad with padme.ts where the length would tell.
 */
import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption'
import { type Bytes, concatBytes } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'

/** `x25519` is short; `hybrid` (with ML-KEM-768) also holds against what is recorded today. */
export type IdentityKind = 'x25519' | 'hybrid'

export type SealOptions = {
  /** Fewer recipients than this are refused; at least 1. */
  readonly minimumRecipients: number
}

export const HEADER_BYTES_MAX = 64 * 1024
const STANZAS_MAX = 64
const FIRST_LINE = 'age-encryption.org/v1\n'
const FOOTER = '\n--- '

/**
 * Seals `plaintext` so that each recipient alone can open it.
 *
 * @throws ComityError `malformed` with reason `too-few-recipients`,
 * `duplicate-recipient`, `bad-recipient` or `mixed-recipients`, before anything
 * is sealed
 */
export async function sealTo(
  recipients: readonly string[],
  plaintext: Uint8Array,
  options: SealOptions,
): Promise<Bytes> {
  const encrypter = encrypterFor(recipients, options)
  return new Uint8Array(await encrypter.encrypt(plaintext))
}

const PIECE = 1024 * 1024

/**
 * As `sealTo`, in pieces of a mebibyte: `onPiece` hears before each how many bytes are
 * done, and what it waits for is waited for.
 *
 * @throws ComityError as `sealTo`; and whatever `onPiece` throws
 */
export async function sealInPieces(
  recipients: readonly string[],
  plaintext: Uint8Array,
  options: SealOptions & { readonly onPiece: (doneBytes: number) => Promise<void> },
): Promise<Bytes> {
  const encrypter = encrypterFor(recipients, options)
  let at = 0
  const pieces = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await options.onPiece(at)
      controller.enqueue(plaintext.subarray(at, at + PIECE))
      at += PIECE
      if (at >= plaintext.length) controller.close()
    },
  })
  const reader = (await encrypter.encrypt(pieces)).getReader()
  const sealed: Uint8Array[] = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concatBytes(...sealed)
    sealed.push(value)
  }
}

/**
 * Seals in two layers: nobody of one group alone can open the plaintext.
 *
 * @throws ComityError as `sealTo`; also `shared-recipient` if somebody is in both groups
 */
export async function sealNested(
  groups: { readonly inner: readonly string[]; readonly outer: readonly string[] },
  plaintext: Uint8Array,
  options: SealOptions,
): Promise<Bytes> {
  const outer = encrypterFor(groups.outer, options)
  const inner = encrypterFor(groups.inner, options)
  if (groups.inner.some((recipient) => groups.outer.includes(recipient))) {
    throw malformed('a recipient is in both groups', {
      field: 'recipients',
      reason: 'shared-recipient',
    })
  }
  return new Uint8Array(await outer.encrypt(await inner.encrypt(plaintext)))
}

/**
 * Opens a sealed file as a whole: nothing is returned before its end was checked.
 *
 * @param identity an `AGE-SECRET-KEY-…` text, or an X25519 `CryptoKey`
 * @throws ComityError `malformed` if it is no age file or its header is too
 * large; `unverified` if this identity cannot open it or it was changed
 */
export function openWith(identity: string | CryptoKey, ciphertext: Uint8Array): Promise<Bytes> {
  return openWithAny([identity], ciphertext)
}

/** As `openWith`, with whichever of several identities fits: a current one and its predecessors. */
export async function openWithAny(
  identities: readonly (string | CryptoKey)[],
  ciphertext: Uint8Array,
): Promise<Bytes> {
  requireSmallHeader(ciphertext)
  const decrypter = new Decrypter()
  try {
    for (const identity of identities) decrypter.addIdentity(identity)
  } catch {
    // The cause would quote the identity.
    throw malformed('not an age identity', { field: 'identity' })
  }
  try {
    return new Uint8Array(await decrypter.decrypt(ciphertext))
  } catch (cause) {
    throw unverified('a sealed file does not open', { reason: 'not-opened', cause })
  }
}

/** Opens what `sealNested` sealed, where one party holds both identities. */
export async function openNested(
  identities: { readonly inner: string | CryptoKey; readonly outer: string | CryptoKey },
  ciphertext: Uint8Array,
): Promise<Bytes> {
  return openWith(identities.inner, await openWith(identities.outer, ciphertext))
}

export function generateIdentity(kind: IdentityKind = 'x25519'): Promise<string> {
  return kind === 'hybrid' ? generateHybridIdentity() : generateX25519Identity()
}

/** @throws ComityError `malformed` */
export async function recipientOf(identity: string | CryptoKey): Promise<string> {
  try {
    return await identityToRecipient(identity)
  } catch {
    throw malformed('not an age identity', { field: 'identity' })
  }
}

/** True for a recipient of a kind that we seal to, with a right checksum. */
export function isRecipient(text: string): boolean {
  try {
    encrypterFor([text], { minimumRecipients: 1 })
    return true
  } catch {
    return false
  }
}

/** The kind of a recipient. @throws ComityError `malformed` if its form is not one we seal to. */
export function recipientKind(recipient: string): IdentityKind {
  // Tagged recipients (`age1tag1…`) put four bytes that tell them apart into every file.
  const kind = recipient.startsWith('age1pq1')
    ? 'hybrid'
    : /^age1[02-9ac-hj-np-z]{58}$/.test(recipient)
      ? 'x25519'
      : undefined
  if (kind === undefined) throw badRecipient()
  return kind
}

/**
 * What a sealed file shows of itself: its stanzas, and the bytes behind its header.
 *
 * @throws ComityError `malformed` if it is no age file or its header is too large
 */
export function sealedShape(ciphertext: Uint8Array): {
  readonly recipients: number
  readonly payloadBytes: number
} {
  const { stanzas } = requireSmallHeader(ciphertext)
  const end = headerEnd(ciphertext)
  if (end === undefined) throw malformed('an age file ends in its header', { reason: 'not-age' })
  return { recipients: stanzas, payloadBytes: ciphertext.length - end }
}

const SALT = 16
const CHUNK = 64 * 1024
const TAG = 16

/** Size of what is inside a payload of age: a salt, then chunks with a tag each. */
export function plaintextSize(payloadBytes: number): number {
  const chunks = Math.ceil((payloadBytes - SALT) / (CHUNK + TAG))
  return payloadBytes - SALT - chunks * TAG
}

/** Where the payload begins; undefined if the header does not end within its limit. */
export function headerEnd(ciphertext: Uint8Array): number | undefined {
  const footer = footerAt(ciphertext)
  if (footer === undefined) return undefined
  const line = ciphertext.indexOf(NEWLINE, footer + FOOTER.length)
  return line < 0 ? undefined : line + 1
}

const NEWLINE = 10

function encrypterFor(recipients: readonly string[], options: SealOptions): Encrypter {
  // Written so that a minimum that is no number refuses as well.
  if (!(recipients.length >= Math.max(1, options.minimumRecipients))) {
    throw malformed('too few recipients', { field: 'recipients', reason: 'too-few-recipients' })
  }
  if (recipients.length > STANZAS_MAX) {
    throw malformed('too many recipients', { field: 'recipients', reason: 'too-many-recipients' })
  }
  if (new Set(recipients).size !== recipients.length) {
    throw malformed('a recipient is named twice', {
      field: 'recipients',
      reason: 'duplicate-recipient',
    })
  }
  // A mixed file is only as strong as its weaker recipients.
  if (new Set(recipients.map(recipientKind)).size > 1) {
    throw malformed('hybrid and X25519 recipients are mixed', {
      field: 'recipients',
      reason: 'mixed-recipients',
    })
  }
  const encrypter = new Encrypter()
  for (const recipient of recipients) addRecipient(encrypter, recipient)
  return encrypter
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch {
    throw badRecipient()
  }
}

function badRecipient() {
  return malformed('not an age recipient', { field: 'recipients', reason: 'bad-recipient' })
}

/** The library reads headers of any length and stanzas in any number; we do not. */
export function requireSmallHeader(ciphertext: Uint8Array): { stanzas: number } {
  if (!startsWith(ciphertext, 0, FIRST_LINE)) {
    throw malformed('not an age file', { reason: 'not-age' })
  }
  const end = footerAt(ciphertext)
  if (end === undefined) throw malformed('an age header is too large', { reason: 'header-size' })
  const stanzas = latin1(ciphertext.subarray(0, end)).split('\n-> ').length - 1
  if (stanzas > STANZAS_MAX) {
    throw malformed('an age header has too many stanzas', { reason: 'header-stanzas' })
  }
  return { stanzas }
}

/** Where the last line of the header begins, by a search that does not go into the payload. */
function footerAt(ciphertext: Uint8Array): number | undefined {
  const head = ciphertext.subarray(0, HEADER_BYTES_MAX)
  let at = head.indexOf(NEWLINE)
  while (at >= 0 && !startsWith(head, at, FOOTER)) at = head.indexOf(NEWLINE, at + 1)
  return at < 0 ? undefined : at
}

function startsWith(bytes: Uint8Array, at: number, ascii: string): boolean {
  for (let i = 0; i < ascii.length; i++) {
    if (bytes[at + i] !== ascii.charCodeAt(i)) return false
  }
  return true
}

function latin1(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let i = 0; i < bytes.length; i += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)))
  }
  return parts.join('')
}
