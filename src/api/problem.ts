/**
 * Errors and refusals as problem details (RFC 9457) with a stable `code`. The one
 * table from our three kinds of no to HTTP; no problem carries personal data.
 */
import type { FastifyReply } from 'fastify'
import type { Refusal } from '../base/decision.ts'
import { ComityError } from '../base/errors.ts'

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Refused',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'Could not be verified',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Try again later',
}

export type ProblemFacts = {
  readonly detail?: string
  readonly field?: string
  readonly because?: Refusal['because']
}

export function sendProblem(
  reply: FastifyReply,
  status: number,
  code: string,
  facts: ProblemFacts = {},
): FastifyReply {
  const title = TITLES[status] ?? 'Error'
  const body = { type: `urn:comity:problem:${code}`, title, status, code, ...facts }
  // A Buffer, because Fastify would add a charset to a JSON media type.
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(Buffer.from(JSON.stringify(body)))
}

/** A lawful no: 403 where the role is missing, else 409. */
export function sendRefusal(reply: FastifyReply, { why, because }: Refusal): FastifyReply {
  const detail = because.map(({ text }) => text).join('; ')
  return sendProblem(reply, why === 'roleMissing' ? 403 : 409, why, { detail, because })
}

const NOT_FOUND = new Set(['unknown-case', 'unknown-act', 'not-found'])

/** Hostile or malformed input, and outages. Anything else is a fault of our own. */
export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof ComityError) {
    const status = { malformed: 400, unverified: 422, unavailable: 503 }[error.code]
    const found = NOT_FOUND.has(error.reason ?? '') ? 404 : status
    const field = error.field === undefined ? {} : { field: error.field }
    return sendProblem(reply, found, error.reason ?? error.code, {
      detail: error.message,
      ...field,
    })
  }
  return sendProblem(reply, ...ownProblem(error))
}

type FastifyFault = {
  readonly statusCode?: number
  readonly code?: string
  readonly validation?: readonly { readonly instancePath: string; readonly message?: string }[]
}

function ownProblem(error: unknown): [number, string, ProblemFacts] {
  const { statusCode, code, validation } = (error ?? {}) as FastifyFault
  const [fault] = validation ?? []
  if (fault) {
    const detail = fault.message ?? 'wrong form'
    return [400, 'schema', { field: fault.instancePath || '/', detail }]
  }
  if (statusCode && statusCode < 500) {
    return [statusCode, (code ?? 'bad-request').toLowerCase().replaceAll('_', '-'), {}]
  }
  return [500, 'internal', {}]
}
