/**
 * The node's servers: one for each address on which its doors listen. Every
 * interface is a scope of its own, and stands behind its door only.
 */
import type { Server as TlsServer } from 'node:tls'
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { compressText } from '../adapters/compression.ts'
import { httpPrimitives } from '../adapters/keys/http-primitives.ts'
import type { CaseClock } from '../adapters/postgres/case-clock.ts'
import { systemRandom } from '../adapters/random.ts'
import { demoRoutes } from '../api/demo/routes.ts'
import { federationRoutes } from '../api/federation/routes.ts'
import { logRoutes } from '../api/log/routes.ts'
import { officerRoutes } from '../api/officer/routes.ts'
import { openDataRoutes } from '../api/open-data/routes.ts'
import { OPENAPI } from '../api/openapi.ts'
import { sendError, sendProblem } from '../api/problem.ts'
import { witnessRoutes } from '../api/witness/routes.ts'
import type { Kernel } from '../app/kernel.ts'
import type { Door, OfDoors } from '../app/ports/door.ts'
import { fileLender } from '../app/travel/lend-files.ts'
import type { Bytes } from '../base/bytes.ts'
import { registerSite } from '../web/register-site.ts'
import { serversOf } from './config/listeners.ts'
import type { NodeConfig } from './config.ts'
import { type Certificate, readCertificate, renewCertificate } from './door-certificates.ts'
import { drainRequest } from './drain-request.ts'
import type { Exchange } from './exchange.ts'
import type { NodeLog } from './log.ts'
import type { PeerRenewals } from './peer-renewals.ts'
import { reportFault } from './report.ts'

export type HttpParts = {
  readonly config: NodeConfig
  readonly kernels: OfDoors<Kernel>
  readonly clocks: CaseClock
  readonly log: NodeLog
  readonly exchange: Exchange
  readonly renewals: PeerRenewals
  /** The node's own document, signed at this moment. */
  readonly document: () => Promise<Bytes>
}

const BODY_MAX = 1024 * 1024
/** A form is checked, never changed. The schemas are our own and small: compiled as they are. */
const FORMS = {
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: false,
  validateSchema: false,
  code: { optimize: false },
} as const

export async function startHttp(parts: HttpParts) {
  const servers: FastifyInstance[] = []
  const stop = async () => {
    await Promise.all(servers.map((server) => server.close()))
  }
  try {
    for (const doors of serversOf(parts.config.listeners, parts.config.exchange).values()) {
      servers.push(await openServer(parts, doors))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { port: parts.config.listeners.public.port, stop }
}

async function openServer(parts: HttpParts, doors: readonly Door[]): Promise<FastifyInstance> {
  const [first = 'public'] = doors
  const listener = parts.config.listeners[first]
  const server = fastify({
    logger: false,
    bodyLimit: BODY_MAX,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    forceCloseConnections: true,
    ajv: { customOptions: FORMS },
    https: listener.tls ? pairOf(readCertificate(listener.tls)) : null,
    trustProxy: trustedBy(doors, parts.config),
  }) as unknown as FastifyInstance
  const onFault = (error: unknown) => reportFault('http-fault', error)
  server.setErrorHandler((error, _request, reply) => {
    const { statusCode = 500 } = error as { statusCode?: number }
    if (statusCode >= 500) onFault(error)
    return sendError(reply, error)
  })
  server.addHook('onSend', async (request, reply) => {
    if (reply.statusCode === 413) await drainRequest(request.raw)
    // Whoever came by https once does not come without; browsers heed it there only.
    if (listener.url.startsWith('https://')) {
      reply.header('strict-transport-security', 'max-age=31536000')
    }
  })
  await registerDoors(server, parts, { doors, onFault })
  if (listener.tls) {
    const tlsServer = server.server as unknown as TlsServer
    const stop = renewCertificate(tlsServer, listener.tls, first)
    server.addHook('onClose', async () => stop())
  }
  await server.listen({ host: listener.host, port: listener.port })
  return server
}

/** All that is served behind these doors: there is no other place that adds a route. */
export async function registerDoors(
  server: FastifyInstance,
  parts: HttpParts,
  {
    doors,
    onFault,
  }: { readonly doors: readonly Door[]; readonly onFault: (error: unknown) => void },
): Promise<void> {
  await server.register(cookie)
  if (doors.includes('officers')) await registerOfficers(server, parts)
  if (doors.includes('federation')) registerFederation(server, parts)
  if (doors.includes('public'))
    server.register((scope) => openDataRoutes(scope, parts.kernels.public))
  if (doors.some((door) => door !== 'officers')) registerLog(server, parts)
  if (doors.some((door) => door !== 'federation')) {
    await server.register((scope) =>
      registerSite(scope, parts.kernels, { onFault, compress: compressText, doors }),
    )
  }
  server.get('/health', { schema: { hide: true } }, async () => ({ status: 'serving' }))
  server.setNotFoundHandler((_request, reply) => sendProblem(reply, 404, 'not-found'))
}

const pairOf = ({ cert, key }: Certificate) => ({ cert, key })

/** Only the officers' door asks who calls; nobody's word but a named proxy's counts there. */
function trustedBy(doors: readonly Door[], { listeners }: NodeConfig): string[] | false {
  const { trustedProxies = [] } = listeners.officers
  return doors.includes('officers') && trustedProxies.length > 0 ? trustedProxies : false
}

async function registerOfficers(server: FastifyInstance, parts: HttpParts): Promise<void> {
  const { config, clocks } = parts
  const kernel = parts.kernels.officers
  await server.register(swagger, OPENAPI)
  const { oneTime } = config.signIn
  if (config.node.profile === 'demo' && oneTime) {
    server.register((scope) => demoRoutes(scope, { kernel, clocks, secret: oneTime.secret }), {
      prefix: '/api/demo',
    })
  }
  await server.register((scope) => officerRoutes(scope, kernel), { prefix: '/api/v1' })
  server.get('/openapi.json', { schema: { hide: true } }, async () => server.swagger())
}

function registerFederation(server: FastifyInstance, parts: HttpParts): void {
  const { config, clocks, log, exchange, renewals } = parts
  server.register((scope) =>
    federationRoutes(scope, {
      ...exchange.common,
      primitives: httpPrimitives,
      publicBaseUrl: config.listeners.federation.url,
      random: systemRandom,
      inbox: exchange.inbox(),
      channels: exchange.channels,
      waiting: exchange.waiting,
      files: fileLender(parts.kernels.federation),
      wireNow: clocks.wireNow,
      nodeDocument: parts.document,
      takeDocument: renewals.take,
    }),
  )
  witnessRoutes(server, { prefix: '/witness', ...log.witness })
}

function registerLog(server: FastifyInstance, { log }: HttpParts): void {
  server.register(async (scope) => {
    logRoutes(scope, {
      prefix: '/ledger',
      read: log.files.read,
      get policy() {
        return log.policyBytes()
      },
    })
    // Each log, open or closed, also has a place that stays its own.
    for (const { ordinal, read, notice } of log.each) {
      logRoutes(scope, { prefix: `/ledger/${ordinal}`, read, notice })
    }
  })
}
