/**
 * Receipts of the node's own log: how far an entry has come, and the
 * `.tlog-proof` once the quorum of the policy has cosigned.
 *
 * The proof is for the oldest checkpoint that a quorum saw, with the first
 * cosignatures, since those bound the entry's age best.
 */
import { sql } from 'kysely'
import type { EntryReceipt, ReceiptState, Receipts } from '../../../app/ports/receipts.ts'
import { addMs, type Instant, instantFromMs, SECOND_MS } from '../../../base/time.ts'
import { verifyCosignatures } from '../../../proof/cosignature.ts'
import { isQuorum, type Policy } from '../../../proof/policy.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import { formatReceipt } from '../../../proof/receipt.ts'
import {
  parseSignatureLines,
  parseSignedNote,
  type SignedNote,
} from '../../../proof/signed-note.ts'
import type { Database } from '../database.ts'
import { sizeOf } from './tables.ts'
import { inclusionFromTiles, type LogTiles, openTiles } from './tile-reader.ts'

export type LogReceiptsParts = {
  readonly database: Database
  readonly directory: string
  readonly primitives: Primitives
  readonly policy: Policy
  readonly wireNow: () => Instant
}

export type LogReceipt = EntryReceipt & {
  /** Accepted longer ago than the log promises, and not yet signed. */
  readonly isOverdue: boolean
  /** Signed, but fewer witnesses have cosigned than the policy wants. */
  readonly isDegraded: boolean
}

const MERGE_DELAY_MAX_MS = 10 * SECOND_MS
/** Checkpoints that are tried in one step when a quorum is searched. */
const TRIED_AT_ONCE = 64

/** Serves the port `Receipts`, and says a little more. */
export type LogReceipts = Pick<Receipts, 'states'> & {
  of(logId: string): Promise<LogReceipt | undefined>
}

export function logReceipts(given: LogReceiptsParts): LogReceipts {
  const parts = withTiles(given)
  let sealedSize = 0
  return {
    async of(logId) {
      return (await placedReceipt(parts, logId)) ?? (await waitingReceipt(parts, logId))
    },
    async states(logIds) {
      if (logIds.length === 0) return new Map()
      const { database } = parts
      const head = await database.selectFrom('log_head').select('size').executeTakeFirst()
      const signedSize = head ? sizeOf(head.size) : 0
      if (sealedSize < signedSize) sealedSize = await newestSealedSize(parts, sealedSize)
      const placed = await database
        .selectFrom('log_entry')
        .select(['pending_id', 'seq'])
        .where('pending_id', 'in', [...logIds])
        .execute()
      const states = new Map<string, ReceiptState>(logIds.map((logId) => [logId, 'accepted']))
      for (const { pending_id, seq } of placed) {
        const index = sizeOf(seq)
        const state = index < sealedSize ? 'sealed' : index < signedSize ? 'signed' : 'sequenced'
        states.set(pending_id, state)
      }
      return states
    },
  }
}

/** Receipts of a log that is closed: nothing waits for it any more. */
export function closedLogReceipts(given: LogReceiptsParts): LogReceipts {
  const parts = withTiles(given)
  return { ...logReceipts(given), of: (logId) => placedReceipt(parts, logId) }
}

type WithTiles = LogReceiptsParts & { readonly tiles: LogTiles }

const withTiles = (parts: LogReceiptsParts): WithTiles => ({
  ...parts,
  tiles: openTiles(parts.primitives, parts.directory),
})

/** The size of the newest checkpoint that a quorum has cosigned; `known` if there is no newer. */
export async function newestSealedSize(parts: LogReceiptsParts, known: number): Promise<number> {
  let newest = known
  for (;;) {
    const sizes = await cosignedSizes(parts, { after: newest })
    const sealed = sizes.findLast(({ signedNote, lines }) =>
      hasQuorum(parts, cosignedNote(signedNote, lines)),
    )
    if (sealed === undefined) return newest
    newest = sealed.size
  }
}

export type Unsealed = {
  /** Signed entries that no quorum has seen. */
  readonly count: number
  /** When the oldest of them was accepted. */
  readonly since: number | undefined
}

/** What is degraded at this moment: signed, and not sealed. Looks back from the newest checkpoint. */
export async function unsealedEntries(parts: Judging): Promise<Unsealed> {
  const head = await parts.database.selectFrom('log_head').select('size').executeTakeFirst()
  const size = head ? sizeOf(head.size) : 0
  const sealedSize = await sealedBelow(parts, size + 1)
  if (sealedSize >= size) return { count: 0, since: undefined }
  const oldest = await parts.database
    .selectFrom('log_entry')
    .select('accepted_at')
    .where('seq', '=', String(sealedSize))
    .executeTakeFirst()
  return { count: size - sealedSize, since: oldest?.accepted_at.getTime() }
}

async function sealedBelow(parts: Judging, end: number): Promise<number> {
  let before = end
  for (;;) {
    const sizes = await cosignedSizes(parts, { before })
    for (const { size, signedNote, lines } of sizes) {
      if (hasQuorum(parts, cosignedNote(signedNote, lines))) return size
      before = size
    }
    if (sizes.length < TRIED_AT_ONCE) return 0
  }
}

function cosignedNote(signedNote: Uint8Array, lines: string): SignedNote {
  const { text, signatures } = parseSignedNote(signedNote)
  const cosignatures = lines === '' ? [] : parseSignatureLines(lines)
  return { text, signatures: [...signatures, ...cosignatures] }
}

async function waitingReceipt(parts: WithTiles, logId: string) {
  const row = await parts.database
    .selectFrom('log_pending')
    .select(['entry', 'created_at', 'ready'])
    .where('id', '=', logId)
    .executeTakeFirst()
  // Between the two looks the sequencer may have moved the entry.
  if (row === undefined) return placedReceipt(parts, logId)
  return {
    state: 'accepted' as const,
    leafIndex: undefined,
    entry: new Uint8Array(row.entry),
    receipt: undefined,
    isOverdue: row.ready && isLate(parts, row.created_at),
    isDegraded: false,
  }
}

async function placedReceipt(parts: WithTiles, logId: string): Promise<LogReceipt | undefined> {
  const row = await parts.database
    .selectFrom('log_entry')
    .innerJoin('log_head', (join) => join.onTrue())
    .select(['seq', 'entry', 'accepted_at', 'size'])
    .where('pending_id', '=', logId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const leafIndex = sizeOf(row.seq)
  const entry = new Uint8Array(row.entry)
  const isSigned = leafIndex < sizeOf(row.size)
  const sealing = isSigned ? await findQuorum(parts, leafIndex) : undefined
  const receipt = sealing && (await seal(parts, leafIndex, sealing))
  const state = receipt ? 'sealed' : isSigned ? 'signed' : 'sequenced'
  const isOverdue = !isSigned && isLate(parts, row.accepted_at)
  return { state, leafIndex, entry, receipt, isOverdue, isDegraded: state === 'signed' }
}

type CosignedCheckpoint = { readonly size: number; readonly note: SignedNote }

async function seal({ tiles }: WithTiles, leafIndex: number, { size, note }: CosignedCheckpoint) {
  const proof = await inclusionFromTiles(tiles, leafIndex, size)
  return new Uint8Array(formatReceipt({ proof, note }))
}

/** The oldest checkpoint with the entry that a quorum has cosigned. */
async function findQuorum(
  parts: LogReceiptsParts,
  leafIndex: number,
): Promise<CosignedCheckpoint | undefined> {
  let after = leafIndex
  for (;;) {
    const sizes = await cosignedSizes(parts, { after })
    for (const { size, signedNote, lines } of sizes) {
      const note = cosignedNote(signedNote, lines)
      if (hasQuorum(parts, note)) return { size, note }
      after = size
    }
    if (sizes.length < TRIED_AT_ONCE) return undefined
  }
}

type Judging = Pick<LogReceiptsParts, 'database' | 'policy' | 'primitives'>

function hasQuorum({ policy, primitives }: Judging, note: SignedNote): boolean {
  const keys = policy.witnesses.map(({ key }) => key)
  const cosigners = verifyCosignatures(primitives, note, keys).map(({ key }) => key)
  return isQuorum(policy, cosigners)
}

/** Oldest first after a size, newest first before one. */
async function cosignedSizes(
  { database, policy }: Judging,
  range: { readonly after: number } | { readonly before: number },
) {
  const isUpwards = 'after' in range
  const bound = String(isUpwards ? range.after : range.before)
  const rows = await database
    .selectFrom('log_checkpoint')
    .leftJoin('log_cosig', 'log_cosig.size', 'log_checkpoint.size')
    .select(['log_checkpoint.size', 'log_checkpoint.signed_note'])
    .select(sql<string>`coalesce(string_agg(first_line, '' order by witness), '')`.as('lines'))
    .where('log_checkpoint.size', isUpwards ? '>' : '<', bound)
    .groupBy(['log_checkpoint.size', 'log_checkpoint.signed_note'])
    .having((having) => having.fn.count('log_cosig.witness'), '>=', fewestCosigners(policy))
    .orderBy('log_checkpoint.size', isUpwards ? 'asc' : 'desc')
    .limit(TRIED_AT_ONCE)
    .execute()
  return rows.map(({ size, signed_note, lines }) => ({
    size: sizeOf(size),
    signedNote: new Uint8Array(signed_note),
    lines,
  }))
}

/** No fewer witnesses can be a quorum. */
function fewestCosigners({ quorum }: Policy): number {
  return quorum === 'none' ? 0 : fewest(quorum)
}

function fewest(member: Exclude<Policy['quorum'], 'none'>): number {
  if ('key' in member) return 1
  const counts = member.members.map(fewest).sort((a, b) => a - b)
  return counts.slice(0, member.threshold).reduce((sum, count) => sum + count, 0)
}

function isLate({ wireNow }: LogReceiptsParts, acceptedAt: Date): boolean {
  return addMs(instantFromMs(acceptedAt.getTime()), MERGE_DELAY_MAX_MS) < wireNow()
}
