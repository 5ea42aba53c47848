/**
 * Signed calls to peers. The answer says whether the peer signed it for this very
 * request; an unsigned one may come from anything that stands in between.
 */
import type { Random } from '../../app/ports/random.ts'
import { ComityError } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { ExchangePeer } from '../../wire/exchange/node-document.ts'
import type { MessageSigner } from '../../wire/exchange/signed.ts'
import type { HttpRequest, HttpResponse } from '../../wire/http-message.ts'
import { type HttpPrimitives, signRequest, verifyResponse } from '../../wire/http-signature.ts'
import type { Transport } from './http-transport.ts'

export type PeerClientDeps = {
  /** This node. */
  readonly node: string
  readonly primitives: HttpPrimitives
  readonly random: Random
  readonly wireNow: () => Instant
  readonly signer: MessageSigner
  readonly transport: Transport
}

export type PeerCall = {
  readonly method: 'GET' | 'PUT'
  /** Path and query, from `/`. */
  readonly path: string
  readonly body?: Uint8Array
}

export type PeerAnswer = { readonly response: HttpResponse; readonly isVerified: boolean }

/** @throws ComityError `unavailable` if there was no complete answer */
export type PeerClient = (
  peer: ExchangePeer,
  call: PeerCall,
  signal?: AbortSignal,
) => Promise<PeerAnswer>

const NO_BODY = new Uint8Array()
const NONCE_BYTES = 16

export function peerClient(deps: PeerClientDeps): PeerClient {
  return async (peer, call, signal) => {
    const request = await signedCall(deps, peer, call)
    const response = await deps.transport(request, signal)
    return { response, isVerified: await isSigned(deps, peer, request, response) }
  }
}

async function signedCall(
  { node, primitives, random, wireNow, signer }: PeerClientDeps,
  peer: ExchangePeer,
  { method, path, body = NO_BODY }: PeerCall,
): Promise<HttpRequest> {
  const targetUri = `${peer.endpoint}${path}`
  const headers = await signRequest(
    {
      method,
      targetUri,
      origin: node,
      destination: peer.node,
      contentType: 'application/json',
      body,
    },
    { keyId: signer.keyId, nonce: base64url(random.bytes(NONCE_BYTES)), now: wireNow() },
    { primitives, sign: signer.sign },
  )
  return { method, targetUri, headers, body }
}

async function isSigned(
  { primitives, wireNow }: PeerClientDeps,
  peer: ExchangePeer,
  request: HttpRequest,
  response: HttpResponse,
): Promise<boolean> {
  const keyFor = (id: string) => peer.messageKeys.find((key) => key.id === id)
  try {
    const context = { primitives, now: wireNow(), keyFor }
    await verifyResponse(response, { request, node: peer.node }, context)
    return true
  } catch (error) {
    if (error instanceof ComityError) return false
    throw error
  }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
