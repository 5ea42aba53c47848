/**
 * A peer calls a release back, or confirms that nothing is left of ours; a peer asks
 * whether it may pass something on, or answers that question.
 */
import { instant } from '../base/time.ts'
import { receiveOnwardAnswer, receiveOnwardQuestion } from '../core/release/onward.ts'
import { receiveRetraction as decideRetraction, receiveDone } from '../core/release/retraction.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import { retractionInput } from '../wire/retraction-statement.ts'
import { foldCaseStream } from './case-stream.ts'
import { recordErasureAnswer, requireSigned } from './erasure/receive-answer.ts'
import { jointCase } from './joint-case.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from './receive-message.ts'
import { passedOn, retractReleases } from './retract.ts'

const CALLED_BACK = 'the authority that it came from called it back'

export async function receiveRetraction(
  { kernel, unit, origin, acting }: Receiving,
  { caseId, releaseId, cause }: ContentOf<'retraction'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:linkedCase', 'missing-reference')
  const command = { releaseId, from: origin, cause }
  const own = { ...acting, authority: kernel.node.id }
  const outcome = await applyTo(stream, origin, decideRetraction(state.releases, command, own))
  if (outcome.decision !== 'applied') return outcome
  const next = foldCaseStream(stream.history)
  const releaseIds = passedOn(next, releaseId)
  await retractReleases(
    { kernel, unit, stream },
    next,
    { releaseIds, cause, reason: CALLED_BACK },
    acting,
  )
  return outcome
}

/** @throws ComityError `unverified` if no message key of the peer that still counts signed it */
export async function receiveRetractionDone(
  receiving: Receiving,
  { caseId, releaseId, confirmedAt, key, signature, opening }: ContentOf<'retractionDone'>,
): Promise<MessageOutcome> {
  const { kernel, unit, origin } = receiving
  const at = instant(confirmedAt, '/content/confirmedAt')
  const parties = { releasedBy: kernel.node.id, party: origin }
  requireSigned(receiving, retractionInput({ releaseId, ...parties, confirmedAt: at }), {
    key,
    signature,
  })
  const statement = { releaseId, confirmedAt: at, key, signature }
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) {
    return recordErasureAnswer(receiving, { answer: 'done', ...statement }, opening)
  }
  return applyTo(stream, origin, receiveDone(state.releases, { by: origin, ...statement }))
}

export async function receiveOnwardRequest(
  { unit, origin }: Receiving,
  { caseId, ...question }: ContentOf<'onwardConsentRequest'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:known', 'missing-reference')
  return applyTo(
    stream,
    origin,
    receiveOnwardQuestion(state.releases, { ...question, from: origin }),
  )
}

export async function receiveOnwardReply(
  { unit, origin }: Receiving,
  { caseId, requestId, answer }: ContentOf<'onwardConsentAnswer'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:linkedCase', 'missing-reference')
  const command = { requestId, answer, from: origin }
  return applyTo(stream, origin, receiveOnwardAnswer(state.releases, command))
}
