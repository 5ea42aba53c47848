/**
 * Who else takes part in a case: the lead tells it to those who accepted, so that they can
 * write to each other under the agreement that binds all of them.
 *
 * It names authorities, and whether each accepted the embargo; nothing of the case. Only
 * what the lead says counts, and only of parties to an agreement with both.
 */
import { partyOf } from '../core/agreement/document.ts'
import type { CaseState } from '../core/case/case.ts'
import { mayReceiveContent } from '../core/disclosure/consent.ts'
import { participantOf } from '../core/disclosure/disclosure-state.ts'
import { participantTold } from '../core/disclosure/participant.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { isInvited } from './joint-case.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from './receive-message.ts'
import { agreementWith } from './release-basis.ts'

type Told = ContentOf<'participants'>['participants'][number]

/** At the lead, when `joined` has accepted: it hears of the others, and they of it. */
export async function introduce(
  { kernel, unit }: Pick<Receiving, 'kernel' | 'unit'>,
  caseId: string,
  state: CaseState,
  joined: string,
): Promise<void> {
  const tell = async (destination: string, others: readonly string[]) => {
    const { document, digest } = await agreementWith(kernel, destination)
    const parties = others.filter((one) => document && partyOf(document, one))
    if (parties.length === 0) return
    await unit.send({
      destination,
      type: 'participants',
      objectId: caseId,
      agreement: digest,
      content: { caseId, participants: parties.map((one) => toldOf(state, one)) },
    })
  }
  const isOther = (one: string) => one !== joined && one !== kernel.node.id
  const others = state.disclosure.participants.flatMap(({ id }) =>
    isOther(id) && isIn(state, id) ? [id] : [],
  )
  if (!isIn(state, joined)) return
  await tell(joined, others)
  for (const other of others) await tell(other, [joined])
}

/** Invited, and free to receive: whoever has not accepted an embargo is told of nobody. */
function isIn(state: CaseState, id: string): boolean {
  return isInvited(state, id) && mayReceiveContent(state.disclosure, id).decision === 'permit'
}

function toldOf({ disclosure }: CaseState, participant: string): Told {
  const isSignatory = participantOf(disclosure, participant)?.consent === 'signatory'
  return { participant, embargoId: isSignatory ? (disclosure.terms?.embargoId ?? null) : null }
}

export async function receiveParticipants(
  { kernel, unit, origin }: Receiving,
  { caseId, participants }: ContentOf<'participants'>,
): Promise<MessageOutcome> {
  const stream = await unit.openLinked(origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state || state.lead !== origin) return rejected('disclosure:lead', 'object-owner')
  const { document } = await agreementWith(kernel, origin)
  const isParty = ({ participant: one }: Told) =>
    one !== kernel.node.id && one !== origin && document && partyOf(document, one)
  if (!participants.every(isParty)) return rejected('disclosure:party', 'object-owner')
  const value = participants.flatMap((told) => participantTold(state.disclosure, told))
  return applyTo(stream, origin, { decision: 'permit', value, because: [] })
}
