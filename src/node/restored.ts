/**
 * A node that came back from a backup: before it signs or sends anything it asks its
 * witnesses and peers what they last saw. If nobody saw more, it goes on by itself;
 * otherwise it waits for an administrator (`comity restore resume`).
 */

import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { RESTORED_SETTING, type Restored } from '../adapters/backup/restore-backup.ts'
import type { AtRest } from '../adapters/keys/at-rest.ts'
import type { PeerDocuments } from '../adapters/peers/peer-documents.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { STOPPED_UNTIL_ASKED } from '../adapters/postgres/federation/database.ts'
import { currentLog } from '../adapters/postgres/log/own-log.ts'
import { type Answers, type AskParts, askEveryone, askPeer } from '../adapters/restored/ask.ts'
import { planReturn, type ReturnPlan } from '../adapters/restored/plan.ts'
import { type ResumeParts, resume, settleLater } from '../adapters/restored/resume.ts'
import type { Clocks } from '../app/ports/clocks.ts'
import { DOORS } from '../app/ports/door.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import { type Instant, SECOND_MS } from '../base/time.ts'
import type { MessageKey } from '../wire/http-signature.ts'
import { serversOf } from './config/listeners.ts'
import type { NodeConfig } from './config.ts'
import { readCertificate } from './door-certificates.ts'
import type { Exchange } from './exchange.ts'
import { effectivePolicy } from './log-history.ts'
import { logSigners } from './log-signers.ts'
import { report, reportFault } from './report.ts'

export type ReturnParts = {
  readonly config: NodeConfig
  readonly database: Database
  readonly keys: NodeKeys
  readonly atRest: AtRest
  readonly clocks: Clocks
  readonly peers: PeerDocuments
  readonly exchange: Exchange
}

export type Survey = {
  readonly restored: Restored
  readonly answers: Answers
  readonly plan: ReturnPlan
  /** Does what the plan says. */
  carryOut(): Promise<void>
}

const LOOK_EVERY_MS = 2 * SECOND_MS
/** Others are asked on every fifth look. */
const LOOKS_BETWEEN_QUESTIONS = 5
/** Peers that were silent are called on every fifteenth: every 30 s. */
const LOOKS_BETWEEN_CALLS = 15

export async function restoredSetting(database: Database): Promise<Restored | undefined> {
  const row = await database
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', RESTORED_SETTING)
    .executeTakeFirst()
  return row?.value as Restored | undefined
}

/** Asks everyone. Undefined for a node that was not restored, or has come back since. */
export async function survey(parts: ReturnParts): Promise<Survey | undefined> {
  const { config, database, keys, atRest } = parts
  const restored = await restoredSetting(database)
  if (!restored) return undefined
  const own = await currentLog(database, atRest, logSigners(config.node.id, keys).log)
  const { policy } = await effectivePolicy(config, database)
  const answers = await askEveryone({ ...askParts(parts), own })
  const plan = planReturn(answers, policy)
  const resuming: ResumeParts = { ...resumeParts(parts), policy, own }
  return { restored, answers, plan, carryOut: () => resume(resuming, plan, answers) }
}

/**
 * Returns at once for a node that was not restored. While it waits, its doors answer
 * 503, and whoever runs it reads why.
 *
 * @returns whether the node has just come back
 */
export async function comeBack(parts: ReturnParts): Promise<boolean> {
  if (!(await restoredSetting(parts.database))) return false
  const doors = await openWaitingDoors(parts.config)
  try {
    for (let look = 0; await restoredSetting(parts.database); look++) {
      if (look % LOOKS_BETWEEN_QUESTIONS === 0) await goOnIfNothingIsLost(parts)
      if (await restoredSetting(parts.database)) await pause(LOOK_EVERY_MS)
    }
  } finally {
    await doors.close()
  }
  report('restored-node-returns')
  return true
}

async function goOnIfNothingIsLost(parts: ReturnParts): Promise<void> {
  const found = await survey(parts)
  if (!found) return
  const { plan, answers } = found
  const silent = [...answers.witnesses, ...answers.peers].filter(({ saw }) => saw === 'silent')
  report('restored-node-asks', { step: plan.step, log: plan.log, silent: silent.length })
  if (plan.step === 'goOn') await found.carryOut()
}

/** Peers that were silent when the node came back are asked until they answer. */
export function askSilentPeers(parts: ReturnParts): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const run = async () => {
    for (let look = 0; !stopping.signal.aborted; look++) {
      // A database that is away for a moment must not leave a channel stopped until a restart.
      const isAnyStopped = await askStopped(parts, look % LOOKS_BETWEEN_CALLS === 0).catch(
        (error) => {
          reportFault('restored-fault', error)
          return true
        },
      )
      if (!isAnyStopped) break
      await pause(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** True while somebody still has to be asked. Who cannot be called has perhaps said it meanwhile. */
async function askStopped(parts: ReturnParts, mayCall: boolean): Promise<boolean> {
  const { config, database, keys, atRest, peers } = parts
  const stopped = await database
    .selectFrom('fed_out_channel')
    .select('destination')
    .where('stopped_reason', '=', STOPPED_UNTIL_ASKED)
    .execute()
  if (stopped.length === 0) return false
  const own = await currentLog(database, atRest, logSigners(config.node.id, keys).log)
  for (const { destination } of stopped) {
    const peer = await peers.directory.peer(destination)
    if (!peer || (!peer.outboundOnly && !mayCall)) continue
    const answer = await askPeer(askParts(parts), peer)
    if (answer.saw === 'silent') continue
    const isNew = answer.saw === 'more' || own.closed.length > 0
    await settleLater(resumeParts(parts), own, { ...answer, step: isNew ? 'newEpoch' : 'same' })
    report('restored-channel', { peer: destination, saw: answer.saw })
    parts.exchange.wake()
  }
  return true
}

export function askParts({ config, database, keys, exchange }: ReturnParts): Omit<AskParts, 'own'> {
  return {
    database,
    witnesses: config.log.witnesses,
    messageKeys: ownMessageKeys(config.node.id, keys),
    channels: { ...exchange.common, call: exchange.call },
    placeOf: exchange.waiting.placeOf,
  }
}

export function resumeParts({ config, database, atRest, keys, exchange, clocks }: ReturnParts) {
  return {
    node: config.node.id,
    database,
    atRest,
    signer: exchange.common.signer,
    messagePublicKey: keys.messagePublicKey,
    outbox: exchange.outbox,
    wireNow: clocks.wireNow,
  }
}

const ALWAYS = {
  validFrom: '0001-01-01T00:00:00.000Z' as Instant,
  validUntil: '9999-12-31T00:00:00.000Z' as Instant,
}

/** Every key that the node ever signed with: its own old notices count, whatever is valid now. */
function ownMessageKeys(node: string, { published }: NodeKeys): readonly MessageKey[] {
  return published.messageKeys.map(({ id, publicKey }) => ({ id, node, publicKey, ...ALWAYS }))
}

const WAITING = JSON.stringify({
  type: 'urn:comity:problem:restored',
  title: 'This node came back from a backup and is not serving yet',
  status: 503,
  code: 'restored',
})

/** Whoever knocks meanwhile is told to come later, in the words of the protocol. */
async function openWaitingDoors({ listeners, exchange }: NodeConfig) {
  const servers = [...serversOf(listeners, exchange).values()].map(async ([door = DOORS[0]]) => {
    const { host, port, tls } = listeners[door]
    const answer = (_request: unknown, response: import('node:http').ServerResponse) => {
      response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '30' })
      response.end(WAITING)
    }
    const { cert, key } = tls ? readCertificate(tls) : {}
    const server = cert && key ? createHttpsServer({ cert, key }, answer) : createHttpServer(answer)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
    return server
  })
  const open = await Promise.all(servers)
  return {
    async close() {
      for (const server of open) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}
