/**
 * Peers whose node documents an administrator put into the node's `peers` folder,
 * after comparing fingerprints out of band. A document is verified with the keys
 * it lists itself: whoever put it there vouches for it, nobody else does.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PeerDirectory } from '../../app/ports/exchange.ts'
import type { Peer, PeerPins, Peers } from '../../app/ports/peers.ts'
import { equalBytes } from '../../base/bytes.ts'
import { parseJson } from '../../base/canonical-json.ts'
import { invariant } from '../../base/errors.ts'
import {
  type ExchangePeer,
  messageKeysOf,
  peerOf,
  verifyNodeDocument,
} from '../../wire/exchange/node-document.ts'
import { nodePrimitives } from '../node-primitives.ts'
import { replaceFile } from '../postgres/log/durable-files.ts'

export type PeerDocuments = Peers &
  PeerPins & {
    readonly directory: PeerDirectory
  }

/** @throws ComityError if a document is malformed or not signed by a key it lists */
export async function openPeerDocuments(folder: string): Promise<PeerDocuments> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  const pinned = new Map<string, { peer: Peer; exchange: ExchangePeer }>()
  const files = new Map<string, string>()
  for (const name of names) {
    const bytes = new Uint8Array(await readFile(join(folder, name)))
    const entry = readPinned(bytes)
    pinned.set(entry.peer.id, entry)
    files.set(entry.peer.id, name)
  }
  return {
    all: () => [...pinned.values()].map(({ peer }) => peer),
    async holds(node) {
      const held = pinned.get(node)?.peer.document
      const file = await readFile(join(folder, files.get(node) ?? '')).catch(() => undefined)
      return held !== undefined && file !== undefined && equalBytes(held, file)
    },
    async replace(node, bytes) {
      const entry = readPinned(bytes)
      invariant(entry.peer.id === node && files.has(node), 'a document follows one of its node')
      await replaceFile({ folder, writer: 'renewal' }, files.get(node) as string, bytes)
      pinned.set(node, entry)
    },
    find: (id) => pinned.get(id)?.peer,
    directory: {
      peer: (node) => pinned.get(node)?.exchange,
      peers: () => [...pinned.values()].map(({ exchange }) => exchange),
    },
  }
}

function readPinned(bytes: Uint8Array): { peer: Peer; exchange: ExchangePeer } {
  const claimed = parseJson(bytes) as unknown as {
    document: Parameters<typeof messageKeysOf>[0]
  }
  const pinned = messageKeysOf(claimed.document)
  // Pinned by a person, so its age does not count; a fetched one would have to be fresh.
  const { node: claimedNode, issuedAt } = claimed.document
  const expected = { node: claimedNode, pinned, now: issuedAt }
  const document = verifyNodeDocument(nodePrimitives, bytes, expected)
  const { node, name, legalOrder, endpoints, logKey, witnessKey } = document
  return {
    exchange: peerOf(document),
    peer: {
      id: node,
      name,
      legalOrder,
      webUrl: endpoints.web ?? endpoints.federation,
      messageKeys: messageKeysOf(document),
      logVkey: logKey,
      witnessVkey: witnessKey,
      document: bytes,
    },
  }
}
