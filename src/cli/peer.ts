/**
 * `comity peer …`: pins the node document of another authority, after its
 * fingerprint was compared out of band. There is no other way in for a peer.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { pin, pinnedPeers, readNodeDocument, unpin } from '../adapters/peers/pinned-folder.ts'
import { malformed } from '../base/errors.ts'
import { instantFromMs } from '../base/time.ts'
import type { NodeConfig } from '../node/config.ts'
import type { NodeDocument } from '../wire/exchange/node-document.ts'
import { fingerprintOf, isSameFingerprint } from '../wire/exchange/node-fingerprint.ts'
import { exerciseOf, isSameWorld } from '../wire/exchange/world.ts'
import { plainText } from '../wire/package/plain-text.ts'
import { readOrRefuse } from './serve.ts'

const USAGE = `usage: comity peer fingerprint FILE
       comity peer add FILE --config CONFIG --fingerprint DIGITS [--replace]
       comity peer list --config CONFIG
       comity peer remove NODE --config CONFIG

add      pins the node document in FILE. DIGITS is the fingerprint as the other
         authority's administrator reads it out by telephone; never take it from
         the same mail as the file.
--replace  also when the peer is pinned with other keys
A running node knows new peers after its next start.

Exit codes: 0 done, 1 refused, 2 wrong usage.
`

export async function peerCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      fingerprint: { type: 'string' },
      replace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [word, what, ...others] = positionals
  if (values.help) return say(USAGE)
  if (word === 'fingerprint' && what && others.length === 0) return showFingerprint(what)
  if (values.config === undefined || others.length > 0) return usage()
  const config = readOrRefuse(values.config)
  if (word === 'list' && what === undefined) return list(config)
  if (word === 'remove' && what) return remove(config, what)
  if (word === 'add' && what) return add(config, what, values)
  return usage()
}

function showFingerprint(file: string): number {
  const { document } = readNodeDocument(file)
  return say(
    `${document.node}  ${plainText(document.name)}\n${fingerprintOf(nodePrimitives, document)}\n`,
  )
}

function list(config: NodeConfig): number {
  const peers = pinnedPeers(peersOf(config))
  if (peers.length === 0) return say('no peers are pinned\n')
  for (const { document } of peers) say(`${lineOf(document)}\n`)
  return 0
}

function remove(config: NodeConfig, node: string): number {
  const kept = unpin(peersOf(config), node, instantFromMs(Date.now()))
  return say(
    `${node} is no longer pinned (kept as ${kept}).\nStart the node again; messages that wait for it stay.\n`,
  )
}

type Given = { readonly fingerprint?: string | undefined; readonly replace: boolean }

function add(config: NodeConfig, file: string, { fingerprint, replace }: Given): number {
  const { bytes, document } = readNodeDocument(file)
  const own = fingerprintOf(nodePrimitives, document)
  if (document.node === config.node.id) throw malformed(`${file} is this node’s own document`)
  if (fingerprint === undefined) {
    throw malformed(
      `ask the administrator of ${plainText(document.name)} by telephone for the fingerprint of ${document.node}, and give it with --fingerprint; nothing was pinned`,
    )
  }
  if (!isSameFingerprint(own, fingerprint)) {
    throw malformed(
      `the fingerprint is another one: ${file} is not what the other side has; nothing was pinned`,
      { reason: 'fingerprint' },
    )
  }
  requireSameWorld(config, document)
  requireCurrentKey(document)
  const before = pinnedPeers(peersOf(config)).find((peer) => peer.document.node === document.node)
  if (before && document.issuedAt < before.document.issuedAt) {
    throw malformed(
      `${file} is of ${document.issuedAt} and the pinned document of ${document.node} is of ${before.document.issuedAt}: ask for its newest document; nothing was changed`,
      { reason: 'older' },
    )
  }
  if (before && fingerprintOf(nodePrimitives, before.document) !== own && !replace) {
    throw malformed(
      `${document.node} is pinned with other keys; if it has changed them, give --replace; nothing was changed`,
      { reason: 'other-keys' },
    )
  }
  pin(peersOf(config), document.node, bytes)
  return say(`${lineOf(document)}\nis pinned. Start the node again, then look: comity doctor\n`)
}

function requireSameWorld({ node }: NodeConfig, { node: id, exercise }: NodeDocument): void {
  if (isSameWorld(exercise, exerciseOf(node.profile))) return
  throw malformed(
    `${id} is a ${exercise ?? 'production'} node and this one is for ${node.profile}: neither takes messages of the other; nothing was pinned`,
    { reason: 'exercise' },
  )
}

function requireCurrentKey({ node, messageKeys }: NodeDocument): void {
  const now = instantFromMs(Date.now())
  if (messageKeys.some((key) => key.validFrom <= now && now <= key.validUntil)) return
  throw malformed(`no message key of ${node} is valid today; ask for its newest document`)
}

function lineOf(document: NodeDocument): string {
  const { node, name, legalOrder, endpoints } = document
  const fingerprint = fingerprintOf(nodePrimitives, document)
  return `${node}  ${plainText(name)}  ${legalOrder}  ${endpoints.federation}\n  ${fingerprint}`
}

const peersOf = ({ folder }: NodeConfig) => join(folder, 'peers')

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function usage(): number {
  process.stderr.write(USAGE)
  return 2
}
