/**
 * A request for assistance that the other node turned down by its receipt never reached an
 * officer there: it ends as refused, with the reason of the receipt, and its officer is told.
 */
import { isUuid } from '../base/ids.ts'
import { assistanceOf } from '../core/assistance/assistance.ts'
import { receiveAnswer } from '../core/assistance/decide-assistance.ts'
import { actingAs } from './acting.ts'
import { readingTasks, toldOf } from './answer-shared.ts'
import { foldCaseStream } from './case-stream.ts'
import { caseLedHere } from './joint-case.ts'
import type { Kernel } from './kernel.ts'
import type { Unit } from './ports/streams.ts'
import type { MessageReceipt } from './record-release-receipt.ts'

const TITLE = 'A request for assistance did not get through: read why, and ask again or otherwise'

/** Kept as an answer's code; no peer and no officer gives it. */
const CODES = { rejected: 'MESSAGE_REJECTED', expired: 'MESSAGE_EXPIRED' } as const

export async function endRejectedRequest(
  kernel: Kernel,
  unit: Unit,
  {
    requestId,
    objectId,
    destination,
    decision,
    reason,
    rule,
  }: Omit<MessageReceipt, 'messageId'> & { readonly requestId: string },
): Promise<void> {
  if ((decision !== 'rejected' && decision !== 'expired') || !isUuid(objectId)) return
  const stream = await caseLedHere(unit, destination, objectId)
  if (stream?.kind !== 'case') return
  const state = foldCaseStream(stream.history)
  const asked = assistanceOf(state.assistance, requestId)
  if (asked?.request.requestedAuthority !== destination) return
  const acting = actingAs({ id: destination, roles: [] }, kernel)
  const why = [decision, reason, rule].filter((one) => one !== undefined).join(', ')
  const answer = {
    requestId,
    answer: 'refused',
    codes: [CODES[decision]],
    regime: null,
    reasons: `The other node did not take the message in: ${why}`,
  } as const
  const decided = receiveAnswer(state, answer, acting)
  if (decided.decision === 'refuse') return
  await stream.append(decided.value, destination)
  const officers = await kernel.people.officers()
  const own = officers.filter(({ id }) => id === asked.request.officer)
  const told = own.length > 0 ? own : toldOf(state, officers)
  for (const task of readingTasks(kernel, stream.id, told, acting.now, TITLE)) {
    await unit.addTask(task)
  }
}
