/** Who an officer is: the columns that every door may read. */
import type { Officer } from '../../../app/ports/people.ts'
import { textFromUtf8 } from '../../../base/bytes.ts'
import type { Role } from '../../../core/case/recorded.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { KernelTables } from '../streams/tables.ts'

/** Without the id, which tables that name an officer have under another name. */
export const OF_OFFICER = [
  'sealed_name',
  'roles',
  'public_key',
  'sealing_recipient',
  'intake_layer',
] as const

export const WHO = ['id', ...OF_OFFICER] as const

export type OfficerRow = Pick<KernelTables['officer'], (typeof WHO)[number]>

export function officerOf(atRest: AtRest, row: OfficerRow): Officer {
  return {
    id: row.id,
    name: textFromUtf8(atRest.node.open(`officer/${row.id}/name`, row.sealed_name)),
    roles: row.roles as Role[],
    publicKey: new Uint8Array(row.public_key),
    sealingRecipient: row.sealing_recipient ?? undefined,
    intakeLayer: row.intake_layer ?? undefined,
  }
}
