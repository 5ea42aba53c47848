/**
 * Sends what waits. A server that is away delays mails and nothing else: each is
 * tried again, later each time, and given up after a day or so. What was sent keeps
 * no address and no text; what was given up keeps them sealed for a week, so that an
 * administrator can have it tried again.
 */
import { textFromUtf8 } from '../../base/bytes.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../base/time.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import { type KeptMail, mailContext } from '../postgres/desk/notices.ts'
import type { SendMail } from './send-mail.ts'

export type MailQueueParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly send: SendMail
  readonly nowMs: () => number
}

const ATTEMPTS_MAX = 10
const ROUND_MAX = 20
const EMPTY = new Uint8Array()
const GIVEN_UP_KEPT_MS = 7 * DAY_MS
/** While it is being sent nobody else takes it; whoever dies meanwhile leaves it to the next. */
const TAKEN_MS = 5 * MINUTE_MS

export type Round = { readonly sent: number; readonly delayed: number; readonly failed: number }

/** One round through what is due. Never throws because of the mail server. */
export async function sendWaitingMail(parts: MailQueueParts): Promise<Round> {
  const round = { sent: 0, delayed: 0, failed: 0 }
  await emptyOld(parts)
  for (const mail of await take(parts)) {
    const fault = await trySending(parts, mail.id, mail.sealed_message)
    const outcome =
      fault === undefined ? 'sent' : isLast(fault, mail.attempts) ? 'failed' : 'delayed'
    await note(parts, mail, outcome, fault)
    round[outcome] += 1
    // The server itself is away: the others wait for it too.
    if (fault === 'unreachable') break
  }
  return round
}

async function emptyOld({ database, nowMs }: MailQueueParts): Promise<void> {
  await database
    .updateTable('mail_out')
    .set({ sealed_message: EMPTY })
    .where('state', '=', 'failed')
    .where('ended_at', '<=', new Date(nowMs() - GIVEN_UP_KEPT_MS))
    .where((where) => where(where.fn('octet_length', ['sealed_message']), '>', 0))
    .execute()
}

async function take({ database, nowMs }: MailQueueParts) {
  const due = new Date(nowMs())
  return database
    .updateTable('mail_out')
    .set({ send_at: new Date(nowMs() + TAKEN_MS) })
    .where('id', 'in', (from) =>
      from
        .selectFrom('mail_out')
        .select('id')
        .where('state', '=', 'waiting')
        .where('send_at', '<=', due)
        .orderBy('send_at')
        .limit(ROUND_MAX)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'sealed_message', 'attempts'])
    .execute()
}

type Fault = 'unreachable' | 'insecure' | 'unauthorised' | 'refused' | 'putOff'

async function trySending(
  { atRest, send }: MailQueueParts,
  id: string,
  sealed: Uint8Array,
): Promise<Fault | undefined> {
  const mail = JSON.parse(textFromUtf8(atRest.node.open(mailContext(id), sealed))) as KeptMail
  try {
    await send({ ...mail, id })
    return undefined
  } catch (error) {
    return faultOf(error as { readonly code?: string; readonly responseCode?: number })
  }
}

/** The words of a server may quote an address, so only their kind is kept. */
function faultOf({ code = '', responseCode = 0 }: { code?: string; responseCode?: number }): Fault {
  if (code === 'EAUTH') return 'unauthorised'
  if (code === 'ETLS' || code.startsWith('ERR_TLS') || code.includes('CERT')) return 'insecure'
  if (responseCode >= 500) return 'refused'
  return responseCode >= 400 ? 'putOff' : 'unreachable'
}

const isLast = (fault: Fault, attempts: number) =>
  fault === 'refused' || attempts + 1 >= ATTEMPTS_MAX

async function note(
  { database, nowMs }: MailQueueParts,
  { id, attempts }: { readonly id: string; readonly attempts: number },
  outcome: keyof Round,
  fault: Fault | undefined,
): Promise<void> {
  const tried = { attempts: attempts + 1, fault: fault ?? null }
  const waitMs = Math.min(6 * HOUR_MS, MINUTE_MS * 2 ** attempts)
  const change =
    outcome === 'delayed'
      ? { ...tried, send_at: new Date(nowMs() + waitMs) }
      : {
          ...tried,
          state: outcome,
          ended_at: new Date(nowMs()),
          ...(outcome === 'sent' ? { sealed_message: EMPTY } : {}),
        }
  await database.updateTable('mail_out').set(change).where('id', '=', id).execute()
}
