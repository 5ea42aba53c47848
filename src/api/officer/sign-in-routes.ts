/**
 * Signing in, proving anew who one is, and one's own sessions, for programs and for
 * the scripts of our pages. Whoever fails is told the same, whatever was wrong.
 */
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { decideDeskAccess } from '../../app/access.ts'
import { actingAs } from '../../app/acting.ts'
import type { Kernel } from '../../app/kernel.ts'
import { cookieNameOf } from '../../app/officer-session.ts'
import type { SignedInOfficer } from '../../app/ports/people.ts'
import {
  type Proved,
  signInOnce,
  signInWithPasskey,
  stepUpOnce,
  stepUpWithPasskey,
} from '../../app/sign-in/prove.ts'
import type { Json } from '../../base/canonical-json.ts'
import { sendProblem, sendRefusal } from '../problem.ts'
import { asOfficer, clearSessionCookie, sessionSecret, setSessionCookie } from './session.ts'

const END_SESSIONS = { name: 'endSessions', group: 'administer' } as const
const tags = ['session']
const LinkForm = Type.Object(
  { link: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
)
/** As a browser gives it; what is in it is looked at where it is verified. */
const AnswerForm = Type.Object({ answer: Type.Unknown() }, { additionalProperties: false })
const ANSWER_MAX = 32 * 1024

export function signInRoutes(server: FastifyInstance, kernel: Kernel): void {
  sessionRoutes(server, kernel)
  passkeyRoutes(server, kernel)
  server.post<{ Body: Static<typeof LinkForm> }>(
    '/sign-in',
    {
      schema: { body: LinkForm, tags, summary: 'Exchange a one-time link for a session' },
    },
    async (request, reply) => {
      const proof = await signInOnce(kernel, request.body.link, request.ip)
      return answerProof(kernel, reply, 'link-not-valid', proof)
    },
  )
  server.post<{ Body: Static<typeof LinkForm> }>(
    '/step-up',
    { schema: { body: LinkForm, tags, summary: 'Prove anew who you are with a one-time link' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, async (officer) => {
        const proof = await stepUpOnce(kernel, officer, request.body.link)
        return answerProof(kernel, reply, 'link-not-valid', proof)
      }),
  )
}

function passkeyRoutes(server: FastifyInstance, kernel: Kernel): void {
  const { signIn } = kernel
  const options = { schema: { tags, summary: 'What navigator.credentials takes' } }
  const summary = 'The answer of navigator.credentials, as toJSON gives it'
  const body = { bodyLimit: ANSWER_MAX, schema: { body: AnswerForm, tags, summary } }
  server.post('/sign-in/passkey/options', options, (_request, reply) =>
    answerOptions(reply, signIn.passkeys?.beginProof()),
  )
  server.post<{ Body: { answer: unknown } }>('/sign-in/passkey', body, async (request, reply) => {
    const proof = await signInWithPasskey(kernel, request.body.answer, request.ip)
    return answerProof(kernel, reply, 'passkey-not-valid', proof)
  })
  server.post('/step-up/passkey/options', options, (request, reply) =>
    asOfficer(kernel, request, reply, ({ id }) =>
      answerOptions(reply, signIn.passkeys?.beginProof(id)),
    ),
  )
  server.post<{ Body: { answer: unknown } }>('/step-up/passkey', body, (request, reply) =>
    asOfficer(kernel, request, reply, async (officer) => {
      const proof = await stepUpWithPasskey(kernel, officer, request.body.answer)
      return answerProof(kernel, reply, 'passkey-not-valid', proof)
    }),
  )
  server.post('/passkeys/options', options, (request, reply) =>
    asOfficer(kernel, request, reply, ({ id, name }) =>
      answerOptions(reply, signIn.passkeys?.beginRegistration({ id, name })),
    ),
  )
  server.post('/enrolment/passkey/options', options, async (request, reply) => {
    const ticket = request.cookies[cookieNameOf(kernel.node, '-enrolment')] ?? ''
    const enrolment = await signIn.enrolments.peek(ticket)
    if (!enrolment) return sendProblem(reply, 401, 'not-signed-in')
    return answerOptions(reply, signIn.passkeys?.beginRegistration(enrolment.person))
  })
}

function sessionRoutes(server: FastifyInstance, kernel: Kernel): void {
  const { people } = kernel
  server.post(
    '/sign-out',
    { schema: { tags, summary: 'End your session' } },
    async (request, reply) => {
      const secret = sessionSecret(request, kernel)
      if (secret) await people.signOut(secret)
      clearSessionCookie(reply, kernel)
      return reply.code(204).send()
    },
  )
  server.get(
    '/me',
    { schema: { tags, summary: 'Who is signed in, and since when' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, async ({ id, name, roles, session }) => ({
        id,
        name,
        roles,
        session: factsOf(session),
      })),
  )
  server.get(
    '/sessions',
    { schema: { tags, summary: 'Own sessions, the newest first' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, async ({ id }) =>
        (await people.sessionsOf(id)).map(factsOf),
      ),
  )
  server.delete<{ Params: { sessionId: string } }>(
    '/sessions/:sessionId',
    { schema: { tags, summary: 'End one of your own sessions' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, async ({ id }) => {
        if (await people.revokeSession(id, request.params.sessionId)) return reply.code(204).send()
        return sendProblem(reply, 404, 'not-found')
      }),
  )
  server.delete<{ Params: { officerId: string } }>(
    '/officers/:officerId/sessions',
    { schema: { tags, summary: 'End every session of an officer: administrators' } },
    (request, reply) =>
      asOfficer(kernel, request, reply, async (officer) => {
        const acting = actingAs(officer, kernel)
        const access = await decideDeskAccess(kernel, END_SESSIONS, acting)
        if (access.decision === 'refuse') return sendRefusal(reply, access)
        const { officerId } = request.params
        if (!(await people.officer(officerId))) return sendProblem(reply, 404, 'not-found')
        return { ended: await people.revokeSessions(officerId) }
      }),
  )
}

/** Everything but the key of its forms. */
function factsOf({ formKey: _, ...facts }: SignedInOfficer['session']) {
  return facts
}

function answerProof(
  kernel: Kernel,
  reply: FastifyReply,
  code: string,
  proof: Proved,
): FastifyReply {
  if ('secret' in proof) {
    setSessionCookie(reply, kernel, proof.secret)
    return reply.code(204).send()
  }
  if (proof.failure === 'tooManyTries') return sendProblem(reply, 429, 'too-many-tries')
  return sendProblem(reply, 401, code)
}

/** Without passkeys at this node there is nothing to ask a browser for. */
async function answerOptions(
  reply: FastifyReply,
  options: Promise<Json> | undefined,
): Promise<Json | FastifyReply> {
  return options === undefined ? sendProblem(reply, 404, 'not-found') : options
}
