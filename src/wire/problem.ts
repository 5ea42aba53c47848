/**
 * Errors and refusals as problem details (RFC 9457) with a stable `code`. The one
 * table from our three kinds of no to HTTP, for pages and programs alike; no
 * problem carries personal data.
 */
import type { Refusal } from '../base/decision.ts'
import { ComityError } from '../base/errors.ts'
import { WHY_NO_ACCESS } from '../core/access/decide-access.ts'

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

export const PROBLEM_TYPE = 'application/problem+json'

export type ProblemFacts = {
  readonly detail?: string
  readonly field?: string
  readonly because?: Refusal['because']
  /** Where a form has several faults: each field with its reason. */
  readonly errors?: readonly { readonly field: string; readonly reason: string }[]
}

export type Problem = ProblemFacts & {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
}

export function problem(status: number, code: string, facts: ProblemFacts = {}): Problem {
  const title = TITLES[status] ?? 'Error'
  return { type: `urn:comity:problem:${code}`, title, status, code, ...facts }
}

/** A lawful no. */
export function problemOfRefusal({ why, because }: Refusal): Problem {
  const detail = because.map(({ text }) => text).join('; ')
  return problem(statusOfRefusal(why), why, { detail, because })
}

/** 403 where the person has no access, else 409: the state of things is in the way. */
export function statusOfRefusal(why: string): 403 | 409 {
  return (WHY_NO_ACCESS as readonly string[]).includes(why) ? 403 : 409
}

const NOT_FOUND = new Set(['unknown-case', 'unknown-act', 'not-found'])

/** Hostile or malformed input, and outages. Anything else is a fault of our own. */
export function problemOfError(error: unknown): Problem {
  if (error instanceof ComityError) {
    const status = { malformed: 400, unverified: 422, unavailable: 503 }[error.code]
    const found = NOT_FOUND.has(error.reason ?? '') ? 404 : status
    const field = error.field === undefined ? {} : { field: error.field }
    return problem(found, error.reason ?? error.code, { detail: error.message, ...field })
  }
  return serverProblem(error)
}

/** What the HTTP framework throws about a request. */
type ServerFault = {
  readonly statusCode?: number
  readonly code?: string
  readonly validation?: readonly { readonly instancePath: string; readonly message?: string }[]
}

function serverProblem(error: unknown): Problem {
  const { statusCode, code, validation } = (error ?? {}) as ServerFault
  const [fault] = validation ?? []
  if (fault) {
    const detail = fault.message ?? 'wrong form'
    return problem(400, 'schema', { field: fault.instancePath || '/', detail })
  }
  if (statusCode && statusCode < 500) {
    return problem(statusCode, (code ?? 'bad-request').toLowerCase().replaceAll('_', '-'))
  }
  return problem(500, 'internal')
}
