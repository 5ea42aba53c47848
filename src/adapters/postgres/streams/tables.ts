/** Rows of migration 0001-kernel.sql, as Kysely sees them. */

import type { ColumnType, Generated } from 'kysely'
import type { DueKind } from '../../../app/ports/registers.ts'

type At = ColumnType<Date, string | Date, string | Date>
type NullableAt = ColumnType<Date | null, string | Date | null, string | Date | null>
type JsonColumn = ColumnType<unknown, string, string>

export interface KernelTables {
  node_setting: { key: string; value: JsonColumn }
  peer_document: {
    node: string
    note: ColumnType<unknown, string | null | undefined, string | null>
    renewals: ColumnType<unknown, string | undefined, string>
  }
  stream: { id: string; kind: string; version: Generated<number>; wrapped_key: Uint8Array }
  event: {
    stream_id: string
    version: number
    at: At
    by: string
    sealed_envelope: Uint8Array
    salt: Uint8Array
    signature: Uint8Array
    log_id: string
  }
  awaited_receipt: { stream_id: string; version: number }
  erased_event: { stream_id: string; version: number; log_id: string }
  case_link: { peer: string; peer_case_id: string; stream_id: string }
  officer: {
    id: string
    sealed_name: Uint8Array
    roles: string[]
    public_key: Uint8Array
    wrapped_private_key: Uint8Array
    sealing_recipient: string | null
    intake_layer: 'inner' | 'outer' | null
    left_at: NullableAt
    suspended_at: ColumnType<Date | null, string | Date | null | undefined, string | Date | null>
  }
  intake_batch: { id: string; log_id: string; sealed_leaves: Uint8Array }
  filing: {
    id: string
    mailbox_hash: Uint8Array
    filed_on: ColumnType<string, string, string>
    language: string
    report: Uint8Array
    contact: Uint8Array | null
    commitment: Uint8Array
    sealed_tags: Uint8Array
    accepted_receipt: JsonColumn
    report_sealed_for: string | null
    contact_sealed_for: string | null
    report_digest: Uint8Array | null
    contact_digest: Uint8Array | null
    batch_id: string | null
    case_id: string | null
    closed_on: ColumnType<string | null, string | null | undefined, string | null>
  }
  filing_attachment: {
    filing_id: string
    position: number
    sealed: Uint8Array
    sealed_for: string
    content_digest: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array>
  }
  filing_message: {
    id: string
    filing_id: string
    position: number
    from_reporter: boolean
    kind: string
    written_on: ColumnType<string, string, string>
    sealed: Uint8Array | null
    sealed_for: string
    content_digest: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array>
  }
  filing_contact_opened: { id: string; filing_id: string; opened_on: string; basis: string }
  intake_tag: { tag: Uint8Array; batch_id: string | null }
  report_draft: {
    id_hash: Uint8Array
    sealed: Uint8Array
    last_day: ColumnType<string, string, string>
  }
  used_form_token: { token_hash: Uint8Array; used_on: ColumnType<string, string, string> }
  affected_person: {
    id: string
    case_id: string
    wrapped_key: Uint8Array
    sealed_contact: Uint8Array
    code_hash: Uint8Array | null
  }
  exhibit_blob: {
    exhibit_id: string
    case_id: string
    digest: Uint8Array
    /** Of a file that is not yet recorded in its case. */
    staged_at: NullableAt
    /** Null of what was destroyed, and of what is sealed to somebody outside. */
    wrapped_identity: Uint8Array | null
    destroyed_at: ColumnType<Date | null, never, Date>
  }
  received_view: {
    release_id: string
    case_id: string
    wrapped_key: Uint8Array | null
    sealed_view: Uint8Array | null
    destroyed_at: ColumnType<Date | null, never, Date>
  }
}

export interface ProjectionTables {
  p_case: {
    stream_id: string
    lead: string
    lead_case_id: string | null
    phase: string
    priority: string | null
    priority_standing: 'accepted' | 'overruled' | null
    is_under_embargo: boolean
    opened_at: At
    changed_at: At
    sealed_title: Uint8Array
    sealed_access: Uint8Array | null
  }
  p_law_case: { stream_id: string; is_decided: boolean; sealed_inputs: Uint8Array }
  p_deadline: {
    stream_id: string
    clock: string
    legal_order: string | null
    state: string
    due_at: NullableAt
    overdue_at: NullableAt
    strict_due: string | null
    legal_due: string | null
  }
  p_decision: {
    stream_id: string
    version: number
    act: string
    decision: 'permit' | 'refuse'
    why: string | null
    rules: string[]
    decided_at: At
  }
  p_duty: {
    stream_id: string
    release_id: string
    duty: string
    due_at: NullableAt
    discharged_at: NullableAt
    kind: string | null
    owed_by: string | null
    other_side: string | null
    is_owed_by_us: boolean | null
    state: string | null
    breached_at: NullableAt
  }
  p_release: {
    stream_id: string
    release_id: string
    emergency: 'waiting' | 'validated' | 'withdrawn' | null
    validate_by: NullableAt
    withdrawn: string | null
    is_deletion_confirmed: boolean
  }
  p_transfer: {
    stream_id: string
    release_id: string
    peer: string
    is_ours: boolean
    /** A bigint: text, as it is read. */
    size_bytes: ColumnType<string, number, never>
    begun_at: At
  }
  p_retention: { stream_id: string; exhibit_id: string; state: string; due_at: NullableAt }
  p_notice: {
    stream_id: string
    person_id: string
    state: string
    due_at: NullableAt
    was_delayed: boolean
  }
  p_due: {
    stream_id: string
    kind: DueKind
    subject_id: string
    due_at: At
    is_to_confirm: boolean
    owner: string | null
    done_at: NullableAt
    grounds: string[]
  }
  p_publication: {
    stream_id: string
    tracking_id: string
    published_at: At
    document: JsonColumn
  }
  p_public_text: {
    stream_id: string
    tracking_id: string
    kind: 'advisory' | 'safetyNotice'
    is_withdrawn: boolean
    published_at: At
    revised_at: At
    revisions: JsonColumn
  }
  p_disclosure: {
    stream_id: string
    language: string
    form: string | null
    channel: string
    sector: string | null
    sector_at: NullableAt
    received_at: At
    admitted_at: At
    acknowledged_at: NullableAt
    triaged_at: NullableAt
    vendor_told_at: NullableAt
    fixed_at: NullableAt
    published_at: NullableAt
    closed_at: NullableAt
    priority: 'accepted' | 'overruled' | null
    priority_at: NullableAt
    embargo_at: NullableAt
    embargo_ended_at: NullableAt
    embargo_why: string | null
  }
  p_thanks: {
    stream_id: string
    credit_id: string
    name: string
    roles: string[]
    month: string
  }
  p_agreement: { stream_id: string; state: string; digest: string; document: JsonColumn }
  p_sign_off: {
    stream_id: string
    pack: string
    version: string
    officers: number
    simulated: boolean
  }
}
