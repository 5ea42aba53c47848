/**
 * The way out: messages are inserted as pending rows by the transaction of the
 * business act, so that they leave if and only if it is committed. Numbers are
 * given afterwards, by the one writer of each channel.
 */
import type { Random } from '../../../app/ports/random.ts'
import { toBase64 } from '../../../base/bytes.ts'
import {
  canonicalBytes,
  canonicalText,
  type Json,
  parseJson,
  requireSafe,
} from '../../../base/canonical-json.ts'
import { malformed } from '../../../base/errors.ts'
import type { Instant } from '../../../base/time.ts'
import {
  type ChannelPosition,
  channelStart,
  EPOCH_OPENED,
  nextEpoch,
  nextHeader,
} from '../../../wire/exchange/channel.ts'
import { requireForm } from '../../../wire/exchange/form.ts'
import {
  commitToContent,
  type MessageDraft,
  MessageHeaderForm,
} from '../../../wire/exchange/message-header.ts'
import { CONTENT_BYTES_MAX, type Opening } from '../../../wire/exchange/transaction.ts'
import type { Exercise } from '../../../wire/exchange/world.ts'
import { isDue } from './bounded.ts'
import {
  type ColumnSeal,
  contentContext,
  type FederationTransaction,
  runAhead,
} from './database.ts'
import { dropBatchesFrom } from './drop-batches.ts'
import { appendNumbered, lockChannel, type NumberingDeps, takeBackOpen } from './numbering.ts'
import { insertPending, type PendingRow } from './rows-at-once.ts'

/** The peer reads the content inside contents, inside a list, inside an object. */
const LEVELS_AROUND_CONTENT = 3
/**
 * Nothing that waits is needed before a retraction: a release that waits itself is taken
 * back and never called back, and whatever a release rests on was received before it.
 */
const GOES_AHEAD = 'retraction'

export type OutboxDeps = NumberingDeps & {
  readonly random: Random
  readonly atRest: ColumnSeal
  /** Of a node that does not work on real cases: every message says so. */
  readonly exercise?: Exercise | undefined
}

export type Outgoing = {
  readonly destination: string
  /** UUID; the same id is never sent twice. */
  readonly id: string
  readonly type: string
  readonly objectId: string
  /** Version of the object; 1 unless said. */
  readonly version?: number
  readonly agreement: string | null
  readonly content: Json | object
  /** In case time. The destination deletes then without being asked. */
  readonly notAfter?: Instant
}

export type Outbox = {
  /** @throws ComityError `malformed` if it could never be sent */
  enqueue(tx: FederationTransaction, message: Outgoing): Promise<void>
  /** The same for many, in their order. */
  enqueueAll(tx: FederationTransaction, messages: readonly Outgoing[]): Promise<void>
  /** Makes contents about an object unreadable here; their headers and receipts stay. */
  eraseContents(tx: FederationTransaction, objectId: string): Promise<number>
  /**
   * Takes the content out of what names this agreement and has no receipt. A transaction that
   * is in flight with such content is made again without it: who has had it already says so.
   */
  withhold(tx: FederationTransaction, agreement: string): Promise<void>
  /** False: it has a number already, and begins to leave, or there is no such message. */
  takeBack(tx: FederationTransaction, id: string): Promise<boolean>
  /** As `withhold`, for one message, and also where it has its receipt: nothing is left here. */
  eraseMessage(tx: FederationTransaction, id: string): Promise<void>
  /** Gives numbers to at most `limit` pending messages. The caller is the channel's writer. */
  numberPending(tx: FederationTransaction, destination: string, limit: number): Promise<number>
  /**
   * After a restore from a backup: numbers may have been used that this database
   * does not know. The next message is the notice that opens a new epoch.
   */
  openEpoch(tx: FederationTransaction, destination: string, opening: EpochOpening): Promise<void>
}

export type EpochOpening = {
  readonly reason: string
  /** The last that the peer has seen; it may be of a later epoch than we know. */
  readonly seen?: Pick<ChannelPosition, 'epoch' | 'seq' | 'link'>
  /**
   * By which the node's log follows its first one, oldest first. All of them: the peer
   * may have been away when an earlier one was closed.
   */
  readonly logNotices?: readonly string[]
}

export function createOutbox(deps: OutboxDeps): Outbox {
  return {
    enqueue: (tx, message) => enqueueAll(deps, tx, [message]),
    enqueueAll: (tx, messages) => enqueueAll(deps, tx, messages),
    eraseContents: (tx, objectId) => eraseContents(tx, objectId),
    withhold: (tx, agreement) => withhold(tx, agreement),
    takeBack,
    eraseMessage,
    numberPending: (tx, destination, limit) => numberPending(deps, tx, destination, limit),
    openEpoch: (tx, destination, opening) => openEpoch(deps, tx, destination, opening),
  }
}

async function enqueueAll(
  deps: OutboxDeps,
  tx: FederationTransaction,
  messages: readonly Outgoing[],
): Promise<void> {
  await insertPending(
    tx,
    messages.map((message) => pendingRow(deps, message)),
  )
}

function pendingRow(deps: OutboxDeps, message: Outgoing): PendingRow {
  const { id, destination, type } = message
  const { draft, sealedContent } = prepare(deps, message)
  requireSendable(deps.node, destination, draft)
  const goesAhead = type === GOES_AHEAD
  return { id, destination, draft: canonicalText(draft), sealedContent, goesAhead }
}

function prepare({ primitives, random, atRest, exercise }: OutboxDeps, message: Outgoing) {
  const { id, type, objectId, version = 1, agreement, content, notAfter } = message
  const bytes = canonicalBytes(content)
  if (bytes.length > CONTENT_BYTES_MAX) {
    throw malformed('content is too large to be sent', { field: 'content', reason: 'size' })
  }
  requireSafe(parseJson(bytes, 'content'), 'content', LEVELS_AROUND_CONTENT)
  const salt = random.bytes(32)
  const contentCommitment = commitToContent(primitives, salt, content)
  const draft: MessageDraft = {
    id,
    type,
    objectId,
    version,
    agreement,
    contentCommitment,
    ...(notAfter === undefined ? {} : { notAfter }),
    ...(exercise === undefined ? {} : { exercise }),
  }
  const opening = canonicalBytes({ salt: toBase64(salt), content })
  return { draft, sealedContent: atRest.seal(contentContext('out', id), opening) }
}

/** A draft that no peer would read must fail here, in the act that made it. */
function requireSendable(node: string, destination: string, draft: MessageDraft): void {
  const header = nextHeader(channelStart(node, destination), draft)
  requireForm(MessageHeaderForm, header as unknown as Json, '')
  if (node === destination) {
    throw malformed('a node sends to itself', { field: '/destination', reason: 'schema' })
  }
}

async function eraseContents(tx: FederationTransaction, objectId: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('fed_out')
    .set({ sealed_content: null })
    .where('object_id', '=', objectId)
    .where('sealed_content', 'is not', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Of what carries something of a case. Steps of the agreement itself name no agreement. */
const WITHHELD_TYPES = ['invitation', 'release', 'assistanceRequest', 'assistanceAnswer']

async function withhold(tx: FederationTransaction, agreement: string): Promise<void> {
  const named = (header: string) => {
    const { type, agreement: of } = JSON.parse(header) as MessageDraft
    return of === agreement && WITHHELD_TYPES.includes(type)
  }
  const pending = await tx.selectFrom('fed_out_pending').select(['place', 'draft']).execute()
  const places = pending.filter(({ draft }) => named(draft)).map(({ place }) => place)
  if (places.length > 0) {
    // Numbered later as a message whose content was erased.
    const erased = { sealed_content: new Uint8Array() }
    await tx.updateTable('fed_out_pending').set(erased).where('place', 'in', places).execute()
  }
  const open = await tx
    .selectFrom('fed_out')
    .select(['destination', 'epoch', 'seq', 'header'])
    .where('decision', 'is', null)
    .execute()
  for (const { destination, epoch, seq, header } of open) {
    if (!named(header)) continue
    await tx
      .updateTable('fed_out')
      .set({ sealed_content: null })
      .where('destination', '=', destination)
      .where('epoch', '=', epoch)
      .where('seq', '=', seq)
      .execute()
    await dropBatchesFrom(tx, { destination, epoch, seq })
  }
}

async function eraseMessage(tx: FederationTransaction, id: string): Promise<void> {
  const erased = { sealed_content: new Uint8Array() }
  await tx.updateTable('fed_out_pending').set(erased).where('id', '=', id).execute()
  const sent = await tx
    .updateTable('fed_out')
    .set({ sealed_content: null })
    .where('id', '=', id)
    .returning(['destination', 'epoch', 'seq', 'decision'])
    .execute()
  const open = sent.find(({ decision }) => decision === null)
  if (open) await dropBatchesFrom(tx, open)
}

async function takeBack(tx: FederationTransaction, id: string): Promise<boolean> {
  const taken = await tx
    .deleteFrom('fed_out_pending')
    .where('id', '=', id)
    .returning('not_before')
    .executeTakeFirst()
  // One that was too many for its day had left: it does not go again, and the peer is told.
  return taken !== undefined && taken.not_before === null
}

async function numberPending(
  deps: OutboxDeps,
  tx: FederationTransaction,
  destination: string,
  limit: number,
): Promise<number> {
  const position = await lockChannel(deps, tx, destination)
  const pending = await tx
    .selectFrom('fed_out_pending')
    .selectAll()
    .where('destination', '=', destination)
    .where(isDue)
    .orderBy('goes_ahead', 'desc')
    .orderBy('place')
    .limit(limit)
    // Waits for whoever takes one back: a message is numbered or taken back, never both.
    .forUpdate()
    .execute()
  if (pending.length === 0) return 0
  await appendNumbered(
    deps,
    tx,
    position,
    pending.map(({ draft, sealed_content }) => ({
      draft: JSON.parse(draft) as MessageDraft,
      sealedContent: sealed_content.length > 0 ? sealed_content : null,
    })),
  )
  const places = pending.map(({ place }) => place)
  await runAhead(tx, tx.deleteFrom('fed_out_pending').where('place', 'in', places))
  return pending.length
}

async function openEpoch(
  deps: OutboxDeps,
  tx: FederationTransaction,
  destination: string,
  { reason, seen, logNotices = [] }: EpochOpening,
): Promise<void> {
  const own = await lockChannel(deps, tx, destination)
  const before = seen && seen.epoch > own.epoch ? { ...own, ...seen } : own
  const { epoch, seq, link } = before
  const notice = prepare(deps, {
    destination,
    id: deps.random.uuidByTime(),
    type: EPOCH_OPENED,
    objectId: deps.node,
    agreement: null,
    content: { reason, before: { epoch, seq, link }, ...noticesInContent(logNotices) },
  })
  const open = await takeBackOpen(tx, destination)
  await appendNumbered(deps, tx, nextEpoch(before), [notice, ...open])
  await tx
    .updateTable('fed_out_channel')
    .set({ stopped_reason: null })
    .where('destination', '=', destination)
    .execute()
}

function noticesInContent(notices: readonly string[]) {
  const [logNotice] = notices.slice(-1)
  const earlierLogNotices = notices.slice(0, -1)
  return {
    ...(logNotice === undefined ? {} : { logNotice }),
    ...(earlierLogNotices.length === 0 ? {} : { earlierLogNotices }),
  }
}

/** Opens a content of our own as it is kept. @throws ComityError `unverified` */
export function openOutgoing(atRest: ColumnSeal, id: string, sealed: Uint8Array): Opening {
  const bytes = atRest.open(contentContext('out', id), sealed)
  return parseJson(bytes, 'content') as unknown as Opening
}
