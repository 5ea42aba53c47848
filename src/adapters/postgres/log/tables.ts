/** Rows of migration 0002-log.sql, as Kysely sees them. */
import type { ColumnType, Generated } from 'kysely'
import { invariant } from '../../../base/errors.ts'

/** The driver gives 64-bit numbers as text; see `sizeOf`. */
type Size = ColumnType<string, number, number>
type SizeFromZero = ColumnType<string, number | undefined, number>
type At = ColumnType<Date, string | Date, string | Date>
type NullableAt = ColumnType<Date | null, string | Date | null | undefined, string | Date | null>

export interface LogTables {
  log_pending: {
    id: string
    batch: Generated<'ordinary' | 'intake'>
    ready: Generated<boolean>
    entry: Uint8Array
    leaf_hash: Uint8Array
    created_at: At
  }
  log_entry: {
    seq: Size
    pending_id: string
    entry: Uint8Array
    leaf_hash: Uint8Array
    accepted_at: At
  }
  log_head: {
    only_row: Generated<boolean>
    origin: string
    next_seq: SizeFromZero
    size: SizeFromZero
    root: Uint8Array
    signed_note: Uint8Array | null
    published_size: SizeFromZero
    epoch: SizeFromZero
    frozen_at: NullableAt
    freeze_reason: string | null
  }
  log_checkpoint: { size: Size; root: Uint8Array; signed_note: Uint8Array }
  log_cosig: {
    size: Size
    witness: string
    first_line: string
    line: string
    time_seconds: Size
  }
  witness_cursor: { witness: string; last_size: Size }
  witness_state: {
    origin: string
    origin_hash: Uint8Array
    size: Size
    root: Uint8Array
    note: Uint8Array
    updated_at: At
  }
  own_log: {
    ordinal: number
    origin: string
    vkey: string
    sealed_key: Uint8Array | null
    opened_at: At
    notice: Uint8Array | null
    closed_size: ColumnType<string | null, number | null | undefined, number | null>
    closed_root: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array | null>
    closed_at: NullableAt
  }
  log_notice: {
    closed_origin: string
    node: string
    opened_origin: string
    opened_vkey: string
    closed_size: Size
    closed_root: Uint8Array
    notice: Uint8Array
    received_at: At
  }
  witness_evidence: {
    digest: Uint8Array
    origin: string
    cosigned_note: Uint8Array | null
    submission: Uint8Array
    received_at: At
  }
  monitored_log: {
    origin: string
    node: string
    head: Uint8Array | null
    audited_size: SizeFromZero
    fresh_at: NullableAt
    looked_at: At
    reached_at: NullableAt
    failing_since: NullableAt
    failure: string | null
    served_size: ColumnType<string | null, number | null, number | null>
    witnesses_reached: number
    closed: boolean
    suspicions: string[]
    findings: number
  }
}

/** A 64-bit column as a number. */
export function sizeOf(text: string): number {
  const size = Number(text)
  invariant(Number.isSafeInteger(size), 'sizes and sequence numbers are below 2^53')
  return size
}
