/**
 * The node's own document on disk follows its log, its keys, and the configuration
 * where that says whether peers can call it: after a restore that opened a new log it
 * names that log, and where the old ones ended. Signed anew with the message key.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../adapters/postgres/log/durable-files.ts'
import type { OwnLog } from '../adapters/postgres/log/own-log.ts'
import type { KeyInterval, NodeKeys } from '../app/ports/keys.ts'
import { type Bytes, toBase64 } from '../base/bytes.ts'
import { canonicalText } from '../base/canonical-json.ts'
import { addMs, DAY_MS, type Instant } from '../base/time.ts'
import { formatVkey } from '../proof/vkey.ts'
import {
  type NodeDocument,
  readSignedDocument,
  signNodeDocument,
} from '../wire/exchange/node-document.ts'
import type { MessageSigner } from '../wire/exchange/signed.ts'
import type { NodeConfig } from './config.ts'
import { logSigners } from './log-signers.ts'
import { renewDocument } from './renew-document.ts'

const FILE = 'node.json'
/** A key without an end gets a later one in time. */
const MARGIN_MS = 90 * DAY_MS

export async function nameLogInDocument(
  folder: string,
  own: OwnLog,
  signer: MessageSigner,
  now: Instant,
): Promise<void> {
  const document = documentIn(folder)
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

/** True if the document was written anew; peers take such a change by themselves. */
export async function stateWayInDocument(
  folder: string,
  outboundOnly: boolean,
  signer: MessageSigner,
  now: Instant,
): Promise<boolean> {
  const document = documentIn(folder)
  const { outboundOnly: stated = false, ...endpoints } = document.endpoints
  if (stated === outboundOnly) return false
  const changed = { ...endpoints, ...(outboundOnly ? { outboundOnly } : {}) }
  const bytes = await signNodeDocument({ ...document, endpoints: changed, issuedAt: now }, signer)
  await replaceFile({ folder, writer: 'document' }, FILE, bytes)
  return true
}

/** True if the document was written anew, because it did not name the keys in use. */
export async function nameKeysInDocument(
  config: NodeConfig,
  keys: NodeKeys,
  now: Instant,
): Promise<boolean> {
  if (namesKeys(documentIn(config.folder), keys, now)) return false
  await renewDocument(config, keys, now, 'published')
  return true
}

/** The same facts, signed anew: readers take no document older than seven days. */
export function signedAt(document: Uint8Array, keys: NodeKeys, now: Instant): Promise<Bytes> {
  const { document: facts } = readSignedDocument(document)
  return signNodeDocument({ ...facts, issuedAt: now }, keys.documentSigner())
}

function documentIn(folder: string): NodeDocument {
  return readSignedDocument(readFileSync(join(folder, FILE))).document
}

function namesKeys(document: NodeDocument, keys: NodeKeys, now: Instant): boolean {
  const { messageKeys, encryptionRecipients, revocations } = keys.published
  const isStated = ({ validUntil }: KeyInterval, stated: { validUntil: Instant } | undefined) =>
    stated !== undefined &&
    (validUntil === null
      ? addMs(now, MARGIN_MS) < stated.validUntil
      : validUntil === stated.validUntil)
  const listed = document.encryptionRecipients ?? []
  return (
    document.messageKeys.length === messageKeys.length &&
    messageKeys.every((key) =>
      isStated(
        key,
        document.messageKeys.find(({ key: other }) => other === toBase64(key.publicKey)),
      ),
    ) &&
    document.encryptionRecipient === keys.encryptionRecipient &&
    (encryptionRecipients.length === 1 ||
      encryptionRecipients.every((key) =>
        isStated(
          key,
          listed.find(({ recipient }) => recipient === key.recipient),
        ),
      )) &&
    canonicalText(document.revocations ?? []) === canonicalText(revocations) &&
    namesWitness(document, keys)
  )
}

function namesWitness({ node, witnessKey, witnessKeyMlDsa44 }: NodeDocument, keys: NodeKeys) {
  const { witness, witnessMlDsa44 } = logSigners(node, keys)
  const second = witnessMlDsa44 && formatVkey(witnessMlDsa44.key)
  return witnessKey === formatVkey(witness.key) && witnessKeyMlDsa44 === second
}
