/**
 * The way in: what is done with the transaction of an authenticated origin.
 *
 * Effect, receipt, channel position and log intents of all its messages are
 * committed together or not at all, so a message has its effect once, however
 * often it comes. One bad message does not hold up the others: it gets a negative
 * receipt and keeps its number.
 */
import type {
  ConflictCode,
  ExchangeInbox,
  ExpectedPlace,
  TransactionAnswer,
} from '../../../app/ports/exchange.ts'
import { equalBytes } from '../../../base/bytes.ts'
import { addMs, DAY_MS, type Instant, utcDateOf } from '../../../base/time.ts'
import { openWithAny } from '../../../seal/seal.ts'
import { type ArrivalDeps, type Arrived, readArrival } from '../../../wire/exchange/arrival.ts'
import { type ChannelPosition, channelStart } from '../../../wire/exchange/channel.ts'
import type { Place } from '../../../wire/exchange/places.ts'
import { encodeReceipts } from '../../../wire/exchange/receipt.ts'
import type { Opening } from '../../../wire/exchange/transaction.ts'
import { type ApplyDeps, applyMessages } from './apply.ts'
import {
  type FederationDatabase,
  type FederationTransaction,
  orUnavailable,
  positionOf,
  runAhead,
} from './database.ts'
import { type Conflict, judgeTransaction } from './judge.ts'
import type { FederationTables } from './tables.ts'

export type InboxDeps<DB extends FederationTables> = ApplyDeps<DB> & {
  readonly db: FederationDatabase
  /** The age identity that peers seal to, and those they sealed to before. */
  readonly encryptionIdentities: () => readonly string[] | Promise<readonly string[]>
}

export type Inbox = ExchangeInbox & {
  /** Forgets nonces that can no longer be replayed, and answers that nobody asks for again. */
  tidy(): Promise<void>
  /** People have looked at an equivocation and let the channel go on. */
  thaw(origin: string): Promise<void>
}

/** A repeated transaction older than this gets `duplicate` receipts instead of its old ones. */
const ANSWERS_KEPT_MS = 30 * DAY_MS

export function createInbox<DB extends FederationTables>(deps: InboxDeps<DB>): Inbox {
  const { db } = deps
  return {
    rememberNonce: (keyId, nonce, until) => orUnavailable(rememberNonce(db, keyId, nonce, until)),
    receive: (transaction) => orUnavailable(receive(deps, transaction)),
    async tidy() {
      const now = deps.clocks.wireNow()
      await db.deleteFrom('fed_nonce').where('until', '<', new Date(now)).execute()
      const oldest = new Date(addMs(now, -ANSWERS_KEPT_MS))
      await db.deleteFrom('fed_in_transaction').where('received_at', '<', oldest).execute()
      await db
        .deleteFrom('fed_in_day')
        .where('day', '<', utcDateOf(addMs(now, -DAY_MS)))
        .execute()
    },
    async thaw(origin) {
      await db
        .updateTable('fed_in_channel')
        .set({ frozen_at: null })
        .where('origin', '=', origin)
        .execute()
    },
  }
}

async function rememberNonce(
  db: FederationDatabase,
  keyId: string,
  nonce: string,
  until: Instant,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('fed_nonce')
    .values({ key_id: keyId, nonce, until })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1
}

async function receive<DB extends FederationTables>(
  deps: InboxDeps<DB>,
  arrived: Arrived,
): Promise<TransactionAnswer> {
  const digest = deps.primitives.sha256(arrived.body)
  const before = await answerGiven(deps, deps.db, { ...arrived, digest })
  if (before !== undefined) return before
  const read = await readArrival(arrivalDeps(deps), arrived)
  if (read === undefined) return { kind: 'misdirected' }
  const { answer, conflict } = await deps.db.transaction().execute(async (tx) => {
    const channel = await lockChannel(deps, tx, arrived.origin)
    const meanwhile = await answerGiven(deps, tx, { ...arrived, digest })
    if (meanwhile !== undefined) return { answer: meanwhile }
    if (channel.isFrozen) return { answer: refused('channel-frozen', channel.position) }
    const judged = await judgeTransaction(tx, channel.position, read)
    if (judged.kind === 'conflict') {
      await recordConflict(deps, tx, channel.position, judged)
      return { answer: refused(judged.code, channel.position), conflict: judged }
    }
    const body = await take(deps, tx, arrived.id, {
      position: channel.position,
      places: judged.places,
      openings: read.openings,
    })
    await keepAnswer(deps, tx, { ...arrived, digest, answer: body })
    return { answer: { kind: 'receipts', body } as const }
  })
  if (conflict?.code === 'equivocation') {
    deps.alarm({ kind: 'equivocation', peer: arrived.origin, seq: conflict.header.seq })
  }
  return answer
}

/** The answer that this transaction was given before, or a conflict if its bytes are others. */
async function answerGiven<DB extends FederationTables>(
  deps: InboxDeps<DB>,
  db: FederationDatabase | FederationTransaction,
  { origin, id, digest }: { origin: string; id: string; digest: Uint8Array },
): Promise<TransactionAnswer | undefined> {
  const row = await (db as FederationDatabase)
    .selectFrom('fed_in_transaction')
    .select(['digest', 'answer'])
    .where('origin', '=', origin)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  if (equalBytes(row.digest, digest)) {
    return { kind: 'receipts', body: new Uint8Array(row.answer) }
  }
  return refused('transaction-conflict', await readPosition(deps, db, origin))
}

function arrivalDeps<DB extends FederationTables>(deps: InboxDeps<DB>): ArrivalDeps {
  const { node, primitives, peers, encryptionIdentities } = deps
  return {
    ...{ node, primitives },
    peerFor: (origin) => peers.peer(origin),
    open: async (sealed) => openWithAny(await encryptionIdentities(), sealed),
  }
}

async function lockChannel<DB extends FederationTables>(
  { node }: InboxDeps<DB>,
  tx: FederationTransaction,
  origin: string,
): Promise<{ readonly position: ChannelPosition; readonly isFrozen: boolean }> {
  const { link } = channelStart(origin, node)
  await runAhead(
    tx,
    tx
      .insertInto('fed_in_channel')
      .values({ origin, link })
      .onConflict((on) => on.column('origin').doNothing()),
  )
  const row = await tx
    .selectFrom('fed_in_channel')
    .select(['epoch', 'seq', 'link', 'frozen_at'])
    .where('origin', '=', origin)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return { position: positionOf(origin, node, row), isFrozen: row.frozen_at !== null }
}

async function readPosition<DB extends FederationTables>(
  { node }: InboxDeps<DB>,
  db: FederationDatabase | FederationTransaction,
  origin: string,
): Promise<ChannelPosition> {
  const row = await (db as FederationDatabase)
    .selectFrom('fed_in_channel')
    .select(['epoch', 'seq', 'link'])
    .where('origin', '=', origin)
    .executeTakeFirst()
  return row === undefined ? channelStart(origin, node) : positionOf(origin, node, row)
}

function refused(code: ConflictCode, { epoch, seq, link }: ChannelPosition): TransactionAnswer {
  const expected: ExpectedPlace = { epoch, seq: seq + 1, link }
  return { kind: 'conflict', code, expected }
}

/** Proof of two histories is kept, and the channel does not move until people have decided. */
async function recordConflict<DB extends FederationTables>(
  deps: InboxDeps<DB>,
  tx: FederationTransaction,
  { origin }: ChannelPosition,
  { code, header, theirs, ours }: Conflict,
): Promise<void> {
  if (code !== 'equivocation') return
  const now = deps.clocks.wireNow()
  await tx
    .insertInto('fed_equivocation')
    .values({ origin, epoch: header.epoch, seq: header.seq, ours, theirs, detected_at: now })
    .onConflict((on) => on.doNothing())
    .execute()
  await tx
    .updateTable('fed_in_channel')
    .set({ frozen_at: now })
    .where('origin', '=', origin)
    .execute()
}

async function take<DB extends FederationTables>(
  deps: InboxDeps<DB>,
  tx: FederationTransaction,
  id: string,
  work: {
    readonly position: ChannelPosition
    readonly places: readonly Place[]
    readonly openings: readonly (Opening | null)[]
  },
) {
  const { receipts, position } = await applyMessages(deps, tx, work)
  const { origin, epoch, seq, link } = position
  await runAhead(
    tx,
    tx.updateTable('fed_in_channel').set({ epoch, seq, link }).where('origin', '=', origin),
  )
  return encodeReceipts(id, receipts)
}

async function keepAnswer<DB extends FederationTables>(
  { clocks }: InboxDeps<DB>,
  tx: FederationTransaction,
  { origin, id, digest, answer }: Arrived & { digest: Uint8Array; answer: Uint8Array },
): Promise<void> {
  await runAhead(
    tx,
    tx
      .insertInto('fed_in_transaction')
      .values({ origin, id, digest, answer, received_at: clocks.wireNow() }),
  )
}
