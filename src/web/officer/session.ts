/**
 * Who is at a page of the workspace. Every page asks here and nowhere else: no
 * session, no page; no role for reading, no case; no form token, no act.
 *
 * The form token is bound to the session, so that only a page of this workspace
 * can have made the form. The cookie is not sent with requests of other sites.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  accessContext,
  decideDeskAccess,
  decideRouteAccess,
  deskAccess,
  type MayOnDesk,
} from '../../app/access.ts'
import { actingAs } from '../../app/acting.ts'
import { findErasure } from '../../app/erasure/read-erasures.ts'
import { isOwnOrigin, officerOf, sessionCookieName } from '../../app/officer-session.ts'
import type { SignedInOfficer } from '../../app/ports/people.ts'
import { type Bytes, equalBytes, toHex, utf8 } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import type { AccessContext } from '../../core/access/decide-access.ts'
import type { ActionGroup } from '../../core/access/rules.ts'
import type { Acting } from '../../core/case/recorded.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import { problem, problemOfRefusal } from '../../wire/problem.ts'
import type { RawValues } from '../form/form-model.ts'
import type { PageModels, PageName } from '../pages.ts'
import { linkTo } from '../routes.ts'
import type { SignedIn } from '../site.ts'
import {
  languageOf,
  type SiteKit,
  seeOther,
  sendPage,
  sendProblem,
  wantsJson,
} from '../site-kit.ts'

export type OfficerTurn = {
  readonly kit: SiteKit
  readonly lang: string
  readonly officer: SignedInOfficer
  readonly acting: Acting
  readonly signedIn: SignedIn
  /** What the person may do on the authority as a whole, for the controls of a page. */
  readonly may: MayOnDesk
  /** What the form of a request that changes something holds. */
  readonly sent: RawValues
  page<P extends PageName>(page: P, model: PageModels[P], status?: number): FastifyReply
}

export type OfficerHandler = (
  turn: OfficerTurn,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<FastifyReply>

export type OfficerRoute = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** Its row in the rules of access. On the case that the address names, or else on the desk. */
  readonly group: ActionGroup
  readonly bodyLimit?: number
  readonly handler: OfficerHandler
}

export function officerRoute(server: FastifyInstance, kit: SiteKit, route: OfficerRoute): void {
  const { method, url, bodyLimit } = route
  server.route({
    method,
    url,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    handler: (request, reply) => answer(kit, route, request, reply),
  })
}

async function answer(
  kit: SiteKit,
  { method, group, handler }: OfficerRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const secret = sessionSecret(kit, request)
  const officer = await officerOf(kit.kernel, secret)
  if (!officer) return toSignIn(kit, request, reply)
  const context = await accessContext(kit.kernel)
  const turn = turnOf({ kit, officer, context, request, reply })
  const { signedIn } = turn
  if (method === 'POST' && !isOwnForm(kit, request, turn)) {
    return sendProblem(kit, request, reply, problem(403, 'not-our-form'), { signedIn })
  }
  const access = await decideRouteAccess(kit.kernel, request.params, group, turn.acting).catch(
    (error) => erasedOr(turn, request, error),
  )
  if (access === 'erased') return seeOther(reply, linkTo(turn.lang, 'officerErasures'))
  if (access.decision === 'refuse') {
    return sendProblem(kit, request, reply, problemOfRefusal(access), { signedIn })
  }
  return handler(turn, request, reply)
}

/** In the place of a case that was erased stands what is known of that. */
async function erasedOr(
  { kit, acting }: OfficerTurn,
  { params }: FastifyRequest,
  error: unknown,
): Promise<'erased'> {
  const { caseId } = params as { readonly caseId?: string }
  const isUnknown = error instanceof ComityError && error.reason === 'unknown-case'
  const may = await decideDeskAccess(kit.kernel, { name: 'read', group: 'workspace' }, acting)
  if (!isUnknown || caseId === undefined || may.decision === 'refuse') throw error
  if (!(await findErasure(kit.kernel, caseId))) throw error
  return 'erased'
}

/** This very person in this very session: nobody else's, and not theirs in another one. */
export function sessionOf({ officer }: OfficerTurn): string {
  return `${officer.id} ${officer.session.id}`
}

function toSignIn(kit: SiteKit, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (wantsJson(request)) return sendProblem(kit, request, reply, problem(401, 'not-signed-in'))
  const place = linkTo(languageOf(kit, request), 'officerSignIn')
  return seeOther(reply, place)
}

type Turning = {
  readonly kit: SiteKit
  readonly officer: SignedInOfficer
  readonly context: AccessContext
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

function turnOf({ kit, officer, context, request, reply }: Turning): OfficerTurn {
  const acting = actingAs(officer, kit.kernel)
  const { id, name, roles } = officer
  const signedIn = {
    officer: id,
    name,
    roles,
    formToken: formTokenOf(kit, officer.session.formKey),
  }
  return {
    kit,
    officer,
    signedIn,
    lang: languageOf(kit, request),
    acting,
    may: deskAccess(acting, context),
    sent: (request.body ?? {}) as RawValues,
    page: (page, model, status = 200) =>
      sendPage(kit, request, reply, page, model, { signedIn, status }),
  }
}

export function sessionSecret({ kernel }: SiteKit, request: FastifyRequest): string | undefined {
  return request.cookies[sessionCookieName(kernel.node)]
}

function formTokenOf({ kernel }: SiteKit, formKey: Bytes): string {
  return toHex(hmacSha256(kernel.primitives, formKey, utf8('comity/officer-form/v1')))
}

/** By the browser's own word, and by the token that only pages of the same sign-in hold. */
function isOwnForm({ kernel }: SiteKit, request: FastifyRequest, turn: OfficerTurn): boolean {
  const { formToken } = turn.sent
  const isBound =
    typeof formToken === 'string' && equalBytes(utf8(formToken), utf8(turn.signedIn.formToken))
  return isBound && isFromOwnPage(request, kernel.node)
}

/** Older browsers name no site; for them the token decides. */
export function isFromOwnPage(
  { headers }: FastifyRequest,
  node: Parameters<typeof isOwnOrigin>[1],
): boolean {
  const isUnnamed = headers.origin === 'null' && headers['sec-fetch-site'] === undefined
  return isUnnamed || isOwnOrigin(headers, node)
}
