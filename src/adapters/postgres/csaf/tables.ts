/** Rows of migration 0057-csaf.sql, as Kysely sees them. */
import type { ColumnType } from 'kysely'

type At = ColumnType<Date, string | Date, string | Date>

export interface CsafTables {
  csaf_key: { ordinal: number; fingerprint: string; public_key: string; made_at: At }
  csaf_private_key: { ordinal: number; sealed_key: Uint8Array }
  csaf_file: {
    version: '2.0' | '2.1'
    tracking_id: string
    source_id: string
    source_check: string
    file_name: string
    year: string
    title: string
    summary: string
    initial_release_at: At
    current_release_at: At
    content: string
    sha256: string
    sha512: string
    signature: string
    key_ordinal: number
  }
}
