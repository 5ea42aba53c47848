/**
 * The feed of clocks to which a calendar program subscribes. It signs in with HTTP Basic
 * authentication (RFC 7617), by the account's id and its calendar password: no secret
 * stands in the address, and nothing here writes a line.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clockFeed } from '../../app/desk/clock-feed.ts'
import { MINUTE_MS, SECOND_MS } from '../../base/time.ts'
import { PROBLEM_TYPE, problem } from '../../wire/problem.ts'
import { machineLink } from '../routes.ts'
import { languageOf, type SiteKit } from '../site-kit.ts'
import { CALENDAR_TYPE, writeCalendar } from './clocks/write-calendar.ts'

/** Kept by no cache, drawn into no page of another site, and no page itself. */
const HEADERS = {
  'cache-control': 'private, no-store',
  'content-security-policy': "default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}
const CHALLENGE = 'Basic realm="clocks", charset="UTF-8"'
/** Both halves with their colon are shorter by far. */
const CREDENTIALS = /^Basic +([A-Za-z0-9+/]{1,400}={0,2})$/i

export function clockFeedRoutes(server: FastifyInstance, kit: SiteKit): void {
  server.get(machineLink('clockFeed'), (request, reply) => answerFeed(kit, request, reply))
}

async function answerFeed(
  kit: SiteKit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { authorization } = request.headers
  // Programs ask without first, to learn that they must: that is no failed try.
  if (authorization === undefined) return turnAway(reply, 401)
  const feed = await clockFeed(kit.kernel, { ...credentialsIn(authorization), from: request.ip })
  if (feed === 'tooManyTries') return turnAway(reply, 429)
  if (feed === 'wrong') return turnAway(reply, 401)
  const bytes = await writeCalendar(kit, languageOf(kit, request), feed)
  return reply.headers(HEADERS).type(CALENDAR_TYPE).send(Buffer.from(bytes))
}

/** What cannot be read is nobody's, and is answered as a wrong password is. */
function credentialsIn(header: string): { readonly officer: string; readonly password: string } {
  const [, sent = ''] = CREDENTIALS.exec(header) ?? []
  const [officer = '', ...rest] = Buffer.from(sent, 'base64').toString('utf8').split(':')
  return { officer: officer.toLowerCase(), password: rest.join(':') }
}

function turnAway(reply: FastifyReply, status: 401 | 429): FastifyReply {
  const isFlood = status === 429
  const said = isFlood
    ? { 'retry-after': String(MINUTE_MS / SECOND_MS) }
    : { 'www-authenticate': CHALLENGE }
  const body = problem(status, isFlood ? 'too-many-tries' : 'not-signed-in')
  return reply
    .code(status)
    .headers({ ...HEADERS, ...said, 'content-type': PROBLEM_TYPE })
    .send(Buffer.from(JSON.stringify(body)))
}
