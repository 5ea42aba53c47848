/** What a node that has had several logs still knows of the closed ones. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { readIfThere, replaceFile } from '../adapters/postgres/log/durable-files.ts'
import { openedLogs } from '../adapters/postgres/log/notices.ts'
import type { ClosedLog, OwnLog } from '../adapters/postgres/log/own-log.ts'
import { withCosignatures } from '../adapters/postgres/log/public-checkpoint.ts'
import type { LogReceipts } from '../adapters/postgres/log/receipts.ts'
import { deriveFiles } from '../adapters/postgres/log/recovery.ts'
import type { ReceiptState } from '../app/ports/receipts.ts'
import { concatBytes, equalBytes, utf8 } from '../base/bytes.ts'
import { POLICY_SIZE_MAX, type Policy, parsePolicy } from '../proof/policy.ts'
import { type NoteSigner, parseSignedNote } from '../proof/signed-note.ts'
import { formatVkey, parseVkey } from '../proof/vkey.ts'
import type { NodeConfig } from './config.ts'
import type { LogParts } from './log.ts'

/** A log that followed another one, by an accepted notice. */
export type Follower = { readonly closedOrigin: string; readonly vkey: string }

/** Of the node's own logs, then of others', in the order in which they came. */
export async function followersOf(database: Database): Promise<readonly Follower[]> {
  const own = await database
    .selectFrom('own_log')
    .select(['origin', 'vkey'])
    .orderBy('ordinal')
    .execute()
  const followed = own.slice(1).map(({ vkey }, index) => ({
    closedOrigin: own[index]?.origin ?? '',
    vkey,
  }))
  return [...followed, ...(await openedLogs(database))]
}

/**
 * A policy that the parties agreed on, with each log that has followed one of its logs
 * since. Witnesses and quorum stay as they were agreed. Peers say which logs follow, so
 * no number of them, and no key among them, makes this fail.
 */
export function withFollowers(policy: Policy, followers: readonly Follower[]): Policy {
  const logs = [...policy.logs]
  const names = new Set(logs.map(({ key }) => key.name))
  const vkeys = new Set(logs.map(({ key }) => formatVkey(key)))
  for (const { closedOrigin, vkey } of followers) {
    if (!names.has(closedOrigin) || vkeys.has(vkey)) continue
    const key = parseVkey(nodePrimitives, vkey)
    logs.push({ key })
    names.add(key.name)
    vkeys.add(vkey)
  }
  return { ...policy, logs }
}

export type EffectivePolicy = {
  readonly policy: Policy
  /** The file, with a line for each follower that anyone can read there. */
  readonly shown: Uint8Array<ArrayBuffer>
}

/** @throws ComityError `malformed` for what is wrong in the file; never for a follower */
export async function effectivePolicy(
  { log }: Pick<NodeConfig, 'log'>,
  database: Database,
): Promise<EffectivePolicy> {
  const file = new Uint8Array(readFileSync(log.policyFile))
  const agreed = parsePolicy(nodePrimitives, file)
  const policy = withFollowers(agreed, await followersOf(database))
  return { policy, shown: shownPolicy(file, agreed, policy) }
}

/** Stays a policy file: within its size, and no public key twice. */
function shownPolicy(
  file: Uint8Array<ArrayBuffer>,
  agreed: Policy,
  { logs }: Policy,
): Uint8Array<ArrayBuffer> {
  const listed = agreed.logs.map(({ key }) => key.publicKey)
  let shown = file
  for (const { key } of logs.slice(agreed.logs.length)) {
    if (listed.some((other) => equalBytes(other, key.publicKey))) continue
    const lineFeed = shown.at(-1) === LINE_FEED ? '' : '\n'
    const longer = concatBytes(shown, utf8(`${lineFeed}log ${formatVkey(key)}\n`))
    if (longer.length > POLICY_SIZE_MAX) break
    shown = longer
    listed.push(key.publicKey)
  }
  return shown
}

const LINE_FEED = 10

/** The open log first; what it does not know may be in a closed one. */
export function receiptsOfAll(open: LogReceipts, closed: readonly LogReceipts[]): LogReceipts {
  if (closed.length === 0) return open
  return {
    async of(logId) {
      const found = await open.of(logId)
      if (found) return found
      for (const one of closed.toReversed()) {
        const receipt = await one.of(logId)
        if (receipt) return receipt
      }
      return undefined
    },
    async states(logIds) {
      const states = new Map<string, ReceiptState>(await open.states(logIds))
      for (const one of closed.toReversed()) {
        const unknown = [...states].filter(([, state]) => state === 'accepted').map(([id]) => id)
        for (const [id, state] of await one.states(unknown)) states.set(id, state)
      }
      return states
    },
  }
}

/**
 * Files of closed logs that a restore did not bring: receipts are made from the tiles,
 * and everyone reads the last checkpoint that the node still holds, with all cosignatures
 * that it got before the log was closed.
 */
export async function deriveClosedFiles(parts: LogParts, own: OwnLog): Promise<void> {
  for (const closed of own.closed) {
    if (closed.hasRows) await deriveFilesOf(parts, own.signer, closed)
  }
}

async function deriveFilesOf(
  { config, database, clocks }: LogParts,
  signer: NoteSigner,
  { ordinal, origin, folder }: ClosedLog,
): Promise<void> {
  const directory = join(config.folder, folder)
  const rows = database.withSchema(`closed_log_${ordinal}`)
  const row = await rows.selectFrom('log_head').selectAll().executeTakeFirst()
  if (!row || Number(row.size) === 0) return
  const head = {
    origin,
    nextSeq: Number(row.next_seq),
    size: Number(row.size),
    root: new Uint8Array(row.root),
    signedNote: row.signed_note ?? undefined,
    publishedSize: Number(row.published_size),
    epoch: Number(row.epoch),
    freezeReason: undefined,
  }
  const shown = await readIfThere(join(directory, 'checkpoint'))
  const durable = { folder: directory, writer: 'closed' }
  if (!shown) {
    const common = { database: rows, directory, origin, signer, primitives: nodePrimitives }
    const { wireNow } = clocks
    await deriveFiles({ ...common, witnesses: [], wireNow, onError: () => {} }, durable, head)
  }
  if (!head.signedNote) return
  const note = await withCosignatures(rows, head.size, head.signedNote)
  if (!shown || addsLines(shown, note)) await replaceFile(durable, 'checkpoint', note)
}

/** Of another head nothing is published: the notice that closed the log may not reach so far. */
function addsLines(shown: Uint8Array, note: Uint8Array): boolean {
  const text = utf8(`${parseSignedNote(note).text}\n`)
  return shown.length < note.length && equalBytes(shown.subarray(0, text.length), text)
}
