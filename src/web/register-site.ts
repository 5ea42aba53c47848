/**
 * The site: public pages, the reporter's portal, the officers' workspace and the
 * built assets, in a scope of their own. Each area's routes are in its folder.
 */
import formbody from '@fastify/formbody'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Kernel } from '../app/kernel.ts'
import type { OfDoors } from '../app/ports/door.ts'
import { problem, problemOfError } from '../wire/problem.ts'
import { officerRoutes } from './officer/routes.ts'
import { publicRoutes } from './public/routes.ts'
import { reporterRoutes } from './reporter/routes.ts'
import { linkTo } from './routes.ts'
import { ASSET_HEADERS } from './security-headers.ts'
import { speaks } from './site.ts'
import {
  ASSETS_FOLDER,
  type Compress,
  createKit,
  FALLBACK_LANGUAGE,
  type SiteDoors,
  type SiteKit,
  sendProblem,
} from './site-kit.ts'

export type SiteParts = SiteDoors & {
  /** Told of every fault of the site's own, for the node's record. */
  readonly onFault?: (error: unknown) => void
  readonly compress: Compress
}

export async function registerSite(
  server: FastifyInstance,
  kernels: OfDoors<Kernel>,
  { onFault = () => {}, compress, doors }: SiteParts,
): Promise<void> {
  const kit = createKit(kernels.public, { onFault, compress, doors })
  server.setErrorHandler((error, request, reply) => sendFault(kit, request, reply, error))
  server.addHook('preHandler', async (request, reply) => requireLanguage(kit, request, reply))
  await server.register(formbody)
  await serveAssets(server)
  server.get('/', { schema: { hide: true } }, async (request, reply) => {
    const lang = preferredLanguage(kit, request.headers['accept-language'] ?? '')
    return reply
      .headers({ vary: 'accept-language', 'cache-control': 'no-store' })
      .redirect(linkTo(lang, doors.includes('public') ? 'home' : 'officerCases'), 302)
  })
  hideFromOpenApi(server)
  if (doors.includes('public')) {
    await server.register((scope) => publicRoutes(scope, kit))
    await server.register((scope) => reporterRoutes(scope, kit))
  }
  if (doors.includes('officers')) {
    const workspace = { ...kit, kernel: kernels.officers }
    await server.register((scope) => officerRoutes(scope, workspace))
  }
  server.get('/:lang/*', async (request, reply) => notFound(kit, request, reply))
}

/** Pages are for people; the interface's description names what programs use. */
function hideFromOpenApi(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    route.schema = Object.assign({}, route.schema, { hide: true })
  })
}

async function serveAssets(server: FastifyInstance): Promise<void> {
  await server.register(fastifyStatic, {
    root: ASSETS_FOLDER,
    prefix: '/assets/',
    preCompressed: true,
    index: false,
    decorateReply: false,
    // Copies for browsers that take them are served under the name of the file itself.
    allowedPath: (name) => !/\.(br|gz|json)$/.test(name),
    cacheControl: false,
    etag: false,
    lastModified: false,
    setHeaders: (reply) => {
      for (const [name, value] of Object.entries(ASSET_HEADERS)) reply.header(name, value)
    },
  })
}

/** A first part of an address that is no language is no page of ours. */
async function requireLanguage(kit: SiteKit, request: FastifyRequest, reply: FastifyReply) {
  const { lang } = (request.params ?? {}) as { readonly lang?: string }
  if (lang === undefined || speaks(kit.site, lang)) return
  return notFound(kit, request, reply)
}

/** First parts of the addresses that programs use: they are answered as problems. */
const MACHINE_PLACES = new Set(['api', 'federation', 'ledger', 'witness', 'csaf', 'open-data'])

function notFound(kit: SiteKit, request: FastifyRequest, reply: FastifyReply) {
  const [, first = ''] = request.url.split(/[/?]/)
  const readsPages = (request.headers.accept ?? '').includes('text/html')
  if (!readsPages || MACHINE_PLACES.has(first)) {
    reply.callNotFound()
    return reply
  }
  return sendProblem(kit, request, reply, problem(404, 'not-found'))
}

function sendFault(kit: SiteKit, request: FastifyRequest, reply: FastifyReply, error: unknown) {
  const found = problemOfError(error)
  if (found.status >= 500) kit.onFault(error)
  try {
    return sendProblem(kit, request, reply, found)
  } catch (fault) {
    // Where even that page cannot be made, plain words are better than none.
    kit.onFault(fault)
    return reply.code(found.status).type('text/plain; charset=utf-8').send(found.title)
  }
}

/** The first language that the browser asks for and the site has. */
function preferredLanguage({ site }: SiteKit, header: string): string {
  const asked = header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';')
      const weight = parameters.map((text) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(text)?.[1])
      return { tag: tag.trim().toLowerCase(), weight: Number(weight.find(Boolean) ?? 1) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  const find = (tag: string) => site.languages.find((lang) => lang.toLowerCase() === tag)
  const found = asked.map(({ tag }) => find(tag) ?? find(tag.split('-')[0] ?? tag))
  return found.find((lang) => lang !== undefined) ?? FALLBACK_LANGUAGE
}
