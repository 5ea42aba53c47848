/**
 * A form with a file, read before anything else looks at the request: its texts are
 * then what a plain form would have sent, and its file is kept beside the request.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { malformed } from '../../base/errors.ts'
import {
  acceptParts,
  envelopeFault,
  type PartRules,
  readParts,
  type SentFile,
} from './read-parts.ts'

export type Uploads = { of(request: FastifyRequest): SentFile | undefined }

/** For all routes of this scope; a form that no rules fit is refused. */
export async function acceptUploads(
  scope: FastifyInstance,
  rulesOf: (request: FastifyRequest) => PartRules | undefined,
): Promise<Uploads> {
  const files = new WeakMap<FastifyRequest, SentFile>()
  await acceptParts(scope)
  scope.addHook('preHandler', async (request) => {
    if (!request.isMultipart()) return
    const file = await readUpload(request, rulesOf(request))
    if (file) files.set(request, file)
  })
  return { of: (request) => files.get(request) }
}

async function readUpload(
  request: FastifyRequest,
  rules: PartRules | undefined,
): Promise<SentFile | undefined> {
  const envelope = envelopeFault(request)
  if (!rules) throw malformed('no file is expected here', { reason: 'formType' })
  const { values, file, errors } = envelope
    ? { values: {}, file: undefined, errors: [envelope] }
    : await readParts(request, rules)
  const [first] = errors
  if (first) {
    const field = first.field || rules.file?.name || 'form'
    throw malformed('the form could not be read', { field, reason: first.reason })
  }
  request.body = values
  return file
}
