/**
 * What the public figures of disclosure are counted from: one row for each report that was
 * admitted here. It holds days and coded words, no text and nobody's name, and only what
 * happened first, so that what was true on a day stays so.
 */
import type { Instant } from '../../base/time.ts'
import type { EmbargoEnding } from '../../core/disclosure/events.ts'

export type DisclosureFacts = {
  /** BCP 47 primary language, in which the report was written. */
  readonly language: string
  /** Of a guided form; null: a record of another system. */
  readonly form: string | null
  /** `portal`, or the format of a record. */
  readonly channel: string
  /** The first that was named, by the reporter or by an officer. */
  readonly sector: string | null
  readonly sectorAt: Instant | null
  /** Midnight of the day of filing at a portal, else when it was admitted. */
  readonly receivedAt: Instant
  readonly admittedAt: Instant
  /** Null where nobody filed it at the portal, so that nobody waits for it. */
  readonly acknowledgedAt: Instant | null
  readonly triagedAt: Instant | null
  readonly vendorToldAt: Instant | null
  readonly fixedAt: Instant | null
  readonly publishedAt: Instant | null
  /** The report was closed here. */
  readonly closedAt: Instant | null
  readonly priority: 'accepted' | 'overruled' | null
  readonly priorityAt: Instant | null
  readonly embargoAt: Instant | null
  readonly embargoEndedAt: Instant | null
  readonly embargoWhy: EmbargoEnding | null
}
