/** Rows of migration 0006-people.sql, as Kysely sees them. */
import type { ColumnType } from 'kysely'

export interface PeopleTables {
  people_note: { digest: Uint8Array; sealed_note: Uint8Array }
  contact_version: {
    contact_id: string
    version: number
    change: 'added' | 'changed' | 'verified' | 'removed'
    at: ColumnType<Date, string | Date, string | Date>
    by: string
    sealed_contact: Uint8Array
  }
}
