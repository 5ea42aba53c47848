/**
 * Node documents between running nodes: ours is offered to peers, theirs are taken
 * when they come and asked for when something they signed does not verify.
 */

import { httpTransport } from '../adapters/peers/http-transport.ts'
import type { PeerClient } from '../adapters/peers/peer-client.ts'
import type { PeerDocuments } from '../adapters/peers/peer-documents.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { openedLogs } from '../adapters/postgres/log/notices.ts'
import { postgresRenewalNotes } from '../adapters/postgres/renewal-notes.ts'
import type { Kernel } from '../app/kernel.ts'
import {
  type RenewalSource,
  type RenewPeerAnswer,
  type RenewPeerParts,
  renewPeer,
  sortOffer,
} from '../app/renew-peer.ts'
import type { Bytes } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import { SECOND_MS } from '../base/time.ts'
import type { ExchangePeer } from '../wire/exchange/node-document.ts'
import type { RenewalContext } from '../wire/exchange/renewal.ts'
import { report, reportFault } from './report.ts'

const OFFER_PATH = '/federation/v1/node-document'
export const WELL_KNOWN = '/.well-known/comity/node.json'
/** A peer whose answers do not verify is not asked more often for its document. */
const ASK_AGAIN_MS = 5 * SECOND_MS

/** Offers of one peer that wait: more are sent away, and its document is read the next time. */
const WAITING_MAX = 8

export type PeerRenewalsParts = {
  /** Of the federation door: whatever a peer sends is taken with that door's rights. */
  readonly database: Database
  readonly peers: PeerDocuments
  readonly ownDocument: () => Promise<Bytes>
}

export type PeerRenewals = ReturnType<typeof peerRenewals>

export function peerRenewals({ database, peers, ownDocument }: PeerRenewalsParts) {
  const transport = httpTransport()
  const notes = postgresRenewalNotes(database)
  let parts: RenewPeerParts | undefined
  const queues = new Map<string, { last: Promise<unknown>; waiting: number }>()
  const askedAt = new Map<string, number>()

  /** Of one peer one after the other: two copies of one document are one renewal. */
  const take = (
    using: RenewPeerParts,
    node: string,
    bytes: Uint8Array,
    source: RenewalSource,
  ): Promise<RenewPeerAnswer> => {
    const queue = queues.get(node) ?? { last: Promise.resolve(), waiting: 0 }
    queues.set(node, queue)
    queue.waiting += 1
    const taking = queue.last.then(async () => {
      try {
        const answer = await renewPeer(using, bytes, source)
        tell(answer)
        return answer
      } finally {
        queue.waiting -= 1
      }
    })
    queue.last = taking.catch(() => {})
    return taking
  }
  const takeOffer = async (bytes: Uint8Array): Promise<RenewPeerAnswer | { kind: 'busy' }> => {
    if (!parts) return { kind: 'unknown' }
    const sorted = sortOffer(parts.kernel, bytes)
    if (sorted.kind !== 'signed') return sorted
    if ((queues.get(sorted.node)?.waiting ?? 0) >= WAITING_MAX) return { kind: 'busy' }
    return take(parts, sorted.node, bytes, 'offered')
  }
  const fetchFrom = async (peer: ExchangePeer): Promise<void> => {
    if (peer.outboundOnly) return
    askedAt.set(peer.node, Date.now())
    const targetUri = `${peer.endpoint}${WELL_KNOWN}`
    const body = new Uint8Array()
    const { status, body: bytes } = await transport({ method: 'GET', targetUri, headers: [], body })
    if (status === 200 && parts) await take(parts, peer.node, new Uint8Array(bytes), 'fetched')
  }
  const offerTo = async (peer: ExchangePeer): Promise<void> => {
    if (peer.outboundOnly) return
    const targetUri = `${peer.endpoint}${OFFER_PATH}`
    const headers: [string, string][] = [['content-type', 'application/json']]
    const body = await ownDocument()
    const { status } = await transport({ method: 'PUT', targetUri, headers, body })
    // A peer that knows no offers yet answers 404: its administrator pins by hand.
    if (status === 409) report('own-document-refused', { peer: peer.node })
  }
  return {
    take: takeOffer,
    fetchFrom,
    offerTo,
    notes,
    /** Soon: whoever tells of a change may be waiting for an answer. */
    lookAt(node: string) {
      setTimeout(async () => {
        const peer = await peers.directory.peer(node)
        if (peer)
          await quietly(fetchFrom(peer)).catch((error) => reportFault('document-fault', error))
      }, SECOND_MS).unref()
    },
    begin(kernel: Kernel) {
      const notices = async () => leadsBy(await openedLogs(database))
      parts = { kernel, pins: peers, notes, notices }
    },
    /** Ours to everyone and theirs from everyone; whoever does not answer is asked the next time. */
    async exchangeDocuments() {
      const each = (await peers.directory.peers()).map(async (peer) => {
        await quietly(offerTo(peer))
        await quietly(fetchFrom(peer))
      })
      await Promise.all(each)
    },
    /**
     * The same client, which mends what a new key breaks: whoever does not know our key
     * is offered our document, and whose answer does not verify is asked for its own.
     */
    mending(call: PeerClient): PeerClient {
      return async (peer, request, signal) => {
        const answer = await call(peer, request, signal)
        if (answer.isVerified) return answer
        if (answer.response.status === 401) await quietly(offerTo(peer))
        else if (Date.now() - (askedAt.get(peer.node) ?? 0) > ASK_AGAIN_MS) {
          await quietly(fetchFrom(peer))
        }
        return answer
      }
    },
  }
}

async function quietly(attempt: Promise<void>): Promise<void> {
  await attempt.catch((error) => {
    if (!(error instanceof ComityError)) throw error
  })
}

/** Follows accepted notices from one log key to another; there are few, and no circles. */
export function leadsBy(logs: Awaited<ReturnType<typeof openedLogs>>): RenewalContext['leadsTo'] {
  return (from, to) => {
    const next = new Map(logs.map(({ closedOrigin, vkey }) => [closedOrigin, vkey]))
    let key: string | undefined = from
    for (let step = 0; key !== undefined && step <= logs.length; step++) {
      if (key === to) return true
      key = next.get(key.slice(0, key.indexOf('+')))
    }
    return false
  }
}

function tell(answer: RenewPeerAnswer): void {
  if (answer.kind === 'renewed') {
    const { node: peer, fingerprint } = answer
    report('peer-document-renewed', { peer, fingerprint: fingerprint.replaceAll(' ', '') })
  }
  if (answer.kind === 'refused' && answer.isNew) {
    const { node: peer, why } = answer
    report('peer-document-refused', { peer, why })
  }
}
