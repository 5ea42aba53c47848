/** A witness on loopback, over real HTTP. */
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import type { KnownWitness } from '../../src/adapters/postgres/log/sequencer-parts.ts'
import { postgresWitness, type WitnessParts } from '../../src/adapters/postgres/log/witness.ts'
import { witnessRoutes } from '../../src/api/witness/routes.ts'
import { KEY_TYPE } from '../../src/proof/vkey.ts'
import { realNow } from './log-node.ts'
import { logSigner, mlDsaSigner, testSigner } from './test-log.ts'

export type WitnessServer = KnownWitness & { stop(): Promise<void> }

export async function startWitness(
  database: Database,
  name: string,
  overrides: Partial<WitnessParts> = {},
): Promise<WitnessServer> {
  const seed = nodePrimitives.sha256(new TextEncoder().encode(name))
  const signer = testSigner(name, KEY_TYPE.cosignature, seed)
  const second = mlDsaSigner(name, seed)
  const witness = postgresWitness({
    database,
    primitives: nodePrimitives,
    signers: () => [signer, second],
    keysOf: async (origin) => (origin === logSigner.key.name ? [logSigner.key] : undefined),
    wireNow: realNow,
    ...overrides,
  })
  const listening = await listen(signer.key, (server) =>
    witnessRoutes(server, { prefix: '/witness', ...witness }),
  )
  return { ...listening, moreKeys: [second.key] }
}

/** A server that answers as it likes. */
export async function listen(
  key: KnownWitness['key'],
  addRoutes: (server: FastifyInstance) => void,
): Promise<WitnessServer> {
  const server = Fastify({ forceCloseConnections: true })
  addRoutes(server)
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo
  return { key, url: `http://127.0.0.1:${port}/witness`, stop: () => server.close() }
}
