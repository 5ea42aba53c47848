/** A small form, sent in either of the two ways in which browsers send forms. */
import type { FastifyRequest } from 'fastify'
import { malformed } from '../../base/errors.ts'
import type { RawValues } from './form-model.ts'
import { envelopeFault, readParts } from './read-parts.ts'

const TEXT_MAX_BYTES = 32 * 1024

/**
 * Text fields by name; of a name that was not asked for nothing is read.
 *
 * @throws ComityError `malformed` naming the field
 */
export async function readSent(
  request: FastifyRequest,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (request.isMultipart()) return readMultipart(request, names)
  const body = (request.body ?? {}) as RawValues
  const sent = names.flatMap((name) => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined
    if (value !== undefined && typeof value !== 'string') {
      throw malformed('a field was sent twice', { field: name, reason: 'repeated' })
    }
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(sent)
}

async function readMultipart(request: FastifyRequest, names: readonly string[]) {
  const fault = envelopeFault(request)
  const rules = { texts: names, textMaxBytes: TEXT_MAX_BYTES }
  const { values, errors } = fault
    ? { values: {}, errors: [fault] }
    : await readParts(request, rules)
  const [first] = errors
  if (first === undefined) return values
  const detail = { field: first.field || 'form', reason: first.reason }
  throw malformed('the form could not be read', detail)
}
