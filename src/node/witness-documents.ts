/**
 * What an outside witness does by the clock: it reads the documents of the nodes that
 * it has pinned, and takes successors of theirs and of its own keys.
 */

import { nodePrimitives } from '../adapters/node-primitives.ts'
import { httpTransport } from '../adapters/peers/http-transport.ts'
import type { PeerDocuments } from '../adapters/peers/peer-documents.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { openedLogs } from '../adapters/postgres/log/notices.ts'
import type { Clocks } from '../app/ports/clocks.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import type { Peer } from '../app/ports/peers.ts'
import { ComityError } from '../base/errors.ts'
import { MINUTE_MS } from '../base/time.ts'
import { readSignedDocument } from '../wire/exchange/node-document.ts'
import { judgeRenewal } from '../wire/exchange/renewal.ts'
import { leadsBy, WELL_KNOWN } from './peer-renewals.ts'
import { report, reportFault } from './report.ts'
import { successorJob } from './successor-keys.ts'

export type FollowParts = {
  readonly database: Database
  readonly peers: PeerDocuments
  readonly keys: Pick<NodeKeys, 'takeDue'>
  readonly wireNow: Clocks['wireNow']
  readonly everyMs?: number
}

export function followDocuments(parts: FollowParts): { stop(): Promise<void> } {
  const transport = httpTransport()
  const said = new Map<string, string>()
  let running: Promise<unknown> = Promise.resolve()
  const followAll = async () => {
    for (const { exchange, peer } of await pinned(parts)) {
      if (exchange.outboundOnly) continue
      const targetUri = `${exchange.endpoint}${WELL_KNOWN}`
      const body = new Uint8Array()
      // One that does not answer holds up no other.
      const answer = await transport({ method: 'GET', targetUri, headers: [], body }).catch(
        () => undefined,
      )
      if (answer?.status === 200) await follow(parts, peer, new Uint8Array(answer.body), said)
    }
  }
  const successors = successorJob(parts.keys, parts, async () => {})
  const at = (intervalMs: number, run: () => Promise<void>) =>
    setInterval(() => {
      running = running.then(run).catch((error) => {
        if (!(error instanceof ComityError)) reportFault('witness-fault', error)
      })
    }, intervalMs)
  const timers = [
    at(parts.everyMs ?? MINUTE_MS, followAll),
    at(successors.intervalMs, successors.run),
  ]
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await running
    },
  }
}

async function pinned({ peers }: FollowParts) {
  return (await peers.directory.peers()).flatMap((exchange) => {
    const peer = peers.find(exchange.node)
    return peer ? [{ exchange, peer }] : []
  })
}

async function follow(
  { database, peers, wireNow }: FollowParts,
  { id, document }: Peer,
  bytes: Uint8Array,
  said: Map<string, string>,
): Promise<void> {
  const { document: before } = readSignedDocument(document)
  const leadsTo = leadsBy(await openedLogs(database))
  const judged = judgeRenewal(nodePrimitives, before, bytes, { now: wireNow(), leadsTo })
  if (judged.decision === 'refuse') {
    if (said.get(id) !== judged.why) report('peer-document-refused', { peer: id, why: judged.why })
    said.set(id, judged.why)
    return
  }
  said.delete(id)
  if (judged.value === undefined || !(await peers.holds(id))) return
  await peers.replace(id, bytes)
  report('peer-document-renewed', { peer: id })
}
