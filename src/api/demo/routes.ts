/**
 * What only a demonstration has: one-time sign-in links and a clock that can be
 * moved forward. Not registered in any other profile. Every call carries the
 * secret of the demonstration, which only its runner knows.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../app/kernel.ts'
import { sendError, sendProblem } from '../problem.ts'

export type DemoParts = {
  readonly kernel: Kernel
  readonly clocks: { advanceTo(offsetMs: number): Promise<void>; caseOffsetMs(): number }
  readonly secret: string
}

const digest = (text: string) => createHash('sha256').update(text).digest()

export async function demoRoutes(server: FastifyInstance, parts: DemoParts): Promise<void> {
  const { kernel, clocks } = parts
  const expected = digest(parts.secret)
  server.setErrorHandler((error, _request, reply) => sendError(reply, error))
  server.addHook('onRequest', async (request, reply) => {
    const given = request.headers['x-comity-demo']
    const isKnown = typeof given === 'string' && timingSafeEqual(digest(given), expected)
    if (!isKnown) return sendProblem(reply, 404, 'not-found')
  })
  server.get('/officers', { schema: { hide: true } }, async () =>
    (await kernel.people.officers()).map(({ id, name, roles }) => ({ id, name, roles })),
  )
  const linkBody = Type.Object({ officer: Type.String({ maxLength: 40 }) })
  server.post<{ Body: { officer: string } }>(
    '/sign-in-links',
    { schema: { hide: true, body: linkBody } },
    async (request, reply) => {
      const officer = await kernel.people.officer(request.body.officer)
      if (!officer) return sendProblem(reply, 404, 'not-found')
      return { link: await kernel.people.newOneTimeSignIn(officer.id) }
    },
  )
  const clockBody = Type.Object({ offsetMs: Type.Integer({ minimum: 0 }) })
  server.post<{ Body: { offsetMs: number } }>(
    '/clock',
    { schema: { hide: true, body: clockBody } },
    async (request) => {
      await clocks.advanceTo(request.body.offsetMs)
      return { offsetMs: clocks.caseOffsetMs(), caseNow: kernel.clocks.caseNow() }
    },
  )
  server.get('/clock', { schema: { hide: true } }, async () => ({
    offsetMs: clocks.caseOffsetMs(),
    caseNow: kernel.clocks.caseNow(),
  }))
}
