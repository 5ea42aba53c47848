/**
 * An outside witness in a process of its own: cosigns the checkpoints of the logs
 * it knows, and does nothing else. It is no party to any agreement.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastify from 'fastify'
import { openFileKeys } from '../adapters/keys/file-keys.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { migrate, openDatabase } from '../adapters/postgres/database.ts'
import { postgresWitness } from '../adapters/postgres/log/witness.ts'
import { witnessRoutes } from '../api/witness/routes.ts'
import { fromBase64 } from '../base/bytes.ts'
import { type Instant, instantFromMs } from '../base/time.ts'
import { parseVkey } from '../proof/vkey.ts'
import { logOriginOf } from '../wire/event-opening.ts'
import type { WitnessConfig } from './demo-setup.ts'
import { exitWithParent, reportReady } from './exit-with-parent.ts'
import { logSigners } from './log-signers.ts'
import { report } from './report.ts'
import { onStopSignal } from './stop-signals.ts'

const file = process.argv[2]
if (!file) throw new Error('usage: witness-process CONFIG')
const config = JSON.parse(readFileSync(file, 'utf8')) as WitnessConfig

/** Who runs the witness vouches for these keys for as long as they stand in its configuration. */
const ALWAYS = {
  validFrom: '0001-01-01T00:00:00.000Z' as Instant,
  validUntil: '9999-12-31T00:00:00.000Z' as Instant,
}

const database = openDatabase(config.databaseUrl, 4)
await migrate(database)
const keys = await openFileKeys(join(config.folder, 'keys'), config.id)
const witness = postgresWitness({
  database,
  primitives: nodePrimitives,
  signer: logSigners(config.id, keys).witness,
  keysOf: async (origin) => {
    const known = config.logs.filter((log) => log.origin === origin)
    return known.length > 0 ? known.map(({ vkey }) => parseVkey(nodePrimitives, vkey)) : undefined
  },
  messageKeysOf: (node) =>
    config.logs
      .filter(({ origin }) => origin === logOriginOf(node))
      .flatMap(({ messageKeys = [] }) => messageKeys)
      .map(({ id, key }) => ({ id, node, publicKey: fromBase64(key, 'messageKeys'), ...ALWAYS })),
  wireNow: () => instantFromMs(Date.now()),
  onEvidence: (origin) => report('log-evidence', { origin }),
})

const server = fastify({ logger: false, forceCloseConnections: true })
witnessRoutes(server, { prefix: '/witness', ...witness })
server.get('/health', async () => ({ status: 'serving' }))
await server.listen({ host: '127.0.0.1', port: config.port })

const stop = async () => {
  await server.close()
  await database.destroy()
}
exitWithParent(stop)
onStopSignal(stop)
reportReady(config.port)
