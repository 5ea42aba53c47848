/** What an administrator does about sign-in: invite, withdraw, end sessions, look at what went wrong. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { INVITE, invite, inviteBack } from '../../app/sign-in/enrol.ts'
import type { Refusal } from '../../base/decision.ts'
import { ComityError } from '../../base/errors.ts'
import { ROLES, type Role } from '../../core/case/recorded.ts'
import { statusOfRefusal } from '../../wire/problem.ts'
import { linkTo, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import { controlOf } from './control.ts'
import { type OfficerHandler, type OfficerTurn, officerRoute } from './session.ts'
import type { SignInDeskModel } from './sign-in-desk/model.ts'

export function signInDeskRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { signIn, people } = kit.kernel
  const administrators = (method: 'GET' | 'POST', url: string, handler: OfficerHandler) =>
    officerRoute(server, kit, { method, url, group: 'administer', handler })

  administrators('GET', ROUTES.officerSignInDesk, (turn) => deskPage(turn))
  administrators('POST', ROUTES.officerSignInDesk, async (turn) => {
    const { name, roles, officer } = turn.sent
    const listed = (Array.isArray(roles) ? roles : [roles]) as Role[]
    try {
      const asked = { name: typeof name === 'string' ? name : '', roles: listed }
      const made =
        typeof officer === 'string'
          ? await inviteBack(kit.kernel, officer, turn.acting)
          : await invite(kit.kernel, asked, turn.acting)
      if (made.decision === 'refuse') return deskPage(turn, { refused: made })
      const { id, code } = made.value
      const path = linkTo(turn.lang, 'officerEnrol', { enrolmentId: id })
      return deskPage(turn, { made: { id, code, address: kit.kernel.node.urls.officers + path } })
    } catch (error) {
      if (error instanceof ComityError && error.code === 'malformed') {
        return deskPage(turn, { failure: 'form' })
      }
      throw error
    }
  })
  administrators('POST', ROUTES.officerWithdrawInvitation, async (turn, request, reply) => {
    const { enrolmentId } = request.params as { enrolmentId: string }
    await signIn.enrolments.withdraw(enrolmentId)
    return seeOther(reply, linkTo(turn.lang, 'officerSignInDesk'))
  })
  administrators('POST', ROUTES.officerSignInNotice, async (turn, request, reply) => {
    const { noticeId } = request.params as { noticeId: string }
    await signIn.notices.markSeen(noticeId, turn.officer.id)
    return seeOther(reply, linkTo(turn.lang, 'officerSignInDesk'))
  })
  administrators('POST', ROUTES.officerEndSessionsOf, async (turn, request, reply) => {
    const { officerId } = request.params as { officerId: string }
    if (await people.officer(officerId)) {
      await people.revokeSessions(officerId)
      await signIn.calendar.revoke(officerId)
    }
    return seeOther(reply, linkTo(turn.lang, 'officerSignInDesk'))
  })
}

async function deskPage(
  turn: OfficerTurn,
  { refused, ...more }: Pick<SignInDeskModel, 'made' | 'failure'> & { refused?: Refusal } = {},
): Promise<FastifyReply> {
  const { signIn, people, staff } = turn.kit.kernel
  const [pending, notices, officers] = await Promise.all([
    signIn.enrolments.pending(),
    signIn.notices.unseen(),
    people.officers(),
  ])
  const others = officers.filter(({ id }) => id !== turn.officer.id)
  const without = await Promise.all(
    others.map(async ({ id }) => (await staff.meansOf(id)).length === 0),
  )
  const nameOf = (id: string | undefined) => officers.find((one) => one.id === id)?.name
  const model: SignInDeskModel = {
    formToken: turn.signedIn.formToken,
    roles: ROLES,
    invitations: pending
      .filter(({ kind }) => kind === 'invitation')
      .map(({ id, person, expiresAt, triesLeft }) => ({
        id,
        name: person.name,
        roles: person.roles,
        expiresAt,
        triesLeft,
      })),
    notices: notices.map(({ id, at, kind, officerId }) => {
      const name = nameOf(officerId)
      return { id, at, kind, ...(name === undefined ? {} : { name }) }
    }),
    officers: others.map(({ id, name }, index) => ({
      id,
      name,
      hasNoMeans: !signIn.oneTime && without[index] === true,
    })),
    invite: controlOf(turn.may(INVITE), linkTo(turn.lang, 'officerSignInDesk')),
    ...(refused ? { refused: refused.because } : {}),
    ...more,
  }
  const status = refused ? statusOfRefusal(refused.why) : more.failure ? 400 : 200
  return turn.page('officer/sign-in-desk', model, status)
}
