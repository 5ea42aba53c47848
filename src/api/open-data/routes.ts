/** Open data and advisories for programs. Counts are suppressed before they leave. */
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../app/kernel.ts'
import { publicCounts } from '../../app/public-counts.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { advisoryFileName } from '../../wire/csaf.ts'
import { sendError, sendProblem } from '../problem.ts'

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
  server.get<{ Params: { year: string; file: string } }>(
    '/csaf/white/:year/:file',
    { schema: { tags: ['open data'], summary: 'A published advisory, CSAF 2.0' } },
    async (request, reply) => {
      const rows = await kernel.registers.publications()
      const wanted = `/csaf/white/${request.params.year}/${request.params.file}`
      const row = rows.find((one) => advisoryPath(one.trackingId, one.publishedAt) === wanted)
      if (!row) return sendProblem(reply, 404, 'not-found')
      reply.header('cache-control', PUBLIC_CACHE)
      reply.header('content-type', 'application/json')
      // Canonical, so that the digest of the file is the one that the case recorded.
      return Buffer.from(canonicalBytes(row.document as object))
    },
  )
}

function advisoryPath(trackingId: string, publishedAt: string): string {
  return `/csaf/white/${publishedAt.slice(0, 4)}/${advisoryFileName(trackingId)}`
}
