/** What was shared with a person: the cases to which it was admitted, and of each what it may see. */
import { type Decision, permit } from '../base/decision.ts'
import type { Action } from '../core/access/decide-access.ts'
import { ADMITTED_ROLES, SHARED_PARTS, type SharedPart } from '../core/access/rules.ts'
import { type SharedView, sharedView } from '../core/access/shared-view.ts'
import type { CaseState } from '../core/case/case.ts'
import type { Acting, Role } from '../core/case/recorded.ts'
import { type Asking, accessContext, decideOnCase, listCases } from './access.ts'
import { caseStream, foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'

export type SharedCase = {
  readonly caseId: string
  readonly openedAt: CaseState['openedAt']
  readonly sees: readonly SharedPart[]
  readonly view: SharedView
}

type Needed = Pick<Kernel, 'access' | 'clocks' | 'node' | 'registers' | 'streams'>

const READ_SHARED: Action = { name: 'readShared', group: 'readShared' }

/** Whoever holds no other role has no place in the workspace but what was shared. */
export function isAdmittedOnly(roles: readonly Role[]): boolean {
  const admitted: readonly Role[] = ADMITTED_ROLES
  return roles.length > 0 && roles.every((role) => admitted.includes(role))
}

/** Only those that somebody admitted the person to: what a role opens is in the list of cases. */
export async function sharedCases(kernel: Needed, acting: Acting): Promise<readonly SharedCase[]> {
  const admitted: readonly Role[] = ADMITTED_ROLES
  if (!acting.roles.some((role) => admitted.includes(role))) return []
  const rows = await listCases(kernel, acting)
  const found: SharedCase[] = []
  for (const { id } of rows) {
    const decision = await readShared(kernel, id, acting)
    if (decision.decision === 'permit' && decision.value.isAdmitted) found.push(decision.value)
  }
  return found
}

/** @throws ComityError `malformed` if there is no such case */
export async function readShared(
  kernel: Pick<Kernel, 'access' | 'clocks' | 'node' | 'streams'>,
  caseId: string,
  acting: Acting,
): Promise<Decision<SharedCase & { readonly isAdmitted: boolean }>> {
  const { history } = await caseStream(kernel, caseId)
  const asking = { caseId, acting, context: await accessContext(kernel) }
  return decideShared(foldCaseStream(history), asking)
}

/** An officer who reads the case anyway sees what all parts together would show. */
export function decideShared(
  state: CaseState,
  asking: Omit<Asking, 'timeStamps'>,
): Decision<SharedCase & { readonly isAdmitted: boolean }> {
  const access = decideOnCase(state, READ_SHARED, asking)
  if (access.decision === 'refuse') return access
  const { tie } = access.value
  const sees = access.value.sees ?? SHARED_PARTS
  const { openedAt } = state
  const view = sharedView(state, sees, asking.acting.now)
  const shared = { caseId: asking.caseId, openedAt, sees, view, isAdmitted: tie === 'admitted' }
  return permit(shared, ...access.because)
}
