/**
 * The witness protocol over HTTP (C2SP tlog-witness). Clients are known by the
 * log's signature in the body alone, so there is no other authentication, and
 * any or no Content-Type will do.
 */
import type { FastifyInstance } from 'fastify'

export type WitnessRoutesParts = {
  /** Submission and monitoring prefix, e.g. `/witness`. */
  readonly prefix: string
  readonly addCheckpoint: (body: Uint8Array) => Promise<{
    readonly status: number
    readonly mediaType: string
    readonly body: Uint8Array
  }>
  /** A notice that closes a log and names the one that follows it. */
  readonly addNotice: WitnessRoutesParts['addCheckpoint']
  readonly closingNotice: WitnessRoutesParts['latestCheckpoint']
  /** By the lower-case hex SHA-256 of the origin. */
  readonly latestCheckpoint: (originHash: string) => Promise<Uint8Array | undefined>
}

const NEVER_COSIGNED = {
  type: 'urn:comity:problem:never-cosigned',
  title: 'No checkpoint of this origin was cosigned here',
  status: 404,
  code: 'never-cosigned',
}

const NEVER_CLOSED = {
  type: 'urn:comity:problem:not-closed',
  title: 'No notice that closes this log is known here',
  status: 404,
  code: 'not-closed',
}

const BODY_SIZE_MAX = 128 * 1024

/** Registers a plugin of its own, whose body parser stays in it. */
export function witnessRoutes(server: FastifyInstance, parts: WitnessRoutesParts): void {
  server.register(async (plugin) => addRoutes(plugin, parts))
}

function addRoutes(plugin: FastifyInstance, parts: WitnessRoutesParts): void {
  const { prefix } = parts
  // The built-in parsers for text and JSON would win over `*`.
  plugin.removeAllContentTypeParsers()
  plugin.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_SIZE_MAX },
    (_request, body, done) => done(null, body),
  )
  for (const [name, take] of [
    ['add-checkpoint', parts.addCheckpoint],
    ['log-notice', parts.addNotice],
  ] as const) {
    plugin.post<{ Body: Buffer | undefined }>(
      `${prefix}/${name}`,
      { bodyLimit: BODY_SIZE_MAX },
      async (request, reply) => {
        const answer = await take(new Uint8Array(request.body ?? []))
        return reply
          .code(answer.status)
          .headers({ 'content-type': answer.mediaType, 'cache-control': 'no-store' })
          .send(Buffer.from(answer.body))
      },
    )
  }
  for (const [name, read, missing] of [
    ['checkpoint', parts.latestCheckpoint, NEVER_COSIGNED],
    ['log-notice', parts.closingNotice, NEVER_CLOSED],
  ] as const) {
    plugin.get<{ Params: { originHash: string } }>(
      `${prefix}/:originHash/${name}`,
      async (request, reply) => {
        const note = await read(request.params.originHash)
        if (note === undefined) {
          return reply
            .code(404)
            .header('content-type', 'application/problem+json')
            .send(Buffer.from(JSON.stringify(missing)))
        }
        return reply
          .headers({
            'content-type': 'text/plain; charset=utf-8',
            'cache-control': 'public, max-age=2',
          })
          .send(Buffer.from(note))
      },
    )
  }
}
