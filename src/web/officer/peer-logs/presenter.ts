/** The page of peers' logs: how each stands, and the findings, the newest first. */
import { readOversight } from '../../../app/oversight/oversight-act.ts'
import type { PeerLog } from '../../../app/ports/peer-logs.ts'
import { instantFromMs, MINUTE_MS, SECOND_MS } from '../../../base/time.ts'
import type { RecordedLogFinding } from '../../../core/oversight/oversight.ts'
import { standingOf } from '../../../wire/monitor/standing.ts'
import type { OfficerTurn } from '../session.ts'
import type { PeerLogRow, PeerLogsModel } from './model.ts'

const STALE_MS = 30 * MINUTE_MS
const FAILURES: ReadonlySet<string> = new Set([
  'unreachable',
  'timeout',
  'too-large',
  'redirect',
  'not-a-checkpoint',
  'other-origin',
  'bad-signature',
  'outbound-only',
])

export async function peerLogsModel({ kit }: OfficerTurn): Promise<PeerLogsModel> {
  const { kernel } = kit
  const [logs, { logFindings }] = await Promise.all([kernel.peerLogs.all(), readOversight(kernel)])
  const nameOf = (node: string) => kernel.peers.find(node)?.name ?? node
  const now = kernel.clocks.wireNow()
  return {
    logs: logs.map((log) => rowOf(log, nameOf(log.node), logFindings, now)),
    findings: logFindings.toReversed().map((one) => {
      const { findingId, node, origin, finding, convicts, foundAt } = one
      return { findingId, peer: nameOf(node), origin, finding, convicts, foundAt }
    }),
  }
}

function rowOf(
  log: PeerLog,
  peer: string,
  found: readonly RecordedLogFinding[],
  now: PeerLog['lookedAt'],
): PeerLogRow {
  const { origin, treeSize, freshAt, reachedAt, failingSince, failure, isClosed, suspicions } = log
  const { auditedSize, witnessesReached } = log
  const convicting = found.filter((one) => one.origin === origin && one.convicts).length
  const findings = convicting + suspicions.length
  return {
    ...{ peer, origin, auditedSize, witnessesReached, isClosed, suspicions },
    standing: standingOf({ freshAt, findings, failure, isClosed }, now, STALE_MS),
    ...(treeSize === undefined ? {} : { treeSize }),
    ...(freshAt === undefined ? {} : { freshAt: instantFromMs(freshAt * SECOND_MS) }),
    ...(reachedAt === undefined ? {} : { reachedAt }),
    ...(failingSince === undefined ? {} : { failingSince }),
    ...(failure === undefined ? {} : { failure: FAILURES.has(failure) ? failure : 'other' }),
  }
}
