/** What the inbox says of a transaction, as an answer of HTTP. */
import type { ExchangeInbox } from '../../app/ports/exchange.ts'
import { isUuid } from '../../base/ids.ts'
import { type Answer, problem } from './problem.ts'

export const TRANSACTION_PATH = '/federation/v1/transactions/'

/** @throws ComityError as the inbox does */
export async function takeTransaction(
  inbox: Pick<ExchangeInbox, 'receive'>,
  { origin, id, body }: { readonly origin: string; readonly id: string; readonly body: unknown },
): Promise<Answer> {
  if (!isUuid(id)) return problem(400, 'id', { field: 'id' })
  if (!(body instanceof Uint8Array)) return problem(400, 'not-json')
  const answer = await inbox.receive({ origin, id, body })
  if (answer.kind === 'misdirected') return problem(421, 'misdirected')
  if (answer.kind === 'conflict') {
    return problem(409, answer.code, { expected: answer.expected })
  }
  return { status: 200, contentType: 'application/json', body: answer.body }
}
