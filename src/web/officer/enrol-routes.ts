/**
 * Getting an account with a code: the setup code or an invitation's. A right code
 * gives this browser a ticket in a cookie; with it the person makes a passkey or
 * names their account at a provider, and is signed in.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cookieNameOf, sessionCookieName, sessionCookieOptions } from '../../app/officer-session.ts'
import { finishEnrolment } from '../../app/sign-in/enrol.ts'
import type { RawValues } from '../form/form-model.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { languageOf, type SiteKit, seeOther, sendPage } from '../site-kit.ts'
import { isFromOwnPage } from './session.ts'
import { answerIn, foreign, signInPage, toProvider } from './sign-in-routes.ts'

const TICKET_SECONDS = 30 * 60

export function enrolRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { node, signIn } = kit.kernel
  const ticketCookie = cookieNameOf(node, '-enrolment')
  const options = sessionCookieOptions(node)
  const ticketOf = (request: FastifyRequest) => request.cookies[ticketCookie] ?? ''
  type Named = { Params: { enrolmentId: string } }

  server.get<Named>(ROUTES.officerEnrol, async (request, reply) => {
    const { enrolmentId } = request.params
    return sendPage(kit, request, reply, 'officer/enrol', { enrolmentId })
  })
  server.post<Named>(ROUTES.officerEnrol, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const { enrolmentId } = request.params
    const { code } = (request.body ?? {}) as RawValues
    const no = (failure: 'code' | 'tooManyTries', status: number) =>
      sendPage(kit, request, reply, 'officer/enrol', { enrolmentId, failure }, { status })
    const one = { from: request.ip, at: enrolmentId }
    if (!(await signIn.tries.mayTry(one))) return no('tooManyTries', 429)
    const typed = typeof code === 'string' ? code : ''
    const accepted = await signIn.enrolments.acceptCode(enrolmentId, typed)
    if (!accepted) {
      signIn.tries.failed(one)
      return no('code', 401)
    }
    reply.setCookie(ticketCookie, accepted.ticket, { ...options, maxAge: TICKET_SECONDS })
    return seeOther(reply, linkTo(languageOf(kit, request), 'officerEnrolment'))
  })
  server.get(ROUTES.officerEnrolment, async (request, reply) =>
    choicePage(kit, request, reply, ticketOf(request)),
  )
  server.post(ROUTES.officerEnrolPasskey, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const { passkeyName, name } = (request.body ?? {}) as RawValues
    const means = { kind: 'passkey', name: nameOf(passkeyName), answer: answerIn(request) } as const
    const own = typeof name === 'string' && name.trim() !== '' ? { name } : {}
    const enrolled = await finishEnrolment(kit.kernel, ticketOf(request), { means, ...own })
    if (!enrolled) return choicePage(kit, request, reply, ticketOf(request), 'failed')
    reply.clearCookie(ticketCookie, options)
    reply.setCookie(sessionCookieName(node), enrolled.session, options)
    return seeOther(reply, linkTo(languageOf(kit, request), 'officerAccount'))
  })
  server.post<{ Params: { provider: string } }>(
    ROUTES.officerEnrolProvider,
    async (request, reply) => {
      if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
      const ticket = ticketOf(request)
      if (!(await signIn.enrolments.peek(ticket))) {
        return signInPage(kit, request, reply, { failure: 'enrolment' }, 401)
      }
      return toProvider(kit, request, reply, { kind: 'enrol', ticket })
    },
  )
}

/** What somebody calls a passkey; without a word, something to tell them apart by. */
export function nameOf(given: RawValues[string]): string {
  const name = typeof given === 'string' ? given.trim().slice(0, 60) : ''
  return name === '' ? 'Passkey' : name
}

async function choicePage(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
  ticket: string,
  failure?: 'failed',
): Promise<FastifyReply> {
  const { enrolments, passkeys, providers } = kit.kernel.signIn
  const enrolment = await enrolments.peek(ticket)
  if (!enrolment) return signInPage(kit, request, reply, { failure: 'enrolment' }, 401)
  const { kind, person } = enrolment
  const model = {
    kind,
    name: person.name,
    roles: person.roles,
    hasPasskeys: passkeys !== undefined,
    providers: providers.list,
    ...(failure ? { failure } : {}),
  }
  const path = ROUTES.officerEnrolment.replace('/:lang', '')
  const status = failure ? 400 : 200
  return sendPage(kit, request, reply, 'officer/enrolment', model, { status, path })
}
