/**
 * Signing in and out. Opening a one-time link only shows whose it is, so that a
 * program that looks at links does not use it up; the button exchanges it for the
 * session's cookie. The ways to a provider and back are pages, not redirects: a
 * form may lead nowhere else, and the session's cookie does not come along from
 * another site.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cookieNameOf, sessionCookieName, sessionCookieOptions } from '../../app/officer-session.ts'
import type { Officer } from '../../app/ports/people.ts'
import type { Errand } from '../../app/ports/sign-in.ts'
import { comeBack } from '../../app/sign-in/come-back.ts'
import { type Proved, signInOnce, signInWithPasskey } from '../../app/sign-in/prove.ts'
import { problem } from '../../wire/problem.ts'
import type { RawValues } from '../form/form-model.ts'
import { linkTo, ROUTES, type RouteName } from '../routes.ts'
import { languageOf, type SiteKit, seeOther, sendPage, sendProblem } from '../site-kit.ts'
import type { GoModel } from './go/model.ts'
import { isFromOwnPage, sessionSecret } from './session.ts'
import type { OfficerSignInModel, SignInFailure } from './sign-in/model.ts'

/** As long as an attempt lasts. */
const COOKIE_SECONDS = 600

export function signInRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { people, node, signIn } = kit.kernel
  const name = sessionCookieName(node)
  const options = sessionCookieOptions(node)
  const providerCookie = cookieNameOf(node, '-provider')

  server.get(ROUTES.officerSignIn, async (request, reply) =>
    signInPage(kit, request, reply, {}, 401),
  )
  server.get<{ Params: { link: string } }>(ROUTES.officerSignInLink, async (request, reply) => {
    const secret = request.params.link
    const owner = signIn.oneTime ? await people.peekOneTimeSignIn(secret) : undefined
    if (!owner) return signInPage(kit, request, reply, { failure: 'unusable' }, 401)
    const link = { secret, name: owner.name, roles: owner.roles }
    return signInPage(kit, request, reply, { link }, 200)
  })
  server.post(ROUTES.officerSignIn, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const { link } = (request.body ?? {}) as RawValues
    const proof = await signInOnce(kit.kernel, typeof link === 'string' ? link : '', request.ip)
    return answerProof(kit, request, reply, proof, 'unusable')
  })
  server.post(ROUTES.officerSignInPasskey, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const proof = await signInWithPasskey(kit.kernel, answerIn(request), request.ip)
    return answerProof(kit, request, reply, proof, 'failed')
  })
  server.post<{ Params: { provider: string } }>(ROUTES.officerProvider, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    return toProvider(kit, request, reply, { kind: 'signIn' })
  })
  server.get<{ Params: { provider: string } }>(
    ROUTES.officerProviderBack,
    async (request, reply) => {
      const [, query = ''] = request.url.split('?')
      const browserSecret = request.cookies[providerCookie]
      const came = { query, browserSecret, from: request.ip }
      const back = await comeBack(kit.kernel, request.params.provider, came)
      reply.clearCookie(providerCookie, { ...options, sameSite: 'lax' })
      if ('failure' in back) {
        return signInPage(kit, request, reply, { failure: back.failure }, 401)
      }
      if ('secret' in back) reply.setCookie(name, back.secret, options)
      const url = linkTo(languageOf(kit, request), PLACE_AFTER[back.did])
      return goOn(kit, request, reply, { url })
    },
  )
  server.post(ROUTES.officerSignOut, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const secret = sessionSecret(kit, request)
    if (secret) await people.signOut(secret)
    reply.clearCookie(name, options)
    return seeOther(reply, linkTo(languageOf(kit, request), 'officerSignIn'))
  })
}

const PLACE_AFTER = {
  signIn: 'officerCases',
  stepUp: 'officerStepUp',
  enrol: 'officerAccount',
  bind: 'officerAccount',
} as const

const signInPath = ROUTES.officerSignIn.replace('/:lang', '')

/** What a passkey's form carries. What is no JSON is no answer. */
export function answerIn(request: FastifyRequest): unknown {
  const { answer } = (request.body ?? {}) as RawValues
  if (typeof answer !== 'string' || answer.length > 32_768) return undefined
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}

/** Sends the browser to a provider; its cookie ties the way back to this browser. */
export async function toProvider(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  errand: Errand,
): Promise<FastifyReply> {
  const { signIn, node } = kit.kernel
  const { provider: id } = request.params as { provider: string }
  const provider = signIn.providers.list.find((one) => one.id === id)
  if (!provider) return sendProblem(kit, request, reply, problem(404, 'not-found'))
  const { url, browserSecret } = await signIn.providers.begin(id, errand)
  const options = {
    ...sessionCookieOptions(node),
    sameSite: 'lax',
    maxAge: COOKIE_SECONDS,
  } as const
  reply.setCookie(cookieNameOf(node, '-provider'), browserSecret, options)
  return goOn(kit, request, reply, { url, provider: provider.name })
}

function goOn(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  model: GoModel,
): FastifyReply {
  reply.header('refresh', `0; url=${model.url}`)
  return sendPage(kit, request, reply, 'officer/go', model, { path: signInPath })
}

export function foreign(kit: SiteKit, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(kit, request, reply, problem(403, 'cross-origin'))
}

function answerProof(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  proof: Proved,
  failed: SignInFailure,
): FastifyReply {
  if ('failure' in proof) {
    const isMany = proof.failure === 'tooManyTries'
    const failure = isMany ? 'tooManyTries' : failed
    return signInPage(kit, request, reply, { failure }, isMany ? 429 : 401)
  }
  const { node } = kit.kernel
  reply.setCookie(sessionCookieName(node), proof.secret, sessionCookieOptions(node))
  return seeOther(reply, linkTo(languageOf(kit, request), startOf(proof.officer)))
}

/** An administrator runs the node and reads no case. */
function startOf({ roles }: Officer): RouteName {
  const isOnlyAdministrator = roles.every((role) => role === 'administrator')
  return isOnlyAdministrator ? 'officerSignInDesk' : 'officerCases'
}

export function signInPage(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  model: Omit<OfficerSignInModel, 'methods' | 'providers'>,
  status: number,
): FastifyReply {
  const { passkeys, oneTime, providers } = kit.kernel.signIn
  const methods = [
    ...(passkeys ? (['passkey'] as const) : []),
    ...(oneTime ? (['oneTime'] as const) : []),
  ]
  const whole = { ...model, methods, providers: providers.list }
  return sendPage(kit, request, reply, 'officer/sign-in', whole, { status, path: signInPath })
}
