/** What the node needs for the work around its cases. */
import type { AtRest } from '../adapters/keys/at-rest.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { workRecords } from '../adapters/postgres/desk/records.ts'
import type { Desk } from '../app/ports/work.ts'

export type DeskParts = { readonly database: Database; readonly atRest: AtRest }

export function openDesk({ database, atRest }: DeskParts): Desk {
  return { records: workRecords(database, atRest) }
}
