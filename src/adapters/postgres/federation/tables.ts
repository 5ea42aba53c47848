/** Rows of migration 0003-federation.sql, as Kysely sees them. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

/** The driver gives 64-bit numbers as text; all of ours are safe integers. */
type Count = ColumnType<string, number, number>
type CountWithDefault = ColumnType<string, number | undefined, number>
type At = ColumnType<Date, string | Date, string | Date>
type NullableAt = ColumnType<Date | null, string | Date | null | undefined, string | Date | null>
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>

export interface FederationTables {
  fed_out_channel: {
    destination: string
    epoch: CountWithDefault
    seq: CountWithDefault
    link: string
    fence: CountWithDefault
    lease_holder: Optional<string>
    lease_until: NullableAt
    stopped_reason: Optional<string>
  }
  fed_in_channel: {
    origin: string
    epoch: CountWithDefault
    seq: CountWithDefault
    link: string
    frozen_at: NullableAt
  }
  fed_out_pending: {
    place: GeneratedAlways<string>
    id: string
    destination: string
    draft: string
    sealed_content: Uint8Array
    /** It gets its number before what waits longer. */
    goes_ahead: ColumnType<boolean, boolean | undefined, boolean>
    /** The peer's bound of a day was reached: it waits for the next one. */
    not_before: NullableAt
  }
  fed_out: {
    destination: string
    epoch: Count
    seq: Count
    link: string
    id: string
    object_id: string
    header: string
    signature: string
    sealed_content: Uint8Array | null
    decision: Optional<string>
    receipt: Optional<string>
  }
  fed_out_transaction: {
    destination: string
    id: string
    epoch: Count
    first_seq: Count
    last_seq: Count
    body: Uint8Array
  }
  fed_in: {
    origin: string
    epoch: Count
    seq: Count
    link: string
    id: string
    type: string
    object_id: string
    header: string
    signature: string
    decision: string
    reason: string | null
    receipt: string
    sealed_content: Uint8Array | null
  }
  fed_in_day: { origin: string; day: string; messages: number }
  fed_in_transaction: {
    origin: string
    id: string
    digest: Uint8Array
    answer: Uint8Array
    received_at: At
  }
  fed_nonce: { key_id: string; nonce: string; until: At }
  fed_head: {
    origin: string
    destination: string
    signed_by: string
    epoch: Count
    seq: Count
    link: string
    signed_head: string
    seen_at: At
  }
  fed_equivocation: {
    id: Generated<string>
    origin: string
    epoch: Count
    seq: Count
    ours: string | null
    theirs: string
    detected_at: At
  }
}
