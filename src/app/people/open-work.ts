/**
 * What is in a person's hands and must go to somebody else before the account ends.
 * It says how much and where, never what it is about.
 */
import type { Kernel } from '../kernel.ts'
import type { OpenWork } from '../ports/staff.ts'

export async function openWorkOf(
  { staff }: Pick<Kernel, 'staff'>,
  officer: string,
): Promise<readonly OpenWork[]> {
  return staff.openWork(officer)
}
