/**
 * The node's figures for Prometheus, on a listener of their own: `/metrics`,
 * `/health` (the process lives) and `/ready` (the database answers, the log can be
 * written). Nobody signs in there, so it listens on this machine only unless the
 * configuration says otherwise, and no figure is about a case or a person: labels
 * are ids of nodes and words of our own.
 */
import { statfs } from 'node:fs/promises'
import fastify from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { unsealedEntries } from '../adapters/postgres/log/receipts.ts'
import {
  dueFigures,
  lastBackupAt,
  logFigures,
  peerFigures,
  peerLogFigures,
  witnessFigures,
} from '../adapters/postgres/operations/figures.ts'
import type { Clocks } from '../app/ports/clocks.ts'
import type { NodeConfig } from './config.ts'
import { effectivePolicy } from './log-history.ts'
import { onReport, reportFault } from './report.ts'

export type MetricsParts = {
  readonly config: NodeConfig
  readonly database: Database
  readonly clocks: Clocks
  readonly peers: () => readonly string[]
  /** How far the clock of each peer was from ours, when it last answered. */
  readonly clockDriftMs: ReadonlyMap<string, number>
}

export type Metrics = { stop(): Promise<void> }

const READY_WITHIN_MS = 3_000
const NO_METRICS: Metrics = { stop: async () => {} }

export async function startMetrics(parts: MetricsParts): Promise<Metrics> {
  const { metrics } = parts.config
  if (metrics === undefined) return NO_METRICS
  const figures = openFigures(parts)
  const server = fastify({ logger: false, forceCloseConnections: true })
  server.setErrorHandler((error, _request, reply) => {
    reportFault('metrics-fault', error)
    return reply.code(503).send({ status: 'unavailable' })
  })
  server.get('/metrics', async (_request, reply) => {
    const { type, text } = await figures.scrape()
    return reply.type(type).send(text)
  })
  server.get('/health', async () => ({ status: 'serving' }))
  server.get('/ready', async (_request, reply) => {
    const missing = await missingForWork(parts.database)
    return reply
      .code(missing === undefined ? 200 : 503)
      .send(missing === undefined ? { status: 'ready' } : { status: 'not ready', missing })
  })
  await server.listen({ host: metrics.host, port: metrics.port })
  return {
    async stop() {
      figures.stop()
      await server.close()
    },
  }
}

/** What keeps the node from taking work: one word, or nothing. */
async function missingForWork(
  database: Database,
): Promise<'database' | 'log' | 'log-frozen' | undefined> {
  try {
    const log = await within(READY_WITHIN_MS, logFigures(database))
    if (log === undefined) return 'log'
    return log.isFrozen ? 'log-frozen' : undefined
  } catch {
    return 'database'
  }
}

function openFigures(parts: MetricsParts) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const stop = countReports(registry)
  new Gauge({
    name: 'comity_build_info',
    help: 'Always 1; which node this is',
    labelNames: ['node', 'profile'],
    registers: [registry],
  }).set({ node: parts.config.node.id, profile: parts.config.node.profile }, 1)
  const gauges = openGauges(registry)
  const isUp = new Gauge({
    name: 'comity_figures_up',
    help: '1 if the figures from the database could be had for this scrape, else 0',
    registers: [registry],
  })
  return {
    async scrape() {
      try {
        await collectFigures(parts, gauges)
        isUp.set(1)
      } catch (error) {
        reportFault('metrics-fault', error)
        isUp.set(0)
      }
      return { type: registry.contentType, text: await registry.metrics() }
    },
    stop,
  }
}

type Gauges = ReturnType<typeof openGauges>

function openGauges(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge<L>({ name, help, labelNames, registers: [registry] })
  return {
    logSize: gauge('comity_log_size_entries', 'Entries of the signed log'),
    logPending: gauge('comity_log_pending_entries', 'Entries that wait for the log'),
    logPendingAge: gauge('comity_log_pending_age_seconds', 'Age of the oldest that waits'),
    logFrozen: gauge('comity_log_frozen', '1 if the log contradicts itself and takes nothing'),
    witnessLag: gauge(
      'comity_witness_lag_seconds',
      'Age of the oldest entry that this witness has not cosigned; 0 if none',
      'witness',
    ),
    witnessSeen: gauge(
      'comity_witness_cosigned_age_seconds',
      'Since this witness last cosigned, by its own clock; an idle log is cosigned every ten minutes',
      'witness',
    ),
    unsealed: gauge('comity_log_unsealed_entries', 'Signed entries that no quorum has seen'),
    unsealedAge: gauge('comity_log_unsealed_age_seconds', 'Age of the oldest of them; 0 if none'),
    waiting: gauge('comity_outbox_waiting_messages', 'Messages without a receipt', 'peer'),
    waitingAge: gauge('comity_outbox_waiting_age_seconds', 'Age of the oldest of them', 'peer'),
    stopped: gauge('comity_outbox_stopped', '1 if delivery waits for an operator', 'peer'),
    frozen: gauge('comity_channel_frozen', '1 if a peer told two histories', 'peer'),
    seenAge: gauge('comity_peer_seen_age_seconds', 'Since its head was last had', 'peer'),
    drift: gauge('comity_clock_drift_seconds', 'Clock of a peer minus ours', 'peer'),
    logSeenAge: gauge(
      'comity_peer_log_age_seconds',
      'Since witnesses last confirmed the head of a peer’s open log',
      'peer',
    ),
    logFindings: gauge(
      'comity_peer_log_findings',
      'What was found wrong with a peer’s logs, and is on record',
      'peer',
    ),
    deadlines: gauge('comity_overdue_deadlines', 'Deadlines of cases that have passed'),
    duties: gauge('comity_overdue_duties', 'Duties of releases that have passed'),
    diskFree: gauge('comity_disk_free_bytes', 'Free for the node’s folder'),
    diskSize: gauge('comity_disk_size_bytes', 'Size of the file system of the node’s folder'),
    backupAge: gauge('comity_backup_age_seconds', 'Since the last backup; absent if none'),
  }
}

async function collectFigures(parts: MetricsParts, gauges: Gauges): Promise<void> {
  const { config, database, clocks } = parts
  const now = Date.parse(clocks.wireNow())
  const log = await logFigures(database)
  gauges.logSize.set(log?.size ?? 0)
  gauges.logPending.set(log?.pending ?? 0)
  gauges.logPendingAge.set(ageSeconds(now, log?.oldestPendingAt))
  gauges.logFrozen.set(log?.isFrozen ? 1 : 0)
  for (const { vkey } of config.log.witnesses) {
    const { waitingSince, cosignedAt } = await witnessFigures(database, vkey)
    const witness = nameOfKey(vkey)
    gauges.witnessLag.set({ witness }, ageSeconds(now, waitingSince))
    if (cosignedAt !== undefined) gauges.witnessSeen.set({ witness }, ageSeconds(now, cosignedAt))
  }
  const { policy } = await effectivePolicy(config, database)
  const unsealed = await unsealedEntries({ database, policy, primitives: nodePrimitives })
  gauges.unsealed.set(unsealed.count)
  gauges.unsealedAge.set(ageSeconds(now, unsealed.since))
  for (const peer of parts.peers()) {
    const figures = await peerFigures(database, peer)
    gauges.waiting.set({ peer }, figures.waiting)
    gauges.waitingAge.set({ peer }, ageSeconds(now, figures.waitingSince))
    gauges.stopped.set({ peer }, figures.isStopped ? 1 : 0)
    gauges.frozen.set({ peer }, figures.isFrozen ? 1 : 0)
    if (figures.seenAt !== undefined) {
      gauges.seenAge.set({ peer }, ageSeconds(now, figures.seenAt))
    }
  }
  for (const { node: peer, freshAt, findings } of await peerLogFigures(database)) {
    gauges.logFindings.set({ peer }, findings)
    if (freshAt !== undefined) gauges.logSeenAge.set({ peer }, ageSeconds(now, freshAt))
  }
  for (const [peer, driftMs] of parts.clockDriftMs) gauges.drift.set({ peer }, driftMs / 1000)
  const due = await dueFigures(database, clocks.caseNow())
  gauges.deadlines.set(due.overdueDeadlines)
  gauges.duties.set(due.overdueDuties)
  const { bavail, blocks, bsize } = await statfs(config.folder)
  gauges.diskFree.set(bavail * bsize)
  gauges.diskSize.set(blocks * bsize)
  const backupAt = await lastBackupAt(database)
  if (backupAt === undefined) gauges.backupAge.remove()
  else gauges.backupAge.set(ageSeconds(now, backupAt))
}

/** Every line that an operator may read is counted, so that none goes unread. */
function countReports(registry: Registry): () => void {
  const reports = new Counter({
    name: 'comity_reports_total',
    help: 'Lines that the node has written for operators, by kind',
    labelNames: ['kind'],
    registers: [registry],
  })
  return onReport((kind) => reports.inc({ kind }))
}

/** The name before the `+` of a verifier key. */
export function nameOfKey(vkey: string): string {
  return vkey.slice(0, vkey.indexOf('+'))
}

function ageSeconds(now: number, since: number | undefined): number {
  return since === undefined ? 0 : Math.max(0, (now - since) / 1000)
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('too late')), ms)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
