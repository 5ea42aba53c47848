/**
 * The node document, `/.well-known/comity/node.json`: who a node is, where it is
 * reached and with which keys. Signed by one of its message keys.
 *
 * A signature by a key of the document itself proves nothing: a reader verifies
 * with keys that were pinned before, in the agreement or in the document read
 * last. There is no trust on first use.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Bytes, fromBase64 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { unverified } from '../../base/errors.ts'
import { addMs, DAY_MS, type Instant, MINUTE_MS } from '../../base/time.ts'
import { asVerified, type Verified } from '../../base/verified.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { isRevoked, type MessageKey } from '../http-signature.ts'
import {
  InstantForm,
  KeyIdForm,
  NodeIdForm,
  NodeSignatureForm,
  readForm,
  SeqForm,
  strictObject,
  Version1,
} from './form.ts'
import { DOMAIN, type MessageSigner, signValue, verifyValue } from './signed.ts'
import { requireSoundDocument } from './sound-document.ts'
import { type Exercise, ExerciseForm } from './world.ts'

/** So many logs of one node can follow each other: more is not named, and not followed. */
export const CLOSED_LOGS_MAX = 64

const RecipientForm = Type.String({
  maxLength: 2000,
  pattern: '^age1[02-9ac-hj-np-z]+(1[02-9ac-hj-np-z]+)?$',
})

/** Base URL without a final slash; unencrypted only to the machine itself. */
const EndpointForm = Type.String({
  maxLength: 300,
  pattern:
    '^(https://[a-z0-9.-]+|http://(127\\.0\\.0\\.1|\\[::1\\]|([a-z0-9-]+\\.)*localhost))(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*$',
})

/** Name of a node, of its log, its label and an Ed25519 key. */
const LOG_KEY_LENGTH_MAX = 400

export const NodeDocumentForm = strictObject({
  v: Version1,
  node: NodeIdForm,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  /** The legal order the authority acts under, e.g. `EU`, `GB`, `US-CA`. */
  legalOrder: Type.String({ pattern: '^[A-Z]{2}(-[A-Z0-9]{1,3})?$' }),
  /** Only of a node that does not work on real cases. */
  exercise: Type.Optional(ExerciseForm),
  endpoints: strictObject({
    federation: EndpointForm,
    log: Type.Optional(EndpointForm),
    web: Type.Optional(EndpointForm),
    /** Nothing can call it: it sends, and fetches what waits for it. */
    outboundOnly: Type.Optional(Type.Literal(true)),
  }),
  /** Versions that it speaks, in ascending order. One that says nothing speaks version 1. */
  protocol: Type.Optional(
    strictObject({
      exchange: Type.Array(Type.Integer({ minimum: 1, maximum: 1000 }), {
        minItems: 1,
        maxItems: 16,
      }),
    }),
  ),
  /** Retired keys stay listed with their end: old messages still verify. */
  messageKeys: Type.Array(
    strictObject({
      id: KeyIdForm,
      alg: Type.Literal('ed25519'),
      key: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' }),
      validFrom: InstantForm,
      validUntil: InstantForm,
    }),
    { minItems: 1, maxItems: 16 },
  ),
  /** The age recipient to seal to now. */
  encryptionRecipient: RecipientForm,
  /** All that were and will be sealed to, the one above among them, once there was a rotation. */
  encryptionRecipients: Type.Optional(
    Type.Array(
      strictObject({ recipient: RecipientForm, validFrom: InstantForm, validUntil: InstantForm }),
      { minItems: 1, maxItems: 16 },
    ),
  ),
  /** Notices: from `at` on, nothing that this key signs counts and nothing is sealed to it. */
  revocations: Type.Optional(
    Type.Array(
      strictObject({
        /** Id of a listed message key, or a listed recipient. */
        key: Type.String({ minLength: 1, maxLength: 2000 }),
        at: InstantForm,
        reason: Type.Union([
          Type.Literal('compromised'),
          Type.Literal('lost'),
          Type.Literal('superseded'),
        ]),
      }),
      { minItems: 1, maxItems: 32 },
    ),
  ),
  /** Verifier keys of signed notes (C2SP). */
  logKey: Type.String({ maxLength: 3000 }),
  /** Logs that ended, oldest first, each with the last that others had seen of it. */
  closedLogs: Type.Optional(
    Type.Array(
      strictObject({
        logKey: Type.String({ maxLength: LOG_KEY_LENGTH_MAX }),
        treeSize: SeqForm,
        rootHash: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' }),
        closedAt: InstantForm,
      }),
      { minItems: 1, maxItems: CLOSED_LOGS_MAX },
    ),
  ),
  witnessKey: Type.String({ maxLength: 3000 }),
  /** The same witness by ML-DSA-44 (type 0x06), under the same name, with another key. */
  witnessKeyMlDsa44: Type.Optional(Type.String({ maxLength: 3000 })),
  issuedAt: InstantForm,
})

export const SignedNodeDocumentForm = strictObject({
  document: NodeDocumentForm,
  signature: NodeSignatureForm,
})

export type NodeDocument = Readonly<Static<typeof NodeDocumentForm>>
export type SignedNodeDocument = Readonly<Static<typeof SignedNodeDocumentForm>>

/** What the exchange needs to know of a peer. */
export type ExchangePeer = {
  readonly node: string
  /** Base URL without a final slash. */
  readonly endpoint: string
  readonly messageKeys: readonly MessageKey[]
  readonly encryptionRecipient: string
  /** Absent for a node that works on real cases. */
  readonly exercise?: Exercise
  /** Of the exchange, as its document says them. */
  readonly versions?: readonly number[]
  /** It is never called: what is for it waits until it asks. */
  readonly outboundOnly?: true
}

/** Readers keep a document at most this long. */
const NODE_DOCUMENT_MAX_AGE_MS = 7 * DAY_MS

export async function signNodeDocument(
  document: NodeDocument,
  signer: MessageSigner,
): Promise<Bytes> {
  const signature = await signValue(DOMAIN.nodeDocument, document, signer)
  return canonicalBytes({ document, signature })
}

/**
 * The form alone, not who signed it: for a document that the node keeps itself, or has
 * verified before.
 *
 * @throws ComityError `malformed`
 */
export function readSignedDocument(bytes: Uint8Array): SignedNodeDocument {
  return readForm(SignedNodeDocumentForm, bytes, '')
}

/**
 * @param pinned keys of this node that are trusted already
 * @throws ComityError `malformed`; `unverified` with reason `node`, `key-unknown`,
 * `key-validity`, `key-revoked`, `signature` or `too-old`
 */
export function verifyNodeDocument(
  primitives: Primitives,
  bytes: Uint8Array,
  expected: {
    readonly node: string
    readonly pinned: readonly MessageKey[]
    readonly now: Instant
  },
): Verified<NodeDocument> {
  const { document, signature } = readSignedDocument(bytes)
  requireSoundDocument(primitives, document)
  if (document.node !== expected.node) {
    throw unverified('document is of another node', { field: '/document/node', reason: 'node' })
  }
  const by = { node: expected.node, messageKeys: expected.pinned }
  verifyValue(primitives, DOMAIN.nodeDocument, document, signature, by)
  requireCurrent(
    document,
    [...expected.pinned, ...messageKeysOf(document)],
    signature.keyId,
    expected.now,
  )
  return asVerified(document)
}

export function messageKeysOf(document: NodeDocument): readonly MessageKey[] {
  const revoked = new Map(document.revocations?.map(({ key, at }) => [key, at]))
  return document.messageKeys.map(({ id, key, validFrom, validUntil }) => {
    const publicKey = fromBase64(key, 'messageKeys')
    const listed = { id, node: document.node, publicKey, validFrom, validUntil }
    const revokedAt = revoked.get(id)
    return revokedAt === undefined ? listed : { ...listed, revokedAt }
  })
}

export function peerOf(document: Verified<NodeDocument>): ExchangePeer {
  return {
    node: document.node,
    endpoint: document.endpoints.federation,
    messageKeys: messageKeysOf(document),
    encryptionRecipient: document.encryptionRecipient,
    ...(document.exercise ? { exercise: document.exercise } : {}),
    ...(document.protocol ? { versions: document.protocol.exchange } : {}),
    ...(document.endpoints.outboundOnly ? { outboundOnly: true } : {}),
  }
}

/** By what was pinned, and by what the document says itself: nobody revokes a key and signs with it. */
function requireCurrent(
  { issuedAt }: NodeDocument,
  keys: readonly MessageKey[],
  keyId: string,
  now: Instant,
): void {
  if (keys.some((each) => each.id === keyId && isRevoked(each, now))) {
    throw unverified('key was revoked by its node', { reason: 'key-revoked' })
  }
  const key = keys.find(({ id }) => id === keyId)
  if (key === undefined || now < key.validFrom || now > key.validUntil) {
    throw unverified('key is not in its validity', { reason: 'key-validity' })
  }
  if (addMs(issuedAt, NODE_DOCUMENT_MAX_AGE_MS) < now || issuedAt > addMs(now, MINUTE_MS)) {
    throw unverified('document is too old, or from the future', { reason: 'too-old' })
  }
}
