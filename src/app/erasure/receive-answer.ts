/** What a recipient says became of what was erased here: the case is gone, the answer is kept. */
import { type Bytes, fromBase64 } from '../../base/bytes.ts'
import { invariant, unverified } from '../../base/errors.ts'
import { instant } from '../../base/time.ts'
import {
  askedErasure,
  receiveErasureAnswer as decide,
  type ErasureAnswer,
} from '../../core/erasure/erasure.ts'
import type { EventOpening } from '../../wire/event-opening.ts'
import type { ContentOf } from '../../wire/exchange/contents.ts'
import { isRevoked } from '../../wire/http-signature.ts'
import { keptInput } from '../../wire/retraction-statement.ts'
import type { MessageOutcome } from '../ports/exchange.ts'
import { type Receiving, rejected } from '../receive-message.ts'
import { foldErasureStream } from './read-erasures.ts'
import { verifyLogged } from './verify-logged.ts'

/** @throws ComityError `unverified` if no message key of the peer that still counts signed it */
export async function receiveErasureAnswer(
  receiving: Receiving,
  { caseId: _, opening, ...content }: ContentOf<'erasureAnswer'>,
): Promise<MessageOutcome> {
  const answeredAt = instant(content.answeredAt, '/content/answeredAt')
  const { key, signature, ...said } = content
  const parties = { releasedBy: receiving.kernel.node.id, party: receiving.origin }
  requireSigned(receiving, keptInput({ ...said, ...parties, answeredAt }), { key, signature })
  return recordErasureAnswer(receiving, { ...content, answeredAt }, opening)
}

export async function recordErasureAnswer(
  { kernel, unit, origin }: Pick<Receiving, 'kernel' | 'unit' | 'origin'>,
  answer: ErasureAnswer,
  opening?: ContentOf<'erasureAnswer'>['opening'],
): Promise<MessageOutcome> {
  const stream = await unit.open(kernel.erasureStreamId)
  invariant(stream, 'every node has a stream of erasures')
  const state = foldErasureStream(stream.history)
  const agreement = askedErasure(state, origin, answer.releaseId)?.asked.agreement ?? null
  const logged = opening as EventOpening | undefined
  const receipt = logged && (await verifyLogged(kernel, logged, { answer, agreement, origin }))
  const events = decide(state, origin, answer, receipt)
  if (!events) return rejected('release:known', 'missing-reference')
  if (events.length > 0) await stream.append(events, origin)
  return { decision: 'applied' }
}

/** @throws ComityError `unverified` if no message key of the peer that still counts signed it */
export function requireSigned(
  { kernel, origin }: Pick<Receiving, 'kernel' | 'origin'>,
  input: Bytes,
  { key, signature }: { readonly key: string; readonly signature: string },
): void {
  const bytes = fromBase64(signature, '/content/signature')
  const isSigned = kernel.peers
    .find(origin)
    ?.messageKeys.filter((one) => one.id === key && !isRevoked(one, kernel.clocks.wireNow()))
    .some(({ publicKey }) => kernel.primitives.verifyEd25519(publicKey, input, bytes))
  if (!isSigned) {
    throw unverified('the confirmation does not verify', { field: '/content/signature' })
  }
}
