/**
 * What a monitor finds wrong with a log, as a file that anybody can verify later.
 *
 * Three kinds convict the log by its own signatures alone: `equivocation` (two roots at one
 * size), `unconnected` (a head that is no beginning of a larger one, with the proof of what the
 * larger one begins with instead), `beyondNotice` (a head that the notice closing the log does
 * not allow). The others are the monitor's word, with what it was served.
 */
import { type Static, Type } from '@sinclair/typebox'
import { equalBytes, fromBase64, toBase64, toHex, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { malformed, unverified } from '../../base/errors.ts'
import { type Instant, instant } from '../../base/time.ts'
import type { Verified } from '../../base/verified.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from '../../proof/checkpoint.ts'
import { verifyConsistency } from '../../proof/consistency.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { parseSignedNote, verifySignedNote } from '../../proof/signed-note.ts'
import { type NoteKey, parseVkey } from '../../proof/vkey.ts'
import { InstantForm, requireForm, strictObject } from '../exchange/form.ts'
import { parseLogNotice } from '../log-notice.ts'

export const CONVICTING = ['equivocation', 'unconnected', 'beyondNotice'] as const
export const SUSPICIOUS = [
  'rollback',
  'badSignature',
  'wrongTile',
  'missingTile',
  'wrongEntries',
] as const
export const FINDINGS = [...CONVICTING, ...SUSPICIOUS] as const
export type FindingName = (typeof FINDINGS)[number]

/** A signed note is at most 128 KiB; a finding holds two, and tiles of a right edge. */
export const FINDING_SIZE_MAX = 1024 * 1024
const NoteForm = Type.String({ minLength: 1, maxLength: 128 * 1024 })
const Base64Form = Type.String({ maxLength: 200_000, pattern: '^[A-Za-z0-9+/]*={0,2}$' })
const HashForm = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })
const NameForm = Type.String({ minLength: 1, maxLength: 300 })

export const FindingForm = strictObject({
  v: Type.Literal(1),
  kind: Type.Literal('log-finding'),
  finding: Type.Union(FINDINGS.map((name) => Type.Literal(name))),
  origin: NameForm,
  /** Verifier keys of the log that the monitor was told to trust. */
  logKeys: Type.Array(Type.String({ maxLength: 3000 }), { minItems: 1, maxItems: 8 }),
  /** By the clock of the monitor. */
  foundAt: InstantForm,
  /** Signed heads, the older or smaller one first, and where each was seen. */
  notes: Type.Array(strictObject({ from: NameForm, note: NoteForm }), { maxItems: 2 }),
  /** Of `unconnected`: what the larger tree begins with, proven by `proof` (RFC 9162, 2.1.4). */
  otherRoot: Type.Optional(HashForm),
  proof: Type.Optional(Type.Array(HashForm, { maxItems: 63 })),
  /** Of `beyondNotice`: the notice, and the message key (a verifier key) that signed it. */
  notice: Type.Optional(NoteForm),
  noticeKey: Type.Optional(Type.String({ maxLength: 400 })),
  /** What was served, where nobody's signature says so. */
  served: Type.Optional(
    Type.Array(strictObject({ path: Type.String({ maxLength: 200 }), bytes: Base64Form }), {
      maxItems: 8,
    }),
  ),
})

export type LogFinding = Readonly<Static<typeof FindingForm>>

export function isConvicting({ finding }: Pick<LogFinding, 'finding'>): boolean {
  return (CONVICTING as readonly string[]).includes(finding)
}

/** @throws ComityError `malformed` */
export function readFinding(value: Json): LogFinding {
  requireForm(FindingForm, value, '')
  const finding = value as unknown as LogFinding
  instant(finding.foundAt, 'foundAt')
  return finding
}

/** The file: canonical JSON. */
export function findingBytes(finding: LogFinding): Uint8Array {
  return canonicalBytes(finding as unknown as object)
}

/**
 * What a finding is known by, in lower-case hex: the same wrong is found again at every look,
 * with other heads as the log grows, and is one finding.
 */
export function marksOf({ sha256 }: Primitives, finding: LogFinding): readonly string[] {
  const mark = (text: string) => toHex(sha256(utf8(text)))
  const paths = (finding.served ?? []).slice(0, 1).map(({ path }) => mark(`path\n${path}`))
  if (finding.finding === 'wrongTile' || finding.finding === 'missingTile') return paths
  if (finding.finding === 'wrongEntries') return paths
  const heads = finding.notes.map(({ note }) => mark(`head\n${textOf(note)}`))
  return heads.length > 0 ? heads : [mark(`log\n${finding.origin}`)]
}

export type KnownFinding = {
  readonly origin: string
  readonly finding: FindingName
  readonly marks: readonly string[]
}

/**
 * More of one log would tell nobody more, and a log that lies could fill the disk. Counted apart:
 * a log that serves many wrong tiles first must not so keep its equivocation off the record.
 */
export const FINDINGS_OF_LOG_MAX = { convicting: 8, suspicious: 8 } as const

export function isKnownFinding(known: readonly KnownFinding[], one: KnownFinding): boolean {
  const ofLog = known.filter(({ origin }) => origin === one.origin)
  const kind = isConvicting(one) ? 'convicting' : 'suspicious'
  const alike = ofLog.filter((each) => isConvicting(each) === isConvicting(one))
  if (alike.length >= FINDINGS_OF_LOG_MAX[kind]) return true
  return ofLog.some(
    ({ finding, marks }) =>
      (finding === one.finding || (isConvicting({ finding }) && isConvicting(one))) &&
      marks.some((mark) => one.marks.includes(mark)),
  )
}

function textOf(note: string): string {
  return parseSignedNote(utf8(note)).text
}

/**
 * Verifies that the heads in a finding were signed by the log, and that they show what it says.
 *
 * @param trusted the keys of the log that the reader trusts
 * @returns the heads
 * @throws ComityError `malformed`, `unverified`
 */
export function verifyFinding(
  primitives: Primitives,
  finding: LogFinding,
  trusted: readonly NoteKey[],
): readonly Verified<Checkpoint>[] {
  const keys = trusted.filter(({ name }) => name === finding.origin)
  const heads = finding.notes.map(({ note }) =>
    verifyCheckpoint(primitives, parseSignedNote(utf8(note)), keys),
  )
  if (heads.some(({ origin }) => origin !== finding.origin)) throw shownNot('another log')
  if (finding.finding === 'equivocation') requireTwoRoots(heads)
  if (finding.finding === 'unconnected') requireUnconnected(primitives, finding, heads)
  if (finding.finding === 'beyondNotice') requireBeyond(primitives, finding, heads)
  if (finding.finding === 'rollback') requireSmaller(heads)
  return heads
}

/** The keys that the finding itself names; for a reader who has no policy. */
export function keysNamedIn(primitives: Primitives, { logKeys }: LogFinding): NoteKey[] {
  return logKeys.map((vkey) => parseVkey(primitives, vkey, 'logKeys'))
}

function requireTwoRoots([one, other]: readonly Checkpoint[]): void {
  if (!one || !other || one.treeSize !== other.treeSize) throw shownNot('heads of two sizes')
  if (equalBytes(one.rootHash, other.rootHash)) throw shownNot('one root')
}

/** The larger tree begins with `otherRoot`, as the proof shows, and the log signed another one. */
function requireUnconnected(
  primitives: Primitives,
  { otherRoot, proof }: LogFinding,
  [older, newer]: readonly Checkpoint[],
): void {
  if (!older || !newer || otherRoot === undefined || !proof) throw shownNot('no proof')
  const root = fromBase64(otherRoot, 'otherRoot')
  const hashes = proof.map((hash) => fromBase64(hash, 'proof'))
  verifyConsistency(primitives, { treeSize: older.treeSize, rootHash: root }, newer, hashes)
  if (equalBytes(root, older.rootHash)) throw shownNot('one history')
}

function requireBeyond(
  primitives: Primitives,
  { notice, noticeKey, origin }: LogFinding,
  [head]: readonly Checkpoint[],
): void {
  if (!head || notice === undefined || noticeKey === undefined) throw shownNot('no notice')
  const note = parseSignedNote(utf8(notice), 'notice')
  const { node, closed } = parseLogNotice(primitives, note.text)
  const key = parseVkey(primitives, noticeKey, 'noticeKey')
  if (!key.name.startsWith(`${node}/`)) throw shownNot('a key of another node')
  verifySignedNote(primitives, note, [key])
  if (closed.origin !== origin) throw shownNot('a notice of another log')
  if (!contradictsNotice(closed, head)) throw shownNot('a head that the notice allows')
}

/** A head of a closed log that is beyond its end, or that ends otherwise. */
export function contradictsNotice(
  closed: { readonly treeSize: number; readonly rootHash: Uint8Array },
  head: { readonly treeSize: number; readonly rootHash: Uint8Array },
): boolean {
  if (head.treeSize > closed.treeSize) return true
  return head.treeSize === closed.treeSize && !equalBytes(head.rootHash, closed.rootHash)
}

function requireSmaller([seen, served]: readonly Checkpoint[]): void {
  if (!seen || !served || served.treeSize >= seen.treeSize) throw shownNot('no smaller head')
}

function shownNot(what: string) {
  return unverified(`the finding does not show what it says: ${what}`, { reason: 'finding' })
}

/** Heads without a file, for tests and reports. @throws ComityError `malformed` */
export function headIn(note: string): Checkpoint {
  return parseCheckpoint(textOf(note))
}

export type FindingParts = {
  readonly origin: string
  readonly logKeys: readonly string[]
  readonly foundAt: Instant
}

export function finding(
  name: FindingName,
  parts: FindingParts,
  more: Pick<LogFinding, 'notes'> &
    Partial<Pick<LogFinding, 'otherRoot' | 'proof' | 'notice' | 'noticeKey' | 'served'>>,
): LogFinding {
  if (parts.logKeys.length === 0) throw malformed('a log has a key', { field: 'logKeys' })
  return {
    v: 1,
    kind: 'log-finding',
    finding: name,
    ...parts,
    logKeys: [...parts.logKeys],
    ...more,
  }
}

/** Bytes that were served, cut to what a finding may hold. */
export function servedAs(path: string, bytes: Uint8Array) {
  return { path, bytes: toBase64(bytes.subarray(0, SERVED_BYTES_MAX)) }
}

export const SERVED_BYTES_MAX = 128 * 1024
