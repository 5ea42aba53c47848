/**
 * One's own sessions and ways to sign in, and proving anew who one is. To change a
 * way to sign in needs a fresh proof, so that a browser left open changes none.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { MAKE_CALENDAR_PASSWORD, makeCalendarPassword } from '../../app/desk/clock-feed.ts'
import { sessionCookieName, sessionCookieOptions } from '../../app/officer-session.ts'
import { readStanding } from '../../app/people/standing.ts'
import {
  isGivenProofs,
  type Proved,
  stepUpInDemonstration,
  stepUpWithPasskey,
} from '../../app/sign-in/prove.ts'
import { isFreshProof } from '../../core/access/fresh-proof.ts'
import { personOf } from '../../core/people/standing.ts'
import { linkTo, machineLink, ROUTES } from '../routes.ts'
import { type SiteKit, seeOther } from '../site-kit.ts'
import type { AccountModel } from './account/model.ts'
import { namesOf } from './case/names.ts'
import { controlOf } from './control.ts'
import { nameOf } from './enrol-routes.ts'
import { type OfficerHandler, type OfficerTurn, officerRoute } from './session.ts'
import { answerIn, toProvider } from './sign-in-routes.ts'

export function accountRoutes(server: FastifyInstance, kit: SiteKit): void {
  const { people, signIn } = kit.kernel
  const everybody = (method: 'GET' | 'POST', url: string, handler: OfficerHandler) =>
    officerRoute(server, kit, { method, url, group: 'ownPlace', handler })

  everybody('GET', ROUTES.officerStepUp, async (turn) => stepUpPage(turn))
  everybody('POST', ROUTES.officerStepUpDemonstration, async (turn, _request, reply) =>
    answerProof(turn, reply, await stepUpInDemonstration(kit.kernel, turn.officer)),
  )
  everybody('POST', ROUTES.officerStepUpPasskey, async (turn, request, reply) => {
    const proof = await stepUpWithPasskey(kit.kernel, turn.officer, answerIn(request))
    return answerProof(turn, reply, proof)
  })
  everybody('POST', ROUTES.officerStepUpProvider, (turn, request, reply) =>
    toProvider(kit, request, reply, { kind: 'stepUp', ...whoOf(turn) }),
  )

  everybody('GET', ROUTES.officerAccount, async (turn) => accountPage(turn))
  everybody('POST', ROUTES.officerRevokeSession, async (turn, request, reply) => {
    const { sessionId } = request.params as { sessionId: string }
    await people.revokeSession(turn.officer.id, sessionId)
    return seeOther(reply, linkTo(turn.lang, 'officerAccount'))
  })
  everybody('POST', ROUTES.officerRevokeSessions, async (turn, _request, reply) => {
    await people.revokeSessions(turn.officer.id, turn.officer.session.id)
    return seeOther(reply, linkTo(turn.lang, 'officerAccount'))
  })
  everybody('POST', ROUTES.officerMakeCalendarPassword, async (turn) => {
    const made = await makeCalendarPassword(kit.kernel, turn.acting)
    if (made.decision === 'refuse') return accountPage(turn, { failure: 'calendar' })
    return accountPage(turn, { password: made.value })
  })
  everybody('POST', ROUTES.officerRevokeCalendarPassword, async (turn, _request, reply) => {
    await signIn.calendar.revoke(turn.officer.id)
    return seeOther(reply, linkTo(turn.lang, 'officerAccount'))
  })
  everybody('POST', ROUTES.officerAddPasskey, async (turn, request, reply) => {
    if (!isFresh(turn)) return accountPage(turn, { failure: 'stepUp' })
    const made = await signIn.passkeys?.checkRegistration(turn.officer.id, answerIn(request))
    const name = nameOf(turn.sent['passkeyName'])
    if (!made || !(await signIn.passkeys?.add(turn.officer.id, name, made))) {
      return accountPage(turn, { failure: 'passkey' })
    }
    return seeOther(reply, linkTo(turn.lang, 'officerAccount'))
  })
  everybody('POST', ROUTES.officerRemovePasskey, async (turn, request, reply) => {
    const { passkeyId } = request.params as { passkeyId: string }
    if (!isFresh(turn)) return accountPage(turn, { failure: 'stepUp' })
    if (turn.sent['sure'] !== 'yes' && (await isLastWay(turn, passkeyId))) {
      return accountPage(turn, { failure: 'lastWay' })
    }
    await signIn.passkeys?.remove(turn.officer.id, passkeyId)
    return seeOther(reply, linkTo(turn.lang, 'officerAccount'))
  })
  everybody('POST', ROUTES.officerBindProvider, async (turn, request, reply) => {
    if (!isFresh(turn)) return accountPage(turn, { failure: 'stepUp' })
    return toProvider(kit, request, reply, { kind: 'bind', ...whoOf(turn) })
  })
}

const whoOf = ({ officer }: OfficerTurn) => ({
  officerId: officer.id,
  sessionId: officer.session.id,
})

const isFresh = ({ kit, officer }: OfficerTurn) =>
  isFreshProof(officer.session.steppedUpAt, kit.kernel.clocks.wireNow())

/** Among those that work: a suspended passkey is no way in. */
async function isLastWay({ kit, officer }: OfficerTurn, passkeyId: string): Promise<boolean> {
  const { passkeys, providers } = kit.kernel.signIn
  const held = (await passkeys?.of(officer.id)) ?? []
  const others = held.filter(({ id, suspendedAt }) => id !== passkeyId && !suspendedAt)
  return others.length === 0 && (await providers.boundTo(officer.id)).length === 0
}

async function answerProof(
  turn: OfficerTurn,
  reply: FastifyReply,
  proof: Proved,
): Promise<FastifyReply> {
  if ('failure' in proof) return stepUpPage(turn, proof.failure)
  const { node } = turn.kit.kernel
  reply.setCookie(sessionCookieName(node), proof.secret, sessionCookieOptions(node))
  return seeOther(reply, linkTo(turn.lang, 'officerStepUp'))
}

async function stepUpPage(
  turn: OfficerTurn,
  failure?: 'failed' | 'tooManyTries',
): Promise<FastifyReply> {
  const { passkeys, providers } = turn.kit.kernel.signIn
  const { officer, signedIn } = turn
  const [held, bound] = await Promise.all([
    passkeys?.of(officer.id) ?? [],
    providers.boundTo(officer.id),
  ])
  const provedAt = isFresh(turn) ? officer.session.steppedUpAt : undefined
  const model = {
    formToken: signedIn.formToken,
    hasPasskeys: held.some(({ suspendedAt }) => !suspendedAt),
    providers: providers.list.filter(({ id }) => bound.some(({ provider }) => provider === id)),
    inDemonstration: isGivenProofs(turn.kit.kernel, officer),
    ...(provedAt ? { provedAt } : {}),
    ...(failure ? { failure } : {}),
  }
  return turn.page('officer/step-up', model, failure ? 401 : 200)
}

type Answered = { readonly failure?: AccountModel['failure']; readonly password?: string }

async function accountPage(
  turn: OfficerTurn,
  { failure, password }: Answered = {},
): Promise<FastifyReply> {
  const { signIn, people } = turn.kit.kernel
  const { id, session: own } = turn.officer
  const [standing, names, sessions, passkeys, bound, calendar] = await Promise.all([
    readStanding(turn.kit.kernel),
    namesOf(turn.kit.kernel),
    people.sessionsOf(id),
    signIn.passkeys?.of(id) ?? [],
    signIn.providers.boundTo(id),
    calendarPart(turn),
  ])
  const fresh = isFresh(turn)
  const isBound = (provider: string) => bound.some((one) => one.provider === provider)
  const model: AccountModel = {
    formToken: turn.signedIn.formToken,
    sessions: sessions.map(({ formKey: _, steppedUpAt: __, ...facts }) => ({
      ...facts,
      isThis: facts.id === own.id,
    })),
    passkeys: passkeys.map(({ lastUsedAt, suspendedAt, ...passkey }) => ({
      ...passkey,
      ...(lastUsedAt ? { lastUsedAt } : {}),
      ...(suspendedAt ? { suspendedAt } : {}),
    })),
    accounts: bound.map(({ provider, boundAt }) => ({
      name: signIn.providers.list.find((one) => one.id === provider)?.name ?? provider,
      boundAt,
    })),
    providers: fresh ? signIn.providers.list.filter((one) => !isBound(one.id)) : [],
    mayAddPasskey: fresh && signIn.passkeys !== undefined,
    waysBack: (personOf(standing, id)?.waysBack ?? [])
      .map(({ givenBy, givenAt, usedAt }) => {
        const by = names.officer(givenBy)
        return { by, givenAt, ...(usedAt ? { usedAt } : {}) }
      })
      .toReversed(),
    needsStepUp: !fresh,
    calendar: { ...calendar, ...(password === undefined ? {} : { password }) },
    ...(failure ? { failure } : {}),
  }
  return turn.page('officer/account', model, failure ? 403 : 200)
}

async function calendarPart({ kit, lang, officer, may }: OfficerTurn) {
  const { node, signIn } = kit.kernel
  const kept = await signIn.calendar.of(officer.id)
  return {
    address: node.urls.officers + machineLink('clockFeed'),
    user: officer.id,
    make: controlOf(may(MAKE_CALENDAR_PASSWORD), linkTo(lang, 'officerMakeCalendarPassword')),
    ...(kept ? { madeAt: kept.madeAt } : {}),
    ...(kept?.lastUsedOn ? { lastUsedOn: kept.lastUsedOn } : {}),
  }
}
