/**
 * Verifies a copy of a whole log, as a node writes it, an export holds it or anyone
 * downloaded it: `protocol/spec/log.md`. Head, tree, entries and, of a closed log, the
 * notice that closed it.
 */
import { ComityError } from '../base/errors.ts'
import { checkLog } from '../proof/check-log.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from '../proof/checkpoint.ts'
import { CHECKPOINT, type LogFault } from '../proof/log-faults.ts'
import type { Policy } from '../proof/policy.ts'
import type { Primitives } from '../proof/primitives.ts'
import { verifyWitnessedHead } from '../proof/receipt.ts'
import { parseSignedNote, type SignedNote } from '../proof/signed-note.ts'
import { parseTilePath } from '../proof/tile-path.ts'
import { tileWidth } from '../proof/tiles.ts'
import type { MessageKey } from './http-signature.ts'
import { type LogCopy, NOTICE, readFile } from './log-copy-file.ts'
import { checkNotice } from './log-copy-notice.ts'
import { checkStamps } from './log-copy-stamps.ts'
import { entryFormCheck } from './log-entry-form.ts'
import type { LogNotice } from './log-notice.ts'
import type { VerifyTimeStamp } from './package/check-attestations.ts'
import type { Checking, ReportWriter } from './package/report.ts'

export type LogTrust = {
  readonly policy: Policy | undefined
  /** Message keys of the node, for its notices; none: a notice cannot be verified. */
  readonly messageKeys?: readonly MessageKey[] | undefined
  readonly verifyTimeStamp?: VerifyTimeStamp | undefined
  readonly onProgress?: ((entries: number, ofEntries: number) => void) | undefined
}

type Options = {
  /** What stands before the paths of this log in the report. */
  readonly prefix?: string
  /** Other files that may stand in its folder; whoever asks accounts for them. */
  readonly listed?: readonly string[]
  /** The copy must hold the entries themselves. */
  readonly needsBundles?: boolean
  /** Also asked of the head, in words of its own. */
  readonly alsoOfHead?: (note: SignedNote, checkpoint: Checkpoint) => void
}

/** What was found, for whoever reads several logs that follow each other. */
export type CheckedLog = {
  readonly checkpoint: Checkpoint
  readonly notice: LogNotice | undefined
}

const STAMP = /^time-stamps\/\d{4}-\d{2}-\d{2}\.(checkpoint|tst)$/
const ENTRIES = 'tile/entries/'

/** @returns undefined if there is no head to go by; what is wrong is in the report */
export async function checkLogCopy(
  primitives: Primitives,
  report: ReportWriter,
  copy: LogCopy,
  trust: LogTrust,
  { prefix = '', needsBundles = false, listed = [], alsoOfHead }: Options = {},
): Promise<CheckedLog | undefined> {
  const at = (path: string) => `${prefix}${path}`
  const head = await readFile(copy, CHECKPOINT)
  const checkpoint = report.check('checkpoint', (checking) => {
    checking.looked(at(CHECKPOINT))
    const note = checking.attempt(at(CHECKPOINT), () => parseSignedNote(head(), CHECKPOINT))
    const said = note && checking.attempt(at(CHECKPOINT), () => signedHead(primitives, note, trust))
    if (!said) return undefined
    checking.attempt(at(CHECKPOINT), () => {
      saySeen(primitives, note, trust.policy, checking)
      alsoOfHead?.(note, said)
    })
    return said
  })
  if (!checkpoint) return undefined
  const listing = await listFiles(copy, checkpoint.treeSize, [CHECKPOINT, NOTICE, ...listed])
  const hasBundles = needsBundles || listing.hasBundles || checkpoint.treeSize === 0
  const faults = await checkLog(primitives, copy, {
    head: checkpoint,
    hasBundles,
    checkEntry: entryFormCheck(),
    onProgress: (entries) => trust.onProgress?.(entries, checkpoint.treeSize),
  })
  const stamps = await checkStamps(primitives, copy, checkpoint, { ...trust, ...listing })
  const all = [...faults, ...listing.faults, ...stamps.faults].map(({ file, message }) => ({
    file: at(file),
    isBundle: file.startsWith(ENTRIES),
    message,
  }))
  report.check('tree', (checking) => {
    for (const { file, message } of all.filter((one) => !one.isBundle)) checking.fail(file, message)
    checking.found(`${listing.tiles} tiles of ${checkpoint.origin} lead to its root${stamps.said}`)
  })
  if (!hasBundles) report.about('entries', NO_BUNDLES)
  else {
    report.check('entries', (checking) => {
      for (const { file, message } of all.filter((one) => one.isBundle))
        checking.fail(file, message)
      checking.found(`${checkpoint.treeSize} entries were hashed again`)
    })
  }
  const notice = await checkNotice(primitives, report, copy, checkpoint, trust, at(NOTICE))
  return { checkpoint, notice }
}

const NO_BUNDLES = 'not checked: no entry bundles are in this copy'

/** What the log itself signed: the tree is checked against it, whoever else has seen it. */
function signedHead(primitives: Primitives, note: SignedNote, { policy }: LogTrust): Checkpoint {
  if (!policy) return parseCheckpoint(note.text)
  return verifyCheckpoint(
    primitives,
    note,
    policy.logs.map(({ key }) => key),
  )
}

function saySeen(
  primitives: Primitives,
  note: SignedNote,
  policy: Policy | undefined,
  checking: Checking,
): void {
  const { origin, treeSize } = parseCheckpoint(note.text)
  if (!policy) {
    checking.found(`${origin} at size ${treeSize}; no signature was checked`)
    return
  }
  const { cosignatures } = verifyWitnessedHead(primitives, note, policy)
  // A witness with two keys is one witness.
  const names = [...new Set(cosignatures.map(({ key }) => key.name))]
  const unknown = note.signatures.length - 1 - cosignatures.length
  const ignored = unknown > 0 ? `; ${unknown} signatures of others were ignored` : ''
  const seen = names.length > 0 ? `cosigned by ${names.join(', ')}` : 'by no witness'
  checking.found(`${origin} at size ${treeSize}, ${seen}${ignored}`)
}

type Listing = {
  readonly hasBundles: boolean
  readonly tiles: number
  readonly stamps: readonly string[]
  readonly faults: readonly LogFault[]
}

const STRANGERS_MAX = 100

/** Every file has its place in the tree of that size, or is named. */
async function listFiles(
  copy: LogCopy,
  treeSize: number,
  known: readonly string[],
): Promise<Listing> {
  const faults: LogFault[] = []
  const stamps: string[] = []
  let hasBundles = false
  let tiles = 0
  for await (const path of copy.paths()) {
    if (known.includes(path)) continue
    if (STAMP.test(path)) stamps.push(path)
    else {
      const message = strayMessage(path, treeSize)
      if (message && faults.length < STRANGERS_MAX) faults.push({ file: path, message })
      if (path.startsWith(ENTRIES)) hasBundles = true
      else if (!message) tiles += 1
    }
  }
  return { hasBundles, tiles, stamps: stamps.sort(), faults }
}

function strayMessage(path: string, treeSize: number): string | undefined {
  try {
    const { level, index, width } = parseTilePath(path)
    const held = tileWidth(level === 'entries' ? 0 : level, index, treeSize)
    return width <= held ? undefined : `it is beyond the ${treeSize} entries that were signed`
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return 'no such file belongs here'
  }
}
