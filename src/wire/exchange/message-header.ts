/**
 * The header of a message: all that is signed, linked and logged of it. The
 * content is bound by a salted commitment, so it can be erased or withheld and
 * the channel still verifies.
 */
import { type Static, Type } from '@sinclair/typebox'
import { fromHex, toHex } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import type { Hashing } from '../../proof/primitives.ts'
import { commit, openCommitment } from '../../proof/salted-commitment.ts'
import {
  CountForm,
  HashForm,
  InstantForm,
  NodeIdForm,
  ReferenceForm,
  requireInstant,
  strictObject,
  UuidForm,
  Version1,
} from './form.ts'
import { DOMAIN, domainBytes } from './signed.ts'
import { ExerciseForm } from './world.ts'

const MESSAGE_TYPE = '^[A-Za-z][A-Za-z0-9._/-]{0,99}$'

export const MessageHeaderForm = strictObject({
  v: Version1,
  origin: NodeIdForm,
  destination: NodeIdForm,
  /** Opened anew after a restore from a backup; numbers of an old epoch are never used again. */
  epoch: CountForm,
  /** 1 for the first message of an epoch, then without gaps. */
  seq: CountForm,
  /** Link of the message before; 64 zeros for the first. */
  prev: HashForm,
  id: UuidForm,
  type: Type.String({ pattern: MESSAGE_TYPE }),
  objectId: ReferenceForm,
  /** Version of the object that the content carries. */
  version: CountForm,
  /** The agreement relied on; null only where there is none yet. */
  agreement: Type.Union([ReferenceForm, Type.Null()]),
  contentCommitment: HashForm,
  /** The destination deletes without being asked. */
  notAfter: Type.Optional(InstantForm),
  /** Only of a message that is about no real case. */
  exercise: Type.Optional(ExerciseForm),
})

export type MessageHeader = Readonly<Static<typeof MessageHeaderForm>>

/** A message before it has its place in the channel. */
export type MessageDraft = Omit<
  MessageHeader,
  'v' | 'origin' | 'destination' | 'epoch' | 'seq' | 'prev'
>

/** The draft that a header was made of: to give the message another place. */
export function draftOf(header: MessageHeader): MessageDraft {
  const { v, origin, destination, epoch, seq, prev, ...draft } = header
  return draft
}

export const ZERO_LINK = '0'.repeat(64)

/** SHA-256("comity/link/v1\0" ‖ JCS(header)), in hex. */
export function linkOf({ sha256 }: Hashing, header: MessageHeader): string {
  return toHex(sha256(domainBytes(DOMAIN.link, header)))
}

/** HMAC-SHA256(salt, JCS(content)), in hex. `salt`: 32 random bytes, used once. */
export function commitToContent(primitives: Hashing, salt: Uint8Array, content: Json | object) {
  return toHex(commit(primitives, salt, canonicalBytes(content)))
}

/** @throws ComityError `unverified` with reason `wrong-opening` */
export function requireCommitted(
  primitives: Hashing,
  header: MessageHeader,
  salt: Uint8Array,
  content: Json | object,
): void {
  openCommitment(primitives, fromHex(header.contentCommitment), salt, canonicalBytes(content))
}

/** What a schema cannot say of one header. @throws ComityError `malformed` */
export function requireSoundHeader(header: MessageHeader, field: string): void {
  requireInstant(header.notAfter, `${field}/notAfter`)
  if (header.origin === header.destination) {
    throw malformed('a node sends to itself', { field: `${field}/destination`, reason: 'schema' })
  }
  if ((header.seq === 1) !== (header.prev === ZERO_LINK)) {
    throw malformed('only the first message of an epoch has no link before it', {
      field: `${field}/prev`,
      reason: 'sequence',
    })
  }
}
