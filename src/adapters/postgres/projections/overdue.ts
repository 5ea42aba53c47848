/**
 * From when a clock that was due counts as overdue, for every list and figure: its later
 * date, as on the board of clocks; the earlier one in rows that are older than the column.
 */
import { sql } from 'kysely'

export const OVERDUE_AT = sql`coalesce(overdue_at, due_at)`
