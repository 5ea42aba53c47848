/** The node's own log, its receipts, and its witness for the logs of others. */

import { join } from 'node:path'
import type { AtRest } from '../adapters/keys/at-rest.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { acceptNotice } from '../adapters/postgres/log/notices.ts'
import { currentLog } from '../adapters/postgres/log/own-log.ts'
import { publicFiles } from '../adapters/postgres/log/public-files.ts'
import { closedLogReceipts, logReceipts } from '../adapters/postgres/log/receipts.ts'
import { type Sequencer, startSequencer } from '../adapters/postgres/log/sequencer.ts'
import { postgresWitness } from '../adapters/postgres/log/witness.ts'
import type { Clocks } from '../app/ports/clocks.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import type { Peers } from '../app/ports/peers.ts'
import { utf8 } from '../base/bytes.ts'
import { otherKeysOf, type Policy } from '../proof/policy.ts'
import { parseVkey } from '../proof/vkey.ts'
import type { NodeConfig } from './config.ts'
import {
  deriveClosedFiles,
  effectivePolicy,
  followersOf,
  receiptsOfAll,
  withFollowers,
} from './log-history.ts'
import { logSigners } from './log-signers.ts'
import { logWaker } from './log-waker.ts'
import { report, reportFault } from './report.ts'

export type LogParts = {
  readonly config: NodeConfig
  readonly database: Database
  readonly keys: NodeKeys
  readonly clocks: Clocks
  readonly atRest: AtRest
  readonly peers: Peers
}

export async function openLog(parts: LogParts) {
  const { config, database, keys, clocks, atRest, peers } = parts
  const signers = logSigners(config.node.id, keys)
  const own = await currentLog(database, atRest, signers.log)
  const directory = join(config.folder, own.folder)
  let effective = await effectivePolicy(config, database)
  let followers = await followersOf(database)
  const refreshPolicy = async () => {
    effective = await effectivePolicy(config, database)
    followers = await followersOf(database)
  }
  const common = { policy: effective.policy, primitives: nodePrimitives, wireNow: clocks.wireNow }
  const noticeParts = {
    database,
    primitives: nodePrimitives,
    messageKeysOf: (node: string) => peers.find(node)?.messageKeys ?? [],
    wireNow: clocks.wireNow,
  }
  let sequencer: Sequencer | undefined
  const waker = logWaker(() => sequencer?.wake())
  const keysOf = async (origin: string) => {
    const keys = effective.policy.logs.map(({ key }) => key)
    const known = keys.filter(({ name }) => name === origin)
    return known.length > 0 ? known : undefined
  }
  return {
    own,
    policy: () => effective.policy,
    policyBytes: () => effective.shown,
    withFollowers: (policy: Policy) => withFollowers(policy, followers),
    receipts: receiptsOfAll(
      logReceipts({ database, directory, ...common }),
      own.closed
        .filter(({ hasRows }) => hasRows)
        .map((closed) =>
          closedLogReceipts({
            database: database.withSchema(`closed_log_${closed.ordinal}`),
            directory: join(config.folder, closed.folder),
            ...common,
          }),
        ),
    ),
    files: publicFiles(directory),
    /** Every log that the node has had, the open one too, each with the notice that closed it. */
    each: [...own.closed, own].map(({ ordinal, folder }, index) => ({
      ordinal,
      read: publicFiles(join(config.folder, folder)).read,
      notice: own.notices[index],
    })),
    witness: postgresWitness({
      ...noticeParts,
      signers: () => signers.cosigners,
      keysOf,
      onEvidence: (origin) => report('log-evidence', { origin }),
      onTooManyLogs: (node) => report('log-notice', { peer: node, answer: 'too-many-logs' }),
      onNotice: refreshPolicy,
    }),
    /** From a peer's channel: the same notice as witnesses get. */
    async takeNotice(origin: string, text: string) {
      const knows = async (log: string) => (await keysOf(log)) !== undefined
      const answer = await acceptNotice({ ...noticeParts, knows }, utf8(text))
      report('log-notice', { peer: origin, answer })
      await refreshPolicy()
    },
    async start() {
      await deriveClosedFiles(parts, own)
      sequencer = await startSequencer({
        database,
        directory,
        origin: own.signer.key.name,
        signer: own.signer,
        notices: own.notices,
        primitives: nodePrimitives,
        witnesses: config.log.witnesses.map(({ vkey, url }) => {
          const key = parseVkey(nodePrimitives, vkey)
          return { key, moreKeys: otherKeysOf(effective.policy, key), url }
        }),
        wireNow: clocks.wireNow,
        intervalMs: config.log.intervalMs,
        onError: (kind, error) => {
          reportFault(`log-${kind}`, error)
          if (kind === 'fatal') process.exit(1)
        },
      })
    },
    /** Something waits for the log: take it soon, together with what follows at once. */
    wake: waker.wake,
    async stop() {
      waker.stop()
      await sequencer?.stop()
    },
  }
}

export type NodeLog = Awaited<ReturnType<typeof openLog>>
