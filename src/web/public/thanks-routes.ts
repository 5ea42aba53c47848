/** The page of thanks and its certificates: from rows made for the public, and nothing else. */
import type { FastifyInstance } from 'fastify'
import { contributionOf } from '../../app/contribution.ts'
import { textFromUtf8 } from '../../base/bytes.ts'
import { canonicalBytes, type Json } from '../../base/canonical-json.ts'
import { isUuid } from '../../base/ids.ts'
import { utcMonthOf } from '../../base/time.ts'
import { problem } from '../../wire/problem.ts'
import { formatMonth } from '../instants.ts'
import { type SiteKit, sendProblemJson } from '../site-kit.ts'
import type { CertificateModel } from './certificate/model.ts'
import { pageCache } from './page-cache.ts'
import type { ThanksModel } from './thanks/model.ts'
import { LINES_OF_PAGE, thanksAsked, thanksModel } from './thanks/presenter.ts'

const KEEP_MS = 60_000
const FILES_MAX = 200

export async function thanksPage(
  { kernel }: SiteKit,
  query: unknown,
  lang: string,
): Promise<ThanksModel> {
  const { year, page } = thanksAsked(query)
  const before = runningMonth(kernel)
  const skip = (page - 1) * LINES_OF_PAGE
  const found = await kernel.registers.thanks.page({ before, year, skip, limit: LINES_OF_PAGE })
  return thanksModel(found, page, lang)
}

/** The same query always as the same text. */
export function thanksKey(query: unknown): string {
  const { year = '', page } = thanksAsked(query)
  return `${year}/${page}`
}

export async function certificatePage(
  kit: SiteKit,
  creditId: string,
  lang: string,
): Promise<CertificateModel | undefined> {
  const row = await lineOf(kit, creditId)
  if (!row) return undefined
  const { node } = kit.kernel
  return {
    ...{ creditId, name: row.name, roles: row.roles, month: formatMonth(row.month, lang) },
    authority: node.name,
    isDemonstration: node.profile !== 'production',
  }
}

/** Signing may ask a key service, so a file that was just made is given again. */
export function certificateRoute(server: FastifyInstance, kit: SiteKit): void {
  const cache = pageCache({
    keepMs: KEEP_MS,
    pagesMax: FILES_MAX,
    nowMs: () => performance.now(),
    compress: kit.compress,
  })
  server.get('/thanks/:creditId', async (request, reply) => {
    const { creditId } = request.params as { readonly creditId: string }
    const row = await lineOf(kit, creditId)
    if (!row) return sendProblemJson(reply, problem(404, 'not-found'))
    const file = async () => {
      const made = await contributionOf(kit.kernel, row)
      return textFromUtf8(canonicalBytes(made as unknown as Json))
    }
    const body = await cache.get(JSON.stringify(row), 'identity', file)
    return reply
      .headers({
        'cache-control': 'public, max-age=5',
        'x-content-type-options': 'nosniff',
        'content-disposition': `attachment; filename="contribution-${creditId}.json"`,
      })
      .type('application/json; charset=utf-8')
      .send(body)
  })
}

async function lineOf({ kernel }: SiteKit, creditId: string) {
  if (!isUuid(creditId)) return undefined
  return kernel.registers.thanks.find(creditId, runningMonth(kernel))
}

/** Nothing of it is shown: when a line appears must tell nothing. */
function runningMonth({ clocks }: SiteKit['kernel']): string {
  return utcMonthOf(clocks.caseNow())
}
