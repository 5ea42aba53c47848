/** The node's own log, its receipts, and its witness for the logs of others. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { publicFiles } from '../adapters/postgres/log/public-files.ts'
import { logReceipts } from '../adapters/postgres/log/receipts.ts'
import { type Sequencer, startSequencer } from '../adapters/postgres/log/sequencer.ts'
import { postgresWitness } from '../adapters/postgres/log/witness.ts'
import type { Clocks } from '../app/ports/clocks.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import { parsePolicy } from '../proof/policy.ts'
import { parseVkey } from '../proof/vkey.ts'
import { logOriginOf } from '../wire/event-opening.ts'
import type { NodeConfig } from './config.ts'
import { logSigners } from './log-signers.ts'
import { report, reportFault } from './report.ts'

export type LogParts = {
  readonly config: NodeConfig
  readonly database: Database
  readonly keys: NodeKeys
  readonly clocks: Clocks
}

export async function openLog({ config, database, keys, clocks }: LogParts) {
  const directory = join(config.folder, 'ledger')
  const policyBytes = new Uint8Array(readFileSync(config.log.policyFile))
  const policy = parsePolicy(nodePrimitives, policyBytes)
  const signers = logSigners(config.node.id, keys)
  let sequencer: Sequencer | undefined
  let waking: NodeJS.Timeout | undefined
  return {
    policyBytes,
    signers,
    receipts: logReceipts({
      database,
      directory,
      policy,
      primitives: nodePrimitives,
      wireNow: clocks.wireNow,
    }),
    files: publicFiles(directory),
    witness: postgresWitness({
      database,
      primitives: nodePrimitives,
      signer: signers.witness,
      keysOf: async (origin) => {
        const keys = policy.logs.map(({ key }) => key).filter(({ name }) => name === origin)
        return keys.length > 0 ? keys : undefined
      },
      wireNow: clocks.wireNow,
      onEvidence: (origin) => report('log-evidence', { origin }),
    }),
    async start() {
      sequencer = await startSequencer({
        database,
        directory,
        origin: logOriginOf(config.node.id),
        signer: signers.log,
        primitives: nodePrimitives,
        witnesses: config.log.witnesses.map(({ vkey, url }) => ({
          key: parseVkey(nodePrimitives, vkey),
          url,
        })),
        wireNow: clocks.wireNow,
        intervalMs: config.log.intervalMs,
        onError: (kind, error) => {
          reportFault(`log-${kind}`, error)
          if (kind === 'fatal') process.exit(1)
        },
      })
    },
    /** Something waits for the log: take it soon, together with what follows at once. */
    wake() {
      waking ??= setTimeout(() => {
        waking = undefined
        sequencer?.flush().catch(() => {})
      }, WAKE_MS).unref()
    },
    async stop() {
      clearTimeout(waking)
      await sequencer?.stop()
    },
  }
}

export type NodeLog = Awaited<ReturnType<typeof openLog>>

const WAKE_MS = 100
