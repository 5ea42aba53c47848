/**
 * The batches by which intake reaches the log.
 *
 * Every batch is the same to whoever sees the log and the receipts of others: one entry
 * with a fixed number of tags, and a fixed number of entries of acts, filled up with random
 * ones. What does not fit waits for the next batch. A batch never waits for a filing and no
 * filing waits for a second batch, because that is what its receipt promises: the tree over
 * commitments, of which the log shows the root alone, is large enough from the start.
 *
 * Beyond `LEAVES` filings in one batch the tree doubles, which their receipts show.
 */
import { sql, type Transaction } from 'kysely'
import type { FilingProof } from '../../../app/ports/filings.ts'
import type { Random } from '../../../app/ports/random.ts'
import { type Bytes, fromBase64, textFromUtf8, toBase64, utf8 } from '../../../base/bytes.ts'
import { canonicalBytes } from '../../../base/canonical-json.ts'
import { invariant } from '../../../base/errors.ts'
import type { Instant } from '../../../base/time.ts'
import { hmacSha256 } from '../../../proof/hmac.ts'
import { hashLeaf } from '../../../proof/tree-hash.ts'
import { entryAtHour, logEntry } from '../../../wire/event-commitment.ts'
import { batchLogEntry, batchPath } from '../../../wire/intake/filing.ts'
import { nodePrimitives } from '../../node-primitives.ts'
import type { Schema } from '../database.ts'
import { addPending } from '../log/pending.ts'
import type { FilingsParts } from './filings.ts'

/** Leaves of a batch's tree, unless more were filed. */
export const LEAVES = 1024
/** Tags that the entry of a batch lists. */
export const TAGS = 32
/** Entries of acts that go with a batch, if the configuration says nothing else. */
export const ENTRIES = 32

export async function closeBatch(parts: FilingsParts, tx: Transaction<Schema>): Promise<void> {
  const { atRest, random, clocks } = parts
  const id = random.uuid()
  const logId = random.uuid()
  const wireNow = clocks.wireNow()
  const waiting = await tx
    .selectFrom('filing')
    .select(['id', 'commitment'])
    .where('batch_id', 'is', null)
    .forUpdate()
    .execute()
  const grown = growLeaves(
    random,
    waiting.map(({ commitment }) => new Uint8Array(commitment)),
  )
  const sealed_leaves = atRest.node.seal(leavesContext(id), canonicalBytes(grown))
  await tx.insertInto('intake_batch').values({ id, log_id: logId, sealed_leaves }).execute()
  if (waiting.length > 0) {
    const ids = waiting.map((row) => row.id)
    await tx.updateTable('filing').set({ batch_id: id }).where('id', 'in', ids).execute()
  }
  const tags = await takeTags(random, tx, id)
  const batch = { leaves: leavesOf(grown), tags, scripts: await scriptsSince(parts, tx) }
  const entry = batchLogEntry(nodePrimitives, batch, { tag: random.bytes(16), wireNow })
  await addPending(tx, { id: logId, batch: 'intake', ready: true, entry, at: wireNow })
  await releaseEntries(parts, tx, wireNow)
}

/** What a batch keeps, sealed: filler comes again from the seed. */
type GrownLeaves = {
  readonly v: 2
  readonly size: number
  /** Base64. */
  readonly seed: string
  /** Commitments by their place. */
  readonly own: Readonly<Record<string, string>>
}

/** Batches of before kept every leaf. */
type KeptLeaves = readonly string[] | GrownLeaves

function growLeaves(random: Random, commitments: readonly Uint8Array[]): GrownLeaves {
  let size = LEAVES
  while (size < commitments.length) size *= 2
  const places = shuffled(
    random,
    Array.from({ length: size }, (_, place) => place),
  )
  const own = Object.fromEntries(commitments.map((leaf, at) => [places[at], toBase64(leaf)]))
  return { v: 2, size, seed: toBase64(random.bytes(32)), own }
}

function leavesOf({ size, seed, own }: GrownLeaves): Bytes[] {
  const key = fromBase64(seed)
  return Array.from({ length: size }, (_, place) => {
    const commitment = own[String(place)]
    return commitment ? fromBase64(commitment) : fillerOf(key, place)
  })
}

function fillerOf(seed: Uint8Array, place: number): Bytes {
  return hmacSha256(nodePrimitives, seed, utf8(`comity/intake-filler/v1\n${place}`))
}

export function proofIn(opened: Uint8Array, commitment: Uint8Array): FilingProof {
  const kept = JSON.parse(textFromUtf8(opened)) as KeptLeaves
  const leaves = Array.isArray(kept)
    ? (kept as readonly string[]).map((leaf) => fromBase64(leaf))
    : leavesOf(kept as GrownLeaves)
  const own = toBase64(commitment)
  const index = leaves.findIndex((leaf) => toBase64(leaf) === own)
  invariant(index >= 0, 'a batch holds the commitments of its filings')
  return batchPath(nodePrimitives, leaves, index)
}

export const leavesContext = (batchId: string) => `intake-batch/${batchId}/leaves`

const SCRIPT_SETTING = 'intake-script'

/** The script that seals now, and the one at the batch before: filings may be of both. */
async function scriptsSince(
  { script }: FilingsParts,
  tx: Transaction<Schema>,
): Promise<readonly string[]> {
  if (script === undefined) return []
  const before = await tx
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', SCRIPT_SETTING)
    .executeTakeFirst()
  const value = JSON.stringify(script)
  await tx
    .insertInto('node_setting')
    .values({ key: SCRIPT_SETTING, value })
    .onConflict((on) => on.column('key').doUpdateSet({ value }))
    .execute()
  return [...new Set([script, ...(before ? [String(before.value)] : [])])]
}

/** As many as fit; which of too many, chance decides, so that none waits for ever. */
async function takeTags(
  random: Random,
  tx: Transaction<Schema>,
  batchId: string,
): Promise<Uint8Array[]> {
  const salt = random.bytes(16)
  const rows = await tx
    .selectFrom('intake_tag')
    .select('tag')
    .where('batch_id', 'is', null)
    .orderBy(sql`sha256(${salt}::bytea || tag)`)
    .limit(TAGS)
    .forUpdate()
    .execute()
  const tags = rows.map(({ tag }) => new Uint8Array(tag))
  if (tags.length > 0) {
    await tx.updateTable('intake_tag').set({ batch_id: batchId }).where('tag', 'in', tags).execute()
  }
  return [...tags, ...Array.from({ length: TAGS - tags.length }, () => random.bytes(32))]
}

/**
 * Lets the waiting log entries of intake acts go, the oldest first, among filler ones of the
 * same shape. All of them get the hour and the time of the batch: nothing tells which are
 * filler, and their order is that of their random ids.
 */
async function releaseEntries(
  { random, batchEntries = ENTRIES }: FilingsParts,
  tx: Transaction<Schema>,
  wireNow: Instant,
): Promise<void> {
  const waiting = await tx
    .selectFrom('log_pending')
    .select(['id', 'entry'])
    .where('batch', '=', 'intake')
    .where('ready', '=', false)
    .orderBy('created_at')
    .orderBy('id')
    .limit(batchEntries)
    .forUpdate()
    .execute()
  for (const { id, entry: made } of waiting) {
    const entry = entryAtHour(made, wireNow)
    const leaf_hash = hashLeaf(nodePrimitives, entry)
    await tx
      .updateTable('log_pending')
      .set({ entry, leaf_hash, ready: true, created_at: wireNow })
      .where('id', '=', id)
      .execute()
  }
  const filler = Array.from({ length: batchEntries - waiting.length }, () => {
    const entry = logEntry(random.bytes(32), { tag: random.bytes(16), wireNow })
    const leaf_hash = hashLeaf(nodePrimitives, entry)
    const id = random.uuid()
    return { id, batch: 'intake' as const, ready: true, entry, leaf_hash, created_at: wireNow }
  })
  if (filler.length > 0) await tx.insertInto('log_pending').values(filler).execute()
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: toBase64(random.bytes(16)) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item)
}
