/**
 * The folder of pinned node documents, as an administrator changes it: one file a
 * peer, named after its node. What is removed is kept under another name.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../base/canonical-json.ts'
import { ComityError, malformed } from '../../base/errors.ts'
import { requireNodeId } from '../../base/ids.ts'
import type { Instant } from '../../base/time.ts'
import type { Verified } from '../../base/verified.ts'
import {
  messageKeysOf,
  type NodeDocument,
  verifyNodeDocument,
} from '../../wire/exchange/node-document.ts'
import { nodePrimitives } from '../node-primitives.ts'

const DOCUMENT_SIZE_MAX = 64 * 1024

export type PinnedPeer = { readonly file: string; readonly document: Verified<NodeDocument> }

/**
 * A document as it was handed over. It is signed by a key of its own: that proves
 * that nobody changed it on the way, and nothing about whose it is.
 *
 * @throws ComityError `malformed` or `unverified`
 */
export function readNodeDocument(file: string): {
  readonly bytes: Uint8Array
  readonly document: Verified<NodeDocument>
} {
  const bytes = new Uint8Array(readOrRefuse(file))
  if (bytes.length > DOCUMENT_SIZE_MAX) throw malformed(`${file} is too large`)
  const claimed = parseJson(bytes, 'node document') as { readonly document?: unknown } | null
  const { document } = claimed ?? {}
  if (typeof document !== 'object' || document === null || !('messageKeys' in document)) {
    throw malformed(`${file} is no node document`)
  }
  const { node, issuedAt } = document as NodeDocument
  try {
    const pinned = messageKeysOf(document as NodeDocument)
    return {
      bytes,
      document: verifyNodeDocument(nodePrimitives, bytes, { node, pinned, now: issuedAt }),
    }
  } catch (error) {
    if (error instanceof ComityError) throw error
    throw malformed(`${file} is no node document`, { cause: error })
  }
}

/** @throws ComityError `malformed` or `unverified` for a file that is not as it was pinned */
export function pinnedPeers(folder: string): readonly PinnedPeer[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => {
    const file = join(folder, name)
    const { document } = readNodeDocument(file)
    if (name !== `${document.node}.json`)
      throw malformed(`${file} is the document of ${document.node}`)
    return { file, document }
  })
}

/** Under another name first: a node that reads the folder meanwhile sees all of it or nothing. */
export function pin(folder: string, node: string, bytes: Uint8Array): void {
  const file = join(folder, `${requireNodeId(node)}.json`)
  writeFileSync(`${file}.new`, bytes, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** @throws ComityError `malformed` if it is not pinned */
export function unpin(folder: string, node: string, now: Instant): string {
  const file = join(folder, `${requireNodeId(node)}.json`)
  if (!existsSync(file)) throw malformed(`${node} is not pinned`)
  const kept = `${file}.removed-${now.replaceAll(':', '')}`
  renameSync(file, kept)
  return kept
}

function readOrRefuse(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const { code } = cause as { code?: string }
    throw malformed(`${file} cannot be read (${code})`, { cause })
  }
}
