/** The officer behind a request: a cookie whose name carries the node, since ports do not part cookies. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Kernel } from '../../app/kernel.ts'
import type { Officer } from '../../app/ports/people.ts'
import type { Acting } from '../../core/case/recorded.ts'

export function cookieName(node: string): string {
  return `comity-${node.replace(/[^a-z0-9]/g, '-')}`
}

export function setSessionCookie(reply: FastifyReply, kernel: Kernel, secret: string): void {
  reply.setCookie(cookieName(kernel.node.id), secret, cookieOptions(kernel))
}

export function clearSessionCookie(reply: FastifyReply, kernel: Kernel): void {
  reply.clearCookie(cookieName(kernel.node.id), cookieOptions(kernel))
}

function cookieOptions(kernel: Kernel) {
  const secure = kernel.node.baseUrl.startsWith('https:')
  return { path: '/', httpOnly: true, sameSite: 'strict', secure } as const
}

export function sessionSecret(request: FastifyRequest, kernel: Kernel): string | undefined {
  return request.cookies[cookieName(kernel.node.id)]
}

export async function officerOf(
  request: FastifyRequest,
  kernel: Kernel,
): Promise<Officer | undefined> {
  const secret = sessionSecret(request, kernel)
  return secret ? kernel.people.session(secret) : undefined
}

export function actingAs({ id, roles }: Officer, kernel: Kernel): Acting {
  return { officer: id, roles, authority: kernel.node.id, now: kernel.clocks.caseNow() }
}

/**
 * False for a request that another site made the browser send. A browser always
 * names its origin with a request that changes something; a program need not.
 */
export function isOwnOrigin(request: FastifyRequest, kernel: Kernel): boolean {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const isOwn = origin === undefined || origin === new URL(kernel.node.baseUrl).origin
  return isOwn && (site === undefined || site === 'same-origin' || site === 'none')
}
