/**
 * Asking the one decision about access: from a page, an interface or a list. What a
 * decision needs beside the case itself is gathered here: how people stand, the time,
 * the legal order of this authority.
 */

import { type Refusal, refuse } from '../base/decision.ts'
import { isUuid } from '../base/ids.ts'
import type { CaseForAccess } from '../core/access/case-access.ts'
import {
  type AccessContext,
  type AccessDecision,
  type Action,
  BARRED_TEXT,
  decideAccess,
} from '../core/access/decide-access.ts'
import type { ProposerMay } from '../core/access/proposal.ts'
import { type ActionGroup, DESK_ACTIONS, type DeskActionGroup } from '../core/access/rules.ts'
import { decideForProposer } from '../core/access/second-person.ts'
import { type CaseState, caseForAccess } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { Standing } from '../core/people/standing.ts'
import { caseStream, foldCaseStream, noSuchCase } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { CaseRow } from './ports/registers.ts'

export type AccessDesk = {
  /** How the people of this authority stand at this moment. */
  standing(): Promise<Standing>
}

/** What is asked about one case: by whom, and what else counts. */
export type Asking = {
  readonly caseId: string
  readonly acting: Acting
  readonly context: AccessContext
  /** Whether this node can ask for time stamps. */
  readonly timeStamps: boolean
}

export async function askingAbout(
  kernel: NeedsAccess & Pick<Kernel, 'attestations'>,
  caseId: string,
  acting: Acting,
): Promise<Asking> {
  const timeStamps = kernel.attestations.stamp !== undefined
  return { caseId, acting, context: await accessContext(kernel), timeStamps }
}

type NeedsAccess = Pick<Kernel, 'access' | 'clocks' | 'node'>

export async function accessContext({ access, clocks, node }: NeedsAccess): Promise<AccessContext> {
  const standing = await access.standing()
  return { standing, wireNow: clocks.wireNow(), legalOrder: node.legalOrder }
}

/** The same for controls of a page, which has read the context once. */
export type MayOnDesk = (action: DeskAction) => AccessDecision

export function deskAccess(acting: Acting, context: AccessContext): MayOnDesk {
  return (action) => decideAccess({ action, acting, resource: null, context })
}

/** May the person do this on the authority as a whole? */
export async function decideDeskAccess(
  kernel: NeedsAccess,
  action: DeskAction,
  acting: Acting,
): Promise<AccessDecision> {
  return decideAccess({ action, acting, resource: null, context: await accessContext(kernel) })
}

/** @throws ComityError `malformed` if there is no such case */
export async function decideCaseAccess(
  kernel: NeedsAccess & Pick<Kernel, 'streams'>,
  caseId: string,
  action: Action,
  acting: Acting,
): Promise<AccessDecision> {
  const { history } = await caseStream(kernel, caseId)
  const context = await accessContext(kernel)
  return decideOnCase(foldCaseStream(history), action, { caseId, acting, context })
}

export function decideOnCase(
  state: CaseState,
  action: Action,
  { caseId, acting, context }: Omit<Asking, 'timeStamps'>,
): AccessDecision {
  return decideAccess({
    action,
    acting,
    resource: caseForAccess(caseId, state),
    context,
  })
}

/** The same question about whoever proposed what the asking person approves. */
export function proposerMayIn(
  state: CaseState,
  action: Action,
  { caseId, acting, context }: Omit<Asking, 'timeStamps'>,
): ProposerMay {
  const resource = caseForAccess(caseId, state)
  return (proposed) => decideForProposer({ proposed, action, resource, context, acting })
}

/** Those of these officers who may do it in the case now, by their own roles or lent ones. */
export function thoseWhoMay(
  state: CaseState,
  action: Action,
  officers: readonly string[],
  { caseId, acting, context }: Omit<Asking, 'timeStamps'>,
): readonly string[] {
  const question = { action, resource: caseForAccess(caseId, state), context, acting }
  const proposedAt = acting.now
  return officers.filter((proposedBy) => {
    const proposed = { proposedBy, proposedAt }
    return decideForProposer({ ...question, proposed }).decision === 'permit'
  })
}

/**
 * Of an address: on the case that it names, or else on the authority as a whole.
 *
 * @throws ComityError `malformed` if there is no such case
 */
export async function decideRouteAccess(
  kernel: NeedsAccess & Pick<Kernel, 'streams' | 'filings'>,
  params: unknown,
  group: ActionGroup,
  acting: Acting,
): Promise<AccessDecision> {
  const action = { name: group, group }
  if (isDeskAction(action)) {
    const { filingId } = (params ?? {}) as { readonly filingId?: string }
    const barred = filingId === undefined ? null : await barOfFiling(kernel, filingId, acting)
    return barred ?? decideDeskAccess(kernel, action, acting)
  }
  const { caseId } = params as { readonly caseId?: string }
  if (caseId === undefined || !isUuid(caseId)) throw noSuchCase()
  return decideCaseAccess(kernel, caseId, action, acting)
}

/** Who is kept out of a case fetches nothing of the report that led to it, sealed or not. */
async function barOfFiling(
  kernel: Pick<Kernel, 'streams' | 'filings'>,
  filingId: string,
  { officer }: Acting,
): Promise<Refusal<'barred'> | null> {
  const filing = isUuid(filingId) ? await kernel.filings.find(filingId) : undefined
  if (filing?.caseId === undefined) return null
  const { history } = await caseStream(kernel, filing.caseId)
  if (!foldCaseStream(history).access.barred?.includes(officer)) return null
  return refuse('barred', { rule: 'access:barred', text: BARRED_TEXT })
}

export type DeskAction = Action & { readonly group: DeskActionGroup }

function isDeskAction(action: Action): action is DeskAction {
  return Object.hasOwn(DESK_ACTIONS, action.group)
}

/** To see of a case that it exists, in a list: the same as to read what is shared of it. */
const LISTED: Action = { name: 'listCase', group: 'readShared' }

/** The one filter of every list across cases. */
export async function listFilter(
  kernel: NeedsAccess,
  acting: Acting,
): Promise<(resource: CaseForAccess) => boolean> {
  const context = await accessContext(kernel)
  return (resource) =>
    decideAccess({ action: LISTED, acting, resource, context }).decision === 'permit'
}

export async function listCases(
  kernel: NeedsAccess & Pick<Kernel, 'registers'>,
  acting: Acting,
): Promise<readonly CaseRow[]> {
  return kernel.registers.cases(await listFilter(kernel, acting))
}
