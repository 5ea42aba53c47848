/**
 * The witness: cosigns the checkpoints of known logs, and only along one history
 * of each (C2SP tlog-witness).
 *
 * The head last cosigned is stored by compare-and-set before the answer goes out,
 * so of two submissions from the same old size one wins and none is rolled back.
 */
import { fromHex, utf8 } from '../../../base/bytes.ts'
import { type Instant, instantFromMs, msOf, SECOND_MS } from '../../../base/time.ts'
import { checkSubmission, convicts, type SignedSubmission } from '../../../proof/add-checkpoint.ts'
import { cosign } from '../../../proof/cosignature.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import {
  formatSignatureLine,
  formatSignedNote,
  knownSignatures,
  type NoteSignature,
  type NoteSigner,
  parseSignedNote,
  type SignedNote,
} from '../../../proof/signed-note.ts'
import type { TreeHead } from '../../../proof/tree-hash.ts'
import type { NoteKey } from '../../../proof/vkey.ts'
import { type LogNotice, parseLogNotice } from '../../../wire/log-notice.ts'
import type { Database } from '../database.ts'
import { acceptNotice, closedSizeOf, type NoticeParts, noticeByHash, openedKey } from './notices.ts'
import { sizeOf } from './tables.ts'

export type WitnessParts = {
  readonly database: Database
  readonly primitives: Primitives
  /** Keys of types 0x04 and 0x06 under one name, used for nothing else, as they count now. */
  readonly signers: () => readonly NoteSigner[]
  /** The trusted log keys of an origin; undefined if this witness does not know it. */
  readonly keysOf: (origin: string) => Promise<readonly NoteKey[] | undefined>
  /** Pinned message keys of a node, for notices that close a log. Without it none is taken. */
  readonly messageKeysOf?: NoticeParts['messageKeysOf']
  readonly wireNow: () => Instant
  /** The log itself signed what convicts it: a second history, or going on when closed. */
  readonly onEvidence?: (origin: string) => void
  /** A node would close more logs than a node document names; told once of each node. */
  readonly onTooManyLogs?: (node: string) => void
  /** A log was closed and its successor is known from now on. */
  readonly onNotice?: () => void | Promise<void>
}

export type WitnessAnswer = {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  readonly mediaType: string
  readonly body: Uint8Array
}

export type Witness = {
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>
  /** A notice that closes a log and names the one that follows it. */
  addNotice(body: Uint8Array): Promise<WitnessAnswer>
  /** The notice that closed a log, by the lower-case hex SHA-256 of its origin. */
  closingNotice(originHash: string): Promise<Uint8Array | undefined>
  /** The latest cosigned checkpoint, by the lower-case hex SHA-256 of the origin. */
  latestCheckpoint(originHash: string): Promise<Uint8Array | undefined>
}

export function postgresWitness(given: WitnessParts): Witness {
  const told = new Set<string>()
  const onTooManyLogs = (node: string) => {
    if (!told.has(node)) given.onTooManyLogs?.(node)
    told.add(node)
  }
  const parts = { ...given, onTooManyLogs }
  return {
    addCheckpoint: (body) => addCheckpoint(parts, body),
    addNotice: (body) => addNotice(parts, body),
    closingNotice: (originHash) => noticeByHash(parts.database, parts.primitives, originHash),
    latestCheckpoint: (originHash) => latestCheckpoint(parts, originHash),
  }
}

async function addCheckpoint(parts: WitnessParts, body: Uint8Array): Promise<WitnessAnswer> {
  let last: Cosigned | undefined
  const check = await checkSubmission(
    parts.primitives,
    body,
    (origin) => keysOf(parts, origin),
    async (origin) => {
      last = await lastCosigned(parts, origin)
      return last
    },
  )
  if (!('checkpoint' in check)) return problem(check.status)
  const closedSize = await closedSizeOf(parts.database, check.checkpoint.origin)
  if (check.status === 200 && closedSize === undefined) return cosignAndStore(parts, check, last)
  await keepIfConvicting(parts, check, closedSize)
  if (check.status === 409) return conflict(check.lastSize)
  // A log that its node has closed does not go on, however well it extends.
  return problem(422)
}

async function keysOf(
  { database, primitives, keysOf: given }: WitnessParts,
  origin: string,
): Promise<readonly NoteKey[] | undefined> {
  const keys = await given(origin)
  if (keys !== undefined) return keys
  const opened = await openedKey(database, primitives, origin)
  return opened && [opened]
}

const NOTICE_STATUS = {
  malformed: 400,
  unsigned: 403,
  'unknown-log': 404,
  contradiction: 422,
} as const

async function addNotice(parts: WitnessParts, body: Uint8Array): Promise<WitnessAnswer> {
  const { database, primitives, messageKeysOf = () => [], wireNow } = parts
  const knows = async (origin: string) => (await keysOf(parts, origin)) !== undefined
  const notice = { database, primitives, messageKeysOf, knows, wireNow }
  const answer = await acceptNotice(notice, body)
  if (answer === 'acceptedShort' || answer === 'contradiction') {
    const { text } = parseSignedNote(body)
    await keepEvidence(parts, noticeIn(parts, body).closed.origin, { text, bytes: body })
  }
  if (answer === 'accepted' || answer === 'acceptedShort') await parts.onNotice?.()
  if (answer === 'accepted' || answer === 'acceptedShort' || answer === 'known') {
    return text(200, 'text/plain; charset=utf-8', `${answer}\n`)
  }
  if (answer !== 'too-many-logs') return problem(NOTICE_STATUS[answer])
  parts.onTooManyLogs?.(noticeIn(parts, body).node)
  return problem(422, ['too-many-logs', 'The node has closed as many logs as a node may'])
}

function noticeIn({ primitives }: WitnessParts, body: Uint8Array): LogNotice {
  return parseLogNotice(primitives, parseSignedNote(body).text)
}

/** Code and title of each refusal; the status alone is C2SP's. */
const PROBLEMS = {
  400: ['malformed', 'The request is malformed'],
  403: ['not-signed-by-log', 'No trusted key of the log signed, or one signed wrongly'],
  404: ['unknown-origin', 'The origin is not known here'],
  422: ['inconsistent', 'The checkpoint does not extend the one cosigned before'],
} as const

async function cosignAndStore(
  parts: WitnessParts,
  accepted: SignedSubmission,
  last: Cosigned | undefined,
): Promise<WitnessAnswer> {
  const { submission, checkpoint, logKeys } = accepted
  const now = notBefore(last?.at, parts.wireNow())
  const { text: signed } = submission.note
  const timeSeconds = Math.floor(msOf(now) / SECOND_MS)
  const lines = await Promise.all(
    parts.signers().map((signer) => cosign(signer, signed, timeSeconds)),
  )
  const note = formatSignedNote({
    text: signed,
    signatures: [...linesOf(submission.note, logKeys), ...lines],
  })
  if (await moveState(parts, submission.oldSize, { ...checkpoint, note, now })) {
    return text(200, 'text/plain; charset=utf-8', lines.map(formatSignatureLine).join(''))
  }
  // Another submission was faster.
  await keepIfConvicting(parts, accepted, undefined)
  return conflict((await lastCosigned(parts, checkpoint.origin))?.treeSize ?? 0)
}

/**
 * A cosignature says that at its time no larger tree was seen. Behind a time that was signed
 * it would contradict the one of then: a clock that was set back waits until it is past that.
 */
function notBefore(signedAt: Instant | undefined, now: Instant): Instant {
  return signedAt !== undefined && signedAt > now ? signedAt : now
}

/** The signature lines of the log's own keys; a monitor needs no others. */
function linesOf({ text, signatures }: SignedNote, keys: readonly NoteKey[]): NoteSignature[] {
  return signatures.filter(
    (signature) => knownSignatures({ text, signatures: [signature] }, keys).length > 0,
  )
}

type NewState = TreeHead & {
  readonly origin: string
  readonly note: Uint8Array
  readonly now: Instant
}

/** Compare-and-set: false if the stored size is no longer the old one. */
async function moveState(
  { database, primitives }: WitnessParts,
  oldSize: number,
  { origin, treeSize, rootHash, note, now }: NewState,
): Promise<boolean> {
  const values = { size: treeSize, root: rootHash, note, updated_at: now }
  const updated = await database
    .updateTable('witness_state')
    .set(values)
    .where('origin', '=', origin)
    .where('size', '=', String(oldSize))
    .returning('origin')
    .execute()
  if (updated.length > 0 || oldSize !== 0) return updated.length > 0
  const inserted = await database
    .insertInto('witness_state')
    .values({ origin, origin_hash: primitives.sha256(utf8(origin)), ...values })
    .onConflict((on) => on.doNothing())
    .returning('origin')
    .execute()
  return inserted.length > 0
}

type Cosigned = TreeHead & { readonly note: Uint8Array; readonly at: Instant }

async function lastCosigned(
  { database }: WitnessParts,
  origin: string,
): Promise<Cosigned | undefined> {
  const row = await database
    .selectFrom('witness_state')
    .select(['size', 'root', 'note', 'updated_at'])
    .where('origin', '=', origin)
    .executeTakeFirst()
  if (!row) return undefined
  const head = { treeSize: sizeOf(row.size), rootHash: new Uint8Array(row.root) }
  return { ...head, note: row.note, at: instantFromMs(row.updated_at.getTime()) }
}

async function latestCheckpoint(
  { database }: WitnessParts,
  originHash: string,
): Promise<Uint8Array | undefined> {
  if (!ORIGIN_HASH.test(originHash)) return undefined
  const row = await database
    .selectFrom('witness_state')
    .select('note')
    .where('origin_hash', '=', fromHex(originHash))
    .executeTakeFirst()
  return row && new Uint8Array(row.note)
}

const ORIGIN_HASH = /^[0-9a-f]{64}$/

/**
 * Anyone may send a checkpoint that the log has published, with a proof that fails: nothing
 * is kept of that. What is kept only the log's own key can make.
 */
async function keepIfConvicting(
  parts: WitnessParts,
  { checkpoint, submission, logKeys }: SignedSubmission,
  closedSize: number | undefined,
): Promise<void> {
  const { origin } = checkpoint
  const last = await lastCosigned(parts, origin)
  if (!convicts(checkpoint, last, closedSize)) return
  const { text } = submission.note
  const bytes = formatSignedNote({ text, signatures: linesOf(submission.note, logKeys) })
  await keepEvidence(parts, origin, { text, bytes }, last?.note)
}

/** More would convict nobody further, and a log that lies could fill the disk. */
const EVIDENCE_OF_ORIGIN_MAX = 16

/** One row for each signed text, however often and with whatever lines it comes. */
async function keepEvidence(
  parts: WitnessParts,
  origin: string,
  { text, bytes }: { readonly text: string; readonly bytes: Uint8Array },
  cosigned?: Uint8Array,
): Promise<void> {
  const { database, primitives, wireNow, onEvidence } = parts
  const { kept } = await database
    .selectFrom('witness_evidence')
    .select(({ fn }) => fn.countAll<string>().as('kept'))
    .where('origin', '=', origin)
    .executeTakeFirstOrThrow()
  if (Number(kept) >= EVIDENCE_OF_ORIGIN_MAX) return
  const inserted = await database
    .insertInto('witness_evidence')
    .values({
      digest: primitives.sha256(utf8(`${origin}\n${text}`)),
      origin,
      cosigned_note: cosigned ?? (await lastCosigned(parts, origin))?.note ?? null,
      submission: bytes,
      received_at: wireNow(),
    })
    .onConflict((on) => on.doNothing())
    .returning('origin')
    .execute()
  if (inserted.length > 0) onEvidence?.(origin)
}

function conflict(lastSize: number): WitnessAnswer {
  return text(409, 'text/x.tlog.size', `${lastSize}\n`)
}

function problem(
  status: keyof typeof PROBLEMS,
  [code, title]: readonly [string, string] = PROBLEMS[status],
): WitnessAnswer {
  const body = { type: `urn:comity:problem:${code}`, title, status, code }
  return text(status, 'application/problem+json', JSON.stringify(body))
}

function text(status: WitnessAnswer['status'], mediaType: string, body: string): WitnessAnswer {
  return { status, mediaType, body: utf8(body) }
}
