/**
 * Copies of logs as their files, and the export of a node with two logs: the first closed
 * by a notice, the second open. Made from published seeds: the same bytes each time.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { writeLogExport } from '../../src/adapters/log-export/write-export.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { EMPTY_EDGE, growEdge, rootOfEdge } from '../../src/adapters/postgres/log/tree-edge.ts'
import { type Bytes, toBase64, utf8 } from '../../src/base/bytes.ts'
import { type Instant, instant } from '../../src/base/time.ts'
import { formatEntryBundle } from '../../src/proof/entry-bundle.ts'
import { buildInclusion } from '../../src/proof/inclusion.ts'
import { formatReceipt } from '../../src/proof/receipt.ts'
import { formatSignedNote } from '../../src/proof/signed-note.ts'
import { tilePath } from '../../src/proof/tile-path.ts'
import { bundlesBetween } from '../../src/proof/tiles.ts'
import { hashLeaf, rootOf } from '../../src/proof/tree-hash.ts'
import { formatVkey, KEY_TYPE } from '../../src/proof/vkey.ts'
import { type EventEnvelope, eventLogEntry, logEntry } from '../../src/wire/event-commitment.ts'
import { type EventOpening, logOriginOf, writeEventOpening } from '../../src/wire/event-opening.ts'
import {
  type NodeDocument,
  type SignedNodeDocument,
  signNodeDocument,
} from '../../src/wire/exchange/node-document.ts'
import type { LogCopy } from '../../src/wire/log-copy-file.ts'
import { signLogNotice } from '../../src/wire/log-notice.ts'
import { keyOpening } from './filing-receipts.ts'
import { seedOf } from './package-record.ts'
import { logWorld, meridiaSigner } from './package-world.ts'
import { MERIDIA } from './ring.ts'
import { signedHead, type TestSigner, testSigner } from './test-log.ts'

export const world = logWorld()
const AT = instant('2026-11-22T17:30:00.000Z')

/** An entry as the exchange or a filler makes it. */
export function sampleEntry(index: number, of = 'log'): Bytes {
  const tag = seedOf(`${of}/tag/${index}`).slice(0, 16)
  return logEntry(seedOf(`${of}/entry/${index}`), { tag, wireNow: AT })
}

export type Files = Map<string, Uint8Array>

export function logFiles(entries: readonly Uint8Array[], log: TestSigner = world.log): Files {
  const files: Files = new Map()
  const leaves = entries.map((entry) => hashLeaf(nodePrimitives, entry))
  const { edge, tiles } = growEdge(nodePrimitives, EMPTY_EDGE, leaves)
  for (const { tile, bytes } of tiles) files.set(tilePath(tile), bytes)
  for (const bundle of bundlesBetween(0, entries.length)) {
    const from = bundle.index * 256
    const held = entries.slice(from, from + bundle.width)
    files.set(tilePath(bundle), formatEntryBundle(held))
  }
  const head = { treeSize: entries.length, rootHash: rootOfEdge(nodePrimitives, edge) }
  return files.set('checkpoint', headBytes(head, log))
}

type Head = { readonly treeSize: number; readonly rootHash: Uint8Array }

export const headBytes = (head: Head, signer: TestSigner = world.log): Bytes =>
  new Uint8Array(formatSignedNote(signedHead(head, { signer, cosigners: world.witnesses })))

export function memoryCopy(files: ReadonlyMap<string, Uint8Array>): LogCopy {
  const paths = (prefix = '') => [...files.keys()].filter((path) => path.startsWith(prefix))
  return {
    read: async (path) => files.get(path),
    partialWidths: async (path) =>
      paths(`${path}.p/`).map((one) => Number(one.slice(path.length + 3))),
    paths,
  }
}

export function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

export function readFiles(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
  return new Map(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]))
}

const secondLog = testSigner(logOriginOf(MERIDIA, 2), KEY_TYPE.ed25519, seedOf('log/2'))

/** Two logs of a node on disk, and all that its export is made of. */
export async function sampleNode(folder: string, secondSize = 4, of = 'second') {
  const first = [sampleEntry(0), utf8(''), sampleEntry(2)]
  const { envelope } = keyOpening
  const firstOpening = openingIn(first, 1, envelope, world.log)
  const ended = { treeSize: first.length, rootHash: rootOver(first) }
  const notice = await noticeAfter(ended)
  const { document } = (envelope.event as unknown as { document: SignedNodeDocument }).document
  const signed = await documentAfter(document, ended)
  const event = {
    type: 'nodeDocumentPublished',
    document: JSON.parse(new TextDecoder().decode(signed)),
  }
  const next: EventEnvelope = { ...envelope, version: 9, event }
  const opens = logEntry(nodePrimitives.sha256(notice), {
    tag: seedOf('opens').slice(0, 16),
    wireNow: AT,
  })
  const second = [opens, utf8('')]
  while (second.length < secondSize) second.push(sampleEntry(second.length, of))
  const secondOpening = openingIn(second, 1, next, secondLog)
  const logs = [
    { ordinal: 1, files: logFiles(first), notice, size: first.length },
    { ordinal: 2, files: logFiles(second, secondLog), notice: undefined, size: second.length },
  ]
  for (const { ordinal, files } of logs) writeFiles(join(folder, `log-${ordinal}`), files)
  return {
    node: MERIDIA,
    logs: logs.map(({ ordinal, files, notice: closing }) => ({
      ordinal,
      kept: {
        directory: join(folder, `log-${ordinal}`),
        checkpoint: files.get('checkpoint') as Uint8Array,
      },
      notice: closing,
    })),
    policy: utf8(`${new TextDecoder().decode(world.policy)}log ${formatVkey(secondLog.key)}\n`),
    document: signed,
    documents: [firstOpening, secondOpening],
    signer: meridiaSigner,
  }
}

export async function sampleExport(folder: string, out: string): Promise<void> {
  await writeLogExport({ ...(await sampleNode(folder)), out })
}

const rootOver = (entries: readonly Uint8Array[]) =>
  rootOf(
    nodePrimitives,
    entries.map((entry) => hashLeaf(nodePrimitives, entry)),
  )

/** Puts the event's entry at that place, and proves it at the size that the log has then. */
function openingIn(
  entries: Bytes[],
  index: number,
  envelope: EventEnvelope,
  log: TestSigner,
): EventOpening {
  const salt = seedOf(`salt/${index}/${log.key.name}`)
  const tag = seedOf(`tag/${index}/${log.key.name}`).slice(0, 16)
  const entry = eventLogEntry(nodePrimitives, envelope, { salt, tag, wireNow: AT })
  entries[index] = entry
  const below = entries.map((one) => hashLeaf(nodePrimitives, one))
  const head = { treeSize: below.length, rootHash: rootOf(nodePrimitives, below) }
  const note = signedHead(head, { signer: log, cosigners: world.witnesses })
  const proof = buildInclusion(nodePrimitives, index, below)
  const receipt = new Uint8Array(formatReceipt({ proof, note }))
  return writeEventOpening(envelope, { salt, entry, receipt })
}

function noticeAfter(head: Head): Promise<Uint8Array> {
  const closed = { origin: world.log.key.name, ...head }
  const notice = {
    node: MERIDIA,
    closed,
    opened: secondLog.key,
    at: AT,
    reason: 'planned',
  } as const
  return signLogNotice(nodePrimitives, notice, meridiaSigner, meridiaSigner.publicKey)
}

function documentAfter(document: NodeDocument, { treeSize, rootHash }: Head): Promise<Bytes> {
  const closed = {
    logKey: document.logKey,
    treeSize,
    rootHash: toBase64(rootHash),
    closedAt: AT as Instant,
  }
  const next = { ...document, logKey: formatVkey(secondLog.key), closedLogs: [closed] }
  return signNodeDocument(next, meridiaSigner)
}
