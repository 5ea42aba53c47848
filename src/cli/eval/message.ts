/**
 * `comity eval message`: what a node does with one transaction of a peer, given how its
 * channel stands. The request goes through the very functions of the door.
 */
import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import { authenticateRequest } from '../../api/federation/authenticate.ts'
import { type Answer, problem, problemOfError } from '../../api/federation/problem.ts'
import { TRANSACTION_PATH, takeTransaction } from '../../api/federation/transactions.ts'
import { fromBase64 } from '../../base/bytes.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { requireForm, requireInstant } from '../../wire/exchange/form.ts'
import { type ExchangePeer, messageKeysOf } from '../../wire/exchange/node-document.ts'
import { TRANSACTION_BYTES_MAX } from '../../wire/exchange/transaction.ts'
import type { HttpRequest } from '../../wire/http-message.ts'
import { type MessageLine, MessageLineForm } from './message-form.ts'
import { inboxOver } from './message-inbox.ts'

/** @throws ComityError `malformed` if the line is no question; what is asked about may be as bad as it likes */
export async function evalMessage(input: Json): Promise<Json> {
  requireForm(MessageLineForm, input, '')
  const line = input as MessageLine
  requireInstant(line.now, 'now')
  requireInstant(line.caseNow, 'caseNow')
  const { answer, isSigned } = await answerTo(line, requestIn(line))
  return said(answer, isSigned)
}

function requestIn({ request, receiver }: MessageLine): HttpRequest {
  const { method, target, headers, body } = request
  return {
    method,
    targetUri: `${receiver.baseUrl}${target}`,
    headers,
    body: fromBase64(body, 'request/body'),
  }
}

type Said = { readonly answer: Answer; readonly isSigned: boolean }

async function answerTo(line: MessageLine, request: HttpRequest): Promise<Said> {
  const unsigned = (answer: Answer) => ({ answer, isSigned: false })
  const id = transactionIn(line)
  if (id === undefined) return unsigned(problem(404, 'not-found'))
  if (request.body.length > TRANSACTION_BYTES_MAX) return unsigned(problem(413, 'size'))
  const peers = peersIn(line)
  const inbox = inboxOver({ ...line, peerFor: (node) => peers.get(node) })
  const caller = await authenticateRequest(
    {
      node: line.receiver.node,
      primitives: httpPrimitives,
      peers: { peer: (node) => peers.get(node), peers: () => [...peers.values()] },
      exercise: line.receiver.exercise,
      inbox,
      wireNow: () => line.now,
      admits: () => line.agreement,
    },
    request,
  )
  const isSigned = caller.request !== undefined
  if (caller.problem !== undefined) return { answer: caller.problem, isSigned }
  const origin = caller.peer as string
  try {
    const body = request.body.length > 0 ? request.body : undefined
    return { answer: await takeTransaction(inbox, { origin, id, body }), isSigned }
  } catch (error) {
    const answer = problemOfError(error)
    if (answer === undefined) throw error
    return { answer, isSigned }
  }
}

/** `undefined`: another door, of which nothing is asked here. */
function transactionIn({ request: { method, target } }: MessageLine): string | undefined {
  const [path = ''] = target.split('?')
  if (method !== 'PUT' || !path.startsWith(TRANSACTION_PATH)) return undefined
  const id = path.slice(TRANSACTION_PATH.length)
  return id === '' || id.includes('/') ? undefined : id
}

function peersIn({ peers }: MessageLine): ReadonlyMap<string, ExchangePeer> {
  const known = new Map<string, ExchangePeer>()
  for (const [index, peer] of peers.entries()) {
    const read = 'document' in peer ? peerOfDocument(peer.document) : peerOfKeys(peer)
    if (known.has(read.node)) throw malformed('a peer stands twice', { field: `peers/${index}` })
    known.set(read.node, read)
  }
  return known
}

type Peer = MessageLine['peers'][number]

/** Nothing is sent to it here: it needs no address and no recipient. */
const NOWHERE = { endpoint: '', encryptionRecipient: '' }

function peerOfDocument(document: Extract<Peer, { document: unknown }>['document']): ExchangePeer {
  const { node, exercise } = document
  return { ...NOWHERE, node, messageKeys: messageKeysOf(document), ...(exercise && { exercise }) }
}

function peerOfKeys({ node, messageKeys, exercise }: Extract<Peer, { node: unknown }>) {
  const keys = messageKeys.map(({ publicKey, ...key }) => ({
    ...key,
    node,
    publicKey: fromBase64(publicKey, 'publicKey'),
  }))
  return { ...NOWHERE, node, messageKeys: keys, ...(exercise && { exercise }) }
}

function said({ status, body }: Answer, signed: boolean): Json {
  const answer = parseJson(body) as { readonly [member: string]: Json }
  if (status === 200) return { decision: 'accepted', status, signed, ...answer }
  const { code, field, detail, expected } = answer
  return {
    ...{ decision: 'refused', status, code: code as Json, signed },
    ...(field === undefined ? {} : { field }),
    ...(detail === undefined ? {} : { detail }),
    ...(expected === undefined ? {} : { expected }),
  }
}
