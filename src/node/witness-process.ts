/**
 * An outside witness in a process of its own: cosigns the checkpoints of the logs
 * it knows, and does nothing else. It is no party to any agreement.
 *
 * Whoever runs it pins the documents of the nodes: they say which message keys may
 * close a log, and when. Their successors are taken as a node takes them.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fastify from 'fastify'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { openPeerDocuments } from '../adapters/peers/peer-documents.ts'
import { migrate, openDatabase } from '../adapters/postgres/database.ts'
import { postgresWitness } from '../adapters/postgres/log/witness.ts'
import { witnessRoutes } from '../api/witness/routes.ts'
import { instantFromMs } from '../base/time.ts'
import { parseVkey } from '../proof/vkey.ts'
import { exitWithParent, reportReady } from './exit-with-parent.ts'
import { logSigners } from './log-signers.ts'
import { openNodeKeys } from './node-keys.ts'
import { report } from './report.ts'
import { onStopSignal } from './stop-signals.ts'
import { readWitnessConfig } from './witness-config.ts'
import { followDocuments } from './witness-documents.ts'

const file = process.argv[2]
if (!file) throw new Error('usage: witness-process CONFIG')
const { id, port, databaseUrl, folder, keys: kept, logs } = readWitnessConfig(file)

const wireNow = () => instantFromMs(Date.now())
const database = openDatabase(databaseUrl, 4)
await migrate(database)
const keys = await openNodeKeys({ node: { id }, folder, keys: kept })
const signers = logSigners(id, keys)
mkdirSync(join(folder, 'peers'), { recursive: true, mode: 0o700 })
const peers = await openPeerDocuments(join(folder, 'peers'))
const witness = postgresWitness({
  database,
  primitives: nodePrimitives,
  signers: () => signers.cosigners,
  keysOf: async (origin) => {
    const known = logs.filter((log) => log.origin === origin)
    return known.length > 0 ? known.map(({ vkey }) => parseVkey(nodePrimitives, vkey)) : undefined
  },
  messageKeysOf: (node) => peers.find(node)?.messageKeys ?? [],
  wireNow,
  onEvidence: (origin) => report('log-evidence', { origin }),
  onTooManyLogs: (node) => report('log-notice', { peer: node, answer: 'too-many-logs' }),
})
const following = followDocuments({ database, peers, keys, wireNow })

const server = fastify({ logger: false, forceCloseConnections: true })
witnessRoutes(server, { prefix: '/witness', ...witness })
server.get('/health', async () => ({ status: 'serving' }))
await server.listen({ host: '127.0.0.1', port })

const stop = async () => {
  await following.stop()
  await server.close()
  await keys.close()
  await database.destroy()
}
exitWithParent(stop)
onStopSignal(stop)
reportReady(port)
