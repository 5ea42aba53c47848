/**
 * A consent to passing something on is taken back, at the originator and at whoever had it:
 * what went on by it is called back, and so is a consent that was given on the strength of it.
 */
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { heldIn, mayGoOn } from '../core/release/handling.ts'
import { heldContent } from '../core/release/held.ts'
import { isConsented, receiveOnwardWithdrawal, withdrawOnward } from '../core/release/onward.ts'
import { permittedRelease } from '../core/release/release.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { foldCaseStream } from './case-stream.ts'
import { jointCase, nameOfCase } from './joint-case.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import type { OpenStream, Unit } from './ports/streams.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from './receive-message.ts'
import { type InCase, passedOn, retractReleases } from './retract.ts'

const TAKEN_BACK = 'the authority that it came from took its consent back'

/** Tells whoever had the consent; its withdrawal stands in the stream. */
export async function takeConsentBack(
  { unit, stream, state }: { unit: Unit; stream: OpenStream; state: CaseState },
  requestId: string,
): Promise<void> {
  const asked = state.releases.onward.find((one) => one.requestId === requestId)
  if (!asked) return
  const caseId = nameOfCase({ stream, state })
  await unit.send({
    destination: asked.peer,
    type: 'onwardConsentWithdrawal',
    objectId: stream.id,
    agreement: null,
    content: { caseId, requestId },
  })
}

export async function receiveConsentWithdrawal(
  { kernel, unit, origin, acting }: Receiving,
  { caseId, requestId }: ContentOf<'onwardConsentWithdrawal'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:known', 'missing-reference')
  const decided = receiveOnwardWithdrawal(state.releases, { requestId, from: origin })
  const outcome = await applyTo(stream, origin, decided)
  const asked = state.releases.onward.find((one) => one.requestId === requestId)
  if (outcome.decision !== 'applied' || !asked) return outcome
  const place = { kernel, unit, stream }
  await callBackUncovered(place, foldCaseStream(stream.history), asked.releaseId, acting)
  await endConsentsOn(place, foldCaseStream(stream.history), acting)
  return outcome
}

/** What went on and may not go on any more; another consent or a free marking may cover it. */
async function callBackUncovered(
  place: InCase,
  state: CaseState,
  releaseId: string,
  acting: Acting,
): Promise<void> {
  const held = heldContent(state.releases, state.evidence.exhibits)
  const content = held.find((one) => one.releaseId === releaseId)
  const releaseIds = passedOn(state, releaseId).filter((id) => {
    const release = permittedRelease(state.releases, id)
    return content && release && !mayGoOn(content, release)
  })
  const withdraw = { releaseIds, cause: 'consentWithdrawn', reason: TAKEN_BACK } as const
  await retractReleases(place, state, withdraw, acting)
}

/** Nobody goes on giving away more than was given to them. */
async function endConsentsOn(
  { unit, stream }: InCase,
  state: CaseState,
  { officer }: Acting,
): Promise<void> {
  const held = heldContent(state.releases, state.evidence.exhibits)
  for (const asked of state.releases.onward) {
    if (asked.side !== 'originator' || !isConsented(asked)) continue
    const release = permittedRelease(state.releases, asked.releaseId)
    const inside = release ? heldIn(held, release) : []
    if (inside.every((content) => mayGoOn(content, asked))) continue
    const { requestId } = asked
    const ended = withdrawOnward(state.releases, { requestId, reason: TAKEN_BACK })
    if (ended.decision === 'refuse') continue
    await stream.append(ended.value as readonly CaseEvent[], officer)
    await takeConsentBack({ unit, stream, state }, requestId)
  }
}
