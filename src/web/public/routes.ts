/**
 * The public pages. Nothing on them depends on who asks: no cookie is read or set,
 * and every page may be kept by caches for a few seconds.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { publicDisclosureFigures } from '../../app/disclosure-figures.ts'
import type { PublicTextRow } from '../../app/ports/public-texts.ts'
import { readSafeHarbours, statementOpening } from '../../app/safe-harbour.ts'
import { canonicalText } from '../../base/canonical-json.ts'
import { calendarDate, utcDateOf } from '../../base/time.ts'
import { lawFeed } from '../../wire/law-feed.ts'
import { problem } from '../../wire/problem.ts'
import { publicTextFeed } from '../../wire/public-text-feed.ts'
import type { Messages } from '../messages.ts'
import type { PageModels, PageName } from '../pages.ts'
import { linkTo, ROUTES, type RouteName } from '../routes.ts'
import { pageHeaders } from '../security-headers.ts'
import { languageOf, renderPage, type SiteKit, sendProblem } from '../site-kit.ts'
import { advisoriesModel, filterKey, textFilter } from './advisories/presenter.ts'
import { advisoryModel, csafFileOf, csafTitleOf } from './advisory/presenter.ts'
import { agreementsModel } from './agreements/presenter.ts'
import { disclosureModel } from './dashboard/disclosure.ts'
import { dashboardModel } from './dashboard/presenter.ts'
import { filingCheckRoute } from './filing-check-route.ts'
import { homeModel } from './home/presenter.ts'
import { lawModel } from './law/presenter.ts'
import { lawFeedEntries } from './law-feed.ts'
import { lawPackModel } from './law-pack/presenter.ts'
import { lawFacts, lawSources } from './law-pack/read-law.ts'
import { logModel } from './log/presenter.ts'
import { publicOversightModel } from './oversight/presenter.ts'
import { encodingFor, pageCache } from './page-cache.ts'
import { publicTextModel } from './public-text.ts'
import { safeHarbourModel, statementList, statementNamed } from './safe-harbour/presenter.ts'
import { securityModel } from './security/presenter.ts'
import { certificatePage, certificateRoute, thanksKey, thanksPage } from './thanks-routes.ts'
import { verifyModel } from './verify/presenter.ts'

const CACHE_CONTROL = 'public, max-age=5'
const KEEP_MS = 2000
const PAGES_MAX = 200

/** The day on which these pages were last checked against WCAG 2.2. */
const ACCESSIBILITY_CHECKED_ON = calendarDate('2026-11-22')

/** What a tracking id may look like; nothing else is looked up. */
const ADVISORY_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** What a model is made with, besides the kernel. */
type Ask = {
  readonly messages: Messages
  readonly lang: string
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
}
/** `undefined`: there is no such page. */
type MakeModel<P extends PageName> = (
  kit: SiteKit,
  ask: Ask,
) => Promise<PageModels[P] | undefined> | PageModels[P]

export async function publicRoutes(server: FastifyInstance, kit: SiteKit): Promise<void> {
  const cache = pageCache({
    keepMs: KEEP_MS,
    pagesMax: PAGES_MAX,
    nowMs: () => performance.now(),
    compress: kit.compress,
  })

  /** `variant`: which of its closed forms a query asks for; it is kept apart. */
  const serve = <P extends PageName>(
    route: RouteName,
    page: P,
    makeModel: MakeModel<P>,
    variant: (query: unknown) => string = () => '',
  ) => {
    server.get(ROUTES[route], async (request, reply) => {
      const lang = languageOf(kit, request)
      const params = request.params as Ask['params']
      const address = linkTo(lang, route, params)
      const make = async () => {
        const messages = kit.renderer.catalogues.messagesFor(lang, 'public')
        const model = await makeModel(kit, { messages, lang, params, query: request.query })
        if (model === undefined) throw new NoSuchPage()
        return renderPage(kit, request, page, model, { path: address.replace(/^\/[^/]*/, '') })
      }
      const encoding = encodingFor(request.headers['accept-encoding'] ?? '')
      try {
        const body = await cache.get(`${address} ${variant(request.query)}`, encoding, make)
        return reply
          .headers({
            ...pageHeaders(page),
            'cache-control': CACHE_CONTROL,
            vary: 'accept-encoding',
            ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
          })
          .type('text/html; charset=utf-8')
          .send(body)
      } catch (error) {
        if (error instanceof NoSuchPage) return notFound(kit, request, reply)
        throw error
      }
    })
  }

  const publicFeed = (address: string, textOf: () => Promise<string>) => {
    server.get(address, async (_request, reply) =>
      reply
        .headers({ 'cache-control': CACHE_CONTROL, 'x-content-type-options': 'nosniff' })
        .type('application/atom+xml; charset=utf-8')
        .send(await textOf()),
    )
  }

  serve('home', 'public/home', home)
  serve('dashboard', 'public/dashboard', dashboard)
  serve('advisories', 'public/advisories', advisories, (query) => filterKey(textFilter(query)))
  serve('advisory', 'public/advisory', advisory)
  serve('safetyNotice', 'public/safety-notice', safetyNotice)
  serve(
    'thanks',
    'public/thanks',
    (site, { query, lang }) => thanksPage(site, query, lang),
    thanksKey,
  )
  serve('certificate', 'public/certificate', (site, { params, lang }) =>
    certificatePage(site, params['creditId'] ?? '', lang),
  )
  certificateRoute(server, kit)
  publicFeed('/advisories/feed.atom', () => publicTextFeedText(kit, 'advisory'))
  publicFeed('/safety-notices/feed.atom', () => publicTextFeedText(kit, 'safetyNotice'))
  serve('agreements', 'public/agreements', agreements)
  serve('law', 'public/law', law)
  serve('lawPack', 'public/law-pack', lawPack)
  serve('lawVersion', 'public/law-pack', lawPack)
  publicFeed('/law/feed.atom', () => lawFeedText(kit))
  serve('oversightPublic', 'public/oversight', ({ kernel }) => publicOversightModel(kernel))
  serve('log', 'public/log', log)
  serve('safeHarbour', 'public/safe-harbour', async ({ kernel }) =>
    safeHarbourModel(await readSafeHarbours(kernel), utcDateOf(kernel.clocks.caseNow())),
  )
  server.get('/safe-harbour/:file', async (request, reply) => {
    const { file } = request.params as { readonly file: string }
    const found = await safeHarbourFile(kit, file)
    if (found === undefined) return notFound(kit, request, reply)
    return reply
      .headers({ 'cache-control': CACHE_CONTROL, 'x-content-type-options': 'nosniff' })
      .type('application/json; charset=utf-8')
      .send(found)
  })
  filingCheckRoute(server, kit)
  serve('verify', 'public/verify', ({ kernel }) =>
    verifyModel(kernel.primitives, kernel.publicLog.policy),
  )
  serve('openData', 'public/open-data', openData)
  serve('security', 'public/security', ({ kernel, renderer }) =>
    securityModel(kernel.node, renderer.catalogues),
  )
  serve('accessibility', 'public/accessibility', () => ({ checkedOn: ACCESSIBILITY_CHECKED_ON }))
}

/** Goes from the making of a page to its route, past the cache that keeps only pages. */
class NoSuchPage extends Error {}

function notFound(kit: SiteKit, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(kit, request, reply, problem(404, 'not-found'))
}

const isDemo = ({ kernel }: SiteKit) => kernel.node.profile !== 'production'

const home: MakeModel<'public/home'> = async ({ kernel }) => {
  const { registers, people, publicLog, clocks } = kernel
  const [agreementRows, publications, officers, checkpoint] = await Promise.all([
    registers.agreements(),
    registers.publications(),
    people.officers(),
    publicLog.checkpoint(),
  ])
  const now = clocks.caseNow()
  return homeModel({ agreements: agreementRows, publications, officers, checkpoint, now })
}

const dashboard: MakeModel<'public/dashboard'> = async ({ kernel }, { messages }) => {
  const { registers, clocks } = kernel
  const asOf = clocks.caseNow()
  const [rows, publications, figures] = await Promise.all([
    registers.counts(asOf),
    registers.publications(),
    publicDisclosureFigures(kernel),
  ])
  return {
    ...dashboardModel({ rows, advisories: publications.length, asOf, messages }),
    disclosure: disclosureModel(figures, messages),
  }
}

const advisories: MakeModel<'public/advisories'> = async (kit, { query }) =>
  advisoriesModel(await kit.kernel.registers.publicTexts.all(), textFilter(query), isDemo(kit))

const advisory: MakeModel<'public/advisory'> = async (kit, { params }) => {
  const { registers, primitives, csaf } = kit.kernel
  const id = params['advisoryId'] ?? ''
  if (!ADVISORY_ID.test(id)) return undefined
  const [row, said, files, keys] = await Promise.all([
    registers.publication(id),
    registers.publicTexts.find(id),
    csaf.ofPublication(id),
    csaf.keys(),
  ])
  const text = said && publicTextModel(said)
  const view = { hashing: primitives, isDemonstration: isDemo(kit), files, keys }
  return row && text && advisoryModel(row, text, view)
}

const safetyNotice: MakeModel<'public/safety-notice'> = async (kit, { params }) => {
  const id = params['noticeId'] ?? ''
  const row = ADVISORY_ID.test(id) ? await kit.kernel.registers.publicTexts.find(id) : undefined
  const text = row?.kind === 'safetyNotice' ? publicTextModel(row) : undefined
  if (!row || !text) return undefined
  return { text, publishedAt: row.publishedAt, isDemonstration: isDemo(kit) }
}

async function publicTextFeedText(
  { kernel }: SiteKit,
  kind: PublicTextRow['kind'],
): Promise<string> {
  const { node, clocks, registers } = kernel
  const rows = await registers.publicTexts.all()
  const entries = rows
    .filter((row) => row.kind === kind)
    .flatMap(({ trackingId: id, publishedAt, revisedAt: updatedAt, revisions }) => {
      const last = revisions.at(-1)
      if (!last) return []
      const { title, lang } = last.content
      return [{ id, title, lang, publishedAt, updatedAt, summary: last.summary }]
    })
  return publicTextFeed({
    ...{ kind, node: node.id, authority: node.name, address: node.urls.public },
    ...{ now: clocks.caseNow(), entries },
  })
}

const agreements: MakeModel<'public/agreements'> = async ({ kernel }, { messages }) => {
  const { registers, streams, primitives, clocks } = kernel
  const rows = await registers.agreements()
  const read = await Promise.all(rows.map(({ id }) => streams.read(id)))
  const view = { hashing: primitives, messages, now: clocks.caseNow() }
  return agreementsModel(
    read.filter((stream) => stream !== undefined),
    view,
  )
}

const law: MakeModel<'public/law'> = async ({ kernel }, { messages }) =>
  lawModel(await lawFacts(kernel, messages))

const lawPack: MakeModel<'public/law-pack'> = async ({ kernel }, { messages, params }) =>
  lawPackModel(await lawFacts(kernel, messages), params['pack'] ?? '', params['version'])

async function lawFeedText({ kernel }: SiteKit): Promise<string> {
  const { node, clocks } = kernel
  return lawFeed({
    node: node.id,
    authority: node.name,
    address: node.urls.public,
    now: clocks.caseNow(),
    entries: lawFeedEntries(await lawSources(kernel)),
  })
}

const log: MakeModel<'public/log'> = async ({ kernel }, { messages }) => {
  const { node, peers, primitives, publicLog } = kernel
  const authorities = new Map([node, ...peers.all()].map(({ id, name }) => [id, name]))
  const checkpoint = await publicLog.checkpoint()
  const { policy } = publicLog
  return logModel({ primitives, checkpoint, policy, nodeId: node.id, authorities, messages })
}

/** The list, or the signed file of one statement once the witnesses have cosigned it. */
async function safeHarbourFile({ kernel }: SiteKit, file: string): Promise<string | undefined> {
  const state = await readSafeHarbours(kernel)
  if (file === 'index.json') {
    return canonicalText(statementList(state, utcDateOf(kernel.clocks.caseNow())))
  }
  const found = statementNamed(state, file)
  const opening = found && (await statementOpening(kernel, found))
  return opening && canonicalText(opening)
}

const openData: MakeModel<'public/open-data'> = async (kit) => {
  const { registers, primitives } = kit.kernel
  const rows = await registers.publications()
  return {
    figures: [
      { file: 'counts.json', mediaType: 'application/json' },
      { file: 'counts.csv', mediaType: 'text/csv' },
      { file: 'disclosure.json', mediaType: 'application/json' },
      { file: 'disclosure.csv', mediaType: 'text/csv' },
      { file: 'disclosure.schema.json', mediaType: 'application/schema+json' },
      { file: 'advisories.json', mediaType: 'application/json' },
    ],
    advisories: rows.map((row) => ({
      ...csafFileOf(row, primitives),
      title: csafTitleOf(row),
      publishedAt: row.publishedAt,
    })),
    isDemonstration: isDemo(kit),
  }
}
