/**
 * Which of our cases a peer's message about a joint case means. The lead's own id of the
 * case names it at every node that takes part, whoever writes to whom.
 *
 * Nothing is joined on a peer's word: we lead the case and invited this peer into it, or the
 * peer leads it and its invitation opened ours, or the lead told us that the peer takes part
 * (`participants.ts`). Whoever else names a case finds none.
 */
import type { CaseState } from '../core/case/case.ts'
import { participantOf } from '../core/disclosure/disclosure-state.ts'
import { isMatch } from '../core/triage/matching.ts'
import { foldCaseStream } from './case-stream.ts'
import type { OpenStream, Unit } from './ports/streams.ts'

/** As every message between nodes names the case. */
export function nameOfCase({
  stream,
  state,
}: {
  readonly stream: Pick<OpenStream, 'id'>
  readonly state: Pick<CaseState, 'leadCaseId'>
}): string {
  return state.leadCaseId ?? stream.id
}

/** Another authority leads the case, which this one was asked into or led before. */
export function ledElsewhere(
  { lead, invitation, formerLeads }: Pick<CaseState, 'lead' | 'invitation' | 'formerLeads'>,
  self: string,
): boolean {
  return lead !== self && (invitation !== null || formerLeads.includes(self))
}

/** A case that is led here, by the name that a peer gives it. */
export async function caseLedHere(
  unit: Pick<Unit, 'open' | 'openLinked'>,
  peer: string,
  caseId: string,
): Promise<OpenStream | undefined> {
  return (await unit.open(caseId)) ?? unit.openLinked(peer, caseId)
}

/** Locks it for this transaction. `undefined`: this peer has no case with us by that name. */
export async function jointCase(
  unit: Pick<Unit, 'open' | 'openLinked' | 'openNamed'>,
  peer: string,
  caseId: string,
): Promise<OpenStream | undefined> {
  const own = await unit.open(caseId)
  if (own?.kind === 'case' && isInvited(foldCaseStream(own.history), peer)) return own
  const ledThere = await unit.openLinked(peer, caseId)
  if (ledThere) return ledThere
  const shared = (await unit.openNamed(caseId)).filter((one) => isToldOf(one, peer))
  // Two leads that chose one id: nobody can say which is meant.
  return shared.length === 1 ? shared[0] : undefined
}

/** In a case that is led here: it was asked to take part, and that left. */
export function isInvited(
  { leadCaseId, tookLead, disclosure, releases }: CaseState,
  peer: string,
): boolean {
  if (!participantOf(disclosure, peer)) return false
  // Whoever took the lead over was told by the former one who takes part.
  if (tookLead) return true
  if (leadCaseId !== null) return false
  return releases.permitted.some(
    (release) =>
      release.recipient === peer &&
      release.kind === 'stub' &&
      !isMatch(release) &&
      release.sentAt !== null &&
      release.stopped === null,
  )
}

/** In a case that another leads: that one said so, nobody else. */
function isToldOf({ kind, history }: OpenStream, peer: string): boolean {
  if (kind !== 'case') return false
  const { lead, formerLeads } = foldCaseStream(history)
  return history.some(({ event, by }) => {
    const { type, participant } = event as { readonly type: string; readonly participant?: string }
    return (
      type === 'participantJoined' && participant === peer && [lead, ...formerLeads].includes(by)
    )
  })
}
