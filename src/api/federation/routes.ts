/**
 * The exchange between nodes over HTTP: transactions in, signed heads and
 * back-fill out, what waits for peers that cannot be called, and the node document
 * for everyone.
 *
 * Every answer to an authenticated peer is signed for its very request, the
 * refusals too. Bodies are taken as the bytes they are: nothing parses them
 * before their signature was checked.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type {
  ExchangeChannels,
  ExchangeInbox,
  ExchangeWaiting,
  WaitingRefusal,
} from '../../app/ports/exchange.ts'
import type { Random } from '../../app/ports/random.ts'
import type { FileLender } from '../../app/travel/lend-files.ts'
import type { Bytes } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { isUuid } from '../../base/ids.ts'
import type { MessageSigner } from '../../wire/exchange/signed.ts'
import { TRANSACTION_BYTES_MAX, TRANSACTION_MESSAGES_MAX } from '../../wire/exchange/transaction.ts'
import { EXCHANGE_VERSIONS, VERSION_CODE } from '../../wire/exchange/version.ts'
import type { HttpRequest } from '../../wire/http-message.ts'
import { signResponse } from '../../wire/http-signature.ts'
import { type AuthenticationDeps, authenticate } from './authenticate.ts'
import { getFile, getPiece } from './file-routes.ts'
import { type Answer, problem, problemOfError } from './problem.ts'
import { takeTransaction } from './transactions.ts'
import { peerTurns, type Turns } from './turns.ts'

export type FederationRoutesDeps = AuthenticationDeps & {
  readonly random: Random
  readonly signer: MessageSigner
  readonly inbox: ExchangeInbox
  readonly channels: ExchangeChannels
  readonly waiting: ExchangeWaiting
  readonly files: FileLender
  /** The signed node document, as bytes. */
  readonly nodeDocument: () => Bytes | Promise<Bytes>
  /** A document that somebody brings for a peer. Its own signature is all that counts. */
  readonly takeDocument: (bytes: Uint8Array) => Promise<{
    readonly kind: 'same' | 'renewed' | 'refused' | 'unknown' | 'busy'
    readonly why?: string
  }>
  readonly report: (error: unknown) => void
}

type Work<P> = (peer: string, request: FastifyRequest & { readonly params: P }) => Promise<Answer>

/** Short: a revocation must not wait in somebody's cache. */
const NODE_DOCUMENT_SECONDS = 60
const NODE_DOCUMENT_BYTES_MAX = 64 * 1024

/** Register in a scope of its own: it removes the content type parsers it finds. */
export async function federationRoutes(
  fastify: FastifyInstance,
  deps: FederationRoutesDeps,
): Promise<void> {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body)
  })
  fastify.setErrorHandler((error, _request, reply) => send(reply, problemOfFailure(deps, error)))
  signLast(fastify, deps)
  const turns = peerTurns()

  const options = { bodyLimit: TRANSACTION_BYTES_MAX, exposeHeadRoute: false }
  fastify.get('/.well-known/comity/node.json', options, async (_request, reply) =>
    send(reply, {
      ...json(await deps.nodeDocument()),
      headers: { 'cache-control': `public, max-age=${NODE_DOCUMENT_SECONDS}` },
    }),
  )
  const small = { ...options, bodyLimit: NODE_DOCUMENT_BYTES_MAX }
  fastify.put('/federation/v1/node-document', small, async ({ body }, reply) =>
    send(reply, await putDocument(deps, body)),
  )
  fastify.put(
    '/federation/v1/transactions/:id',
    options,
    withPeer(deps, turns, putTransaction(deps), 'transaction'),
  )
  fastify.put(
    '/federation/v1/transactions/:id/receipts',
    options,
    withPeer(deps, turns, putReceipts(deps)),
  )
  fastify.get(
    '/federation/v1/channels/:origin/:destination/next',
    options,
    withPeer(deps, turns, getNext(deps)),
  )
  fastify.get('/federation/v1/channels/:origin/head', options, withPeer(deps, turns, getHead(deps)))
  fastify.get(
    '/federation/v1/channels/:origin/:destination/messages',
    options,
    withPeer(deps, turns, getMessages(deps)),
  )
  fastify.route({
    method: ['GET', 'PUT'],
    url: '/federation/:version/*',
    ...options,
    handler: (request, reply) => anotherVersion(deps, request as never, reply),
  })
  const { files } = deps
  fastify.get('/federation/v1/files/:releaseId', options, withPeer(deps, turns, getFile(files)))
  fastify.get(
    '/federation/v1/files/:releaseId/bytes',
    options,
    withPeer(deps, turns, getPiece(files)),
  )
}

/** The profile of signatures is of no version: a refusal is signed for whoever proves who they are. */
async function anotherVersion(
  deps: FederationRoutesDeps,
  request: FastifyRequest<{ Params: { version: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const version = Number(/^v([1-9][0-9]{0,3})$/.exec(request.params.version)?.[1])
  if (Number.isNaN(version) || EXCHANGE_VERSIONS.includes(version)) {
    return send(reply, problem(404, 'not-found'))
  }
  const refusal = problem(400, VERSION_CODE, { speaks: EXCHANGE_VERSIONS })
  return withPeer(deps, peerTurns(), async () => refusal)(request, reply)
}

/** Not signed: the sender believes nothing of it, and looks at our receipts instead. */
async function putDocument({ takeDocument }: FederationRoutesDeps, body: unknown): Promise<Answer> {
  if (!(body instanceof Uint8Array)) return problem(400, 'not-json')
  const { kind, why = 'refused' } = await takeDocument(new Uint8Array(body))
  if (kind === 'unknown') return problem(404, 'not-found')
  if (kind === 'busy') return problem(503, 'busy')
  if (kind === 'refused') return problem(409, why)
  return json(canonicalBytes({ outcome: kind }))
}

function putTransaction({ inbox }: FederationRoutesDeps): Work<{ id: string }> {
  return (origin, { params: { id }, body }) => takeTransaction(inbox, { origin, id, body })
}

/** Either end's channel with the caller; of any other one not even whether it exists. */
function getHead({ node, channels }: FederationRoutesDeps): Work<{ origin: string }> {
  return async (peer, { params: { origin } }) => {
    if (origin !== peer && origin !== node) return problem(404, 'not-found')
    return json(await channels.signedHead(origin, peer))
  }
}

function getMessages({
  node,
  channels,
}: FederationRoutesDeps): Work<{ origin: string; destination: string }> {
  return async (peer, { params: { origin, destination }, query }) => {
    if (origin !== node || destination !== peer) return problem(404, 'not-found')
    const range = readRange(query)
    if (range === undefined) return problem(400, 'range')
    const body = await channels.backfill(peer, range)
    return body === undefined ? problem(404, 'not-found') : json(body)
  }
}

/** Only for a peer that cannot be called; to the others we push. */
function getNext({
  node,
  waiting,
}: FederationRoutesDeps): Work<{ origin: string; destination: string }> {
  return async (peer, { params: { origin, destination }, query }) => {
    if (origin !== node || destination !== peer) return problem(404, 'not-found')
    const expected = readPlace(query)
    if (expected === undefined) return problem(400, 'place')
    const answer = await waiting.next(peer, expected)
    if (answer.kind === 'transaction') return json(answer.body)
    return answer.kind === 'nothing' ? problem(404, 'nothing-waits') : refusal(answer)
  }
}

/** Answered with our head of the channel that they are about. */
function putReceipts({ node, channels, waiting }: FederationRoutesDeps): Work<{ id: string }> {
  return async (peer, { params: { id }, body }) => {
    if (!isUuid(id)) return problem(400, 'id', { field: 'id' })
    if (!(body instanceof Uint8Array)) return problem(400, 'not-json')
    const answer = await waiting.takeReceipts(peer, id, body)
    if (answer.kind === 'taken') return json(await channels.signedHead(node, peer))
    return answer.kind === 'unknown' ? problem(404, 'not-in-flight') : refusal(answer)
  }
}

function refusal(refused: WaitingRefusal): Answer {
  if (refused.kind === 'busy') return problem(503, 'busy')
  return refused.kind === 'pushed-to'
    ? problem(403, 'not-outbound-only')
    : problem(409, refused.reason)
}

function readPlace(query: unknown) {
  const { epoch, seq, link, ...others } = query as Record<string, unknown>
  const place = { epoch: count(epoch), seq: count(seq) }
  const isPlace = typeof link === 'string' && /^[0-9a-f]{64}$/.test(link)
  if (!isPlace || Object.keys(others).length > 0) return undefined
  if (place.epoch === undefined || place.seq === undefined) return undefined
  return { epoch: place.epoch, seq: place.seq, link }
}

function readRange(query: unknown) {
  const { from, to, epoch, ...others } = query as Record<string, unknown>
  const [first, last] = [count(from), count(to)]
  const isBounded =
    first !== undefined &&
    last !== undefined &&
    first <= last &&
    last - first < TRANSACTION_MESSAGES_MAX
  const ofEpoch = epoch === undefined ? {} : { epoch: count(epoch) ?? Number.NaN }
  if (!isBounded || Number.isNaN(ofEpoch.epoch) || Object.keys(others).length > 0) return undefined
  return { from: first, to: last, ...ofEpoch }
}

function count(text: unknown): number | undefined {
  return typeof text === 'string' && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : undefined
}

function withPeer<P>(
  deps: FederationRoutesDeps,
  turns: Turns,
  work: Work<P>,
  kind: 'transaction' | 'other' = 'other',
) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = await authenticate(deps, request)
    if (caller.request !== undefined) bindings.set(request, caller.request)
    if (caller.problem !== undefined) return send(reply, caller.problem)
    const peer = caller.peer as string
    const end = turns.take(peer, kind)
    if (end === undefined) return send(reply, problem(429, 'too-many'))
    try {
      return send(reply, await work(peer, request as never))
    } finally {
      end()
    }
  }
}

/** Requests whose answers are signed. */
const bindings = new WeakMap<FastifyRequest, HttpRequest>()

/** In the last hook, after the final content type: whatever signs earlier signs something else. */
function signLast(fastify: FastifyInstance, deps: FederationRoutesDeps): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const bound = bindings.get(request)
    if (bound === undefined) return payload
    const contentType = String(reply.getHeader('content-type'))
    const draft = { status: reply.statusCode, contentType, body: payload as Uint8Array }
    const nonce = Buffer.from(deps.random.bytes(16)).toString('base64url')
    const parameters = { keyId: deps.signer.keyId, nonce, now: deps.wireNow() }
    const signing = { primitives: deps.primitives, sign: deps.signer.sign }
    for (const [name, value] of await signResponse(draft, bound, parameters, signing)) {
      if (name !== 'content-type') reply.header(name, value)
    }
    return payload
  })
}

function problemOfFailure({ report }: FederationRoutesDeps, error: unknown): Answer {
  const known = problemOfError(error)
  if (known !== undefined) return known
  const { statusCode } = error as { readonly statusCode?: number }
  if (statusCode === 413) return problem(413, 'size')
  if (statusCode === 415) return problem(415, 'content-type')
  if (statusCode !== undefined && statusCode < 500) return problem(400, 'malformed')
  report(error)
  return problem(500, 'internal')
}

function json(body: Bytes): Answer {
  return { status: 200, contentType: 'application/json', body }
}

function send(reply: FastifyReply, { status, contentType, body, headers = {} }: Answer) {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .headers(headers)
    .header('content-type', contentType)
    .send(Buffer.from(body))
}
