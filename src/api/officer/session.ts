/** The officer behind a request to the officers' interface. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Kernel } from '../../app/kernel.ts'
import {
  sessionCookieName,
  sessionCookieOptions,
  officerOf as sessionOfficer,
} from '../../app/officer-session.ts'
import type { SignedInOfficer } from '../../app/ports/people.ts'
import { sendProblem } from '../problem.ts'

export function setSessionCookie(reply: FastifyReply, { node }: Kernel, secret: string): void {
  reply.setCookie(sessionCookieName(node), secret, sessionCookieOptions(node))
}

export function clearSessionCookie(reply: FastifyReply, { node }: Kernel): void {
  reply.clearCookie(sessionCookieName(node), sessionCookieOptions(node))
}

export function sessionSecret(request: FastifyRequest, { node }: Kernel): string | undefined {
  return request.cookies[sessionCookieName(node)]
}

function officerOf(request: FastifyRequest, kernel: Kernel): Promise<SignedInOfficer | undefined> {
  return sessionOfficer(kernel, sessionSecret(request, kernel))
}

export async function asOfficer<T>(
  kernel: Kernel,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (officer: SignedInOfficer) => T | Promise<T>,
): Promise<T | FastifyReply> {
  const officer = await officerOf(request, kernel)
  if (!officer) return sendProblem(reply, 401, 'not-signed-in')
  return work(officer)
}
