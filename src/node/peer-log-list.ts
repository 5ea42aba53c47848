/** Which logs of peers this node follows: those that their documents and accepted notices name. */
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { Database } from '../adapters/postgres/database.ts'
import type { Peer } from '../app/ports/peers.ts'
import { textFromUtf8 } from '../base/bytes.ts'
import { parseJson } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import { knownSignatures, parseSignedNote } from '../proof/signed-note.ts'
import { formatVkey, KEY_TYPE, type NoteKey, noteKey, parseVkey } from '../proof/vkey.ts'
import { logOrdinalOf } from '../wire/event-opening.ts'
import type { NodeDocument } from '../wire/exchange/node-document.ts'
import { parseLogNotice } from '../wire/log-notice.ts'
import type { ClosedBy } from '../wire/monitor/look.ts'

export type FollowedLog = {
  readonly node: string
  readonly origin: string
  readonly logKeys: readonly NoteKey[]
  /** Undefined: the peer cannot be called. */
  readonly url: string | undefined
  readonly closed: ClosedBy | undefined
  readonly isClosed: boolean
}

/** @param agreed log keys of the policy; a peer's among them are followed too */
export async function followedLogs(
  database: Database,
  peer: Peer,
  agreed: readonly NoteKey[],
): Promise<readonly FollowedLog[]> {
  const { endpoints, closedLogs = [] } = documentOf(peer)
  const notices = await database
    .selectFrom('log_notice')
    .select(['closed_origin', 'opened_vkey', 'notice'])
    .where('node', '=', peer.id)
    .execute()
  const vkeys = [
    peer.logVkey,
    ...closedLogs.map(({ logKey }) => logKey),
    ...notices.map(({ opened_vkey }) => opened_vkey),
    ...agreed.map(formatVkey),
  ]
  const base = endpoints.log ?? `${endpoints.federation}/ledger`
  const byOrigin = Map.groupBy(new Set(vkeys.flatMap((vkey) => keyOf(vkey))), ({ name }) => name)
  return [...byOrigin].flatMap(([origin, logKeys]) => {
    const ordinal = logOrdinalOf(peer.id, origin)
    if (ordinal === undefined) return []
    const notice = notices.find(({ closed_origin }) => closed_origin === origin)
    const isInDocument = closedLogs.some(({ logKey }) => keyOf(logKey)[0]?.name === origin)
    return {
      ...{ node: peer.id, origin, logKeys: onceEach(logKeys) },
      url: endpoints.outboundOnly ? undefined : `${base}/${ordinal}`,
      closed: notice && closedBy(new Uint8Array(notice.notice), peer),
      isClosed: notice !== undefined || isInDocument,
    }
  })
}

export function witnessUrlOf(peer: Peer): string | undefined {
  const { endpoints } = documentOf(peer)
  return endpoints.outboundOnly ? undefined : `${endpoints.federation}/witness`
}

function documentOf({ document }: Peer): NodeDocument {
  return (parseJson(document) as unknown as { document: NodeDocument }).document
}

function onceEach(keys: readonly NoteKey[]): readonly NoteKey[] {
  return [...new Map(keys.map((key) => [formatVkey(key), key])).values()]
}

/** Peers write these: what is no key names no log. */
function keyOf(vkey: string): readonly NoteKey[] {
  try {
    const key = parseVkey(nodePrimitives, vkey)
    return key.type === KEY_TYPE.ed25519 ? [key] : []
  } catch (error) {
    if (error instanceof ComityError) return []
    throw error
  }
}

/** The notice was verified when it was accepted; here it only names who signed it. */
function closedBy(bytes: Uint8Array, { messageKeys }: Peer): ClosedBy | undefined {
  const note = parseSignedNote(bytes)
  const { closed } = parseLogNotice(nodePrimitives, note.text)
  const keys = messageKeys.map(({ id, publicKey }) =>
    noteKey(nodePrimitives, id, KEY_TYPE.ed25519, publicKey),
  )
  const [signed] = knownSignatures(note, keys)
  if (!signed) return undefined
  const { treeSize, rootHash } = closed
  return { treeSize, rootHash, notice: textFromUtf8(bytes), noticeKey: formatVkey(signed.key) }
}
