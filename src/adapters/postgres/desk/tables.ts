/** Rows of migration 0011-work.sql, as Kysely sees them. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

type At = ColumnType<Date, string | Date, string | Date>
type NullableAt = ColumnType<Date | null, string | Date | null | undefined, string | Date | null>
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>

export type TieKind =
  | 'handler'
  | 'peer'
  | 'agreement'
  | 'reviewer'
  | 'awaits'
  | 'holdReview'
  | 'matchable'

export interface WorkTables {
  work_task: {
    id: string
    case_id: string
    sealed_title: Uint8Array
    assignee: string
    due_on: Optional<string>
    created_by: string
    created_at: At
    done_at: NullableAt
    done_by: Optional<string>
  }
  work_note: {
    id: string
    case_id: string
    sealed_text: Uint8Array
    written_by: string
    written_at: At
  }
  p_case_tie: { stream_id: string; kind: TieKind; value: string }
  mail_preference: {
    officer_id: string
    sealed_address: Uint8Array
    digest_hour: Optional<number>
    is_urgent_wanted: boolean
    digest_on: Optional<string>
    urgent_digest: Optional<Uint8Array>
    urgent_at: NullableAt
    roster_on: Optional<string>
  }
  mail_check: {
    officer_id: string
    sealed_wish: Uint8Array
    code_hash: Uint8Array
    asked_at: At
    expires_at: At
    tries_left: number
  }
  mail_out: {
    id: string
    officer_id: Optional<string>
    sealed_message: Uint8Array
    send_at: At
    attempts: Generated<number>
    state: Generated<'waiting' | 'sent' | 'failed'>
    fault: Optional<string>
    ended_at: NullableAt
  }
  import_draft: { id: string; officer_id: string; sealed_table: Uint8Array; expires_at: At }
  import_row: {
    kind: 'case' | 'report'
    row_key: Uint8Array
    target_id: string
    is_done: Generated<boolean>
  }
  /** Of migration 0013-guests.sql. */
  guest_link: {
    id: string
    case_id: string
    person: string
    sealed_name: Uint8Array
    code_hash: Uint8Array
    created_at: At
    expires_at: At
    tries_left: number
    looks_left: number
    session_hash: Optional<Uint8Array>
    session_expires_at: NullableAt
    ended_at: NullableAt
  }
  letter: {
    id: string
    case_id: string
    sealed_docx: Uint8Array
    sealed_pdf: Optional<Uint8Array>
  }
  hand_over: {
    id: string
    case_id: string
    sealed_package: Uint8Array
    sealed_receipt: Optional<Uint8Array>
  }
  signature_file: { id: string; stream_id: string; sealed_file: Uint8Array }
  hook_endpoint: { name: string }
  hook_pending: { place: GeneratedAlways<string>; stream_id: string; version: number }
  hook_delivery: {
    id: string
    endpoint: string
    body: string
    attempts: Generated<number>
    next_at: At
    state: Generated<'waiting' | 'delivered' | 'dead'>
    fault: Optional<string>
    ended_at: NullableAt
  }
}
