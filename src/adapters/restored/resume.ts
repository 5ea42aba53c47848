/**
 * Carries out a plan: freezes what would fork, opens a new log and new epochs, in one
 * transaction. Whoever was silent is asked later; until then nothing is sent there.
 */
import { sql, type Transaction } from 'kysely'
import { textFromUtf8 } from '../../base/bytes.ts'
import { invariant } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { Policy } from '../../proof/policy.ts'
import { rootOf } from '../../proof/tree-hash.ts'
import { formatVkey } from '../../proof/vkey.ts'
import { logEntry } from '../../wire/event-commitment.ts'
import { channelStart } from '../../wire/exchange/channel.ts'
import type { MessageSigner } from '../../wire/exchange/signed.ts'
import { type LogNoticeReason, signLogNotice } from '../../wire/log-notice.ts'
import { RESTORED_SETTING } from '../backup/restore-backup.ts'
import type { AtRest } from '../keys/at-rest.ts'
import { nodePrimitives } from '../node-primitives.ts'
import type { Database, Schema } from '../postgres/database.ts'
import { type FederationTransaction, STOPPED_UNTIL_ASKED } from '../postgres/federation/database.ts'
import type { Outbox } from '../postgres/federation/outbox.ts'
import {
  type EndedLog,
  makeNextLog,
  type NextLog,
  type OwnLog,
  recordNextLog,
} from '../postgres/log/own-log.ts'
import { addPending } from '../postgres/log/pending.ts'
import { newestSealedSize } from '../postgres/log/receipts.ts'
import { systemRandom } from '../random.ts'
import type { Answers } from './ask.ts'
import type { ReturnPlan } from './plan.ts'

export type ResumeParts = {
  readonly node: string
  readonly database: Database
  readonly atRest: AtRest
  readonly policy: Policy
  readonly signer: MessageSigner
  readonly messagePublicKey: Uint8Array
  readonly outbox: Outbox
  readonly own: OwnLog
  readonly wireNow: () => Instant
  /** Why another log follows: after a restore unless said. */
  readonly reason?: LogNoticeReason
}

const REASON = 'restored from a backup'

export async function resume(
  parts: ResumeParts,
  plan: ReturnPlan,
  answers: Answers,
): Promise<void> {
  invariant(plan.step !== 'wait', 'a restored node goes on only after a quorum has answered')
  const following = plan.log === 'follow' ? await prepareNext(parts, answers) : undefined
  const sealedSize =
    following === undefined
      ? 0
      : await newestSealedSize({ ...parts, directory: '', primitives: nodePrimitives }, 0)
  await parts.database.transaction().execute(async (tx) => {
    if (following) await openNext(parts, tx, following, sealedSize)
    for (const channel of plan.channels) await settleChannel(parts, tx, channel, following?.notices)
    await tx.deleteFrom('node_setting').where('key', '=', RESTORED_SETTING).execute()
  })
}

type Following = {
  readonly next: NextLog
  readonly ended: readonly EndedLog[]
  readonly notice: Uint8Array
  /** How the next log follows the node's first one. */
  readonly notices: readonly Uint8Array[]
  readonly at: Instant
}

/** The log after the newest that anybody knows, and the notice that says where that one ended. */
async function prepareNext(parts: ResumeParts, answers: Answers): Promise<Following> {
  const ended = await endedLogs(parts, answers)
  const last = ended.at(-1)
  invariant(last, 'a log follows another one')
  const next = makeNextLog(parts.node, last.ordinal + 1, parts.atRest)
  const at = parts.wireNow()
  const { origin, treeSize, rootHash } = last
  const closed = { origin, treeSize, rootHash }
  const notice = await signLogNotice(
    nodePrimitives,
    { node: parts.node, closed, opened: next.signer.key, at, reason: parts.reason ?? 'restored' },
    parts.signer,
    parts.messagePublicKey,
  )
  const lost = answers.notices.map(({ bytes }) => bytes)
  return { next, ended, notice, at, notices: [...parts.own.notices, ...lost, notice] }
}

/** Our open log and those that were opened after the backup, each where it ended. */
async function endedLogs({ database, own }: ResumeParts, answers: Answers): Promise<EndedLog[]> {
  const { key } = own.signer
  const logs = [
    { origin: key.name, vkey: formatVkey(key), notice: own.notices.at(-1) ?? null },
    ...answers.notices.map(({ notice, bytes }) => ({
      origin: notice.opened.name,
      vkey: formatVkey(notice.opened),
      notice: bytes,
    })),
  ]
  const head = await database.selectFrom('log_head').select(['size', 'root']).executeTakeFirst()
  const empty = { treeSize: 0, rootHash: rootOf(nodePrimitives, []) }
  return logs.map((log, index) => {
    const closing = answers.notices[index]?.notice.closed
    const held = index === 0 && head ? { treeSize: Number(head.size), rootHash: head.root } : empty
    const { treeSize, rootHash } = closing ?? furthest(answers, log.origin, held)
    return { ordinal: own.ordinal + index, ...log, treeSize, rootHash }
  })
}

function furthest(
  { witnesses }: Answers,
  origin: string,
  held: { readonly treeSize: number; readonly rootHash: Uint8Array },
) {
  return witnesses
    .flatMap(({ head }) => (head?.origin === origin ? [head] : []))
    .reduce((most, head) => (head.treeSize > most.treeSize ? head : most), held)
}

async function openNext(
  { own, wireNow }: ResumeParts,
  tx: Transaction<Schema>,
  { next, ended, notice, at }: Following,
  sealedSize: number,
): Promise<void> {
  await sql`select close_open_log(${own.ordinal}::integer)`.execute(tx)
  const closed = sql.table(`closed_log_${own.ordinal}.log_entry`)
  // What no quorum has cosigned has no receipt in the closed log: it gets one in the next.
  await sql`
    insert into log_pending (id, batch, ready, entry, leaf_hash, created_at)
    select pending_id, 'ordinary', true, entry, leaf_hash, accepted_at from ${closed}
    where seq >= ${sealedSize}::bigint
    on conflict do nothing`.execute(tx)
  await recordNextLog(tx, ended, { ...next, notice, at })
  const entry = logEntry(nodePrimitives.sha256(notice), {
    tag: systemRandom.bytes(16),
    wireNow: wireNow(),
  })
  const id = systemRandom.uuid()
  await addPending(tx, { id, batch: 'ordinary', ready: true, entry, at })
  // Entry 0 of the new log, before everything that waits.
  await sql`
    update log_pending set created_at =
      (select min(created_at) from log_pending) - interval '1 millisecond'
    where id = ${id}`.execute(tx)
}

async function settleChannel(
  { node, outbox, reason }: ResumeParts,
  tx: Transaction<Schema>,
  { peer, step, ours }: ReturnPlan['channels'][number],
  notices: readonly Uint8Array[] = [],
): Promise<void> {
  if (step === 'askLater') {
    const { link } = channelStart(node, peer)
    await tx
      .insertInto('fed_out_channel')
      .values({ destination: peer, link, stopped_reason: STOPPED_UNTIL_ASKED })
      .onConflict((on) =>
        on.column('destination').doUpdateSet({ stopped_reason: STOPPED_UNTIL_ASKED }),
      )
      .execute()
    return
  }
  if (step === 'same') return
  await outbox.openEpoch(tx as unknown as FederationTransaction, peer, {
    reason: reason === undefined ? REASON : 'the log key was changed',
    ...(ours ? { seen: ours } : {}),
    logNotices: notices.map((notice) => textFromUtf8(notice)),
  })
}

/** A peer that was silent has answered now: its channel goes on, or starts anew. */
export async function settleLater(
  { database, node, outbox }: Pick<ResumeParts, 'database' | 'node' | 'outbox'>,
  own: OwnLog,
  channel: ReturnPlan['channels'][number],
): Promise<void> {
  await database.transaction().execute(async (tx) => {
    const parts = { node, outbox } as ResumeParts
    await settleChannel(parts, tx, channel, own.notices)
    await tx
      .updateTable('fed_out_channel')
      .set({ stopped_reason: null })
      .where('destination', '=', channel.peer)
      .where('stopped_reason', '=', STOPPED_UNTIL_ASKED)
      .execute()
  })
}
