/**
 * The node's log for everyone (C2SP tlog-tiles): checkpoint and hash tiles are
 * public, entry bundles are served to nobody.
 *
 * Protocol answers are Buffers, so that nothing adds to their media types.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { ComityError } from '../../base/errors.ts'
import { parseTilePath } from '../../proof/tile-path.ts'

export type LogRoutesParts = {
  /** Path of the log on this server, e.g. `/ledger`. */
  readonly prefix: string
  /** `checkpoint` or the path of a tile; undefined if there is no such file. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>
  /** Served as `policy.txt`: whose cosignatures this node asks for. */
  readonly policy?: Uint8Array
  /** Served as `log-notice`: by which this log was closed, of one that was. */
  readonly notice?: Uint8Array | undefined
}

/** Of a day: its newest checkpoint, and the token of the time stamp on it. */
const STAMP_NAME = /^\d{4}-\d{2}-\d{2}\.(checkpoint|tst)$/

export function logRoutes(server: FastifyInstance, parts: LogRoutesParts): void {
  const { prefix, read } = parts
  server.get(`${prefix}/checkpoint`, async (_request, reply) =>
    send(reply, await read('checkpoint'), {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=2',
    }),
  )
  server.get(`${prefix}/policy.txt`, async (_request, reply) =>
    send(reply, parts.policy, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=60',
    }),
  )
  server.get(`${prefix}/log-notice`, async (_request, reply) =>
    send(reply, parts.notice, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=60',
    }),
  )
  server.get<{ Params: { name: string } }>(
    `${prefix}/time-stamps/:name`,
    async ({ params: { name } }, reply) => {
      const bytes = STAMP_NAME.test(name) ? await read(`time-stamps/${name}`) : undefined
      const isToken = name.endsWith('.tst')
      return send(reply, bytes, {
        'content-type': isToken ? 'application/timestamp-token' : 'text/plain; charset=utf-8',
        'cache-control': 'public, max-age=60',
      })
    },
  )
  server.get<{ Params: { '*': string } }>(`${prefix}/tile/*`, async (request, reply) => {
    const path = `tile/${request.params['*']}`
    const level = tileLevel(path)
    if (level === 'entries') {
      return refuse(reply, 403, 'bundles-not-served', 'Entry bundles are served to nobody')
    }
    return send(reply, level === undefined ? undefined : await read(path), {
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
}

/** Undefined for what is no path of a tile. */
function tileLevel(path: string): number | 'entries' | undefined {
  try {
    return parseTilePath(path).level
  } catch (error) {
    if (error instanceof ComityError) return undefined
    throw error
  }
}

function send(
  reply: FastifyReply,
  bytes: Uint8Array | undefined,
  headers: Record<string, string>,
): FastifyReply {
  if (bytes === undefined) return refuse(reply, 404, 'not-found', 'There is no such file')
  return reply.headers(headers).send(Buffer.from(bytes))
}

function refuse(reply: FastifyReply, status: number, code: string, title: string): FastifyReply {
  const problem = { type: `urn:comity:problem:${code}`, title, status, code }
  return reply
    .code(status)
    .headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
    .send(Buffer.from(JSON.stringify(problem)))
}
