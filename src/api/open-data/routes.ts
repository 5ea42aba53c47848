/** Open data and advisories for programs. Counts are suppressed before they leave. */
import type { FastifyInstance } from 'fastify'
import { publicDisclosureFigures } from '../../app/disclosure-figures.ts'
import type { Kernel } from '../../app/kernel.ts'
import { publicCounts } from '../../app/public-counts.ts'
import { advisoryFileName } from '../../wire/csaf.ts'
import { DisclosureFiguresForm, disclosureCsv } from '../../wire/open-data/disclosure-figures.ts'
import { sendError } from '../problem.ts'
import { csafRoutes } from './csaf-routes.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'
const PUBLIC_CACHE = 'public, max-age=30'

export async function openDataRoutes(server: FastifyInstance, kernel: Kernel): Promise<void> {
  server.setErrorHandler((error, _request, reply) => sendError(reply, error))
  server.get('/open-data/counts.json', { schema: { tags: ['open data'] } }, async (_, reply) => {
    reply.header('cache-control', PUBLIC_CACHE)
    return publicCounts(kernel)
  })
  server.get('/open-data/counts.csv', { schema: { tags: ['open data'] } }, async (_, reply) => {
    const { rows } = await publicCounts(kernel)
    const lines = rows.map(({ measure, key, count }) => [measure, key, count ?? 'suppressed'])
    reply.header('cache-control', PUBLIC_CACHE)
    reply.header('content-type', 'text/csv; charset=utf-8')
    return [['measure', 'key', 'count'], ...lines].map((line) => `${line.join(',')}\r\n`).join('')
  })
  const figuresOf = () => publicDisclosureFigures(kernel)
  server.get(
    '/open-data/disclosure.json',
    { schema: { tags: ['open data'] } },
    async (_, reply) => {
      reply.header('cache-control', PUBLIC_CACHE)
      return figuresOf()
    },
  )
  server.get('/open-data/disclosure.csv', { schema: { tags: ['open data'] } }, async (_, reply) => {
    reply.header('cache-control', PUBLIC_CACHE)
    reply.header('content-type', 'text/csv; charset=utf-8')
    return disclosureCsv(await figuresOf())
  })
  server.get(
    '/open-data/disclosure.schema.json',
    { schema: { tags: ['open data'] } },
    async (_, reply) => {
      reply.header('cache-control', PUBLIC_CACHE)
      reply.header('content-type', 'application/schema+json; charset=utf-8')
      return JSON.stringify({ $schema: DIALECT, ...DisclosureFiguresForm }, null, 2)
    },
  )
  server.get(
    '/open-data/advisories.json',
    { schema: { tags: ['open data'] } },
    async (_, reply) => {
      reply.header('cache-control', PUBLIC_CACHE)
      const rows = await kernel.registers.publications()
      return rows.map(({ trackingId, publishedAt }) => ({
        trackingId,
        publishedAt,
        url: advisoryPath(trackingId, publishedAt),
      }))
    },
  )
  csafRoutes(server, kernel)
}

function advisoryPath(trackingId: string, publishedAt: string): string {
  return `/csaf/white/${publishedAt.slice(0, 4)}/${advisoryFileName(trackingId)}`
}
