/**
 * What happened, told to endpoints: kind, a link for those who may sign in, and
 * nothing else. Events are noted in the transaction that appends them; each delivery
 * is tried again, later each time, and set aside as dead after a day or so.
 *
 * Nothing about intake is told: a hook at that moment would show when somebody filed.
 */
import type { Random } from '../../app/ports/random.ts'
import { textFromUtf8 } from '../../base/bytes.ts'
import { HOUR_MS, MINUTE_MS } from '../../base/time.ts'
import { todaysEvent } from '../../wire/event-versions.ts'
import type { AtRest } from '../keys/at-rest.ts'
import type { Database } from '../postgres/database.ts'
import { eventContext } from '../postgres/streams/stream-rows.ts'
import { type HookPlace, postHook } from './post-hook.ts'

export type HookQueueParts = {
  readonly database: Database
  readonly atRest: AtRest
  readonly random: Random
  readonly places: ReadonlyMap<string, HookPlace>
  readonly officersUrl: string
  readonly nowMs: () => number
}

/** What is told of, by type of event. */
const HOOK_KINDS: ReadonlyMap<string, string> = new Map([
  ['invitationReceived', 'invitation.received'],
  ['releaseReceived', 'release.received'],
  ['releaseReceiptReceived', 'release.answered'],
  ['assistanceReceived', 'assistance.requested'],
  ['assistanceAnswerReceived', 'assistance.answered'],
  ['noticeChallenged', 'notice.challenged'],
  ['measureTaken', 'measure.taken'],
  ['advisoryPublished', 'advisory.published'],
  ['deadlineEscalated', 'deadline.escalated'],
])

const ROUND_MAX = 50
const ATTEMPTS_MAX = 12
const TAKEN_MS = 5 * MINUTE_MS

/** Names of the configured endpoints; what is configured no more gets nothing any more. */
export async function nameEndpoints({ database, places }: HookQueueParts): Promise<void> {
  const names = [...places.keys()]
  await database
    .deleteFrom('hook_endpoint')
    .$if(names.length > 0, (query) => query.where('name', 'not in', names))
    .execute()
  if (names.length === 0) await database.deleteFrom('hook_pending').execute()
  for (const name of names) {
    const named = database.insertInto('hook_endpoint').values({ name })
    await named.onConflict((on) => on.doNothing()).execute()
  }
}

/** Turns noted events into deliveries. Each is looked at once. */
export async function queueHooks(parts: HookQueueParts): Promise<number> {
  const { database, atRest, random, places, officersUrl, nowMs } = parts
  return database.transaction().execute(async (tx) => {
    const rows = await tx
      .deleteFrom('hook_pending')
      .where('place', 'in', (from) =>
        from
          .selectFrom('hook_pending')
          .select('place')
          .orderBy('place')
          .limit(ROUND_MAX)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['stream_id', 'version'])
      .execute()
    let queued = 0
    for (const { stream_id, version } of rows) {
      const event = await tx
        .selectFrom('event')
        .innerJoin('stream', 'stream.id', 'event.stream_id')
        .select(['sealed_envelope', 'wrapped_key', 'stream.kind'])
        .where('stream_id', '=', stream_id)
        .where('event.version', '=', version)
        .executeTakeFirstOrThrow()
      const key = atRest.unwrap(event.wrapped_key)
      const bytes = key.open(eventContext(stream_id, version), event.sealed_envelope)
      const { event: stored } = JSON.parse(textFromUtf8(bytes)) as { event: { type: string } }
      const content = todaysEvent(stored)
      const kind = event.kind === 'case' ? HOOK_KINDS.get(content.type) : undefined
      if (kind === undefined) continue
      const link = `${officersUrl}/en/officer/cases/${stream_id}`
      for (const endpoint of places.keys()) {
        const id = random.uuid()
        const body = JSON.stringify({ id, kind, link })
        const row = { id, endpoint, body, next_at: new Date(nowMs()) }
        await tx.insertInto('hook_delivery').values(row).execute()
        queued += 1
      }
    }
    return queued
  })
}

export type HookRound = {
  readonly delivered: number
  readonly delayed: number
  readonly dead: number
}

export async function deliverHooks(parts: HookQueueParts): Promise<HookRound> {
  const { database, places, nowMs } = parts
  const round = { delivered: 0, delayed: 0, dead: 0 }
  const taken = await database
    .updateTable('hook_delivery')
    .set({ next_at: new Date(nowMs() + TAKEN_MS) })
    .where('id', 'in', (from) =>
      from
        .selectFrom('hook_delivery')
        .select('id')
        .where('state', '=', 'waiting')
        .where('next_at', '<=', new Date(nowMs()))
        .orderBy('next_at')
        .limit(ROUND_MAX)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'endpoint', 'body', 'attempts'])
    .execute()
  for (const { id, endpoint, body, attempts } of taken) {
    const place = places.get(endpoint)
    const fault = place ? await postHook(place, { id, body, atMs: nowMs() }) : 'refused'
    const isDead = fault === 'privateAddress' || attempts + 1 >= ATTEMPTS_MAX
    const outcome: keyof HookRound = fault === undefined ? 'delivered' : isDead ? 'dead' : 'delayed'
    const tried = { attempts: attempts + 1, fault: fault ?? null }
    const waitMs = Math.min(6 * HOUR_MS, MINUTE_MS * 2 ** attempts)
    const change =
      outcome === 'delayed'
        ? { ...tried, next_at: new Date(nowMs() + waitMs) }
        : { ...tried, state: outcome as 'delivered' | 'dead', ended_at: new Date(nowMs()) }
    await database.updateTable('hook_delivery').set(change).where('id', '=', id).execute()
    round[outcome] += 1
  }
  return round
}
