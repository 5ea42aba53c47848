/**
 * What is said about a person and must not travel: notes that an event names by a
 * salted digest. Where a note is lost, its event still stands.
 */
import { type Bytes, toHex } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'

export const CONFLICT_GROUNDS = [
  'financial',
  'family',
  'friendship',
  'formerEmployment',
  'priorInvolvement',
  'other',
] as const

export const CONFLICT_KINDS = ['case', 'operator', 'authority'] as const
export type ConflictKind = (typeof CONFLICT_KINDS)[number]

export const ROLE_GROUNDS = ['appointed', 'moved', 'covering', 'noLongerNeeded', 'mistake'] as const
export const LEAVING_GROUNDS = ['leaves', 'moves', 'termEnds', 'suspended', 'other'] as const
export const WITHDRAWAL_GROUNDS = ['ended', 'mistaken'] as const

export type ConflictNote = {
  readonly about: 'conflict'
  readonly kind: ConflictKind
  /** Case id, name of the operator, or node id. */
  readonly subject: string
  readonly ground: (typeof CONFLICT_GROUNDS)[number]
}

export type Note =
  | ConflictNote
  | { readonly about: 'withdrawal'; readonly ground: (typeof WITHDRAWAL_GROUNDS)[number] }
  | { readonly about: 'roles'; readonly ground: (typeof ROLE_GROUNDS)[number] }
  | { readonly about: 'leaving'; readonly ground: (typeof LEAVING_GROUNDS)[number] }

/** A note with 32 random bytes in hex, so that nobody finds it by trying. */
export type SaltedNote = Note & { readonly salt: string }

export function noteDigest(note: SaltedNote, sha256: (bytes: Uint8Array) => Uint8Array): string {
  return toHex(sha256(canonicalBytes(note as unknown as Json)) as Bytes)
}
