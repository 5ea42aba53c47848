/**
 * Writes the node document on disk anew, from the keys that the node has and from
 * names and addresses. What the document before said about the past stays: since when
 * a key is valid, and which logs ended. A node that runs knows it after its next start.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readNodeDocument } from '../adapters/peers/pinned-folder.ts'
import { replaceFile } from '../adapters/postgres/log/durable-files.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import { toBase64 } from '../base/bytes.ts'
import { ComityError, malformed } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import type { NodeDocument } from '../wire/exchange/node-document.ts'
import { type NodeConfig, nodeSelfOf } from './config.ts'
import { type DocumentFacts, documentFacts, firstDocument } from './first-document.ts'

const DOCUMENT_FILE = 'node.json'

export type Renewed = {
  readonly file: string
  /** Absent where there was none, or none that could be read. */
  readonly before?: NodeDocument
  readonly document: NodeDocument
}

/**
 * @param whose where names and addresses come from: the configuration, or, where only
 * keys change, the document before
 * @throws ComityError `malformed` if the document on disk is another node's; nothing is changed
 */
export async function renewDocument(
  config: NodeConfig,
  keys: NodeKeys,
  now: Instant,
  whose: 'configured' | 'published',
): Promise<Renewed> {
  const { folder } = config
  const file = join(folder, DOCUMENT_FILE)
  const before = documentBefore(file, config.node.id, keys)
  const configured = documentFacts(nodeSelfOf(config))
  const facts = whose === 'published' && before ? factsOf(before) : configured
  const bytes = await firstDocument(facts, keys, now, before)
  await replaceFile({ folder, writer: 'document' }, DOCUMENT_FILE, bytes)
  const { document } = readNodeDocument(file)
  return { file, document, ...(before ? { before } : {}) }
}

/** One that nobody can read says nothing about the past; the log's part comes back at the next start. */
function documentBefore(file: string, node: string, keys: NodeKeys): NodeDocument | undefined {
  if (!existsSync(file)) return undefined
  const before = readOrNothing(file)
  if (before === undefined) return undefined
  const own = new Set(keys.published.messageKeys.map(({ publicKey }) => toBase64(publicKey)))
  if (before.node === node && before.messageKeys.some(({ key }) => own.has(key))) return before
  throw malformed(
    `${file} is of ${before.node} with keys that are not in the key folder: put back the right one, or move it away; nothing was changed`,
    { reason: 'other-node' },
  )
}

function readOrNothing(file: string): NodeDocument | undefined {
  try {
    return readNodeDocument(file).document
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}

function factsOf({ node, name, legalOrder, endpoints, exercise }: NodeDocument): DocumentFacts {
  return { node, name, legalOrder, endpoints, ...(exercise ? { exercise } : {}) }
}
