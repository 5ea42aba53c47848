/** Checks of the own log, of who has cosigned it, and of what was found of the logs of peers. */
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { unsealedEntries } from '../../adapters/postgres/log/receipts.ts'
import {
  logFigures,
  peerLogFigures,
  witnessFigures,
} from '../../adapters/postgres/operations/figures.ts'
import { HOUR_MS, MINUTE_MS } from '../../base/time.ts'
import { otherKeysOf } from '../../proof/policy.ts'
import { formatVkey, KEY_TYPE, parseVkey } from '../../proof/vkey.ts'
import { effectivePolicy } from '../log-history.ts'
import { type Check, type Finding, timeSince, warning, well, wrong } from './finding.ts'

const WITNESS_LATE_MS = HOUR_MS
const LOG_LATE_MS = 15 * MINUTE_MS
const PEER_LOG_STALE_MS = 30 * MINUTE_MS

export const log: Check = {
  name: 'log',
  async run({ config, database, nowMs }) {
    const figures = database && (await logFigures(database))
    if (!database || !figures) return []
    if (figures.isFrozen) {
      return [
        wrong(
          'it is frozen: it contradicts itself or a witness',
          'change nothing; read docs/operating/monitoring.md, "Frozen log"',
        ),
      ]
    }
    const found: Finding[] = []
    if (nowMs - (figures.oldestPendingAt ?? nowMs) > LOG_LATE_MS) {
      found.push(
        wrong(
          `${figures.pending} entries wait, the oldest for ${timeSince(nowMs, figures.oldestPendingAt)}`,
          'is the node running? Look for its log-warning lines',
        ),
      )
    }
    const { policy } = await effectivePolicy(config, database)
    const asked = config.log.witnesses.flatMap(({ vkey }) => {
      const key = parseVkey(nodePrimitives, vkey)
      return [key, ...otherKeysOf(policy, key)]
    })
    for (const key of asked) {
      const { waitingSince } = await witnessFigures(database, formatVkey(key))
      if (nowMs - (waitingSince ?? nowMs) > WITNESS_LATE_MS) {
        const how = key.type === KEY_TYPE.mlDsa44Cosignature ? ' by ML-DSA-44' : ''
        found.push(
          warning(
            `witness ${key.name} has not cosigned${how} for ${timeSince(nowMs, waitingSince)}`,
            'ask its operator',
          ),
        )
      }
    }
    const unsealed = await unsealedEntries({ database, policy, primitives: nodePrimitives })
    if (nowMs - (unsealed.since ?? nowMs) > LOG_LATE_MS) {
      found.push(
        warning(
          `degraded: no quorum has cosigned ${unsealed.count} signed entries, the oldest for ${timeSince(nowMs, unsealed.since)}`,
          'their receipts are not sealed; look at the witnesses of the policy',
        ),
      )
    }
    return found.length > 0 ? found : [well(`${figures.size} entries signed`)]
  },
}

export const peerLogs: Check = {
  name: 'logs of peers',
  async run({ database, nowMs }) {
    // Before an upgrade there is no such table.
    const logs = database ? await peerLogFigures(database).catch(() => []) : []
    const found = logs.flatMap(({ node, findings, freshAt, failingSince }): Finding[] => {
      if (findings > 0) {
        return [
          wrong(
            `${findings} findings about the log of ${node} are on record`,
            'read them on the page "Logs of peers"; docs/operating/monitoring.md says what each means',
          ),
        ]
      }
      // One that does not answer is told by the check of peers.
      if (failingSince !== undefined || nowMs - (freshAt ?? nowMs) <= PEER_LOG_STALE_MS) return []
      return [
        warning(
          `no witness has confirmed the log of ${node} for ${timeSince(nowMs, freshAt)}`,
          'ask its administrator, then the operators of the witnesses',
        ),
      ]
    })
    if (found.length > 0 || logs.length === 0) return found
    return [well(`${logs.length} peers show one history`)]
  },
}
