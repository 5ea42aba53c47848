/**
 * A peer that holds its own keys and does what it likes with them: transactions
 * by hand, and requests bent after they were signed.
 */
import { randomBytes } from 'node:crypto'
import { httpPrimitives } from '../../src/adapters/keys/http-primitives.ts'
import { httpTransport } from '../../src/adapters/peers/http-transport.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { instantFromMs } from '../../src/base/time.ts'
import { sealTo } from '../../src/seal/seal.ts'
import {
  type ChannelPosition,
  channelStart,
  nextHeader,
  positionAfter,
} from '../../src/wire/exchange/channel.ts'
import {
  commitToContent,
  linkOf,
  type MessageHeader,
} from '../../src/wire/exchange/message-header.ts'
import type { ExchangePeer } from '../../src/wire/exchange/node-document.ts'
import { DOMAIN, signValue } from '../../src/wire/exchange/signed.ts'
import {
  encodeContents,
  encodeTransaction,
  type Opening,
  type SignedHeader,
} from '../../src/wire/exchange/transaction.ts'
import { findField, type HeaderList } from '../../src/wire/http-message.ts'
import { type Sign, signRequest } from '../../src/wire/http-signature.ts'
import type { ExchangeNode } from './exchange-node.ts'

export type Bend = {
  readonly header?: (header: MessageHeader) => MessageHeader
  readonly opening?: (opening: Opening, index: number) => Opening | null
  readonly links?: (links: string[]) => string[]
  readonly sealed?: (sealed: Uint8Array) => Uint8Array
  readonly signHeaders?: Sign
  readonly id?: string
}

/** A transaction of `contents` after `position`, with what `bend` does to it. */
export async function forge(
  { node, signer }: ExchangeNode,
  to: ExchangePeer,
  contents: readonly object[],
  {
    position = channelStart(node, to.node),
    bend = {},
  }: { position?: ChannelPosition; bend?: Bend } = {},
) {
  const messages: SignedHeader[] = []
  const openings: (Opening | null)[] = []
  const links: string[] = []
  let at = position
  for (const [index, content] of contents.entries()) {
    const salt = new Uint8Array(randomBytes(32))
    const drafted = nextHeader(at, {
      id: systemRandom.uuid(),
      type: 'caseNote',
      objectId: 'case-1',
      version: 1,
      agreement: null,
      contentCommitment: commitToContent(httpPrimitives, salt, content),
    })
    const header = bend.header?.(drafted) ?? drafted
    const sign = bend.signHeaders ?? signer.sign
    const signature = await signValue(DOMAIN.header, header, { keyId: signer.keyId, sign })
    messages.push({ header, signature })
    const opening = { salt: toBase64(salt), content: content as never }
    openings.push(bend.opening ? bend.opening(opening, index) : opening)
    const link = linkOf(httpPrimitives, header)
    links.push(link)
    at = positionAfter(header, link)
  }
  const plaintext = encodeContents(bend.links?.([...links]) ?? links, openings)
  const sealed = await sealTo([to.encryptionRecipient], plaintext, { minimumRecipients: 1 })
  const id = bend.id ?? systemRandom.uuid()
  const head = links.at(-1) ?? ''
  return {
    id,
    position: at,
    body: encodeTransaction(id, messages, { head, sealed: bend.sealed?.(sealed) ?? sealed }),
  }
}

export type Put = { method: string; url: string; headers: HeaderList; body: Uint8Array }

/** A signed PUT, to be bent by the test before `send`. */
export async function signedPut(
  { node, signer }: ExchangeNode,
  to: ExchangePeer,
  transaction: { id: string; body: Uint8Array },
  {
    destination = to.node,
    origin = node,
    sign = signer.sign,
    base = to.endpoint,
    nowMs = Date.now(),
  } = {},
): Promise<Put> {
  const path = `/federation/v1/transactions/${transaction.id}`
  const draft = {
    method: 'PUT',
    targetUri: `${base}${path}`,
    origin,
    destination,
    contentType: 'application/json',
    body: transaction.body,
  }
  const nonce = randomBytes(16).toString('base64url')
  const parameters = { keyId: signer.keyId, nonce, now: instantFromMs(nowMs) }
  const headers = await signRequest(draft, parameters, { primitives: httpPrimitives, sign })
  return { method: 'PUT', url: `${to.endpoint}${path}`, headers, body: transaction.body }
}

export async function send({ method, url, headers, body }: Put) {
  const response = await transport({ method, targetUri: url, headers, body })
  const answer: Answer = JSON.parse(Buffer.from(response.body).toString())
  const names = response.headers.map(([name]) => name.toLowerCase())
  const contentType = findField(response.headers, 'content-type')
  return { ...answer, status: response.status, isSigned: names.includes('signature'), contentType }
}

const transport = httpTransport()

type Answer = {
  readonly code?: string
  readonly expected?: object
  readonly receipts?: readonly Answered[]
}

export type Answered = {
  receipt: { seq: number; decision: string; reason?: string; firstDecision?: string }
}
