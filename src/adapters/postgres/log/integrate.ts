/**
 * One step of the log: from numbered entries to a signed head, in the order in
 * which a crash after any line loses nothing and signs nothing twice. What comes
 * before the first write can be done while the step before is still written.
 */
import { equalBytes } from '../../../base/bytes.ts'
import { invariant } from '../../../base/errors.ts'
import { formatCheckpoint, verifyCheckpoint } from '../../../proof/checkpoint.ts'
import type { Hashing } from '../../../proof/primitives.ts'
import {
  formatSignedNote,
  parseSignedNote,
  type SignedNote,
  signNote,
} from '../../../proof/signed-note.ts'
import { tilePath } from '../../../proof/tile-path.ts'
import { rootOf } from '../../../proof/tree-hash.ts'
import { type DurableFolder, type LogFile, writeAllOnce } from './durable-files.ts'
import { hashedByDatabase, readEntries } from './log-entries.ts'
import { type LogHead, moveHead } from './log-head.ts'
import { bundleFiles, bundleStart, leavesOf } from './recovery.ts'
import { addLeaves, type Peaks, rootOfPeaks } from './second-look.ts'
import type { SequencerParts } from './sequencer-parts.ts'
import { MustFreeze, MustRestart } from './stop-signals.ts'
import { growEdge, rootOfEdge, type TreeEdge } from './tree-edge.ts'

export type LogState = {
  readonly head: LogHead
  readonly edge: TreeEdge
  /** The same tree for the second look. */
  readonly peaks: Peaks
}

/** Entries that one signature takes in at most. */
const STEP_MAX = 16_384

/** Whether there is something to sign. */
export function isDirty({ head }: LogState): boolean {
  return head.signedNote === undefined || head.size < head.nextSeq
}

/** A tree that is larger than the head, of which nothing is written or signed yet. */
export type Prepared = {
  readonly oldSize: number
  readonly size: number
  readonly root: Uint8Array
  readonly edge: TreeEdge
  readonly peaks: Peaks
  readonly files: readonly LogFile[]
}

/** Computes the tree with the next numbered entries, in two ways. */
export async function prepare(
  parts: SequencerParts,
  { edge, peaks }: Pick<LogState, 'edge' | 'peaks'>,
  nextSeq: number,
): Promise<Prepared> {
  const { size: oldSize } = edge
  const size = Math.min(nextSeq, oldSize + STEP_MAX)
  const rows = await readEntries(parts.database, bundleStart(oldSize), size)
  // The database hashes while we do.
  const second = settled(hashedByDatabase(parts.database, oldSize, size))
  const added = rows.slice(oldSize - bundleStart(oldSize))
  const grown = growEdge(parts.primitives, edge, leavesOf(parts, added))
  const root = rootOfEdge(parts.primitives, grown.edge)
  const newPeaks = lookAgain(peaks, await second(), root)
  const tiles = grown.tiles.map(({ tile, bytes }) => ({ path: tilePath(tile), bytes }))
  const files = [...tiles, ...bundleFiles(rows, { oldSize, newSize: size })]
  return { oldSize, size, root, edge: grown.edge, peaks: newPeaks, files }
}

/** Makes its files durable, signs the new head and moves there. */
export async function integrate(
  parts: SequencerParts,
  durable: DurableFolder,
  head: LogHead,
  { oldSize, size, root, edge, peaks, files }: Prepared,
): Promise<LogState> {
  invariant(oldSize === head.size, 'a step begins where the last one ended')
  await writeFiles(durable, files)
  const signedNote = formatSignedNote(await signHead(parts, size, root))
  await moveHead(parts.database, head, { size, root, signedNote })
  return { head: { ...head, size, root, signedNote }, edge, peaks }
}

/** What began is awaited later: until then its failure is nobody's. */
function settled<T>(begun: Promise<T>): () => Promise<T> {
  begun.catch(() => {})
  return () => begun
}

function lookAgain(peaks: Peaks, leafHashes: readonly Uint8Array[], root: Uint8Array): Peaks {
  const grown = addLeaves(peaks, leafHashes)
  if (equalBytes(rootOfPeaks(grown), root)) return grown
  throw new MustRestart('two computations of the root differ')
}

async function writeFiles(durable: DurableFolder, files: readonly LogFile[]): Promise<void> {
  try {
    await writeAllOnce(durable, files)
  } catch (cause) {
    if (cause instanceof MustFreeze || cause instanceof MustRestart) throw cause
    // A full disk, for one. Nothing was signed yet.
    throw new MustRestart('the public files cannot be written', { cause })
  }
}

/** Signs, and verifies the signature before anyone sees it. */
async function signHead(
  { origin, signer, primitives }: SequencerParts,
  treeSize: number,
  rootHash: Uint8Array,
): Promise<SignedNote> {
  const text = formatCheckpoint({ origin, treeSize, rootHash, extensions: [] })
  const note = { text, signatures: [await signNote(signer, text)] }
  try {
    verifyCheckpoint(primitives, parseSignedNote(formatSignedNote(note)), [signer.key])
  } catch (cause) {
    throw new MustRestart('our own signature does not verify', { cause })
  }
  return note
}

/** The complete subtrees of an edge that was checked against a signed head. */
export function peaksOfEdge(primitives: Hashing, { size, levels }: TreeEdge): Peaks {
  const peaks: { leaves: number; root: Uint8Array }[] = []
  let leaves = 1
  while (leaves * 2 <= size) leaves *= 2
  const consumed = levels.map(() => 0)
  for (let rest = size; rest > 0; leaves /= 2) {
    if (leaves > rest) continue
    const level = Math.floor(Math.log2(leaves) / 8)
    const from = consumed[level] ?? 0
    const count = leaves / 256 ** level
    const hashes = levels[level]?.slice(from, from + count) ?? []
    consumed[level] = from + count
    peaks.push({ leaves, root: rootOf(primitives, hashes) })
    rest -= leaves
  }
  return peaks
}
