/**
 * What every route of the site works with: the kernel, the site's own facts, the
 * renderer, and the ways in which an answer leaves. A page is sent with the
 * headers of its area; a program that asks for JSON gets JSON or a problem.
 */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Kernel } from '../app/kernel.ts'
import type { Door } from '../app/ports/door.ts'
import { addMs, SECOND_MS } from '../base/time.ts'
import { PROBLEM_TYPE, type Problem } from '../wire/problem.ts'
import { type Catalogues, PSEUDO_LANGUAGES } from './messages.ts'
import { areaOf, type PageModels, type PageName } from './pages.ts'
import { assetOf, createRenderer, type Renderer, readAsset, readManifest } from './render.ts'
import { onionLocation, pageHeaders } from './security-headers.ts'
import { type PageContext, type SignedIn, type Site, speaks } from './site.ts'

export type Compress = (body: Uint8Array, encoding: 'br' | 'gzip') => Promise<Buffer>

export type SiteKit = {
  readonly kernel: Kernel
  readonly site: Site
  readonly renderer: Renderer
  /** Told of every fault of our own; it must not fail. */
  readonly onFault: (error: unknown) => void
  /** What the page carries that checks a proof of filing. */
  readonly filingCheckScript: string
  /** For pages without secrets only. */
  readonly compress: Compress
}

/** Which doors the server of a site serves. */
export type SiteDoors = { readonly doors: readonly Door[] }

export const FALLBACK_LANGUAGE = 'en'
export const ASSETS_FOLDER = fromRoot('dist/assets')

/** A neutral page with many languages, for the exit button. */
const EXIT_URL = 'https://www.wikipedia.org/'

/** Digest of a script as this program serves it, hex. */
export function servedDigest(name: string): string {
  return assetOf(readManifest(path.join(ASSETS_FOLDER, 'manifest.json')), name).sha256
}

function fromRoot(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url))
}

export function createKit(
  kernel: Kernel,
  { onFault, compress, doors }: Pick<SiteKit, 'onFault' | 'compress'> & SiteDoors,
): SiteKit {
  const manifest = readManifest(path.join(ASSETS_FOLDER, 'manifest.json'))
  const renderer = createRenderer({
    localesFolder: fromRoot('locales'),
    viewsFolders: [fromRoot('src/web'), fromRoot('node_modules/govuk-frontend/dist')],
    manifest,
  })
  return {
    kernel,
    renderer,
    onFault,
    compress,
    filingCheckScript: readAsset(ASSETS_FOLDER, manifest, 'check-filing.js'),
    site: siteOf(kernel, doors, renderer.catalogues),
  }
}

const PHASES = { demo: 'demonstration', training: 'training', production: 'live' } as const

function siteOf({ node }: Kernel, doors: readonly Door[], { languagesOf }: Catalogues): Site {
  const isDemo = node.profile === 'demo'
  return {
    nodeId: node.id,
    authorityName: node.name,
    jurisdiction: node.legalOrder,
    zone: node.zone,
    phase: PHASES[node.profile],
    simulatedClock: isDemo,
    languages: languagesOf('public'),
    officersLanguages: languagesOf('officers'),
    pseudoLanguages: isDemo ? PSEUDO_LANGUAGES : [],
    exitUrl: EXIT_URL,
    elsewhere: Object.fromEntries(
      Object.entries(node.urls).filter(([door]) => !doors.some((served) => served === door)),
    ),
    contact: node.contact,
  }
}

/** The language in the address; a page that has none is shown in the fallback. */
export function languageOf({ site }: SiteKit, request: FastifyRequest): string {
  const { lang } = (request.params ?? {}) as { readonly lang?: string }
  return lang !== undefined && speaks(site, lang) ? lang : FALLBACK_LANGUAGE
}

export type PageOptions = {
  readonly status?: number
  /** Where the other languages of an answer to a sent form are: it has no address itself. */
  readonly path?: string
  readonly signedIn?: SignedIn
}

export function sendPage<P extends PageName>(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  page: P,
  model: PageModels[P],
  options: PageOptions = {},
): FastifyReply {
  return sendHtml(kit, reply, page, renderPage(kit, request, page, model, options), options.status)
}

export function renderPage<P extends PageName>(
  { kernel, site, renderer }: SiteKit,
  request: FastifyRequest,
  page: P,
  model: PageModels[P],
  { path: at, signedIn }: PageOptions = {},
): string {
  const lang = languageOf({ site } as SiteKit, request)
  const context: PageContext = {
    lang,
    site,
    path: at ?? pathBehind(request.url),
    caseNow: kernel.clocks.caseNow(),
    ...(signedIn === undefined ? {} : { signedIn }),
  }
  return renderer.render(page, model, context)
}

/** In a demonstration things change while people look; a minute is too long there. */
const DEMO_CACHE = 'public, max-age=2'

function sendHtml(
  { site }: SiteKit,
  reply: FastifyReply,
  page: PageName,
  html: string,
  status = 200,
): FastifyReply {
  const area = areaOf(page)
  const isBriefly = site.simulatedClock && area === 'public'
  return reply
    .code(status)
    .headers({ ...pageHeaders(page), ...(isBriefly ? { 'cache-control': DEMO_CACHE } : {}) })
    .headers(onionLocation(page, reply.request, site.contact.onion))
    .type('text/html; charset=utf-8')
    .send(html)
}

/** The address without its language and its query. */
function pathBehind(url: string): string {
  const [address = ''] = url.split('?')
  return address.replace(/^\/[^/]*/, '').replace(/\/$/, '')
}

/** True for a program: it asks for JSON and does not read pages. */
export function wantsJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? ''
  return /application\/(problem\+)?json/.test(accept) && !accept.includes('text/html')
}

export function sendJson(reply: FastifyReply, body: object, status = 200): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(Buffer.from(JSON.stringify(body)))
}

/** Where to look after a form was done, so that a reload sends nothing again. */
export function seeOther(reply: FastifyReply, place: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(place, 303)
}

/** A file to keep. Its name is one of ours. */
export function sendFile(
  reply: FastifyReply,
  file: { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array },
): FastifyReply {
  return reply
    .headers({
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="${file.name}"`,
      'x-content-type-options': 'nosniff',
    })
    .type(file.mediaType)
    .send(Buffer.from(file.bytes))
}

/** When a page says so, people may try again after this. */
const RETRY_MS = 5 * SECOND_MS
const PAGE_STATUSES = [400, 403, 404, 413, 429, 500, 503] as const
type PageStatus = (typeof PAGE_STATUSES)[number]

/** As a page for people, as problem details for programs. */
export function sendProblem(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
  options: PageOptions = {},
): FastifyReply {
  if (problem.status === 503) reply.header('retry-after', String(RETRY_MS / SECOND_MS))
  if (wantsJson(request)) return sendProblemJson(reply, problem)
  const { code, field, because = [] } = problem
  const isOutage = problem.status === 503
  const model = {
    status: pageStatusOf(problem.status),
    code,
    because,
    ...(field === undefined ? {} : { field }),
    ...(isOutage ? { retryAt: addMs(kit.kernel.clocks.wireNow(), RETRY_MS) } : {}),
  }
  return sendPage(kit, request, reply, 'error/problem', model, {
    ...options,
    status: problem.status,
  })
}

export function sendProblemJson(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers({ 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' })
    .send(Buffer.from(JSON.stringify(problem)))
}

/** The page whose words fit a status best. */
function pageStatusOf(status: number): PageStatus {
  const own = PAGE_STATUSES.find((known) => known === status)
  return own ?? (status === 409 ? 403 : status >= 500 ? 500 : 400)
}
