/**
 * The statement that a case was erased, for whoever still holds a receipt of one of its
 * entries: the opening of the event that states it, and the entries that it is about.
 *
 * With it a receipt still shows that the entry is in the log, and that the authority says
 * its content is gone, since when and under which decision. Nobody can show any more what
 * the entry was about, and nothing here shows that no copy was kept.
 */
import { type Bytes, equalBytes, fromBase64, fromHex } from '../base/bytes.ts'
import { type Json, parseJson } from '../base/canonical-json.ts'
import { malformed, unverified } from '../base/errors.ts'
import { parseCheckpoint } from '../proof/checkpoint.ts'
import { rootFromInclusion } from '../proof/inclusion.ts'
import type { Policy } from '../proof/policy.ts'
import type { Hashing, Primitives } from '../proof/primitives.ts'
import { parseReceipt, verifyReceipt } from '../proof/receipt.ts'
import { hashLeaf, rootOf } from '../proof/tree-hash.ts'
import { entryCommitment } from './event-commitment.ts'
import { type EventOpening, logOrdinalOf, verifyOpening } from './event-opening.ts'
import { OpeningForm } from './exchange/contents.ts'
import { requireForm } from './exchange/form.ts'
import { type Report, ReportWriter } from './package/report.ts'
import { anchor, sayPlace } from './verify-filing.ts'

export type ErasureStatement = {
  readonly v: 1
  readonly kind: 'erasure-statement'
  /** Of the event `erasureStated`. */
  readonly opening: EventOpening
  /** Base64 of each log entry, in the order of the events. */
  readonly entries: readonly string[]
}

const FILE = 'erasure'
const ENTRIES_MAX = 100_000

/** The root (RFC 9162, section 2.1.1) over the commitments in these entries, 32 bytes. */
export function entriesRoot(primitives: Hashing, entries: readonly Uint8Array[]): Bytes {
  const leaves = entries.map((entry) => hashLeaf(primitives, fromBase64(entryCommitment(entry))))
  return new Uint8Array(rootOf(primitives, leaves))
}

type Erased = {
  readonly node: string
  readonly entries: readonly Bytes[]
  /** One sentence: since when, and under which decision. */
  readonly said: string
}

/** @throws ComityError `malformed` or `unverified`, saying which step failed */
function readStatement(primitives: Primitives, bytes: Uint8Array, policy: Policy): Erased {
  const value = parseJson(bytes, FILE)
  const { v, kind, opening, entries } = (value ?? {}) as Partial<Record<string, Json>>
  const isForm = v === 1 && kind === 'erasure-statement' && Array.isArray(entries)
  if (!isForm || !entries.every((one) => typeof one === 'string') || entries.length > ENTRIES_MAX) {
    throw malformed('it is no statement of an erasure', { field: FILE })
  }
  requireForm(OpeningForm, opening as Json, '/opening')
  const opened = opening as unknown as EventOpening
  verifyOpening(primitives, opened, policy)
  const {
    type,
    law,
    orderedBy,
    ground,
    entriesRoot: root,
    ...rest
  } = opened.envelope.event as unknown as Readonly<Record<string, unknown>>
  const words = [law, orderedBy, ground, root].every((one) => typeof one === 'string')
  if (type !== 'erasureStated' || !words) {
    throw unverified('the opened event states no erasure', { field: FILE })
  }
  const read = entries.map((one) => fromBase64(one as string, FILE))
  const isWhole = rest['events'] === read.length
  if (!isWhole || !equalBytes(entriesRoot(primitives, read), fromHex(root as string, FILE))) {
    throw unverified('the erasure is of other entries', { field: FILE })
  }
  const { node, at } = opened.envelope
  const said = `the content was erased on ${at.slice(0, 10)} under ${law}, decided by ${orderedBy}`
  return { node, entries: read, said }
}

/** Beside an entry that was verified already: that its content was erased at the authority. */
export function checkErased(
  primitives: Primitives,
  report: ReportWriter,
  statement: Uint8Array,
  about: { readonly node: string; readonly policy: Policy; readonly entryOf: () => Bytes },
): void {
  const found = report.check('erasure', (checking) => {
    checking.looked(FILE)
    const erased = readStatement(primitives, statement, about.policy)
    const entry = about.entryOf()
    if (erased.node !== about.node || !erased.entries.some((one) => equalBytes(one, entry))) {
      throw unverified('the erasure is not of this entry', { field: FILE })
    }
    checking.found(erased.said)
    return erased
  })
  sayErased(report, found)
}

/** A receipt whose opening nobody has any more. All that is found stands in the report. */
export function verifyErasedReceipt(
  primitives: Primitives,
  receipt: Uint8Array,
  statement: Uint8Array,
  policy: Policy | undefined,
): Report {
  const report = new ReportWriter('erased-entry')
  const anchored = anchor(report, policy)
  if (!anchored) return report.finish()
  const erased = report.check('erasure', (checking) => {
    checking.looked(FILE)
    const read = readStatement(primitives, statement, anchored)
    checking.found(read.said)
    return read
  })
  if (!erased) return report.finish()
  report.about('node', erased.node)
  report.check('log', (checking) => {
    checking.looked('receipt')
    sayPlace(checking, placeIn(primitives, receipt, erased, anchored))
  })
  sayErased(report, erased)
  return report.finish()
}

function sayErased(report: ReportWriter, erased: Erased | undefined): void {
  if (erased && report.isSound) report.about('erased', `the proof holds; ${erased.said}`)
}

/** @throws ComityError `unverified` if the receipt is of none of the entries, or does not hold */
function placeIn(
  primitives: Primitives,
  receipt: Uint8Array,
  { node, entries }: Erased,
  policy: Policy,
) {
  const { proof, note } = parseReceipt(receipt)
  const { rootHash, treeSize, origin } = parseCheckpoint(note.text)
  const isThere = (entry: Uint8Array) =>
    equalBytes(
      rootFromInclusion(primitives, hashLeaf(primitives, entry), proof, treeSize),
      rootHash,
    )
  for (const entry of entries) {
    if (logOrdinalOf(node, origin) === undefined || !isThere(entry)) continue
    const { checkpoint, leafIndex, cosignatures } = verifyReceipt(primitives, {
      ...{ receipt, entry, policy },
    })
    const witnesses = [...new Set(cosignatures.map(({ key }) => key.name))]
    return { origin, treeSize: checkpoint.treeSize, leafIndex, witnesses }
  }
  throw unverified('the receipt is of no entry of what was erased', { field: 'receipt' })
}
