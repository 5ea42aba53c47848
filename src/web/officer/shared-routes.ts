/**
 * What was shared with people from outside: for those with an account, and for guests,
 * who come by a link and a code. Both see the same page of the same view. A guest's
 * cookie opens nothing but this one case, and is no session of the workspace.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { enterAsGuest, lookAsGuest } from '../../app/guests.ts'
import { cookieNameOf, sessionCookieOptions } from '../../app/officer-session.ts'
import { readCase } from '../../app/read-case.ts'
import { lookAsPerson, type SharedCase, sharedCases } from '../../app/shared-cases.ts'
import { HOUR_MS, SECOND_MS } from '../../base/time.ts'
import { guestsNow } from '../../core/access/guests.ts'
import { problemOfRefusal } from '../../wire/problem.ts'
import type { RawValues } from '../form/form-model.ts'
import { actItem } from '../parts.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { languageOf, type SiteKit, sendPage, sendProblem } from '../site-kit.ts'
import { namesOf } from './case/names.ts'
import { caseHead, caseRef } from './case/present-case.ts'
import type { GuestModel } from './guest/model.ts'
import { otherSideRoutes } from './other-side-routes.ts'
import { isFromOwnPage, type OfficerTurn, officerRoute } from './session.ts'
import {
  guestPlaces,
  NOTHING_SENT,
  personPlaces,
  sharedAnswerRoutes,
  sharedModel,
} from './shared-answer-routes.ts'
import { foreign } from './sign-in-routes.ts'

const COOKIE_SECONDS = HOUR_MS / SECOND_MS

/** What was just sent, by the address to which its answer led. */
type Sent = { readonly filed?: string; readonly said?: string }

type CaseParams = { readonly caseId: string }

export function sharedRoutes(server: FastifyInstance, kit: SiteKit): void {
  const method = 'GET'
  officerRoute(server, kit, {
    method,
    url: ROUTES.officerShared,
    group: 'listCases',
    handler: (turn) => sharedPage(turn),
  })
  officerRoute(server, kit, {
    method,
    url: ROUTES.officerSharedCase,
    group: 'readShared',
    handler: (turn, request, reply) =>
      sharedCasePage(turn, request, reply, (request.params as CaseParams).caseId),
  })
  officerRoute(server, kit, {
    method,
    url: ROUTES.officerGuests,
    group: 'read',
    handler: (turn, request) => guestsPage(turn, (request.params as CaseParams).caseId),
  })
  guestRoutes(server, kit)
  sharedAnswerRoutes(server, kit)
  otherSideRoutes(server, kit)
}

async function sharedPage(turn: OfficerTurn): Promise<FastifyReply> {
  const { kernel } = turn.kit
  const cases = await sharedCases(kernel, turn.acting)
  return turn.page('officer/shared', {
    cases: cases.map((one) => ({
      id: one.caseId,
      ref: refOf(kernel, one),
      ...(one.view.summary ? { title: one.view.summary.title } : {}),
    })),
  })
}

async function sharedCasePage(
  turn: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
  caseId: string,
): Promise<FastifyReply> {
  const { kit, signedIn } = turn
  const shared = await lookAsPerson(kit.kernel, caseId, turn.acting)
  if (shared.decision === 'refuse') {
    return sendProblem(kit, request, reply, problemOfRefusal(shared), { signedIn })
  }
  const { filed, said } = request.query as Sent
  const model = sharedModel(kit, shared.value, personPlaces(turn, caseId), NOTHING_SENT, filed)
  return turn.page('officer/shared-case', said === undefined ? model : { ...model, said })
}

async function guestsPage({ kit, acting, page }: OfficerTurn, caseId: string) {
  const { kernel } = kit
  const [read, names, links] = await Promise.all([
    readCase(kernel, caseId, acting),
    namesOf(kernel),
    kernel.desk.guests.of(caseId),
  ])
  const { access } = read.state
  const now = guestsNow(access, acting.now)
  const linkOf = (person: string) => links.find((one) => one.person === person)
  const stateOf = (person: string) => {
    const link = linkOf(person)
    const isOpen = now.some((one) => one.person === person) && link?.isEnded === false
    if (!isOpen) return 'over' as const
    return link.triesLeft === 0 ? ('locked' as const) : ('open' as const)
  }
  const item = (name: string) => read.acts.filter((one) => one.name === name)
  const [admit, remove] = ['admitGuest', 'removePerson'].flatMap((name) =>
    item(name).map(({ available }) => actItem(name, available)),
  )
  if (!admit || !remove) throw new Error('a case that was read lists every act')
  const guests = access.guests.toReversed().map((guest) => ({
    person: guest.person,
    name: linkOf(guest.person)?.name ?? guest.person,
    sees: guest.sees,
    admittedBy: names.officer(guest.admittedBy),
    admittedAt: guest.admittedAt,
    until: guest.until,
    state: stateOf(guest.person),
    views: guest.views.toReversed(),
  }))
  return page('officer/guests', { case: caseHead(read, names), guests, admit, remove })
}

type LinkParams = { Params: { linkId: string } }

function guestRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { kernel } = kit
  const { node } = kernel
  const name = cookieNameOf(node, '-guest')
  const options = sessionCookieOptions(node)
  const doorPage = (
    request: FastifyRequest,
    reply: FastifyReply,
    model: GuestModel,
    status: number,
  ) => {
    const path = linkTo('en', 'officerGuest', { linkId: model.linkId }).replace('/en', '')
    return sendPage(kit, request, reply, 'officer/guest', model, { status, path })
  }

  server.get<LinkParams>(ROUTES.officerGuest, async (request, reply) => {
    const { linkId } = request.params
    const secret = request.cookies[name]
    if (!secret) return doorPage(request, reply, { linkId }, 200)
    const { filed, said } = request.query as Sent
    const shared = await lookAsGuest(kernel, linkId, secret)
    if (!shared) {
      reply.clearCookie(name, options)
      if (said === 'leave') return doorPage(request, reply, { linkId, hasLeftCase: true }, 200)
      return doorPage(request, reply, { linkId, failure: 'over' }, 401)
    }
    const places = guestPlaces(kit, request, linkId)
    const model = sharedModel(kit, shared, places, NOTHING_SENT, filed)
    const guest = { linkId, until: shared.until }
    const done = said === undefined ? {} : { said }
    return sendPage(kit, request, reply, 'officer/shared-case', { ...model, ...done, guest })
  })
  server.post<LinkParams>(ROUTES.officerGuest, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const { linkId } = request.params
    const { code } = (request.body ?? {}) as RawValues
    const typed = typeof code === 'string' ? code : ''
    const entry = await enterAsGuest(kernel, linkId, { typed, from: request.ip })
    if (entry === 'tooManyTries') {
      return doorPage(request, reply, { linkId, failure: entry }, 429)
    }
    if (entry === 'wrong') return doorPage(request, reply, { linkId, failure: entry }, 401)
    reply.setCookie(name, entry.secret, { ...options, maxAge: COOKIE_SECONDS })
    const place = linkTo(languageOf(kit, request), 'officerGuest', { linkId })
    return reply.header('cache-control', 'no-store').redirect(place, 303)
  })
  server.post<LinkParams>(ROUTES.officerGuestLeave, async (request, reply) => {
    if (!isFromOwnPage(request, node)) return foreign(kit, request, reply)
    const { linkId } = request.params
    const secret = request.cookies[name]
    if (secret) await kernel.desk.guests.closeSession(linkId, secret)
    reply.clearCookie(name, options)
    return doorPage(request, reply, { linkId, hasLeft: true }, 200)
  })
}

function refOf({ node }: SiteKit['kernel'], { caseId, openedAt }: SharedCase): string {
  return caseRef(caseId, openedAt, node.id)
}
