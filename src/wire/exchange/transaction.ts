/**
 * A transaction: up to 50 messages of one channel in a row, with their contents
 * in one age file to the destination. The file repeats the links of the headers,
 * so contents sealed for other headers do not open here.
 *
 * Reading shows that the parts fit each other. That the origin signed each
 * header, and where they stand in the channel, is checked by the receiver.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Bytes, fromBase64, toBase64 } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { invariant, malformed } from '../../base/errors.ts'
import type { Hashing } from '../../proof/primitives.ts'
import {
  CountForm,
  HashForm,
  NodeIdForm,
  NodeSignatureForm,
  readForm,
  Salt32Form,
  strictObject,
  UuidForm,
  Version1,
} from './form.ts'
import {
  linkOf,
  type MessageHeader,
  MessageHeaderForm,
  requireCommitted,
  requireSoundHeader,
} from './message-header.ts'
import type { NodeSignature } from './signed.ts'

export const TRANSACTION_BYTES_MAX = 1024 * 1024
export const TRANSACTION_MESSAGES_MAX = 50
/** Canonical bytes of one content; two thirds of a transaction, since it travels in base64. */
export const CONTENT_BYTES_MAX = 512 * 1024

export const TransactionForm = strictObject({
  v: Version1,
  id: UuidForm,
  origin: NodeIdForm,
  destination: NodeIdForm,
  epoch: CountForm,
  firstSeq: CountForm,
  /** Link of the last message. */
  head: HashForm,
  messages: Type.Array(strictObject({ header: MessageHeaderForm, signature: NodeSignatureForm }), {
    minItems: 1,
    maxItems: TRANSACTION_MESSAGES_MAX,
  }),
  /** An age file in base64; its plaintext is of the form SealedContents. */
  sealed: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
})

/** Null stands for a content that is withheld or erased. */
export const SealedContentsForm = strictObject({
  headerDigests: Type.Array(HashForm, { maxItems: TRANSACTION_MESSAGES_MAX }),
  contents: Type.Array(
    Type.Union([
      strictObject({ salt: Salt32Form, content: Type.Unsafe<Json>(Type.Unknown()) }),
      Type.Null(),
    ]),
    { maxItems: TRANSACTION_MESSAGES_MAX },
  ),
})

export type Transaction = Readonly<Static<typeof TransactionForm>>
export type SignedHeader = { readonly header: MessageHeader; readonly signature: NodeSignature }
/** A content with the salt that opens its commitment, in base64. */
export type Opening = { readonly salt: string; readonly content: Json }

export type ReadTransaction = {
  readonly transaction: Transaction
  /** One for each message, in order. */
  readonly links: readonly string[]
  readonly sealed: Bytes
}

/** The plaintext to be sealed to the destination. */
export function encodeContents(
  links: readonly string[],
  contents: readonly (Opening | null)[],
): Bytes {
  invariant(links.length === contents.length, 'every header has a content or null')
  return canonicalBytes({ headerDigests: links, contents })
}

/** The bytes that are sent, again and again the same, until there is an answer. */
export function encodeTransaction(
  id: string,
  messages: readonly SignedHeader[],
  { head, sealed }: { readonly head: string; readonly sealed: Uint8Array },
): Bytes {
  const first = messages[0]?.header
  invariant(first !== undefined, 'a transaction has a message')
  const { origin, destination, epoch, seq: firstSeq } = first
  const body = { v: 1, id, origin, destination, epoch, firstSeq, head, messages }
  const bytes = canonicalBytes({ ...body, sealed: toBase64(sealed) })
  invariant(bytes.length <= TRANSACTION_BYTES_MAX, 'a transaction has at most 1 MiB')
  return bytes
}

/**
 * @throws ComityError `malformed` with field and reason: `size`, `schema`,
 * `sequence` or `head`
 */
export function readTransaction(primitives: Hashing, bytes: Uint8Array): ReadTransaction {
  if (bytes.length > TRANSACTION_BYTES_MAX) {
    throw malformed('a transaction is too large', { reason: 'size' })
  }
  const transaction = readForm(TransactionForm, bytes, '')
  const links = transaction.messages.map(({ header }) => linkOf(primitives, header))
  for (const [index, { header }] of transaction.messages.entries()) {
    const field = `/messages/${index}/header`
    requireSoundHeader(header, field)
    requireInPlace(transaction, header, { index, before: links[index - 1], field })
  }
  if (new Set(transaction.messages.map(({ header }) => header.id)).size < links.length) {
    throw malformed('an id comes twice', { field: '/messages', reason: 'schema' })
  }
  if (links.at(-1) !== transaction.head) {
    throw malformed('head is not the last link', { field: '/head', reason: 'head' })
  }
  return { transaction, links, sealed: fromBase64(transaction.sealed, '/sealed') }
}

/**
 * Reads the opened plaintext of a transaction.
 *
 * @throws ComityError `malformed` with reason `schema` or `header-digests`
 */
export function readContents(
  plaintext: Uint8Array,
  links: readonly string[],
): readonly (Opening | null)[] {
  const { headerDigests, contents } = readForm(SealedContentsForm, plaintext, '/sealed')
  const same =
    contents.length === links.length &&
    headerDigests.length === links.length &&
    links.every((link, index) => link === headerDigests[index])
  if (!same) {
    throw malformed('contents were sealed for other headers', {
      field: '/sealed/headerDigests',
      reason: 'header-digests',
    })
  }
  return contents
}

/** @throws ComityError `unverified` with reason `wrong-opening` */
export function requireOpening(primitives: Hashing, header: MessageHeader, opening: Opening): void {
  requireCommitted(primitives, header, fromBase64(opening.salt, 'salt'), opening.content)
}

function requireInPlace(
  { origin, destination, epoch, firstSeq }: Transaction,
  header: MessageHeader,
  at: { readonly index: number; readonly before: string | undefined; readonly field: string },
): void {
  const places: readonly [string, boolean][] = [
    ['origin', header.origin === origin],
    ['destination', header.destination === destination],
    ['epoch', header.epoch === epoch],
    ['seq', header.seq === firstSeq + at.index],
    ['prev', at.before === undefined || header.prev === at.before],
  ]
  const wrong = places.find(([, fits]) => !fits)
  if (wrong === undefined) return
  throw malformed('a header does not fit its transaction', {
    field: `${at.field}/${wrong[0]}`,
    reason: 'sequence',
  })
}
