/** What every route of the officers' interface does with a request: access, form, answer. */
import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { decideRouteAccess } from '../../app/access.ts'
import { actingAs } from '../../app/acting.ts'
import type { Kernel } from '../../app/kernel.ts'
import type { SignedInOfficer } from '../../app/ports/people.ts'
import { type Json, requireSafe } from '../../base/canonical-json.ts'
import type { Decision } from '../../base/decision.ts'
import { malformed } from '../../base/errors.ts'
import { isUuid } from '../../base/ids.ts'
import type { ActionGroup } from '../../core/access/rules.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { sendRefusal } from '../problem.ts'
import { asOfficer } from './session.ts'

export function caseIdOf(request: FastifyRequest): string {
  const { caseId } = request.params as { caseId: string }
  if (!isUuid(caseId)) throw malformed('there is no such case', { reason: 'unknown-case' })
  return caseId
}

export function notFound() {
  return malformed('there is nothing here', { reason: 'not-found' })
}

/** Checked here again: what reaches a use case fits its form whatever the framework did. */
export function checked<Schema extends TSchema>(schema: Schema, body: unknown): Static<Schema> {
  requireSafe(body as Json, '', 0)
  if (Value.Check(schema, body)) return body
  const first = Value.Errors(schema, body).First()
  throw malformed(first?.message ?? 'wrong form', { field: first?.path ?? '/', reason: 'schema' })
}

/** Reading too is default deny. On a case where the address names one, else on the desk. */
export async function withAccess<T>(
  kernel: Kernel,
  request: FastifyRequest,
  reply: FastifyReply,
  group: ActionGroup,
  work: (who: { officer: SignedInOfficer; acting: Acting }) => T | Promise<T>,
): Promise<T | FastifyReply> {
  return asOfficer<T | FastifyReply>(kernel, request, reply, async (officer) => {
    const acting = actingAs(officer, kernel)
    const access = await decideRouteAccess(kernel, request.params, group, acting)
    if (access.decision === 'refuse') return sendRefusal(reply, access)
    return work({ officer, acting })
  })
}

export async function answer<T>(
  reply: FastifyReply,
  decided: Promise<Decision<T>>,
): Promise<FastifyReply | { value: T; because: Decision<T>['because'] }> {
  const decision = await decided
  if (decision.decision === 'refuse') return sendRefusal(reply, decision)
  return { value: decision.value, because: decision.because }
}
