/**
 * Files as exhibits, for programs: the body is the file, whatever its type, and is
 * sealed while it comes. What it is for and what it is called stand in headers, so that
 * neither gets into an address.
 */
import { Readable } from 'node:stream'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actingAs } from '../../app/acting.ts'
import { fileMediaType, fileName, purpose, whyOriginal } from '../../app/acts/file-acts.ts'
import { openFile, takeFile } from '../../app/exhibit-files.ts'
import type { Kernel } from '../../app/kernel.ts'
import { fromBase64, toHex } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'
import { sendRefusal } from '../problem.ts'
import { answer, caseIdOf, checked } from './asked.ts'
import { asOfficer } from './session.ts'

const tags = ['evidence']
const form = Type.Object({ name: fileName, mediaType: fileMediaType, purpose })
const purposeForm = Type.Object({ purpose, whyOriginal }, { additionalProperties: false })

export function fileRoutes(server: FastifyInstance, kernel: Kernel): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body))
    scope.post<{ Params: { caseId: string } }>(
      '/cases/:caseId/files',
      {
        bodyLimit: Number.MAX_SAFE_INTEGER,
        schema: {
          tags,
          summary: 'Take in a file: the body is its bytes',
          description:
            'Content-Type: what the file is. Comity-File-Name and Comity-Purpose: percent-encoded UTF-8. ' +
            'Content-Digest (RFC 9530, sha-256): optional; other bytes are then refused.',
          params: Type.Object({ caseId: Type.String() }),
        },
      },
      (request, reply) =>
        asOfficer(kernel, request, reply, (officer) => {
          const file = { ...fileOf(request), bytes: bodyOf(request) }
          return answer(reply, takeFile(kernel, caseIdOf(request), actingAs(officer, kernel), file))
        }),
    )
  })
  server.post<{ Params: { caseId: string; exhibitId: string } }>(
    '/cases/:caseId/exhibits/:exhibitId/file',
    { schema: { tags, body: purposeForm, summary: 'Download a file; recorded with its purpose' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, async (officer) => {
        const acting = actingAs(officer, kernel)
        const input = {
          exhibitId: request.params.exhibitId,
          ...checked(purposeForm, request.body),
        }
        const opened = await openFile(kernel, caseIdOf(request), acting, input)
        if (opened.decision === 'refuse') return sendRefusal(reply, opened)
        const { bytes, sizeBytes } = opened.value
        reply.headers({
          'content-type': 'application/octet-stream',
          'content-length': String(sizeBytes),
          'content-disposition': 'attachment; filename="exhibit"',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
        })
        return reply.send(Readable.from(bytes, { objectMode: false }))
      }),
  )
}

function fileOf({ headers }: FastifyRequest) {
  const [mediaType = ''] = (headers['content-type'] ?? 'application/octet-stream').split(';')
  const sent = {
    name: plain(headers['comity-file-name']),
    mediaType: mediaType.trim().toLowerCase(),
    purpose: plain(headers['comity-purpose']),
  }
  const saidDigest = digestIn(headers['content-digest'])
  return { ...checked(form, sent), ...(saidDigest ? { saidDigest } : {}) }
}

/** Headers hold ASCII; what people write stands in them as in an address. */
function plain(header: string | readonly string[] | undefined): string {
  try {
    return decodeURIComponent(String(header ?? ''))
  } catch {
    throw malformed('a header is not percent-encoded UTF-8', { reason: 'schema' })
  }
}

function digestIn(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const encoded = /(?:^|,\s*)sha-256=:([A-Za-z0-9+/]{43}=):/.exec(String(header))?.[1]
  if (encoded === undefined) {
    throw malformed('no SHA-256 in content-digest', { field: 'content-digest', reason: 'schema' })
  }
  return toHex(fromBase64(encoded))
}

/** A connection that breaks is an error of the stream, never its end. */
async function* bodyOf({ raw, body }: FastifyRequest): AsyncGenerator<Uint8Array> {
  if (body !== null && body !== undefined) yield* body as AsyncIterable<Uint8Array>
  if (!raw.complete) throw malformed('the body broke off', { reason: 'truncated' })
}
