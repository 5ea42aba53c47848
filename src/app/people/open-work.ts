/**
 * What is in a person's hands and must go to somebody else before the account ends.
 * It says how much and where, never what it is about.
 */
import { currentRoster } from '../../core/sealing/sealing-keys.ts'
import type { Kernel } from '../kernel.ts'
import type { OpenWork } from '../ports/staff.ts'
import { readSealingKeys } from '../sealing-keys.ts'

export async function openWorkOf(kernel: Kernel, officer: string): Promise<readonly OpenWork[]> {
  const [own, keys, assigned] = await Promise.all([
    kernel.staff.openWork(officer),
    readSealingKeys(kernel),
    kernel.registers.cases((resource) => resource.assigned.includes(officer)),
  ])
  const entries = currentRoster(keys)?.entries ?? []
  const isInRoster = entries.some(({ holder }) => 'officer' in holder && holder.officer === officer)
  const roster = isInRoster ? [{ kind: 'roster', caseId: null } as const] : []
  const cases = assigned.map(({ id }) => ({ kind: 'assignment', caseId: id }) as const)
  return [...own, ...cases, ...roster]
}
