/**
 * The notice with which a node closes one log and opens the next: a signed note of
 * its message key, as `protocol/spec/log.md` describes it.
 *
 * It shows that whoever holds the node's message key closed the log on purpose and
 * where, so that two heads of one size never exist. It does not show that nothing
 * was lost with the old log, only how much others had seen of it.
 */
import { fromBase64, toBase64 } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'
import { requireNodeId } from '../base/ids.ts'
import { addMs, type Instant, instant, MINUTE_MS } from '../base/time.ts'
import { asVerified, type Verified } from '../base/verified.ts'
import { parseDecimal } from '../proof/decimal.ts'
import type { Hashing, Primitives } from '../proof/primitives.ts'
import {
  formatSignedNote,
  parseSignedNote,
  signNote,
  verifySignedNote,
} from '../proof/signed-note.ts'
import { requireHash } from '../proof/tree-hash.ts'
import { formatVkey, KEY_TYPE, type NoteKey, noteKey, parseVkey } from '../proof/vkey.ts'
import { logOrdinalOf } from './event-opening.ts'
import type { MessageSigner } from './exchange/signed.ts'
import { isRevoked, type MessageKey } from './http-signature.ts'

export type LogNotice = {
  readonly node: string
  /** The log that ends, and the last that anyone has seen of it. */
  readonly closed: {
    readonly origin: string
    readonly treeSize: number
    readonly rootHash: Uint8Array
  }
  /** The key of the log that follows; its name is the new origin. */
  readonly opened: NoteKey
  readonly at: Instant
  readonly reason: LogNoticeReason
}

/** `planned` and `compromised`: the log key was changed, by a ceremony. */
export type LogNoticeReason = 'restored' | 'planned' | 'compromised'

const HEADER = 'comity/log-notice/v1'

export function formatLogNotice({ node, closed, opened, at, reason }: LogNotice): string {
  return [
    HEADER,
    `node ${node}`,
    `closed ${closed.origin} ${closed.treeSize} ${toBase64(closed.rootHash)}`,
    `opened ${formatVkey(opened)}`,
    `at ${at}`,
    `reason ${reason}`,
    '',
  ].join('\n')
}

export async function signLogNotice(
  primitives: Hashing,
  notice: LogNotice,
  { keyId, sign }: MessageSigner,
  publicKey: Uint8Array,
): Promise<Uint8Array> {
  const text = formatLogNotice(notice)
  const signer = { key: messageNoteKey(primitives, keyId, publicKey), sign }
  return formatSignedNote({ text, signatures: [await signNote(signer, text)] })
}

/**
 * The time in a notice is the signer's own word, so a key must hold at the time in it
 * and at this moment: whoever steals a key that is over cannot date a notice back.
 *
 * @param keys message keys of that node that are trusted already; asked by node id
 * @param now real time
 * @throws ComityError `malformed`; `unverified` if no such key signed, or not in its time
 */
export async function verifyLogNotice(
  primitives: Primitives,
  bytes: Uint8Array,
  keys: (node: string) => Promise<readonly MessageKey[]> | readonly MessageKey[],
  now: Instant,
): Promise<Verified<LogNotice>> {
  const note = parseSignedNote(bytes, 'notice')
  const notice = parseLogNotice(primitives, note.text)
  if (notice.at > addMs(now, MINUTE_MS)) {
    throw unverified('the notice is from the future', { field: 'notice.at', reason: 'future' })
  }
  const trusted = (await keys(notice.node)).filter(
    (key) => key.node === notice.node && isUsable(key, notice.at) && isUsable(key, now),
  )
  const noteKeys = trusted.map(({ id, publicKey }) => messageNoteKey(primitives, id, publicKey))
  verifySignedNote(primitives, note, noteKeys)
  return asVerified(notice)
}

function isUsable(key: MessageKey, at: Instant): boolean {
  return key.validFrom <= at && at <= key.validUntil && !isRevoked(key, at)
}

/** Form and sense; says nothing about who signed. @throws ComityError `malformed` */
export function parseLogNotice(primitives: Hashing, text: string): LogNotice {
  const match =
    /^comity\/log-notice\/v1\nnode (\S+)\nclosed (\S+) (\d+) (\S+)\nopened (\S+)\nat (\S+)\nreason (restored|planned|compromised)\n$/.exec(
      text,
    )
  if (!match) throw malformed('not a log notice', { field: 'notice', reason: 'schema' })
  const [, node = '', origin = '', size = '', root = '', vkey = '', at = '', reason = ''] = match
  const rootHash = fromBase64(root, 'notice.closed')
  requireHash(rootHash, 'notice.closed')
  const notice: LogNotice = {
    node: requireNodeId(node, 'notice.node'),
    closed: { origin, treeSize: parseDecimal(size, 'notice.closed'), rootHash },
    opened: parseVkey(primitives, vkey, 'notice.opened'),
    at: instant(at, 'notice.at'),
    reason: reason as LogNoticeReason,
  }
  requireSequel(notice)
  return notice
}

/** Logs of one node follow each other by number, so a successor is not a matter of taste. */
function requireSequel({ node, closed, opened }: LogNotice): void {
  const [before, after] = [logOrdinalOf(node, closed.origin), logOrdinalOf(node, opened.name)]
  if (opened.type !== KEY_TYPE.ed25519 || before === undefined || after !== before + 1) {
    throw unverified('the opened log does not follow the closed one', {
      field: 'notice.opened',
      reason: 'sequence',
    })
  }
}

function messageNoteKey(primitives: Hashing, id: string, publicKey: Uint8Array): NoteKey {
  return noteKey(primitives, id, KEY_TYPE.ed25519, publicKey)
}
