/**
 * What the log holds of an event: `protocol/spec/log.md`.
 *
 * The commitment opens with envelope and salt together. It shows that these
 * bytes were committed to; not that what they say is true.
 */
import { type Bytes, equalBytes, fromBase64, toBase64, utf8 } from '../base/bytes.ts'
import { canonicalBytes, parseJson } from '../base/canonical-json.ts'
import { malformed, unverified } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import type { Primitives } from '../proof/primitives.ts'
import { commit } from '../proof/salted-commitment.ts'

export type EventEnvelope = {
  readonly v: 1
  /** The node whose stream it is. */
  readonly node: string
  readonly stream: string
  /** 1 for the first event of the stream, then without gaps. */
  readonly version: number
  /** Case time. */
  readonly at: Instant
  /** Officer id, or a node id for a peer's message or a timer. */
  readonly by: string
  readonly event: { readonly type: string }
}

const SIGNATURE_DOMAIN = utf8('comity/event/v1\n')

/** The bytes that the acting officer's key signs. */
export function eventSignatureInput(envelope: EventEnvelope): Bytes {
  const body = canonicalBytes(envelope)
  const input = new Uint8Array(SIGNATURE_DOMAIN.length + body.length)
  input.set(SIGNATURE_DOMAIN)
  input.set(body, SIGNATURE_DOMAIN.length)
  return input
}

/**
 * The log entry of an event.
 *
 * @param salt 32 random bytes, kept with the event
 * @param tag 16 random bytes, used for this entry only
 * @param wireNow real time; the entry says only the hour
 */
export function eventLogEntry(
  primitives: Primitives,
  envelope: EventEnvelope,
  { salt, tag, wireNow }: { salt: Uint8Array; tag: Uint8Array; wireNow: Instant },
): Bytes {
  return logEntry(commit(primitives, salt, canonicalBytes(envelope)), { tag, wireNow })
}

/**
 * The entry of one commitment of 32 bytes. An event's, a filler's and one of the
 * exchange look alike, because they are all made here.
 */
export function logEntry(
  commitment: Uint8Array,
  { tag, wireNow }: { tag: Uint8Array; wireNow: Instant },
): Bytes {
  return canonicalBytes({
    v: 1,
    at: coarseHour(wireNow),
    commitment: toBase64(commitment),
    tag: toBase64(tag),
  })
}

/** The same commitment and tag under another hour, before the log has the entry. */
export function entryAtHour(entry: Uint8Array, wireNow: Instant): Bytes {
  const { commitment, tag } = parseJson(entry, 'entry') as { commitment: string; tag: string }
  return logEntry(fromBase64(commitment), { tag: fromBase64(tag), wireNow })
}

/** `2026-11-22T17Z`: all that an entry says about time. */
export function coarseHour(at: Instant): string {
  return `${at.slice(0, 13)}Z`
}

/** @throws ComityError `unverified` if the entry does not commit to this envelope */
export function verifyEventOpening(
  primitives: Primitives,
  entry: Uint8Array,
  envelope: EventEnvelope,
  salt: Uint8Array,
): void {
  const committed = entryCommitment(entry)
  const opened = toBase64(commit(primitives, salt, canonicalBytes(envelope)))
  if (!equalBytes(utf8(committed), utf8(opened))) {
    throw unverified('a log entry does not commit to this event', { field: 'salt' })
  }
}

/** The base64 text in an entry: of an event's commitment or a batch's root. @throws ComityError `malformed` */
export function entryCommitment(entry: Uint8Array): string {
  const value = parseJson(entry, 'entry')
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw malformed('a log entry is not an object', { field: 'entry' })
  }
  const { commitment, v } = value as { commitment?: unknown; v?: unknown }
  if (v !== 1 || typeof commitment !== 'string') {
    throw malformed('a log entry has no commitment', { field: 'entry' })
  }
  if (!equalBytes(canonicalBytes(value as object), entry)) {
    throw malformed('a log entry is not canonical', { field: 'entry' })
  }
  return commitment
}
