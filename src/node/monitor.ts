/**
 * The node as monitor of its peers' logs: looks at each by the clock, keeps what it saw, and
 * puts what it finds on record. A peer that does not answer is not accused of anything.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { httpLog, httpWitnesses } from '../adapters/monitor/log-source.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { keepMonitored, lookedAt, monitoredState } from '../adapters/postgres/log/monitored-logs.ts'
import type { Kernel } from '../app/kernel.ts'
import { recordLogFinding } from '../app/oversight/log-findings.ts'
import { readOversight } from '../app/oversight/oversight-act.ts'
import type { Clocks } from '../app/ports/clocks.ts'
import type { Peer, Peers } from '../app/ports/peers.ts'
import { unavailable } from '../base/errors.ts'
import { HOUR_MS, MINUTE_MS, msOf, SECOND_MS } from '../base/time.ts'
import type { Policy } from '../proof/policy.ts'
import { formatVkey, type NoteKey, parseVkey } from '../proof/vkey.ts'
import { isConvicting, type LogFinding } from '../wire/monitor/finding.ts'
import { type LogSource, type Look, lookTwice, type WitnessSource } from '../wire/monitor/look.ts'
import { reachability } from '../wire/monitor/standing.ts'
import type { NodeConfig } from './config.ts'
import type { Job } from './jobs.ts'
import { type FollowedLog, followedLogs, witnessUrlOf } from './peer-log-list.ts'
import { report, reportFault } from './report.ts'

export type MonitorParts = {
  readonly config: Pick<NodeConfig, 'log'>
  readonly database: Database
  readonly kernel: Kernel
  readonly clocks: Clocks
  readonly peers: Peers
  /** What is agreed on, with the logs that have followed since. */
  readonly policy: () => Policy
  /** Before the second look at what no signature proves. */
  readonly recheckMs?: number
}

const INTERVAL_MS = MINUTE_MS
/** A log that is closed should change no more. */
const CLOSED_AGAIN_MS = HOUR_MS
const TIMEOUT_MS = 10 * SECOND_MS
/** For one log: a peer that answers each request late must not put off what it is convicted of. */
const LOOK_MS = 3 * MINUTE_MS
/** For the tiles that are new; the next look goes on. */
const AUDIT_MS = 30 * SECOND_MS
const RECHECK_MS = 3 * SECOND_MS
/** 131,072 entries a look. */
const TILES_MAX = 512
const OWN_WITNESS = 'own witness'
/** As many as the witness keeps of one log. */
const EVIDENCE_MAX = 16

/** Begins a look at each peer that none is under way at: one that is slow holds up nobody else. */
export function monitorJob(parts: MonitorParts): Job {
  const stopping = new AbortController()
  const underWay = new Map<string, Promise<void>>()
  return {
    name: 'peer-logs',
    intervalMs: parts.config.log.monitorIntervalMs ?? INTERVAL_MS,
    run: async () => {
      for (const peer of parts.peers.all().filter(({ id }) => !underWay.has(id))) {
        const looking = lookAtPeer(parts, peer, stopping.signal)
        underWay.set(
          peer.id,
          looking.finally(() => underWay.delete(peer.id)),
        )
      }
    },
    ended: async () => {
      stopping.abort()
      await Promise.all(underWay.values())
    },
  }
}

/** One look at all peers. */
export async function monitorRound(parts: MonitorParts, signal: AbortSignal): Promise<void> {
  await Promise.all(parts.peers.all().map((peer) => lookAtPeer(parts, peer, signal)))
}

/** Reports what goes wrong. */
async function lookAtPeer(parts: MonitorParts, peer: Peer, signal: AbortSignal): Promise<void> {
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      reportFault('monitor-fault', error, { peer: peer.id })
    }
  }
  await attempt(async () => {
    const agreed = parts.policy().logs.map(({ key }) => key)
    for (const log of await followedLogs(parts.database, peer, agreed)) {
      if (signal.aborted) return
      await attempt(() => lookAt(parts, log, signal))
    }
  })
}

async function lookAt(parts: MonitorParts, log: FollowedLog, signal: AbortSignal): Promise<void> {
  const { database, clocks } = parts
  const { node, origin, logKeys, isClosed } = log
  const last = isClosed ? await lookedAt(database, origin) : undefined
  if (last && msOf(clocks.wireNow()) - msOf(last) < CLOSED_AGAIN_MS) return
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)])
  const limits = { timeoutMs: TIMEOUT_MS, signal: inTime }
  const before = await monitoredState(database, origin)
  const asked = witnessesToAsk(parts)
  const policy: Policy = {
    logs: [],
    witnesses: asked.map(({ name, key }) => ({ name, key })),
    quorum: 'none',
  }
  const witnesses = [
    ...httpWitnesses(asked, origin, limits),
    ...(await ownWitness(database, origin)),
  ]
  const source = log.url === undefined ? NOBODY_TO_CALL : httpLog(log.url, limits)
  const common = { primitives: nodePrimitives, origin, logKeys, policy, source, witnesses }
  const look = await lookTwice(
    () => {
      const auditing = AbortSignal.timeout(AUDIT_MS)
      const goesOn = () => !auditing.aborted
      const now = clocks.wireNow()
      return { ...common, closed: log.closed, tilesMax: TILES_MAX, goesOn, now }
    },
    before,
    () => sleep(parts.recheckMs ?? RECHECK_MS, undefined, { signal }),
  )
  if (signal.aborted) return
  // On record first: whoever is killed here finds it again and knows it.
  for (const finding of look.findings) await putOnRecord(parts, node, finding)
  await keep(parts, log, look, reachability(before, look, clocks.wireNow()))
}

async function putOnRecord(
  { kernel }: MonitorParts,
  peer: string,
  finding: LogFinding,
): Promise<void> {
  if (!(await recordLogFinding(kernel, peer, finding))) return
  const facts = { peer, origin: finding.origin, finding: finding.finding }
  report('peer-log-finding', facts, isConvicting(finding) ? 'error' : 'warn')
}

async function keep(
  { database, kernel, clocks }: MonitorParts,
  { node, origin, isClosed }: FollowedLog,
  { remembered, servedSize, failure, findings, witnessesReached }: Look,
  reached: ReturnType<typeof reachability>,
): Promise<void> {
  const suspicions = findings.filter((one) => !isConvicting(one)).map(({ finding }) => finding)
  const { logFindings } = await readOversight(kernel)
  await keepMonitored(database, {
    ...{ origin, node, isClosed, servedSize, failure, witnessesReached, suspicions },
    ...remembered,
    ...reached,
    lookedAt: clocks.wireNow(),
    findings: logFindings.filter((one) => one.origin === origin).length,
  })
}

type Asked = { readonly name: string; readonly key: NoteKey; readonly url: string | undefined }

/** Those that our own log asks, those of the policy, and every peer, which is a witness too. */
function witnessesToAsk({ config, peers, policy }: MonitorParts): readonly Asked[] {
  const configured = config.log.witnesses.map(({ vkey, url }) => {
    const key = parseVkey(nodePrimitives, vkey)
    return { name: key.name, key, url }
  })
  const peered = peers.all().map((peer) => {
    const key = parseVkey(nodePrimitives, peer.witnessVkey)
    return { name: key.name, key, url: witnessUrlOf(peer) }
  })
  const agreed = policy().witnesses.map(({ key, url }) => ({ name: key.name, key, url }))
  const all = [...configured, ...peered, ...agreed]
  return [...Map.groupBy(all, ({ key }) => formatVkey(key)).values()].map(
    (same) => same.find(({ url }) => url !== undefined) ?? (same[0] as Asked),
  )
}

/** What our own witness has cosigned, and what it kept because it convicts. */
async function ownWitness(database: Database, origin: string): Promise<readonly WitnessSource[]> {
  const state = await database
    .selectFrom('witness_state')
    .select('note')
    .where('origin', '=', origin)
    .executeTakeFirst()
  const kept = await database
    .selectFrom('witness_evidence')
    .select('submission')
    .where('origin', '=', origin)
    .orderBy('received_at')
    .limit(EVIDENCE_MAX)
    .execute()
  const notes = [...(state ? [state.note] : []), ...kept.map(({ submission }) => submission)]
  return notes.map((note) => ({
    name: OWN_WITNESS,
    checkpoint: async () => new Uint8Array(note),
  }))
}

const NOBODY_TO_CALL: LogSource = {
  checkpoint: cannotBeCalled,
  tile: cannotBeCalled,
  bundle: cannotBeCalled,
}

async function cannotBeCalled(): Promise<never> {
  throw unavailable('the peer cannot be called', { reason: 'outbound-only' })
}
