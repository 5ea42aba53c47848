/**
 * Who calls: in the fixed order of `protocol/spec/exchange.md`. What stands after
 * the signature is checked only for callers that are who they say.
 */
import type { FastifyRequest } from 'fastify'
import type { ExchangeInbox, PeerDirectory } from '../../app/ports/exchange.ts'
import { ComityError } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { Verified } from '../../base/verified.ts'
import { type Exercise, isSameWorld } from '../../wire/exchange/world.ts'
import { findField, type HttpRequest, headersFromRaw } from '../../wire/http-message.ts'
import {
  type HttpPrimitives,
  type RequestSignature,
  verifyRequest,
} from '../../wire/http-signature.ts'
import { type Answer, problem, problemOfError } from './problem.ts'

export type AuthenticationDeps = {
  /** This node. */
  readonly node: string
  /** As in our node document, without a final slash. The Host header is never read. */
  readonly publicBaseUrl: string
  readonly primitives: HttpPrimitives
  readonly peers: PeerDirectory
  /** Of a node that does not work on real cases. */
  readonly exercise?: Exercise | undefined
  readonly inbox: Pick<ExchangeInbox, 'rememberNonce'>
  readonly wireNow: () => Instant
  /** False if there is nothing under which we talk to this peer at all. */
  readonly admits?: (peer: string) => boolean | Promise<boolean>
}

export type Caller = {
  /** The origin, once it is proven. */
  readonly peer?: string
  /** Set with `peer`: what a signed answer is bound to. */
  readonly request?: HttpRequest
  /** Why it ends here. */
  readonly problem?: Answer
}

export function authenticate(
  deps: AuthenticationDeps,
  { raw, originalUrl, body }: FastifyRequest,
): Promise<Caller> {
  return authenticateRequest(deps, {
    method: raw.method ?? '',
    targetUri: deps.publicBaseUrl + originalUrl,
    headers: headersFromRaw(raw.rawHeaders),
    body: body instanceof Uint8Array ? body : new Uint8Array(),
  })
}

/** The same for a request that came in another way than through the server of this node. */
export async function authenticateRequest(
  deps: Omit<AuthenticationDeps, 'publicBaseUrl'>,
  request: HttpRequest,
): Promise<Caller> {
  const wrongMedia = mediaProblem(request)
  if (wrongMedia !== undefined) return { problem: wrongMedia }
  const signature = await verifyOrProblem(deps, request)
  if ('status' in signature) return { problem: signature }
  const { origin: peer, destination, keyId, nonce, forgetAfter } = signature
  if (!(await deps.inbox.rememberNonce(keyId, nonce, forgetAfter))) {
    return { problem: problem(401, 'replay', { field: 'nonce' }) }
  }
  if (destination !== deps.node) return { peer, request, problem: problem(421, 'misdirected') }
  const { exercise } = (await deps.peers.peer(peer)) ?? {}
  if (!isSameWorld(exercise, deps.exercise)) {
    return { peer, request, problem: problem(403, 'exercise') }
  }
  if (deps.admits !== undefined && !(await deps.admits(peer))) {
    return { peer, request, problem: problem(403, 'no-agreement') }
  }
  return { peer, request }
}

function mediaProblem({ headers, body }: HttpRequest): Answer | undefined {
  try {
    if (findField(headers, 'content-encoding') !== undefined) {
      return problem(415, 'content-encoding', { field: 'content-encoding' })
    }
    if (body.length > 0 && findField(headers, 'content-type') !== 'application/json') {
      return problem(415, 'content-type', { field: 'content-type' })
    }
    return undefined
  } catch (error) {
    return problemOfError(error)
  }
}

async function verifyOrProblem(
  { primitives, peers, wireNow }: Pick<AuthenticationDeps, 'primitives' | 'peers' | 'wireNow'>,
  request: HttpRequest,
): Promise<Verified<RequestSignature> | Answer> {
  const keyFor = async (id: string) => {
    const peer = await peers.peer(id.slice(0, id.indexOf('/')))
    return peer?.messageKeys.find((key) => key.id === id)
  }
  try {
    return await verifyRequest(request, { primitives, now: wireNow(), keyFor })
  } catch (error) {
    const answer = error instanceof ComityError ? problemOfError(error) : undefined
    if (answer === undefined) throw error
    return answer
  }
}
