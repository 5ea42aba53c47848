/**
 * An exhibit at the seat of the other side: its parts, or a look into a file as officers of
 * the case have it. Every look has its purpose and its reader's capacity in the chain of
 * custody before a byte is opened. The file itself is given to nobody here.
 */
import { type Decision, permit, type Refusal, refuse } from '../base/decision.ts'
import type { Instant } from '../base/time.ts'
import type { Admission } from '../core/access/case-access.ts'
import { documentsOf } from '../core/access/documents.ts'
import { sharingBar } from '../core/access/shared-exhibit.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { recordCustody } from '../core/evidence/decide-evidence.ts'
import { exhibitOf } from '../core/evidence/evidence.ts'
import { isBinding, ordersForAccess } from '../core/evidence/protective-orders.ts'
import { originalBar, purposeOfOpening } from '../core/evidence/scrub.ts'
import { answeringRole } from '../core/rights/statements.ts'
import type { RedactedRecord } from '../proof/redacted-record.ts'
import { accessContext } from './access.ts'
import { foldCaseStream } from './case-stream.ts'
import { actingOf } from './guests.ts'
import type { Kernel } from './kernel.ts'
import { admittedTo, atSeat, type OtherSideDoor, seatOf } from './other-side.ts'
import { type FilePreview, type LookAsk, lookIntoExhibit } from './preview-file.ts'
import { calledBack } from './read-exhibit-access.ts'

export type SharedLook = { readonly record: RedactedRecord } | { readonly file: FilePreview }

/**
 * `undefined`: the guest has no session, or nothing is shared with it any more.
 *
 * @throws ComityError `unavailable` with reason `busy` while too many files are drawn
 */
export async function readSharedExhibit(
  kernel: Kernel,
  door: OtherSideDoor,
  ask: LookAsk,
): Promise<Decision<SharedLook> | undefined> {
  const at = await seatOf(kernel, door)
  if (!at) return undefined
  const { exhibitId } = ask
  const decision = await atSeat(kernel, at, async ({ state, admission, acting }) =>
    decideLook(state, admission, acting, ask),
  )
  if (decision?.decision !== 'permit') return decision
  const state = await stateOf(kernel, at.caseId)
  if (state && exhibitOf(state.evidence, exhibitId)?.file) {
    return permit({ file: await lookIntoExhibit(kernel, at.caseId, ask) })
  }
  return permit({ record: await kernel.exhibits.open(exhibitId) })
}

/**
 * Asked for each drawn page of a look that is on record: the session lives, and nothing has
 * come in between since. Uses up no look of a guest.
 */
export async function mayStillSee(
  kernel: Kernel,
  door: OtherSideDoor,
  exhibitId: string,
): Promise<boolean> {
  const at = 'caseId' in door ? door : await presentAt(kernel, door)
  const state = at && (await stateOf(kernel, at.caseId))
  if (!at || !state) return false
  const { caseId, acting } = at
  const admitted = admittedTo(state, { caseId, acting, context: await accessContext(kernel) })
  if (admitted.decision === 'refuse') return false
  return lookBar(state, admitted.value, exhibitId, acting.now) === undefined
}

export function decideLook(
  state: CaseState,
  admission: Admission,
  acting: Acting,
  { exhibitId, purpose, whyOriginal = '' }: LookAsk,
): Decision<readonly CaseEvent[]> {
  const { person, capacity, sees } = admission
  const bar = lookBar(state, admission, exhibitId, acting.now)
  if (bar) return bar
  const { evidence } = state
  const copyFirst = originalBar(evidence, exhibitId, whyOriginal)
  if (copyFirst) return copyFirst
  const { digest = '', file } = exhibitOf(evidence, exhibitId) ?? {}
  const look = {
    ...{ exhibitId, digest, act: file ? ('previewed' as const) : ('opened' as const) },
    purpose: purposeOfOpening(evidence, { exhibitId, purpose, whyOriginal }),
    capacity: answeringRole(state, admission) ?? capacity,
  }
  const custody = recordCustody(evidence, look, acting)
  if (custody.decision === 'refuse') return custody
  const viewed: CaseEvent =
    capacity === 'guest'
      ? { type: 'guestViewed', person, sees, documentId: exhibitId }
      : { type: 'sharedViewed', person, capacity, sees, documentId: exhibitId }
  return permit([...custody.value, viewed])
}

/** What stands against this person seeing anything of it now. */
function lookBar(
  state: CaseState,
  admission: Admission,
  exhibitId: string,
  now: Instant,
): Refusal | undefined {
  const { person } = admission
  const exhibit = exhibitOf(state.evidence, exhibitId)
  if (!exhibit || !documentsOf(state.access, admission, 'exhibits').includes(exhibitId)) {
    const text = 'no such exhibit is shared with you'
    return refuse('notShared', { rule: 'access:notShared', text })
  }
  if (exhibit.isDestroyed) {
    const text = 'the exhibit has been destroyed'
    return refuse('destroyed', { rule: 'evidence:destroyed', text })
  }
  const bar = calledBack(state, exhibitId) ?? sharingBar(state, { person, exhibitId }, now)
  if (bar) return bar
  const order = ordersForAccess(state.evidence).find(
    (one) =>
      isBinding(one, now) &&
      (one.exhibits === null || one.exhibits.includes(exhibitId)) &&
      !one.maySee.includes(person),
  )
  if (!order) return undefined
  const text = `a protective order (${order.reference}) does not let you read it`
  return refuse('orderForbids', { rule: `order:${order.orderId}`, text })
}

async function stateOf({ streams }: Kernel, caseId: string): Promise<CaseState | undefined> {
  const stream = await streams.read(caseId)
  return stream?.kind === 'case' ? foldCaseStream(stream.history) : undefined
}

async function presentAt(
  kernel: Kernel,
  { linkId, secret }: Extract<OtherSideDoor, { linkId: string }>,
) {
  const link = await kernel.desk.guests.present(linkId, secret)
  return link && { caseId: link.caseId, acting: actingOf(kernel, link) }
}
