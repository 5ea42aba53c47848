/** Sends problem details (RFC 9457); what is in them is decided in wire/problem.ts. */
import type { FastifyReply } from 'fastify'
import type { Refusal } from '../base/decision.ts'
import {
  PROBLEM_TYPE,
  type Problem,
  type ProblemFacts,
  problem,
  problemOfError,
  problemOfRefusal,
} from '../wire/problem.ts'

export function sendProblem(
  reply: FastifyReply,
  status: number,
  code: string,
  facts: ProblemFacts = {},
): FastifyReply {
  return send(reply, problem(status, code, facts))
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return send(reply, problemOfRefusal(refusal))
}

export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  return send(reply, problemOfError(error))
}

function send(reply: FastifyReply, body: Problem): FastifyReply {
  // A Buffer, because Fastify would add a charset to a JSON media type.
  return reply
    .code(body.status)
    .header('content-type', PROBLEM_TYPE)
    .header('cache-control', 'no-store')
    .send(Buffer.from(JSON.stringify(body)))
}
