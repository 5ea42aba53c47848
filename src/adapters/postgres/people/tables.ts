/** Rows of migrations 0004-sign-in.sql and 0024-calendar-passwords.sql, as Kysely sees them. */
import type { ColumnType } from 'kysely'

type At = ColumnType<Date, string | Date, string | Date>
type NullableAt = ColumnType<Date | null, string | Date | null, string | Date | null>

export interface SignInTables {
  session: {
    id_hash: Uint8Array
    id: string
    officer_id: string
    method: 'passkey' | 'oidc' | 'oneTime'
    created_at: At
    last_seen_at: At
    expires_at: At
    stepped_up_at: NullableAt
    form_key: Uint8Array
  }
  one_time_sign_in: {
    token_hash: Uint8Array
    officer_id: string
    expires_at: At
    used_at: NullableAt
  }
  passkey: {
    id: string
    officer_id: string
    credential_id: string
    public_key: Uint8Array
    counter: ColumnType<string, number, number>
    transports: string[]
    sealed_name: Uint8Array
    created_at: At
    last_used_at: NullableAt
    suspended_at: NullableAt
  }
  oidc_account: {
    provider: string
    subject_hash: Uint8Array
    officer_id: string
    bound_at: At
  }
  sign_in_attempt: {
    token_hash: Uint8Array
    kind: string
    sealed_facts: Uint8Array
    expires_at: At
  }
  enrolment: {
    id: string
    kind: 'setup' | 'invitation'
    code_hash: Uint8Array
    sealed_person: Uint8Array
    invited_by: string | null
    created_at: At
    expires_at: At
    tries_left: number
    accepted_hash: Uint8Array | null
    officer_id: string | null
    used_at: NullableAt
    withdrawn_at: NullableAt
  }
  sign_in_notice: {
    id: string
    at: At
    kind: 'passkeyCloned' | 'codeEmptied'
    officer_id: string | null
    seen_at: NullableAt
    seen_by: string | null
  }
  calendar_password: {
    officer_id: string
    password_hash: Uint8Array
    made_at: At
    last_used_on: string | null
  }
}
