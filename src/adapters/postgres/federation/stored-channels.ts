/**
 * Looks whether the stored messages of the exchange are as they were signed: headers and
 * receipts by their signatures, links by the headers, the columns beside them by what was
 * signed, the positions of channels by their newest message. It proves nothing of columns
 * that nobody signs: leases, pauses, times of arrival, what waits for its number.
 */
import { utf8 } from '../../../base/bytes.ts'
import { canonicalText, parseJson } from '../../../base/canonical-json.ts'
import { ComityError, malformed } from '../../../base/errors.ts'
import { verifyChannelHead } from '../../../wire/exchange/channel-head.ts'
import { linkOf, type MessageHeader, ZERO_LINK } from '../../../wire/exchange/message-header.ts'
import { outcomeOf, type SignedReceipt } from '../../../wire/exchange/receipt.ts'
import { DOMAIN, type NodeSignature, verifyValue } from '../../../wire/exchange/signed.ts'
import type { HttpPrimitives, MessageKey } from '../../../wire/http-signature.ts'
import type { FederationDatabase } from './database.ts'

export type End = { readonly node: string; readonly messageKeys: readonly MessageKey[] }

export type StoredChannelsDeps = {
  readonly db: FederationDatabase
  readonly primitives: HttpPrimitives
  readonly own: End
  readonly peer: End
}

/** So many of the newest messages of a direction are looked at. */
const NEWEST = 2000

type Row = {
  readonly epoch: string
  readonly seq: string
  readonly link: string
  readonly id: string
  readonly object_id: string
  readonly header: string
  readonly signature: string
  readonly decision: string | null
  readonly receipt: string | null
  readonly type?: string
  readonly reason?: string | null
}

/** What differs from what was signed, each with its table and place; none: nothing does. */
export async function alteredRows(deps: StoredChannelsDeps): Promise<readonly string[]> {
  const [sent, received, heads] = await Promise.all([
    alteredMessages(deps, 'fed_out'),
    alteredMessages(deps, 'fed_in'),
    alteredHeads(deps),
  ])
  return [...sent, ...received, ...heads]
}

async function alteredMessages(
  deps: StoredChannelsDeps,
  table: 'fed_out' | 'fed_in',
): Promise<readonly string[]> {
  const rows = await newestRows(deps, table)
  const found: string[] = []
  for (const [index, row] of rows.entries()) {
    const isOldestRead = index === NEWEST - 1
    const why =
      whyAltered(deps, table, row) ??
      (isOldestRead || isLinked(row, rows[index + 1]) ? undefined : 'prev')
    if (why !== undefined) found.push(`${table} ${row.epoch}/${row.seq}: ${why}`)
  }
  const head = await positionIn(deps, table)
  const [newest] = rows
  if (!isOpened(newest, head) && !isAt(newest, head))
    found.push(`${table}_channel: it does not stand at the newest message`)
  return found
}

type Position = Pick<Row, 'epoch' | 'seq' | 'link'> | undefined

/** Anew, or for the first time: there is no message yet. */
function isOpened(newest: Position, head: Position): boolean {
  if (head?.seq !== '0' || head.link !== ZERO_LINK) return false
  return newest === undefined || Number(newest.epoch) < Number(head.epoch)
}

function isAt(newest: Position, head: Position): boolean {
  return newest?.epoch === head?.epoch && newest?.seq === head?.seq && newest?.link === head?.link
}

/** Newest first. */
async function newestRows(
  { db, peer }: StoredChannelsDeps,
  table: 'fed_out' | 'fed_in',
): Promise<readonly Row[]> {
  const columns = ['epoch', 'seq', 'link', 'id', 'object_id', 'header', 'signature'] as const
  const ended = ['decision', 'receipt'] as const
  if (table === 'fed_out') {
    const query = db.selectFrom('fed_out').select([...columns, ...ended])
    const own = query.where('destination', '=', peer.node)
    return own.orderBy('epoch', 'desc').orderBy('seq', 'desc').limit(NEWEST).execute()
  }
  const query = db.selectFrom('fed_in').select([...columns, ...ended, 'type', 'reason'])
  const theirs = query.where('origin', '=', peer.node)
  return theirs.orderBy('epoch', 'desc').orderBy('seq', 'desc').limit(NEWEST).execute()
}

async function positionIn({ db, peer }: StoredChannelsDeps, table: 'fed_out' | 'fed_in') {
  const columns = ['epoch', 'seq', 'link'] as const
  return table === 'fed_out'
    ? db
        .selectFrom('fed_out_channel')
        .select(columns)
        .where('destination', '=', peer.node)
        .executeTakeFirst()
    : db
        .selectFrom('fed_in_channel')
        .select(columns)
        .where('origin', '=', peer.node)
        .executeTakeFirst()
}

function whyAltered(
  { primitives, own, peer }: StoredChannelsDeps,
  table: 'fed_out' | 'fed_in',
  row: Row,
): string | undefined {
  const [origin, destination] = table === 'fed_out' ? [own, peer] : [peer, own]
  return failureOf(() => {
    const header = readStored<MessageHeader>(row.header)
    const signature = readStored<NodeSignature>(row.signature)
    verifyValue(primitives, DOMAIN.header, header, signature, origin)
    if (linkOf(primitives, header) !== row.link) return 'link'
    const columns = {
      ...{ origin: origin.node, destination: destination.node, id: row.id },
      ...{ epoch: Number(row.epoch), seq: Number(row.seq), objectId: row.object_id },
      ...(row.type === undefined ? {} : { type: row.type }),
    }
    for (const [name, value] of Object.entries(columns)) {
      if (header[name as keyof MessageHeader] !== value) return name
    }
    return whyReceiptAltered(primitives, row, destination)
  })
}

/** The row was read: its header is sound. Whatever is missing before it, is missed. */
function isLinked({ seq, epoch, header }: Row, before: Row | undefined): boolean {
  const { prev } = readStored<MessageHeader>(header)
  if (seq === '1') return prev === ZERO_LINK
  return before?.epoch === epoch && before.link === prev
}

/** As it was written: another spelling of the same value is an alteration, too. */
function readStored<T>(text: string): T {
  const value = parseJson(utf8(text))
  if (canonicalText(value) !== text) throw malformed('not as it was written')
  return value as unknown as T
}

function whyReceiptAltered(
  primitives: HttpPrimitives,
  { link, decision, receipt: text, reason }: Row,
  by: End,
): string | undefined {
  if (text === null) return decision === null ? undefined : 'receipt'
  const { receipt, signature } = readStored<SignedReceipt>(text)
  verifyValue(primitives, DOMAIN.receipt, receipt, signature, { ...by, at: receipt.at })
  if (receipt.link !== link) return 'receipt'
  // None: the peer asked for it again, and will answer again.
  const decisions = [null, receipt.decision, outcomeOf(receipt)]
  if (!decisions.includes(decision as (typeof decisions)[number])) return 'decision'
  const isReason = reason === undefined || reason === (receipt.reason ?? null)
  return isReason ? undefined : 'reason'
}

async function alteredHeads({
  db,
  primitives,
  own,
  peer,
}: StoredChannelsDeps): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('fed_head')
    .selectAll()
    .where('signed_by', '=', peer.node)
    .execute()
  return rows.flatMap(({ origin, destination, epoch, seq, link, signed_head }) => {
    const why = failureOf(() => {
      const isOurs =
        [origin, destination].toSorted().join() === [own.node, peer.node].toSorted().join()
      if (!isOurs) return 'channel'
      const expected = { origin, destination, by: peer }
      const { head } = verifyChannelHead(primitives, utf8(signed_head), expected)
      const isSame = head.epoch === Number(epoch) && head.seq === Number(seq) && head.link === link
      return isSame ? undefined : 'epoch, seq or link'
    })
    return why === undefined ? [] : [`fed_head ${origin}: ${why}`]
  })
}

/** What cannot be read or does not verify was altered, too. */
function failureOf(look: () => string | undefined): string | undefined {
  try {
    return look()
  } catch (error) {
    if (error instanceof ComityError) return error.reason ?? error.message
    return 'not readable'
  }
}
