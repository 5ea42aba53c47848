/**
 * Checks over the network: do the doors answer, do peers and witnesses answer and
 * know us, and what time is it there.
 */
import { join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { watchClocks } from '../../adapters/peers/clock-drift.ts'
import { httpTransport } from '../../adapters/peers/http-transport.ts'
import { type PeerClient, peerClient } from '../../adapters/peers/peer-client.ts'
import { pinnedPeers } from '../../adapters/peers/pinned-folder.ts'
import { systemRandom } from '../../adapters/random.ts'
import { parseJson } from '../../base/canonical-json.ts'
import { instantFromMs, SECOND_MS } from '../../base/time.ts'
import {
  messageKeysOf,
  peerOf,
  SignedNodeDocumentForm,
  verifyNodeDocument,
} from '../../wire/exchange/node-document.ts'
import { fingerprintOf } from '../../wire/exchange/node-fingerprint.ts'
import { openDoors } from '../config/listeners.ts'
import { nameOfKey } from '../metrics.ts'
import { type Check, type Finding, type Patient, warning, well, wrong } from './finding.ts'

const WITHIN_MS = 5 * SECOND_MS
const DRIFT_WARNING_MS = 10 * SECOND_MS
const DRIFT_WRONG_MS = 60 * SECOND_MS
const DOOR_COUNT = 3

export const doors: Check = {
  name: 'doors',
  async run({ config }) {
    const found: Finding[] = []
    const opened = openDoors(config.exchange)
    for (const door of opened) {
      const { host, port, tls, url } = config.listeners[door]
      const scheme = tls ? 'https' : 'http'
      const inside = await statusOf(`${scheme}://${host}:${port}/health`)
      if (inside === undefined && !tls) {
        found.push(
          wrong(`${door} does not answer on ${host}:${port}`, 'is the node running? comity serve'),
        )
        continue
      }
      const outside = await statusOf(`${url}/health`)
      if (outside !== 200) {
        found.push(
          wrong(
            `${door} does not answer at ${url} (${outside ?? 'no answer'})`,
            'look at the reverse proxy, the name service and the certificate',
          ),
        )
      }
    }
    if (found.length > 0) return found
    const all = opened.length === DOOR_COUNT ? 'all three' : 'the public and the officers door'
    return [well(`${all} answer, here and at their addresses`)]
  },
}

/** A node takes a successor key into use at its time; changes of the key folder at its start. */
export const keysInUse: Check = {
  name: 'keys in use',
  async run({ config, keys }) {
    const { url } = config.listeners.federation
    const bytes = keys && (await bodyOf(`${url}/.well-known/comity/node.json`))
    if (!keys || !bytes) return []
    const served = parseJson(bytes)
    if (!Value.Check(SignedNodeDocumentForm, served)) return []
    const { document } = served
    const { published, messageKeyId } = keys
    const listed = new Set(document.messageKeys.map(({ id }) => id))
    const revoked = new Set(document.revocations?.map(({ key }) => key))
    const isKnown =
      listed.has(messageKeyId) && published.revocations.every(({ key }) => revoked.has(key))
    const old = [
      ...(isKnown ? [] : ['message']),
      ...(document.encryptionRecipient === keys.encryptionRecipient ? [] : ['encryption']),
    ]
    if (old.length === 0) return [well('the running node uses the keys that count now')]
    const says = `the running node still uses its former ${old.join(' and ')} key, or does not say what was revoked`
    return [wrong(says, 'restart the node')]
  },
}

export const peers: Check = {
  name: 'peers',
  async run(patient) {
    const { config, keys, nowMs } = patient
    const pinned = pinnedPeers(join(config.folder, 'peers'))
    if (!keys || pinned.length === 0) return []
    const watched = watchClocks(httpTransport({ timeoutMs: WITHIN_MS }), Date.now)
    const call = peerClient({
      node: config.node.id,
      primitives: httpPrimitives,
      random: systemRandom,
      wireNow: () => instantFromMs(Date.now()),
      signer: { keyId: keys.messageKeyId, sign: keys.signMessage },
      transport: watched.transport,
    })
    const each = pinned.map(({ document }) => lookAtPeer(document, patient, call))
    const found = (await Promise.all(each)).flat()
    for (const [node, driftMs] of watched.driftMs) found.push(...driftFinding(node, driftMs))
    if (found.length > 0) return found
    const at = new Date(nowMs).toISOString()
    const called = pinned.filter(({ document }) => !document.endpoints.outboundOnly).length
    const fetching = pinned.length - called
    const rest = fetching > 0 ? `; ${fetching} cannot be called and fetch what waits` : ''
    return [well(`${called} answer, know us, and agree that it is ${at}${rest}`)]
  },
}

type Document = ReturnType<typeof pinnedPeers>[number]['document']

async function lookAtPeer(
  document: Document,
  { config, nowMs }: Patient,
  call: PeerClient,
): Promise<readonly Finding[]> {
  const { node } = document
  const peer = peerOf(document)
  if (peer.outboundOnly) return config.exchange?.outboundOnly ? [noWay(node)] : []
  try {
    const path = `/federation/v1/channels/${config.node.id}/head`
    const { response, isVerified } = await call(peer, { method: 'GET', path })
    const { status } = response
    if (status === 401) {
      return [
        wrong(
          `${node} answers but does not know our key`,
          `its administrator must pin our node document: comity peer add`,
        ),
      ]
    }
    if (status !== 200) {
      return [
        wrong(
          `${node} answers with status ${status}`,
          'ask its administrator; 403 is no agreement or another profile',
        ),
      ]
    }
    if (!isVerified) {
      return [
        wrong(
          `${node} answers under another key than the pinned one`,
          'telephone its administrator; if it has changed keys: comity peer add --replace',
        ),
      ]
    }
  } catch {
    return [
      wrong(
        `${node} does not answer at ${peer.endpoint}`,
        'is it down, or does a firewall stand between? Messages wait until it answers',
      ),
    ]
  }
  return documentFinding(document, nowMs)
}

function noWay(node: string): Finding {
  return wrong(
    `${node} cannot be called, and neither can this node: nothing passes between them`,
    'one of the two must open its door for peers',
  )
}

/** What the peer publishes now must be signed by a key that we hold. */
async function documentFinding(document: Document, nowMs: number): Promise<readonly Finding[]> {
  const { node, endpoints } = document
  const bytes = await bodyOf(`${endpoints.federation}/.well-known/comity/node.json`)
  if (bytes === undefined) return []
  try {
    const pinned = messageKeysOf(document)
    const now = instantFromMs(nowMs)
    const fresh = verifyNodeDocument(nodePrimitives, bytes, { node, pinned, now })
    const isSame = fingerprintOf(nodePrimitives, fresh) === fingerprintOf(nodePrimitives, document)
    if (isSame) return []
    return [
      warning(
        `${node} publishes other keys than those pinned, signed by a pinned one`,
        'compare the fingerprint by telephone, then: comity peer add --replace',
      ),
    ]
  } catch {
    return [
      wrong(
        `${node} publishes a document that no pinned key has signed`,
        'telephone its administrator before anything else',
      ),
    ]
  }
}

function driftFinding(node: string, driftMs: number): readonly Finding[] {
  const seconds = Math.round(driftMs / SECOND_MS)
  const says = `the clock of ${node} is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} ours`
  const mend = 'compare ours with timedatectl; beyond 60 s signatures are refused'
  if (Math.abs(driftMs) >= DRIFT_WRONG_MS) return [wrong(says, mend)]
  return Math.abs(driftMs) >= DRIFT_WARNING_MS ? [warning(says, mend)] : []
}

export const witnesses: Check = {
  name: 'witnesses',
  async run({ config }) {
    const found: Finding[] = []
    for (const { vkey, url } of config.log.witnesses) {
      // Any answer will do: what it is asked for by the node needs a checkpoint.
      if ((await statusOf(url)) !== undefined) continue
      found.push(warning(`${nameOfKey(vkey)} does not answer at ${url}`, 'ask its operator'))
    }
    if (config.exchange?.outboundOnly) {
      found.push(well('nobody can ask this node to cosign: it is outbound-only, and asks others'))
    }
    if (found.length > 0 || config.log.witnesses.length === 0) return found
    return [well(`${config.log.witnesses.length} answer`)]
  },
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(WITHIN_MS) })
    await answer.body?.cancel()
    return answer.status
  } catch {
    return undefined
  }
}

const BODY_MAX = 256 * 1024

async function bodyOf(url: string): Promise<Uint8Array | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(WITHIN_MS) })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    return answer.status === 200 && bytes.length <= BODY_MAX ? bytes : undefined
  } catch {
    return undefined
  }
}
