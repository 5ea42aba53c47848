/**
 * The lead of a case goes to another node: a release of the stub carries the offer, so that it
 * leaves by the release decision and is asked again before it leaves; the answer is a word of a
 * closed list; then the former lead tells the others. The reporter, the report and the mailbox
 * stay where they are: no message here has a place for them.
 */
import type { CaseEvent } from '../core/case/case.ts'
import { leadAnswered, passed } from '../core/disclosure/lead.ts'
import { receiveRelease } from '../core/release/follow-release.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import type { Step } from './act.ts'
import { agreementStateOf } from './agreements.ts'
import { foldCaseStream } from './case-stream.ts'
import { isInvited, nameOfCase } from './joint-case.ts'
import { keepViews } from './keep-views.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import type { OpenStream } from './ports/streams.ts'
import { applyTo, caseStateOf, type Receiving, rejected, releaseFrom } from './receive-message.ts'
import { agreementWith } from './release-basis.ts'
import { peersInCase } from './tell-terms.ts'

/** Waits for an officer: nobody leads a case because of a message. */
export async function receiveLeadOffer(
  { kernel, unit, origin, acting }: Receiving,
  { release, caseId }: ContentOf<'leadOffer'>,
): Promise<MessageOutcome> {
  const stream = await unit.openLinked(origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state || state.lead !== origin) return rejected('disclosure:lead', 'object-owner')
  const agreement = await agreementStateOf(kernel, release.agreement.id)
  const basis = { releases: state.releases, agreement }
  const received = receiveRelease(basis, releaseFrom(origin, release), acting)
  if (received.decision === 'refuse') return applyTo(stream, origin, received)
  const kept = await keepViews(kernel, stream.id, received.value)
  const { releaseId } = release
  const offered = { type: 'leadOffered', from: origin, to: kernel.node.id, releaseId } as const
  await stream.append([...kept, offered], origin)
  return { decision: 'held' }
}

/** From the one to which the lead was offered. With its yes this authority follows. */
export async function receiveLeadAnswer(
  { kernel, unit, origin }: Receiving,
  { caseId, answer }: ContentOf<'leadAnswer'>,
): Promise<MessageOutcome> {
  const stream = (await unit.open(caseId)) ?? (await unit.openLinked(origin, caseId))
  const state = caseStateOf(stream)
  const isOurs = state?.lead === kernel.node.id && isInvited(state, origin)
  if (!stream || !state || !isOurs) return rejected('disclosure:lead', 'object-owner')
  const others = peersInCase(kernel, state).filter((one) => one !== origin)
  const outcome = await applyTo(stream, origin, leadAnswered(state, { by: origin, answer }))
  if (outcome.decision !== 'applied' || answer === 'refuse') return outcome
  await linkOnce({ unit }, stream, origin, caseId)
  for (const destination of others) {
    await unit.send({
      destination,
      type: 'leadTold',
      objectId: caseId,
      agreement: (await agreementWith(kernel, destination)).digest,
      content: { caseId, lead: origin },
    })
  }
  return outcome
}

/** From the former lead, to one that takes part: who leads from now on. */
export async function receiveLeadTold(
  { kernel, unit, origin }: Receiving,
  { caseId, lead }: ContentOf<'leadTold'>,
): Promise<MessageOutcome> {
  const stream = await unit.openLinked(origin, caseId)
  const state = caseStateOf(stream)
  const isKnown = kernel.peers.find(lead) !== undefined && lead !== kernel.node.id
  if (!stream || !state || state.lead !== origin || !isKnown) {
    return rejected('disclosure:lead', 'object-owner')
  }
  const value: readonly CaseEvent[] = passed({ from: origin, to: lead }, false)
  await linkOnce({ unit }, stream, lead, caseId)
  return applyTo(stream, origin, { decision: 'permit', value, because: [] })
}

/** The yes or no of this authority; with a yes it knows the others by the name of the case. */
export async function tellLeadAnswer(
  step: Pick<Step<unknown>, 'kernel' | 'unit' | 'stream' | 'state'>,
  former: string,
  answer: 'accept' | 'refuse',
): Promise<void> {
  const { kernel, unit, stream, state } = step
  const caseId = nameOfCase({ stream, state })
  await unit.send({
    destination: former,
    type: 'leadAnswer',
    objectId: caseId,
    agreement: (await agreementWith(kernel, former)).digest,
    content: { caseId, answer },
  })
  if (answer === 'refuse') return
  const { disclosure } = foldCaseStream(stream.history)
  for (const { id } of disclosure.participants) {
    const isOther = id !== kernel.node.id && kernel.peers.find(id) !== undefined
    if (isOther) await linkOnce({ unit }, stream, id, caseId)
  }
}

async function linkOnce(
  { unit }: Pick<Receiving, 'unit'>,
  stream: OpenStream,
  peer: string,
  caseId: string,
): Promise<void> {
  if (!(await unit.openLinked(peer, caseId))) await unit.link(stream.id, peer, caseId)
}
