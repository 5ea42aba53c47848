/**
 * Headers of a file that somebody else made: to keep, never to show. Whatever it says
 * it is, a browser takes it for bytes, and if it opened it after all, it would stand in
 * a sandbox without scripts, forms or an origin.
 */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

export type LeavingFile = {
  readonly name: string
  /** Left out where it is not known. */
  readonly sizeBytes?: number
  readonly bytes: AsyncIterable<Uint8Array>
}

export function sendStream(reply: FastifyReply, { bytes, ...file }: LeavingFile): FastifyReply {
  return reply.headers(fileHeaders(file)).send(Readable.from(bytes, { objectMode: false }))
}

export function fileHeaders({
  name,
  sizeBytes,
}: Omit<LeavingFile, 'bytes'>): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-type': 'application/octet-stream',
    ...(sizeBytes === undefined ? {} : { 'content-length': String(sizeBytes) }),
    'content-disposition': `attachment; filename="${plainName(name)}"; filename*=UTF-8''${extended(name)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
  }
}

/** For programs that do not read the extended form (RFC 6266, appendix D). */
function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._ -]/g, '_')
}

/** RFC 8187, section 3.2.1. */
function extended(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (c) => `%${(c.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  )
}
