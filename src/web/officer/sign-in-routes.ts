/**
 * Signing in by a one-time link, and signing out. Opening a link only shows whose
 * it is, so that a program that looks at links does not use it up; the button
 * exchanges it for the session's cookie.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sessionCookieName, sessionCookieOptions } from '../../app/officer-session.ts'
import { signInOnce } from '../../app/sign-in/sign-in-once.ts'
import { problem } from '../../wire/problem.ts'
import type { RawValues } from '../form/form-model.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { languageOf, type SiteKit, sendPage, sendProblem } from '../site-kit.ts'
import { isFromOwnPage, sessionSecret } from './session.ts'
import type { OfficerSignInModel } from './sign-in/model.ts'

export function signInRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { people, node } = kit.kernel
  const name = sessionCookieName(node)
  const options = sessionCookieOptions(node)

  server.get(ROUTES.officerSignIn, async (request, reply) =>
    signInPage(kit, request, reply, {}, 401),
  )
  server.get<{ Params: { link: string } }>(ROUTES.officerSignInLink, async (request, reply) => {
    const secret = request.params.link
    const owner = await people.peekOneTimeSignIn(secret)
    if (!owner) return signInPage(kit, request, reply, { failure: 'unusable' }, 401)
    const link = { secret, name: owner.name, roles: owner.roles }
    return signInPage(kit, request, reply, { link }, 200)
  })
  server.post(ROUTES.officerSignIn, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const { link } = (request.body ?? {}) as RawValues
    const secret = typeof link === 'string' ? await signInOnce(kit.kernel, link) : undefined
    if (!secret) return signInPage(kit, request, reply, { failure: 'unusable' }, 401)
    reply.setCookie(name, secret, options).header('cache-control', 'no-store')
    return reply.redirect(linkTo(languageOf(kit, request), 'officerCases'), 303)
  })
  server.post(ROUTES.officerSignOut, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const secret = sessionSecret(kit, request)
    if (secret) await people.signOut(secret)
    reply.clearCookie(name, options).header('cache-control', 'no-store')
    return reply.redirect(linkTo(languageOf(kit, request), 'officerSignIn'), 303)
  })
}

function foreign(kit: SiteKit, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(kit, request, reply, problem(403, 'cross-origin'))
}

function signInPage(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  model: Omit<OfficerSignInModel, 'methods'>,
  status: number,
): FastifyReply {
  const methods = kit.site.simulatedClock ? (['oneTime'] as const) : []
  const path = ROUTES.officerSignIn.replace('/:lang', '')
  return sendPage(kit, request, reply, 'officer/sign-in', { ...model, methods }, { status, path })
}
