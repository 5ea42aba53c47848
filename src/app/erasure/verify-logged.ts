/**
 * Whether the recipient's own log holds its answer to an erasure: the event by which it was
 * recorded there says the same, and witnesses of the agreement have cosigned its entry.
 *
 * It shows that the recipient cannot take the answer back unseen, not that it is true.
 */
import { utf8 } from '../../base/bytes.ts'
import { unverified } from '../../base/errors.ts'
import type { AnswerReceipt, ErasureAnswer } from '../../core/erasure/erasure.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { type EventOpening, verifyOpening } from '../../wire/event-opening.ts'
import { todaysEvent } from '../../wire/event-versions.ts'
import { agreementStateOf } from '../agreements.ts'
import type { Kernel } from '../kernel.ts'

type Expected = {
  readonly answer: ErasureAnswer
  /** Id of the agreement under which it was released; null: none is known any more. */
  readonly agreement: string | null
  /** Node id of the recipient. */
  readonly origin: string
}

/**
 * Undefined: without the agreement nobody can say which witnesses count.
 *
 * @throws ComityError `unverified` if the opening is of something else, or its receipt does not hold
 */
export async function verifyLogged(
  kernel: Kernel,
  opening: EventOpening,
  { answer, agreement, origin }: Expected,
): Promise<AnswerReceipt | undefined> {
  requireSame(opening, answer, origin)
  const { document } = agreement ? await agreementStateOf(kernel, agreement) : { document: null }
  if (!document) return undefined
  const { primitives, publicLog } = kernel
  const policy = publicLog.withFollowers(parsePolicy(primitives, utf8(document.quorum)))
  return { ...verifyOpening(primitives, opening, policy), opening }
}

function requireSame({ envelope }: EventOpening, answer: ErasureAnswer, origin: string): void {
  const { answer: said, ...statement } = answer
  const expected = said === 'done' ? statement : answer
  const type = said === 'done' ? 'retractionConfirmed' : 'retractionKept'
  const event = todaysEvent(envelope.event) as Readonly<Record<string, unknown>>
  const isSame = Object.entries(expected).every(([member, value]) => event[member] === value)
  if (envelope.node !== origin || event['type'] !== type || !isSame) {
    throw unverified('the opened event says something else than the answer', {
      field: '/content/opening',
    })
  }
}
