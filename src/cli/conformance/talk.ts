/** Requests to the node that is tested, signed and then bent, and what is heard of it. */
import { randomBytes } from 'node:crypto'
import { httpPrimitives } from '../../adapters/keys/http-primitives.ts'
import { httpTransport } from '../../adapters/peers/http-transport.ts'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { ComityError } from '../../base/errors.ts'
import { type Instant, instantFromMs } from '../../base/time.ts'
import type { ExchangePeer } from '../../wire/exchange/node-document.ts'
import { findField, type HeaderList, type HttpRequest } from '../../wire/http-message.ts'
import { type Sign, signRequest, verifyResponse } from '../../wire/http-signature.ts'
import type { Actor } from './actor.ts'

export type Ask = {
  readonly method?: string
  /** Path and query, as signed. */
  readonly path: string
  readonly body?: Uint8Array
  /** What is signed otherwise than it should be. */
  readonly origin?: string
  readonly destination?: string
  readonly targetUri?: string
  readonly contentType?: string
  readonly keyId?: string
  readonly sign?: Sign
  readonly nonce?: string
  readonly at?: Instant
  /** What is bent once it is signed. */
  readonly headers?: (headers: HeaderList) => HeaderList
  readonly sentPath?: string
  readonly sentBody?: Uint8Array
}

export type Heard = {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Uint8Array
  readonly contentType: string
  /** `signed`, or why it is not. */
  readonly proof: string
  /** Members of a JSON answer. */
  readonly said: Readonly<Record<string, Json | undefined>>
}

export type Talk = {
  /** What was answered since it was asked last, e.g. `401 key-unknown`. */
  came(): readonly string[]
  /** As a peer. */
  ask(ask: Ask): Promise<Heard>
  /** As anybody, without a signature. */
  plain(method: string, url: string, body?: Uint8Array): Promise<Heard>
}

const NOTHING = new Uint8Array()
const NONCE_BYTES = 16

export const now = (): Instant => instantFromMs(Date.now())
export const newNonce = () => randomBytes(NONCE_BYTES).toString('base64url')

export function talkTo(actor: Actor, target: ExchangePeer): Talk {
  const transport = httpTransport()
  const keyFor = (id: string) => target.messageKeys.find((key) => key.id === id)
  let answers: string[] = []
  const told = (answer: Heard): Heard => {
    answers.push(shortOf(answer))
    return answer
  }
  return {
    came() {
      const came = answers
      answers = []
      return came
    },
    async ask(ask) {
      const { request, sent } = await signed(actor, target, ask)
      const response = await transport(sent)
      const context = { primitives: httpPrimitives, now: now(), keyFor }
      const proof = await verifyResponse(response, { request, node: target.node }, context).then(
        () => 'signed',
        reasonOf,
      )
      return told(heard(response, proof))
    },
    async plain(method, url, body = NOTHING) {
      const response = await transport({ method, targetUri: url, headers: [], body })
      return told(heard(response, 'not asked for'))
    },
  }
}

async function signed(actor: Actor, target: ExchangePeer, ask: Ask) {
  const { method = 'PUT', path, body = NOTHING } = ask
  const draft = {
    method,
    targetUri: ask.targetUri ?? `${target.endpoint}${path}`,
    origin: ask.origin ?? actor.node,
    destination: ask.destination ?? target.node,
    contentType: ask.contentType ?? 'application/json',
    body,
  }
  const parameters = {
    keyId: ask.keyId ?? actor.signer.keyId,
    nonce: ask.nonce ?? newNonce(),
    now: ask.at ?? now(),
  }
  const signing = { primitives: httpPrimitives, sign: ask.sign ?? actor.signer.sign }
  const headers = await signRequest(draft, parameters, signing)
  const request: HttpRequest = { ...draft, headers: ask.headers?.(headers) ?? headers }
  const targetUri = `${target.endpoint}${ask.sentPath ?? path}`
  return { request, sent: { ...request, targetUri, body: ask.sentBody ?? body } }
}

/** Of foreign text only what has the form of a code. */
function shortOf({ status, said }: Heard): string {
  const { code } = said
  return typeof code === 'string' && /^[a-z0-9-]{1,40}$/.test(code)
    ? `${status} ${code}`
    : `${status}`
}

function reasonOf(error: unknown): string {
  if (error instanceof ComityError) return error.reason ?? error.message
  throw error
}

function heard(
  { status, headers, body }: Pick<Heard, 'status' | 'headers' | 'body'>,
  proof: string,
): Heard {
  const contentType = field(headers, 'content-type')
  return { status, headers, body, contentType, proof, said: membersOf(contentType, body) }
}

export function field(headers: HeaderList, name: string): string {
  try {
    return findField(headers, name) ?? ''
  } catch {
    return ''
  }
}

function membersOf(contentType: string, body: Uint8Array): Heard['said'] {
  if (!/[/+]json/.test(contentType)) return {}
  try {
    const value = parseJson(body)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Heard['said'])
      : {}
  } catch {
    return {}
  }
}
