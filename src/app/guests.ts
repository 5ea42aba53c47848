/**
 * A guest at the door: the code, the short session, and each look, which is an event of
 * the case. Whether the admission holds is asked of the case every time, so that
 * ending it ends a session that is open.
 */
import type { Instant } from '../base/time.ts'
import type { GuestEvent } from '../core/access/guests.ts'
import type { Acting } from '../core/case/recorded.ts'
import { accessContext } from './access.ts'
import { foldCaseStream } from './case-stream.ts'
import type { Kernel } from './kernel.ts'
import type { GuestLink } from './ports/guests.ts'
import { decideShared, letterAmong, readShared, type SharedCase } from './shared-cases.ts'

export type GuestEntry = { readonly secret: string } | 'wrong' | 'tooManyTries'

/** An unknown link, one that ended, and a wrong code are one answer. */
export async function enterAsGuest(
  kernel: Kernel,
  linkId: string,
  { typed, from }: { readonly typed: string; readonly from: string | undefined },
): Promise<GuestEntry> {
  const { desk, signIn } = kernel
  const one = { from, at: linkId }
  if (!(await signIn.tries.mayTry(one))) return 'tooManyTries'
  const link = await desk.guests.acceptCode(linkId, typed)
  if (!link) {
    signIn.tries.failed(one)
    return 'wrong'
  }
  const access = await readShared(kernel, link.caseId, actingOf(kernel, link))
  if (access.decision === 'permit') return { secret: await desk.guests.openSession(linkId) }
  await desk.guests.end(linkId)
  return 'wrong'
}

export type GuestLook = SharedCase & { readonly until: Instant }

/** Undefined: there is no such session, or nothing is shared with the guest any more. */
export async function lookAsGuest(
  kernel: Kernel,
  linkId: string,
  secret: string,
  documentId?: string,
): Promise<GuestLook | undefined> {
  const link = await kernel.desk.guests.look(linkId, secret)
  if (!link) return undefined
  const { caseId, person } = link
  const asking = { caseId, acting: actingOf(kernel, link), context: await accessContext(kernel) }
  const shared = await kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (stream?.kind !== 'case') return undefined
    const decision = decideShared(kernel, foldCaseStream(stream.history), asking)
    if (decision.decision === 'refuse') return undefined
    const { sees } = decision.value
    const letter = letterAmong(decision.value, documentId)
    const taken = letter === undefined ? {} : { documentId: letter }
    const viewed: GuestEvent = { type: 'guestViewed', person, sees, ...taken }
    await stream.append([viewed], kernel.node.id)
    return decision.value
  })
  if (!shared) await kernel.desk.guests.end(linkId)
  return shared && { ...shared, until: link.expiresAt }
}

export function actingOf({ node, clocks }: Kernel, { person }: GuestLink): Acting {
  return { officer: person, roles: ['guest'], authority: node.id, now: clocks.caseNow() }
}
