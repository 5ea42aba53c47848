/**
 * The embargo of a joint case between nodes: the lead tells how it stands and asks, one that
 * takes part follows and may leave, and the lead tells the others that one left. Ends, opaque
 * ids and node ids; never a word about the case.
 */
import { permit } from '../base/decision.ts'
import { partyOf } from '../core/agreement/document.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { inviteParticipant } from '../core/disclosure/consent.ts'
import { participantOf, stateAfter } from '../core/disclosure/disclosure-state.ts'
import { isZone, proposeEmbargo } from '../core/disclosure/embargo-start.ts'
import type { DisclosureEvent, EmbargoTerms } from '../core/disclosure/events.ts'
import { leaveEmbargo } from '../core/disclosure/participant.ts'
import { PROPOSALS_MAX } from '../core/disclosure/seat.ts'
import { type TermsIntent, takeTerms, tellTerms } from '../core/disclosure/terms-told.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import type { Step } from './act.ts'
import { foldCaseStream } from './case-stream.ts'
import { caseLedHere, isInvited, nameOfCase } from './joint-case.ts'
import type { Kernel } from './kernel.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from './receive-message.ts'
import { agreementWith } from './release-basis.ts'

/** Those who take part by a node, were asked into the case by a message, and have not left. */
export function peersInCase({ node, peers }: Kernel, state: CaseState): readonly string[] {
  return state.disclosure.participants.flatMap(({ id, left }) =>
    id !== node.id && peers.find(id) && left === null && isInvited(state, id) ? [id] : [],
  )
}

/** Everybody who has a node and no answer of its own to these terms is asked for one. */
export function askPeers(
  state: CaseState['disclosure'],
  peers: readonly string[],
  events: readonly DisclosureEvent[],
  acting: Acting,
): readonly DisclosureEvent[] {
  return peers.flatMap((participant) => {
    const next = stateAfter(state, events, acting.now)
    const { consent = 'noEmbargo', roles = [] } = participantOf(next, participant) ?? {}
    if (consent === 'invited' || consent === 'signatory') return []
    const invited = inviteParticipant(next, { participant, roles }, acting)
    return invited.decision === 'permit' ? invited.value : []
  })
}

/** What peers hear after a step of somebody else; undefined: nothing about the terms changed. */
export function standingIntent(
  before: CaseState['disclosure'],
  { embargo, proposals, terms }: CaseState['disclosure'],
): TermsIntent | undefined {
  const known = new Set(before.proposals.map(({ embargoId }) => embargoId))
  const isSame =
    before.embargo === embargo &&
    before.terms?.embargoId === terms?.embargoId &&
    proposals.every(({ embargoId }) => known.has(embargoId))
  if (isSame) return undefined
  if (embargo === 'proposed') return 'propose'
  if (embargo === 'revise') return 'revise'
  return embargo === 'active' ? 'join' : undefined
}

/** To the lead, from one that takes part: the terms that it wants, with the reason for them. */
export async function tellProposal(
  { kernel, unit, stream, state }: Telling,
  proposal: EmbargoTerms,
  reason: string,
): Promise<void> {
  const caseId = nameOfCase({ stream, state })
  await unit.send({
    destination: state.lead,
    type: 'embargoProposal',
    objectId: caseId,
    agreement: (await agreementWith(kernel, state.lead)).digest,
    content: { caseId, proposal: { ...proposal }, reason },
  })
}

/** At the lead: a peer's terms are open for everybody, and everybody is asked. */
export async function receiveProposal(
  receiving: Receiving,
  { caseId, proposal, reason }: ContentOf<'embargoProposal'>,
): Promise<MessageOutcome> {
  const { kernel, unit, origin, acting } = receiving
  const stream = await caseLedHere(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state || state.lead !== kernel.node.id || !isInvited(state, origin)) {
    return rejected('disclosure:participant', 'object-owner')
  }
  const { disclosure } = state
  if (!isZone(proposal.zone)) return rejected('disclosure:zone', 'schema')
  if (participantOf(disclosure, origin)?.left) return rejected('disclosure:left', 'object-owner')
  const terms = proposal as EmbargoTerms
  const stands = [...disclosure.proposals, ...(disclosure.terms ? [disclosure.terms] : [])]
  if (stands.some(({ embargoId }) => embargoId === terms.embargoId)) {
    return rejected('disclosure.termsNamed', 'marking')
  }
  if (disclosure.proposals.length >= PROPOSALS_MAX) {
    return rejected('disclosure.proposalsLimit', 'marking')
  }
  const command = { participant: origin, ...terms, justification: reason }
  const proposed = proposeEmbargo(disclosure, command, acting)
  if (proposed.decision === 'refuse') return applyTo(stream, origin, proposed)
  const peers = peersInCase(kernel, state)
  const asked = askPeers(disclosure, peers, proposed.value, acting)
  const outcome = await applyTo(stream, origin, permit([...proposed.value, ...asked]))
  const after = foldCaseStream(stream.history)
  const intent = after.disclosure.embargo === 'revise' ? 'revise' : 'propose'
  await tellPeers({ kernel, unit, stream, state: after }, peers, intent)
  return outcome
}

type Telling = Pick<Step<unknown>, 'kernel' | 'unit' | 'stream' | 'state'>

export async function tellPeers(
  { kernel, unit, stream, state }: Telling,
  peers: readonly string[],
  intent: TermsIntent,
): Promise<void> {
  for (const destination of peers) {
    const lead = kernel.node.id
    const told = tellTerms(state.disclosure, { lead, to: destination }, intent)
    await unit.send({
      destination,
      type: 'embargoTerms',
      objectId: nameOfCase({ stream, state }),
      agreement: (await agreementWith(kernel, destination)).digest,
      content: { caseId: nameOfCase({ stream, state }), ...told },
    })
  }
}

export async function receiveTerms(
  { kernel, unit, origin, acting }: Receiving,
  { caseId, ...told }: ContentOf<'embargoTerms'>,
): Promise<MessageOutcome> {
  const stream = await unit.openLinked(origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state || state.lead !== origin) return rejected('disclosure:lead', 'object-owner')
  const { disclosure } = state
  const parties = { lead: origin, self: kernel.node.id }
  const taken = takeTerms(disclosure, { ...told, ...parties }, acting)
  if (taken.decision === 'refuse') return applyTo(stream, origin, taken)
  const next = stateAfter(disclosure, taken.value, acting.now)
  const own = participantOf(next, kernel.node.id)
  const terms = next.proposals[0] ?? next.terms
  const isAsked = own?.consent === 'invited'
  const answerBy = isAsked ? own.answerBy : null
  const heard: readonly CaseEvent[] = terms
    ? [
        {
          type: 'embargoTermsReceived',
          from: origin,
          intent: told.intent,
          terms,
          answerBy,
          isAsked,
        },
      ]
    : []
  return applyTo(stream, origin, { ...taken, value: [...taken.value, ...heard] })
}

/** To the lead, from one that leaves; to those who stay, from the lead. */
export async function tellLeaving(
  { kernel, unit }: Pick<Telling, 'kernel' | 'unit'>,
  caseId: string,
  left: { readonly participant: string; readonly keepsEmbargo: boolean },
  destinations: readonly string[],
): Promise<void> {
  for (const destination of destinations) {
    const { digest, document } = await agreementWith(kernel, destination)
    const isOwn = left.participant === kernel.node.id
    if (!isOwn && !(document && partyOf(document, left.participant))) continue
    await unit.send({
      destination,
      type: 'participantLeft',
      objectId: caseId,
      agreement: digest,
      content: { caseId, ...left },
    })
  }
}

export async function receiveLeaving(
  receiving: Receiving,
  { caseId, participant, keepsEmbargo }: ContentOf<'participantLeft'>,
): Promise<MessageOutcome> {
  const { kernel, unit, origin, acting } = receiving
  const isOwn = participant === origin
  const stream = isOwn
    ? await caseLedHere(unit, origin, caseId)
    : await unit.openLinked(origin, caseId)
  const state = caseStateOf(stream)
  const isLed = state?.lead === kernel.node.id && isInvited(state, origin)
  const isHeard = state && (isOwn ? isLed : state.lead === origin)
  if (!stream || !state || !isHeard || participant === kernel.node.id) {
    return rejected('disclosure:participant', 'object-owner')
  }
  const known = participantOf(state.disclosure, participant)
  if (!known || known.left) return { decision: 'applied' }
  const command = { participant, keepsEmbargo, reason: TOLD }
  const outcome = await applyTo(stream, origin, leaveEmbargo(state.disclosure, command, acting))
  if (isOwn) {
    const stays = peersInCase(kernel, state).filter((id) => id !== origin)
    await tellLeaving(receiving, caseId, { participant, keepsEmbargo }, stays)
  }
  return outcome
}

const TOLD = 'told by a message; its reason stays with it'
