/** Rows of migration 0022-law.sql, as Kysely sees them. `p_law_case` is among the projections. */
import type { ColumnType } from 'kysely'

type At = ColumnType<Date, string | Date, string | Date>
type NullableAt = ColumnType<Date | null, string | Date | null | undefined, string | Date | null>

export interface LawTables {
  law_sign_off_code: {
    code_hash: Uint8Array
    officer_id: string
    pack: string
    made_at: At
    expires_at: At
    used_at: NullableAt
  }
  law_effect: {
    id: string
    pack: string
    version: string
    digest: string
    asked_by: string
    state: 'running' | 'done' | 'failed' | 'stopped'
    started_at: At
    seen_at: At
    total: number
    decided: number
    looked: number
    changed: number
    lost: number
    unread: number
    counts: ColumnType<Readonly<Record<string, number>>, string, string>
  }
  law_effect_case: { effect_id: string; stream_id: string; kinds: string[] }
}
