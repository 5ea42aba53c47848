/**
 * The sealed contact for the two officers of whom `contactTakenOut` names one as who proposed
 * and whose other one approved, for seven days. What they do with it is recorded; that it was
 * opened or read the node cannot see, and takes the officer's word for.
 */
import { type Decision, permit, refuse } from '../base/decision.ts'
import { invariant } from '../base/errors.ts'
import { addMs, DAY_MS, type Instant } from '../base/time.ts'
import type { ContactBasis, ContactTakenOut } from '../core/case/case-events.ts'
import type { Acting, Recorded } from '../core/case/recorded.ts'
import type { ContactStep, IntakeLayer, SealingWorkEvent } from '../core/sealing/events.ts'
import { decideCaseAccess } from './access.ts'
import { layersHeld, openContact } from './acts/contact-acts.ts'
import { caseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { AnyEvent } from './ports/streams.ts'
import { readSealingKeys } from './sealing-keys.ts'

const OPEN_DAYS = 7

export type TakenContact = {
  readonly filingId: string
  readonly ground: string
  readonly basis: ContactBasis | undefined
  readonly takenAt: Instant
  readonly until: Instant
  readonly proposedBy: string
  readonly approvedBy: string
}

/** The last that names the officer and is not over. Decides nothing about roles and ties. */
export function contactTakenFor(
  history: readonly Recorded<AnyEvent>[],
  { officer, now }: Pick<Acting, 'officer' | 'now'>,
): TakenContact | undefined {
  const found = (history as readonly Recorded<{ readonly type: string }>[]).findLast(
    (recorded): recorded is Recorded<ContactTakenOut> => isFor(recorded, officer),
  )
  if (!found) return undefined
  const { event, at, by } = found
  const { filingId, ground, basis, proposedBy = '' } = event
  const until = addMs(at, OPEN_DAYS * DAY_MS)
  if (until <= now) return undefined
  return { filingId, ground, basis, takenAt: at, until, proposedBy, approvedBy: by }
}

/** Events of before name one officer, who took it alone: it is for nobody. */
function isFor({ event, by }: Recorded<{ readonly type: string }>, officer: string): boolean {
  const { type, proposedBy } = event as Partial<ContactTakenOut>
  if (type !== 'contactTakenOut' || proposedBy === undefined) return false
  return officer === proposedBy || officer === by
}

/** @throws ComityError `malformed` if there is no such case */
export async function readTakenContact(
  kernel: Kernel,
  caseId: string,
  acting: Acting,
): Promise<(TakenContact & { readonly layers: readonly IntakeLayer[] }) | undefined> {
  const { history } = await caseStream(kernel, caseId)
  const taken = contactTakenFor(history, acting)
  if (!taken) return undefined
  const [part, keys] = await Promise.all([
    kernel.filings.sealedPart(taken.filingId, 'contact'),
    readSealingKeys(kernel),
  ])
  return { ...taken, layers: layersHeld(keys, part?.sealedFor ?? '', acting.officer) }
}

type Why = 'notTheTwo' | 'noContact'

/**
 * Records a step before it is taken; `fetched` hands the sealed bytes out. Each step wants
 * the same access and the same fresh proof as the act.
 */
export async function takeContactStep(
  kernel: Kernel,
  { caseId, step }: { readonly caseId: string; readonly step: ContactStep },
  acting: Acting,
): Promise<Decision<Uint8Array, Why | string>> {
  const access = await decideCaseAccess(kernel, caseId, openContact.action, acting)
  if (access.decision === 'refuse') return access
  const { history } = await caseStream(kernel, caseId)
  const taken = contactTakenFor(history, acting)
  if (!taken) {
    return refuse('notTheTwo', {
      rule: 'intake:contactOfTwo',
      text: 'only the two officers who proposed and approved it get the contact, for seven days',
    })
  }
  const part = await kernel.filings.sealedPart(taken.filingId, 'contact')
  if (!part) {
    return refuse('noContact', { rule: 'intake:contact', text: 'the contact is not kept any more' })
  }
  const handled: SealingWorkEvent = { type: 'contactHandled', filingId: taken.filingId, step }
  await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(kernel.sealingStreamId)
    invariant(stream, 'every node has a sealing stream')
    // With the intake's own entries, so that the log does not tell when reports are worked on.
    await stream.append([handled], acting.officer, 'intake')
  })
  return permit(part.bytes)
}
