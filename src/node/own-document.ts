/**
 * The node's own document on disk follows its log, and the configuration where that
 * says whether peers can call it: after a restore that opened a new log it names that
 * log, and where the old ones ended. Signed anew with the message key.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../adapters/postgres/log/durable-files.ts'
import type { OwnLog } from '../adapters/postgres/log/own-log.ts'
import { toBase64 } from '../base/bytes.ts'
import { parseJson } from '../base/canonical-json.ts'
import type { Instant } from '../base/time.ts'
import { formatVkey } from '../proof/vkey.ts'
import { type NodeDocument, signNodeDocument } from '../wire/exchange/node-document.ts'
import type { MessageSigner } from '../wire/exchange/signed.ts'

const FILE = 'node.json'

export async function nameLogInDocument(
  folder: string,
  own: OwnLog,
  signer: MessageSigner,
  now: Instant,
): Promise<void> {
  const { document } = parseJson(readFileSync(join(folder, FILE))) as unknown as {
    document: NodeDocument
  }
  const logKey = formatVkey(own.signer.key)
  if (document.logKey === logKey || own.closed.length === 0) return
  const closedLogs = own.closed.map(({ vkey, treeSize, rootHash, closedAt }) => ({
    logKey: vkey,
    treeSize,
    rootHash: toBase64(rootHash),
    closedAt,
  }))
  const bytes = await signNodeDocument({ ...document, logKey, closedLogs, issuedAt: now }, signer)
  await replaceFile({ folder, writer: 'document' }, FILE, bytes)
}

/** True if the document was written anew: peers must pin it again. */
export async function stateWayInDocument(
  folder: string,
  outboundOnly: boolean,
  signer: MessageSigner,
  now: Instant,
): Promise<boolean> {
  const { document } = parseJson(readFileSync(join(folder, FILE))) as unknown as {
    document: NodeDocument
  }
  const { outboundOnly: stated = false, ...endpoints } = document.endpoints
  if (stated === outboundOnly) return false
  const changed = { ...endpoints, ...(outboundOnly ? { outboundOnly } : {}) }
  const bytes = await signNodeDocument({ ...document, endpoints: changed, issuedAt: now }, signer)
  await replaceFile({ folder, writer: 'document' }, FILE, bytes)
  return true
}
