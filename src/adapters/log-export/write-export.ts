/**
 * Writes all logs of a node into a folder that anyone can read and check without Comity:
 * `wire/log-export-files.ts` says which files. Run again it writes only what is new.
 *
 * Every file appears at once and whole; tiles before the checkpoint that needs them, and
 * the signed manifest last. So each log in the folder is a whole one at any time, and
 * a run that was cut short is mended by the next. The same logs and documents give the
 * same bytes.
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bytes, equalBytes } from '../../base/bytes.ts'
import { canonicalBytes, canonicalText, parseJson } from '../../base/canonical-json.ts'
import { ComityError, unavailable } from '../../base/errors.ts'
import { parseCheckpoint } from '../../proof/checkpoint.ts'
import { CHECKPOINT } from '../../proof/log-faults.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { formatSignedNote, parseSignedNote, signNote } from '../../proof/signed-note.ts'
import { TILE_WIDTH, type TileRef, tilePath } from '../../proof/tile-path.ts'
import { bundlesBetween, tilesBetween } from '../../proof/tiles.ts'
import { type EventOpening, verifyOpening } from '../../wire/event-opening.ts'
import type { MessageSigner } from '../../wire/exchange/signed.ts'
import { NOTICE } from '../../wire/log-copy-file.ts'
import {
  documentPath,
  EXPORT,
  exportStatement,
  LOST_TEXT,
  logPath,
  README,
} from '../../wire/log-export-files.ts'
import { manifestFor, packageKey } from '../../wire/package/bag.ts'
import { readOpening } from '../../wire/verify-file.ts'
import { nodePrimitives } from '../node-primitives.ts'
import { readIfThere, replaceFile } from '../postgres/log/durable-files.ts'
import { readTileBytes } from './read-tile.ts'

export type KeptLog = {
  /** Where the node keeps its public files. */
  readonly directory: string
  /** The newest head that a quorum has cosigned. */
  readonly checkpoint: Uint8Array
}

export type ExportedLog = {
  readonly ordinal: number
  /** Undefined: the node has nothing left of it. */
  readonly kept: KeptLog | undefined
  /** By which it was closed, of one that was. */
  readonly notice: Uint8Array | undefined
}

export type ExportParts = {
  readonly node: string
  readonly out: string
  readonly logs: readonly ExportedLog[]
  readonly policy: Bytes
  /** The signed node document, as it lies on disk. */
  readonly document: Bytes
  /** The openings of the events that published the node's documents. */
  readonly documents: readonly EventOpening[]
  readonly signer: MessageSigner & { readonly publicKey: Uint8Array }
}

export type Exported = { readonly files: number; readonly entries: number; readonly logs: number }

const WRITER = 'export'

/** @throws ComityError `unavailable` if a file of a log is missing: nothing is exported halfway */
export async function writeLogExport(parts: ExportParts): Promise<Exported> {
  const { out, logs, policy } = parts
  const folder = { folder: out, writer: WRITER }
  await dropUnfinished(out)
  let files = 0
  let entries = 0
  const put = async (path: string, bytes: Uint8Array) => {
    const there = await readIfThere(join(out, path))
    if (there && equalBytes(there, bytes)) return
    await replaceFile(folder, path, bytes)
    files += 1
  }
  for (const { ordinal, kept } of logs) {
    if (kept) entries += await copyLog(put, { ...kept, out, ordinal, policy })
  }
  const listed = await listedFiles(parts)
  for (const [path, bytes] of listed) await put(path, bytes)
  const manifest = manifestFor(nodePrimitives, { files: listed, sealed: new Map() })
  await put(EXPORT.signature, await signatureOn(parts, manifest))
  await put(EXPORT.manifest, manifest)
  return { files, entries, logs: logs.length }
}

type Put = (path: string, bytes: Uint8Array) => Promise<void>
type Copy = KeptLog & {
  readonly out: string
  readonly ordinal: number
  readonly policy: Bytes
}

/** The node may go on writing meanwhile. */
async function copyLog(put: Put, copy: Copy): Promise<number> {
  const { directory, checkpoint, out, ordinal, policy } = copy
  const prefix = logPath(ordinal)
  const size = sizeIn(checkpoint)
  const from = await exportedSize(join(out, prefix))
  if (from > size)
    throw unavailable('the export holds more of the log than the node', { field: out })
  const tiles = [...tilesBetween(from, size), ...bundlesBetween(from, size)]
  for (const tile of tiles) {
    await put(`${prefix}${tilePath(tile)}`, await readTileBytes(directory, tile))
  }
  await put(`${prefix}${CHECKPOINT}`, knownLines(checkpoint, policy))
  for (const tile of tiles) await dropNarrower(join(out, prefix), tile)
  return size - from
}

/** 0 for what is damaged too: then every file is compared and put right. */
async function exportedSize(folder: string): Promise<number> {
  const before = await readIfThere(join(folder, CHECKPOINT))
  try {
    return before ? sizeIn(before) : 0
  } catch (error) {
    if (error instanceof ComityError) return 0
    throw error
  }
}

function sizeIn(checkpoint: Uint8Array): number {
  return parseCheckpoint(parseSignedNote(checkpoint).text).treeSize
}

/** Signatures by keys that the policy does not name nobody could check: they stay out. */
function knownLines(checkpoint: Uint8Array, policy: Bytes): Uint8Array {
  const { logs, witnesses } = parsePolicy(nodePrimitives, policy)
  const keys = [...logs, ...witnesses].map(({ key }) => key)
  const note = parseSignedNote(checkpoint)
  const signatures = note.signatures.filter(({ name, keyId }) =>
    keys.some((key) => key.name === name && equalBytes(key.keyId, keyId)),
  )
  return formatSignedNote({ ...note, signatures })
}

/** What a smaller tree had of a tile would make two exports of one log differ. */
async function dropNarrower(folder: string, tile: TileRef): Promise<void> {
  const partials = join(folder, `${tilePath({ ...tile, width: TILE_WIDTH })}.p`)
  if (tile.width === TILE_WIDTH) return rm(partials, { recursive: true, force: true })
  for (const name of await readdir(partials)) {
    if (name !== String(tile.width)) await rm(join(partials, name))
  }
}

async function listedFiles(parts: ExportParts): Promise<Map<string, Bytes>> {
  const { logs, policy, document, documents, out } = parts
  const files = new Map<string, Bytes>([
    [EXPORT.readme, README],
    [EXPORT.policy, policy],
    [EXPORT.document, document],
  ])
  for (const { ordinal, kept, notice } of logs) {
    if (notice) files.set(`${logPath(ordinal)}${NOTICE}`, new Uint8Array(notice))
    if (!kept) files.set(`${logPath(ordinal)}${EXPORT.lost}`, LOST_TEXT)
  }
  for (const opening of documents) {
    const path = documentPath(opening.envelope.version)
    const there = await readIfThere(join(out, path))
    files.set(path, (there && keptOpening(there, opening, policy)) ?? canonicalBytes(opening))
  }
  return files
}

/** A proof from an earlier checkpoint is as good as a new one, and stays as it is. */
function keptOpening(bytes: Uint8Array, opening: EventOpening, policy: Bytes): Bytes | undefined {
  try {
    const kept = readOpening(parseJson(bytes))
    verifyOpening(nodePrimitives, kept, parsePolicy(nodePrimitives, policy))
    const isSame = canonicalText(kept) === canonicalText({ ...opening, receipt: kept.receipt })
    return isSame ? new Uint8Array(bytes) : undefined
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}

async function dropUnfinished(out: string): Promise<void> {
  const names = await readdir(out, { recursive: true }).catch(() => [])
  for (const name of names.filter((one) => one.endsWith(`.${WRITER}.tmp`))) {
    await rm(join(out, name))
  }
}

async function signatureOn({ node, signer }: ExportParts, manifest: Uint8Array) {
  const text = exportStatement(nodePrimitives, node, manifest)
  const key = packageKey(nodePrimitives, signer.keyId, signer.publicKey)
  return formatSignedNote({ text, signatures: [await signNote({ key, sign: signer.sign }, text)] })
}
